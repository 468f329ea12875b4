import json
import re
from pathlib import Path

import pytest
from msgspec import structs

from curation.cli import main
from curation.model import Author, Record
from curation.publish import load, versions
from tests.publish.builders import RABAT, agreed, reading, save


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main([str(part) for part in argv])
    captured = capsys.readouterr()
    code = caught.value.code
    return code if isinstance(code, int) else 0, captured.out, captured.err


@pytest.fixture
def dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "ds"
    code, out, _ = run(capsys, "publish", save(tmp_path / "a.jsonl", agreed("a")), folder)
    assert (code, out.splitlines()[0]) == (
        0,
        f"published 0.1.0: {folder}/versions/0.1.0",
    )
    return folder


def test_publish_says_what_it_made_and_where(
    tmp_path: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path / "b.jsonl", agreed("a", reading([RABAT], [])), agreed("b"))
    code, out, _ = run(capsys, "publish", path, dataset, "--bump", "minor")
    assert code == 0
    assert out.splitlines()[:2] == [
        f"published 0.2.0: {dataset}/versions/0.2.0",
        "  documents: 1 added, 0 removed",
    ]
    assert "2 documents, 4 entities, 0 relations, 1 event" in out
    assert "entities: 3 added, 2 removed" in out
    assert f"card: {dataset}/README.md" in out
    assert f"next: curation diff {dataset} 0.1.0 0.2.0" in out
    code, out, _ = run(capsys, "publish", path, dataset)
    assert code == 0
    assert "nothing new: 0.2.0 holds this content already" in out


def test_publish_for_programs(
    tmp_path: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "publish", tmp_path / "a.jsonl", dataset, "--json")
    told = json.loads(out)
    assert (code, told["new"], told["version"]) == (0, False, "0.1.0")
    assert told["counts"]["entities"] == 3
    assert Path(told["path"]).is_dir()
    assert Path(told["card"]).is_file()


def test_errors_are_two_lines_and_an_exit_code(
    tmp_path: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = save(tmp_path / "b.jsonl", agreed("b"))
    bad = tmp_path / "bad.jsonl"
    bad.write_text("nonsense\n")
    for argv, expected, message in (
        (("publish", other, dataset, "--version", "0.1.0"), 1, "0.1.0 already"),
        (("publish", other, dataset, "--version", "0.0.1"), 2, "does not come after"),
        (("publish", bad, dataset), 1, f"{bad}:1: JSON is malformed"),
        (("publish", tmp_path / "none", dataset), 1, "No such file"),
        (("publish", other, dataset, "--schema", "none"), 1, "there is no schema 'none'"),
        (("publish", other, dataset, "--ledger", tmp_path / "none"), 1, "No such file"),
        (("diff", dataset, "0.1.0", "3.0.0"), 2, "Known versions: 0.1.0."),
        (("versions", tmp_path), 1, f"There is one at {dataset}."),
        (("rollback", tmp_path / "dt", "0.1.0"), 1, f"there is no dataset at {tmp_path / 'dt'}"),
        (("diff", tmp_path / "dt", "0.1.0", "0.1.0"), 1, f"There is one at {dataset}."),
        (("hub", "push", tmp_path / "dt", "a/b"), 1, f"There is one at {dataset}."),
        (("verify", dataset / "versions" / "0.1.0"), 1, f"above its versions: {dataset}"),
        (("verify", tmp_path / "x" / "y"), 1, "Check the path"),
        (("verify", dataset, "--version", "3.0.0"), 2, "Known versions: 0.1.0."),
    ):
        code, out, err = run(capsys, *argv)
        assert (code, out) == (expected, ""), argv
        assert err.startswith("error: "), argv
        assert message in err
        assert "Traceback" not in err


def test_a_name_that_controls_a_terminal_is_shown_and_does_nothing(
    tmp_path: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "am\nal\x1b[31m\x9b"
    by = structs.replace(reading([RABAT], []), by=Author("human", name), status="submitted")
    record = agreed("a", reading([RABAT], []))
    record = structs.replace(record, annotations=(by, by, record.annotations[-1]))
    path = save(tmp_path / "b.jsonl", record)
    assert run(capsys, "publish", path, dataset, "--by", name)[0] == 0
    entry = versions(dataset)[-1]
    assert entry.by == name
    assert name in {row["agent"] for row in load(dataset, view="annotations").to_list()}
    outs = [run(capsys, "versions", dataset)[1], run(capsys, "diff", dataset, "0.1.0", "0.2.0")[1]]
    assert outs[0].splitlines()[2].endswith("am␊al␛[31m\\x9b")
    texts = [file.read_text() for file in dataset.rglob("*.md")] + outs
    for text in texts:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    assert "am al␛\\[31m" in (dataset / "README.md").read_text()


def test_versions_diff_and_verify(
    tmp_path: Path, dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "publish", save(tmp_path / "b.jsonl", agreed("a", reading([RABAT], []))), dataset)
    _, out, _ = run(capsys, "versions", dataset)
    head, first, second = out.splitlines()
    assert head.split() == ["version", "parent", "documents", "entities", "events", "created", "by"]
    assert first.split()[:5] == ["0.1.0", "-", "1", "3", "1"]
    assert second.split()[:5] == ["0.1.1", "0.1.0", "1", "1", "0"]
    told = json.loads(run(capsys, "versions", dataset, "--json")[1])
    assert [one["entities"] for one in told] == [3, 1]

    _, out, _ = run(capsys, "diff", dataset, "0.1.0", "0.1.1")
    assert "entities: 2 removed" in out
    assert "entity removed: TITLE “وزير الدفاع الإسرائيلي” 4:26 in a" in out
    told = json.loads(run(capsys, "diff", dataset, "0.1.0", "0.1.1", "--json")[1])
    assert told["entities"] == {
        "added": 0,
        "removed": 2,
        "relabelled": 0,
        "moved": 0,
        "revalued": 0,
    }
    assert "changes" not in told
    told = json.loads(run(capsys, "diff", dataset, "0.1.0", "0.1.1", "--json", "--full")[1])
    assert len(told["changes"]) == 4

    assert told["agreement"] == {"entities": 0.5, "events": 0.0}
    assert told["labels"]["entities"]["TITLE"] == {"before": 1, "after": 0}
    page = tmp_path / "diff.html"
    code, _, err = run(capsys, "diff", dataset, "0.1.0", "0.1.1", "--html", page)
    assert (code, f"the texts, marked: {page}" in err) == (0, True)
    assert "وزير الدفاع" in page.read_text("utf-8")

    code, out, _ = run(capsys, "verify", dataset)
    assert code == 0
    assert out.splitlines()[-1].endswith("2 proven, nothing is changed, missing or too many")
    (dataset / "versions" / "0.1.0" / "CHANGELOG.md").unlink()
    code, out, err = run(capsys, "verify", dataset)
    assert (code, out) == (1, "")
    assert "CHANGELOG.md: missing" in err
    assert run(capsys, "verify", dataset, "--version", "0.1.1")[0] == 0


def test_publish_reads_a_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stdin:
        buffer = save(tmp_path / "a.jsonl", agreed()).open("rb")

    monkeypatch.setattr("sys.stdin", Stdin)
    with Stdin.buffer:
        code, out, _ = run(capsys, "publish", "-", tmp_path / "ds")
    assert code == 0
    assert "published 0.1.0" in out


def test_a_file_that_is_no_jsonl_is_sent_to_ingest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("وصل الوزير\n")
    code, _, err = run(capsys, "publish", tmp_path / "a.txt", tmp_path / "new")
    assert (code, f"curation ingest {tmp_path / 'a.txt'} " in err) == (1, True)
    assert not (tmp_path / "new").exists(), "what was made for nothing is gone"
    (tmp_path / "mine").mkdir()
    run(capsys, "publish", tmp_path / "a.txt", tmp_path / "mine")
    assert (tmp_path / "mine").is_dir()


def test_what_is_left_out_is_named_and_include_only_where_it_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = [Record(agreed(name).document) for name in "bcde"]
    path = save(tmp_path / "bare.jsonl", agreed("a"), *bare)
    out = run(capsys, "publish", path, tmp_path / "ds")[1]
    assert "  left out: 4 no reading: b, c, d, …\n" in out
    proposed = structs.replace(agreed("b"), annotations=(agreed("b").annotations[0],))
    one = structs.replace(proposed.annotations[0], by=Author("machine", "m"), status="proposed")
    path = save(
        tmp_path / "p.jsonl", agreed("a"), structs.replace(proposed, annotations=(one,)), bare[1]
    )
    out = run(capsys, "publish", path, tmp_path / "other")[1]
    assert "1 no reading, 1 only proposed: b, c (--include proposed takes in 1)\n" in out
    save(path, agreed("z"))
    run(capsys, "publish", path, tmp_path / "other")
    out = run(capsys, "rollback", tmp_path / "other", "0.1.0")[1]
    assert "  left out: 1 no reading, 1 only proposed\n" in out


def test_split_by_without_split_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    records, folder = save(tmp_path / "a.jsonl", agreed("a")), tmp_path / "ds"
    code, _, err = run(capsys, "publish", records, folder, "--split-by", "source")
    assert code == 2
    assert "--split 80/10/10" in err
    assert not folder.exists()
