"""A language model's quotes become spans; the model itself is a double (`endpoint.py`)."""

import json
from pathlib import Path
from typing import Any

import pytest

from curation.annotate import load_pipeline
from curation.annotate.llm_prompt import read_answer, task
from curation.annotate.pipeline import Pipeline
from curation.cli import main
from curation.errors import AnnotatorError, ModelUnavailable
from curation.model import Document
from curation.store import load_schema
from tests.annotate.endpoint import Answer, Endpoint, completion, entities, serving

SCHEMA = load_schema()
TEXT = "👍🏽 زار وفد الرباط. ثم عاد إلى الرباط في مايو."
SECOND = {"quote": "الرباط", "label": "GPE", "before": "عاد إلى", "after": "في مايو"}


def write(folder: Path, endpoint: Endpoint, **options: Any) -> Path:
    options = {"url": endpoint.url, "model": "echo-1", "cache": str(folder / "kept"), **options}
    path = folder / "llm.toml"
    path.write_text(
        'name = "mine"\nversion = "1"\n[[annotators]]\nname = "llm.v1"\n'
        f"options = {inline(options)}\n"
    )
    return path


def inline(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {inline(one)}' for key, one in value.items())} }}"
    return json.dumps(value)


def run(*argv: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["annotate", *map(str, argv)])
    return int(ended.value.code or 0)


def made(folder: Path, endpoint: Endpoint, **options: Any) -> Pipeline:
    return load_pipeline(str(write(folder, endpoint, **options)), SCHEMA)


def fixed(content: str, status: int = 200) -> Answer:
    return lambda body: (status, content)


def test_a_quote_is_put_where_its_context_is_and_the_rest_is_named(tmp_path: Path) -> None:
    given = entities(
        SECOND,
        {"quote": "القاهرة", "label": "GPE"},
        {"quote": "وفد", "label": "DELEGATION"},
        {"quote": "مايو"},  # type: ignore[arg-type]
    )
    with serving(fixed(given)) as endpoint:
        (proposal,) = made(tmp_path, endpoint).read([Document(id="a", text=TEXT)])
    (entity,) = proposal.annotation.entities
    assert (entity.start, entity.label) == (TEXT.rindex("الرباط"), "GPE")
    (agent,) = entity.proposers
    assert agent.startswith("echo-1@")
    assert proposal.left_out == (
        f"entry 4 of an answer: Object missing required field `label`, from {agent}",
        f"quote 'القاهرة' (GPE): not in the text, from {agent}",
        f"entity label DELEGATION, from {agent}",
    )


def test_the_instructions_come_from_the_schema_and_the_text_goes_as_it_is(tmp_path: Path) -> None:
    with serving(fixed(entities())) as endpoint:
        options = {"instructions": "Nicknames count.", "settings": {"seed": 7}}
        made(tmp_path, endpoint, **options).read([Document(id="a", text=TEXT)])
    (request,) = endpoint.requests
    system, user = request["messages"]
    assert user == {"role": "user", "content": TEXT}
    for kind in SCHEMA.entities:
        assert f"- {kind.name}: {kind.description}" in system["content"]
    assert SCHEMA.guidelines.strip() in system["content"]
    assert "Nicknames count." in system["content"]
    assert (request["model"], request["temperature"], request["seed"]) == ("echo-1", 0, 7)


def test_only_the_labels_that_are_wanted_are_asked_for() -> None:
    asked = task(SCHEMA, ["GPE"])
    assert "one of GPE.\n" in asked
    assert "PERSON" not in asked.replace(SCHEMA.guidelines.strip(), "")


def test_a_second_run_asks_nothing_and_says_the_same(tmp_path: Path) -> None:
    documents = [Document(id=str(i), text=f"{i} {TEXT}") for i in range(5)]
    with serving(fixed(entities(SECOND))) as endpoint:
        first = made(tmp_path, endpoint).read(documents)
        assert len(endpoint.requests) == 5
        endpoint.answer = fixed("", 500)
        again = made(tmp_path, endpoint).read(documents)
        assert len(endpoint.requests) == 5
        endpoint.answer = fixed(entities())
        made(tmp_path, endpoint, settings={"temperature": 1}).read(documents[:1])
        assert len(endpoint.requests) == 6
        made(tmp_path, endpoint, cache="").read(documents[:1])
        assert len(endpoint.requests) == 7
    assert first == again
    assert [p.annotation.entities[0].start for p in first] == [TEXT.rindex("الرباط") + 2] * 5


def test_a_long_text_is_asked_for_in_windows_that_cover_it(tmp_path: Path) -> None:
    text = "".join(f"Mayor {i} of Rabat-{i} spoke. " for i in range(60))

    def echo(body: dict[str, Any]) -> tuple[int, str]:
        said = body["messages"][1]["content"]
        names = [word for word in said.split() if word.startswith("Rabat")]
        return 200, entities(*({"quote": name, "label": "GPE", "before": "of"} for name in names))

    with serving(echo) as endpoint:
        (proposal,) = made(tmp_path, endpoint, window=100).read([Document(id="a", text=text)])
    sent = sorted((b["messages"][1]["content"] for b in endpoint.requests), key=text.index)
    assert "".join(sent) == text
    assert [e.text for e in proposal.annotation.entities] == [f"Rabat-{i}" for i in range(60)]
    assert proposal.left_out == ()


def test_an_answer_that_is_no_json_keeps_its_document_and_is_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.jsonl").write_text(
        "".join(json.dumps({"id": i, "text": f"{i} {TEXT}"}) + "\n" for i in "ab")
    )

    def half(body: dict[str, Any]) -> tuple[int, str]:
        bad = body["messages"][1]["content"].startswith("a")
        return 200, completion("Sorry!") if bad else entities(SECOND)

    with serving(half) as endpoint:
        pipeline = write(tmp_path, endpoint)
        arguments = (tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--pipeline", pipeline)
        assert run(*arguments) == 0
        before = len(endpoint.requests)
        endpoint.answer = fixed(entities(SECOND))
        assert run(*arguments) == 0
        assert len(endpoint.requests) == before + 1
        endpoint.answer = half
        (tmp_path / "d.jsonl").write_text(json.dumps({"id": "c", "text": "a new one"}) + "\n")
        assert run(*arguments) == 1
        (refused,) = (tmp_path / "p.jsonl.rejects.jsonl").read_text("utf-8").splitlines()
        assert "larger model" in json.loads(refused)["hint"]
    first, second = capsys.readouterr().err.split("next:")[:2]
    assert "1 of 2 documents annotated" in first
    assert "2 of 2 documents annotated" in second


def test_of_many_quotes_that_have_no_place_each_is_kept_and_the_kinds_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n")
    invented = ({"quote": f"Fez {i}", "label": "GPE"} for i in range(50))
    with serving(fixed(entities(*invented))) as endpoint:
        pipeline = write(tmp_path, endpoint)
        files = (tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
        assert run(*files, "--pipeline", pipeline, "--json") == 0
    out, err = capsys.readouterr()
    (kind,) = json.loads(out)["left_out"].items()
    assert kind[0].startswith("quote … (GPE): not in the text, from echo-1@")
    assert kind[1] == 50
    assert json.loads(out)["refused"] == 0
    kept = tmp_path / "p.jsonl.rejects.jsonl"
    assert f"50 things left out, each kept in {kept}" in err
    reasons = [json.loads(line)["reason"] for line in kept.read_text("utf-8").splitlines()]
    assert [why.partition(" (")[0] for why in reasons] == [
        f"document 'a': left out: quote 'Fez {i}'" for i in range(50)
    ]


def test_kinds_of_what_is_left_out_are_bounded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n")
    invented = ({"quote": "وفد", "label": f"L{i}"} for i in range(300))
    with serving(fixed(entities(*invented))) as endpoint:
        pipeline = write(tmp_path, endpoint)
        files = (tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
        assert run(*files, "--pipeline", pipeline, "--json") == 0
    out, err = capsys.readouterr()
    kinds = json.loads(out)["left_out"]
    assert len(kinds) == 201
    assert sum(kinds.values()) == 300
    assert " and 160 more\n" in err
    assert "(100 times)" in err  # the rest, beyond the kinds that are counted one by one
    assert len((tmp_path / "p.jsonl.rejects.jsonl").read_bytes().splitlines()) == 300


@pytest.mark.parametrize(
    ("answer", "status", "error", "match", "hint"),
    [
        (completion("no"), 200, AnnotatorError, "no JSON: 'no'", "response_format"),
        (completion('{"entities": 3}'), 200, AnnotatorError, 'no list "entities"', ""),
        (completion('[{"quote": "x",]'), 200, AnnotatorError, "its JSON is broken", ""),
        (completion("[", "length"), 200, AnnotatorError, "cut off", "window"),
        ("too long", 400, AnnotatorError, "answered 400: too long", "window"),
        ("who?", 401, ModelUnavailable, "answered 401", "Set MY_KEY"),
        ("what?", 404, ModelUnavailable, "answered 404", "echo-1"),
        ("busy", 503, ModelUnavailable, "answered 503", "run again"),
        ("<html>", 200, ModelUnavailable, "does not speak", "/v1"),
    ],
)
def test_what_goes_wrong_is_told(
    tmp_path: Path, answer: str, status: int, error: type[Exception], match: str, hint: str
) -> None:
    with serving(fixed(answer, status)) as endpoint:
        pipeline = made(tmp_path, endpoint, key_env="MY_KEY")
        with pytest.raises(error, match=match) as caught:
            pipeline.read([Document(id="a", text=TEXT)])
    assert hint in caught.value.hint  # type: ignore[attr-defined]
    assert not list(tmp_path.rglob("kept/*/*"))


def test_a_busy_server_is_asked_again(tmp_path: Path) -> None:
    states = iter([503, 429, 200])
    with serving(lambda body: (next(states), entities(SECOND))) as endpoint:
        (proposal,) = made(tmp_path, endpoint).read([Document(id="a", text=TEXT)])
    assert len(endpoint.requests) == 3
    assert len(proposal.annotation.entities) == 1


def test_the_key_is_sent_and_kept_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret")
    with serving(fixed(entities())) as endpoint:
        made(tmp_path, endpoint, key_env="MY_KEY").read([Document(id="a", text=TEXT)])
    assert endpoint.keys == ["Bearer s3cret"]
    (kept,) = [p for p in tmp_path.rglob("kept/*/*")]
    assert "s3cret" not in kept.read_text()


def test_a_key_has_no_white_space_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret\n")
    with serving(fixed(entities())) as endpoint:
        made(tmp_path, endpoint, key_env="MY_KEY").read([Document(id="a", text=TEXT)])
    assert endpoint.keys == ["Bearer s3cret"]


@pytest.mark.parametrize("key", ["s3cret\ns3cret", "s3cret s3cret", "s3crét"])
def test_what_is_no_key_is_refused_and_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("MY_KEY", key)
    with serving(fixed("")) as endpoint, pytest.raises(AnnotatorError, match="MY_KEY") as caught:
        made(tmp_path, endpoint, key_env="MY_KEY")
    assert "s3cr" not in str(caught.value)


@pytest.mark.parametrize("url", ["127.0.0.1:9/v1", "http://[::1/v1", "u:s3cret@host/v1", "", "/v1"])
def test_what_is_no_address_is_refused_with_one_that_is(tmp_path: Path, url: str) -> None:
    with serving(fixed("")) as endpoint, pytest.raises(AnnotatorError, match="`url`") as caught:
        made(tmp_path, endpoint, url=url)
    assert "http://localhost:11434/v1" in caught.value.hint
    assert "s3cret" not in str(caught.value)


def test_no_error_shows_the_key_or_a_password_in_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "s3cret")
    document = Document(id="a", text=TEXT)
    with serving(fixed("what is s3cret?", 401)) as endpoint:
        host = endpoint.url.removeprefix("http://")
        pipeline = made(tmp_path, endpoint, url=f"http://me:pass@{host}", key_env="MY_KEY")
        with pytest.raises(ModelUnavailable, match="answered 401: what is …") as caught:
            pipeline.read([document])
    with pytest.raises(ModelUnavailable, match="no language model answers") as silent:
        pipeline.read([document])
    for fault in (caught.value, silent.value):
        assert f"http://{host}/chat/completions" in fault.message
        assert "pass" not in str(fault)
        assert "s3cret" not in str(fault)


def test_where_nothing_answers_the_run_ends_with_the_exit_code_of_a_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(fixed("")) as endpoint:
        pipeline = write(tmp_path, endpoint)
    (tmp_path / "d.jsonl").write_text(json.dumps({"id": "a", "text": TEXT}) + "\n")
    output = tmp_path / "p.jsonl"
    assert run(tmp_path / "d.jsonl", "-o", output, "--pipeline", pipeline) == 3
    assert f"no language model answers at {endpoint.url}" in capsys.readouterr().err
    assert not output.exists()


def test_a_label_that_the_schema_lacks_can_not_be_asked_for(tmp_path: Path) -> None:
    with serving(fixed("")) as endpoint, pytest.raises(AnnotatorError, match="PLANET in `labels`"):
        made(tmp_path, endpoint, labels=["PLANET"])


def test_an_option_that_is_none_is_named(tmp_path: Path) -> None:
    with serving(fixed("")) as endpoint, pytest.raises(AnnotatorError, match="colour"):
        made(tmp_path, endpoint, colour="red")


def test_answers_come_in_several_wrappings() -> None:
    entry = '{"quote": "Rabat", "label": "GPE"}'
    for answer in (
        f"[{entry}]",
        f'{{"entities": [{entry}]}}',
        f"Here:\n```json\n[{entry}]\n```.",
        f'<think>{{"entities": []}}? [no]</think>[{entry}]',
        f"perhaps []</think>[{entry}]",
        f'As {{"quote": …}} says: {{"entities": [{entry}]}} (see [1]).',
    ):
        mentions, faults = read_answer(answer, ["GPE"])
        assert [m.quote for m in mentions] == ["Rabat"]
        assert faults == []
