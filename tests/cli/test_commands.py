import json
from pathlib import Path

import pytest

from curation.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return int(stop.value.code or 0), out, err


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
