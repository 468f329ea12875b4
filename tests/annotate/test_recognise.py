"""What `--pipeline` is given is told from its files; what is of another kind says what it is. The
model hub is a double: an HTTP server on this machine that gives out one repository."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import spacy
from huggingface_hub.utils import are_progress_bars_disabled, enable_progress_bars

from curation.annotate import hub, load_pipeline
from curation.annotate.recognise import check, kind, plan_of
from curation.errors import AnnotatorError, CurationError, UnknownAnnotator
from curation.store import load_schema

SCHEMA = load_schema()
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def folder(path: Path, **files: object) -> Path:
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name.replace("_json", ".json")).write_text(json.dumps(content))
    return path


def architecture(name: str) -> dict[str, object]:
    return {"architectures": [name], "model_type": "bert"}


def test_each_kind_is_known_by_its_files(tmp_path: Path) -> None:
    spacy.blank("ar").to_disk(tmp_path / "spacy")
    tokens = architecture("XLMRobertaForTokenClassification")
    assert kind(tmp_path / "spacy") == "spacy.v1"
    assert kind(folder(tmp_path / "t", config_json=tokens)) == "transformers.v1"
    assert kind(folder(tmp_path / "g", gliner_config_json={}, config_json={})) == "gliner.v1"
    plan = plan_of(str(tmp_path / "t"))
    assert plan is not None
    assert (plan.name, plan.languages) == ("t", ())
    assert (plan.annotators[0].name, len(plan.version)) == ("transformers.v1", 8)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"config_json": architecture("BertForSequenceClassification")}, "classifies whole texts"),
        ({"config_json": architecture("BertForMaskedLM")}, "was not trained to find entities"),
        ({"config_json": architecture("LlamaForCausalLM")}, "use llm.v1"),
        ({"config_json": architecture("BertModel")}, "turns text into vectors"),
        ({"config_json": architecture("WhaleForSinging")}, "is a WhaleForSinging"),
        ({"config_json": {}}, "does not say what it is"),
        ({"modules_json": [], "config_json": architecture("BertModel")}, "sentence-transformers"),
        ({"adapter_config_json": {}}, "is an adapter only"),
        ({"config_json": "text"}, r"config\.json"),
    ],
)
def test_a_model_of_another_kind_says_what_it_is(
    tmp_path: Path, files: dict[str, object], message: str
) -> None:
    with pytest.raises(AnnotatorError, match=message):
        load_pipeline(str(folder(tmp_path / "m", **files)), SCHEMA)


def test_a_folder_without_a_model_names_what_it_holds(tmp_path: Path) -> None:
    path = folder(tmp_path / "m", notes_json=1)
    with pytest.raises(UnknownAnnotator, match=r"no known model: notes\.json") as caught:
        load_pipeline(str(path), SCHEMA)
    assert "gliner_config.json" in caught.value.hint


def test_a_model_given_to_the_wrong_annotator_names_the_right_one(tmp_path: Path) -> None:
    path = folder(tmp_path / "m", gliner_config_json={})
    with pytest.raises(AnnotatorError, match=r"holds a model for gliner\.v1"):
        check(path, "transformers.v1")


def test_a_folder_is_named_by_its_content(tmp_path: Path) -> None:
    tokens = architecture("BertForTokenClassification")
    one, two = (folder(tmp_path / name / "m", config_json=tokens) for name in "ab")
    assert hub.locate(str(one)).agent == hub.locate(str(two)).agent
    (two / "config.json").write_text(json.dumps({**tokens, "seed": 1}))
    assert hub.locate(str(one)).version != hub.locate(str(two)).version


@contextmanager
def a_hub(files: dict[str, bytes]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            name = path.rpartition("/")[2]
            if path.startswith("/api/models/team/tiny/revision/"):
                self.answer(json.dumps({"id": "team/tiny", "sha": COMMIT}))
            elif path == f"/api/models/team/tiny/tree/{COMMIT}":
                tree = [
                    {"type": "file", "path": name, "size": len(content), "oid": COMMIT}
                    for name, content in files.items()
                ]
                self.answer(json.dumps(tree))
            elif path.startswith(f"/team/tiny/resolve/{COMMIT}/") and name in files:
                self.answer(files[name].decode())
            else:
                self.answer("{}", 404, ("X-Error-Code", "RepoNotFound"))

        def answer(self, body: str, status: int = 200, *headers: tuple[str, str]) -> None:
            self.send_response(status)
            for name, value in (
                ("ETag", f'"{hash(self.path) & 0xFFFF}"'),
                ("X-Repo-Commit", COMMIT),
                ("Content-Length", str(len(body.encode()))),
                *headers,
            ):
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    hub._fetched.cache_clear()
    yield
    hub._fetched.cache_clear()


@pytest.mark.usefixtures("empty_cache")
def test_a_model_of_the_hub_is_fetched_once_and_named_by_its_commit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tokens = json.dumps(architecture("BertForTokenClassification")).encode()
    enable_progress_bars()
    with a_hub({"config.json": tokens, "model.onnx": b"1"}) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        plan = plan_of("hf:team/tiny")
        assert plan is not None
        assert f"{plan.name}@{plan.version}" == "team/tiny@01234567"
        assert plan.annotators[0].options == {"model": "hf:team/tiny"}
        found = hub.locate("hf:team/tiny")
        assert sorted(p.name for p in found.folder.iterdir()) == ["config.json"]
        with pytest.raises(UnknownAnnotator, match="no model team/none on http"):
            plan_of("hf:team/none")
    assert not are_progress_bars_disabled()
    hub._fetched.cache_clear()
    assert hub.locate("hf:team/tiny") == found  # the hub is gone; what was fetched is there


def test_a_hub_that_does_not_answer_is_named_with_the_exit_code_of_a_service(
    tmp_path: Path,
) -> None:
    """In a process of its own, which has loaded nothing yet."""
    with a_hub({}) as address:
        pass
    (tmp_path / "d.jsonl").write_text('{"id": "a", "text": "x"}\n')
    done = subprocess.run(
        [
            *(sys.executable, "-m", "curation", "annotate", tmp_path / "d.jsonl"),
            *("-o", tmp_path / "p.jsonl", "--pipeline", "hf:team/tiny"),
        ],
        env={**os.environ, "HF_ENDPOINT": address, "HF_HOME": str(tmp_path / "hub")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert f"the model hub {address} does not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["hf:", "hf:a/b/c", "hf:has space/x"])
def test_what_can_be_no_repository_is_refused(name: str) -> None:
    with pytest.raises(CurationError):
        plan_of(name)
