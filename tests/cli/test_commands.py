import json
import subprocess
import sys
from pathlib import Path

import pytest

from curation.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


@pytest.mark.parametrize("group", [(), ("review",), ("hub",), ("schema",)], ids=str)
def test_the_list_of_commands_is_whole_on_a_terminal_of_80_columns(
    capsys, monkeypatch: pytest.MonkeyPatch, group: tuple[str, ...]
):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run(capsys, *group, "-h")
    assert code == 0
    assert "..." not in out.partition("Commands:")[2]
    assert all(len(line) < 80 for line in out.splitlines())


def test_doctor_finds_everything_the_journey_needs(capsys):
    code, out, _ = run(capsys, "doctor", "--json")
    findings = {finding["what"]: finding for finding in json.loads(out)}
    assert code == 0
    assert findings["spacy"]["state"] == findings["schema news"]["state"] == "ok"
    assert "gazetteer.v1" in findings["annotators"]["detail"]
    assert all(f["fix"] for f in findings.values() if f["state"] != "ok")


def test_doctor_says_so_and_fails_where_a_needed_package_is_missing(capsys, monkeypatch):
    monkeypatch.setattr("curation.cli.doctor.REQUIRED", ("spacy", "no-such-package"))
    code, out, _ = run(capsys, "doctor")
    assert code == 1
    assert "--  no-such-package: not installed\n      pip install" in out


def test_the_schema_commands_show_check_and_refuse(capsys, tmp_path: Path):
    assert run(capsys, "schema", "list")[1].startswith("news  1.0.0  18 entity types")
    assert "بيني جانتس" in run(capsys, "schema", "show")[1]
    assert json.loads(run(capsys, "schema", "show", "--json")[1])["name"] == "news"
    assert "<Labels" in run(capsys, "schema", "label-studio")[1]
    assert run(capsys, "schema", "check")[0] == 0
    broken = tmp_path / "broken.toml"
    broken.write_text('name = "x"\nversion = "1"\n')
    code, _, err = run(capsys, "schema", "check", broken)
    assert code == 1
    assert "it has no entity type" in err
    code, _, err = run(capsys, "schema", "show", "nowhere")
    assert code == 1
    assert "Known schemas: news" in err


def test_a_wrong_command_exits_2_and_a_missing_file_exits_1(capsys, tmp_path: Path):
    assert run(capsys, "no-such-command")[0] == 2
    missing = tmp_path / "missing.jsonl"
    code, _, err = run(capsys, "annotate", missing, "-o", tmp_path / "out.jsonl")
    assert code == 1
    assert str(missing) in err
    assert "Traceback" not in err


def test_the_demo_empties_no_folder_that_it_did_not_make(capsys, tmp_path: Path):
    own = tmp_path / "dataset" / "README.md"
    own.parent.mkdir()
    own.write_text("mine")
    (tmp_path / "documents.jsonl").write_text("mine")
    code, _, err = run(capsys, "demo", "--out", tmp_path)
    assert code == 2
    assert "no demo made" in err
    assert own.read_text() == (tmp_path / "documents.jsonl").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_the_system_refuses_is_said_without_a_traceback(capsys, tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("text")
    code, _, err = run(capsys, "ingest", file, "-o", file / "out.jsonl")
    assert code == 1
    assert err.startswith("error: ")
    assert str(file / "out.jsonl") in err
    (tmp_path / "folder.toml").mkdir()
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'name = "\xe9"\n')
    for broken in (tmp_path / "folder.toml", latin):
        code, _, err = run(capsys, "schema", "check", broken)
        assert code == 1
        assert str(broken) in err
    code, _, err = run(capsys, "annotate", file, "-o", tmp_path / "out", "--pipeline", latin)
    assert code == 1
    assert str(latin) in err


def test_a_reader_that_goes_away_is_no_failure(tmp_path: Path):
    many = tmp_path / "many.jsonl"
    many.write_text("".join(f'{{"text": "{number} {"x" * 500}"}}\n' for number in range(1000)))
    command = [sys.executable, "-m", "curation", "ingest", str(many), "-o", "-", "--language", "en"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stderr is not None
        assert child.stdout.readline().startswith(b'{"document"')
        child.stdout.close()
        said = child.stderr.read()
    assert (child.returncode, said) == (0, b"")


def test_an_output_never_replaces_its_input(capsys, tmp_path: Path):
    article = tmp_path / "a.txt"
    article.write_text("زار محمد الرباط")
    code, _, err = run(capsys, "ingest", article, "-o", article)
    assert code == 2
    assert "would be replaced" in err
    assert article.read_text() == "زار محمد الرباط"
    documents = tmp_path / "d.jsonl"
    assert run(capsys, "ingest", article, "-o", documents)[0] == 0
    before = documents.read_bytes()
    assert run(capsys, "merge", documents, documents, "-o", documents)[0] == 2
    assert documents.read_bytes() == before


def test_a_run_that_takes_nothing_fails_and_shows_the_first_reasons(capsys, tmp_path: Path):
    empty = [tmp_path / f"{n}.txt" for n in range(5)]
    for path in empty:
        path.write_text(" ")
    code, _, err = run(capsys, "ingest", *empty, "-o", tmp_path / "d.jsonl")
    assert code == 1
    assert err.count("the text is only white space") == 3
    assert "and 2 more" in err


MISSING = [
    ("ingest", "none.txt", "-o", "out"),
    ("annotate", "none", "-o", "out"),
    ("annotate", "none", "-o", "out", "--schema", "none.toml"),
    ("annotate", "none", "-o", "out", "--pipeline", "none.toml"),
    ("merge", "none", "none", "-o", "out"),
    ("publish", "none", "out"),
    ("evaluate", "none", "none"),
    ("convert", "none", "-o", "out", "--to", "dygie"),
    ("convert", "none", "-o", "out", "--from", "brat"),
    ("convert", "none", "-o", "out", "--from", "cas"),
    ("review", "push", "none", "--to", "out"),
    ("review", "pull", "--from", "none", "-o", "out"),
    ("schema", "check", "none.toml"),
    ("versions", "none"),
    ("verify", "none"),
    ("diff", "none", "0.1.0", "0.2.0"),
    ("rollback", "none", "0.1.0"),
    ("hub", "push", "none", "a/b"),
]


@pytest.mark.parametrize("command", MISSING, ids=" ".join)
def test_what_is_not_there_exits_1_whatever_the_command(
    capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *command)
    assert (code, out) == (1, "")
    assert err.startswith("error: ") and "none" in err.partition("\n")[0]
    assert "Errno" not in err
    assert not Path("out").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("ingest", "empty", "-o", "out", "--format", "jsonl"),
        ("annotate", "empty", "-o", "out"),
        ("merge", "empty", "other", "-o", "out"),
        ("convert", "empty", "-o", "out", "--to", "dygie"),
        ("review", "push", "empty", "--to", "out"),
    ],
    ids=" ".join,
)
def test_nothing_to_take_in_is_an_error(
    capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
):
    monkeypatch.chdir(tmp_path)
    Path("empty").touch()
    Path("other").touch()
    code, _, err = run(capsys, *command)
    assert code == 1
    assert "error: nothing was read" in err
    assert "nothing lost" not in err
