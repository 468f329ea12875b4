"""The README is run: its commands, in their order, in an empty folder beside the seeds."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from curation.annotate import load_pipeline
from curation.model import Record
from curation.review import connect, find_desk, label_config, post_readings
from curation.store import load_schema, read
from tests.conftest import Running

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


def test_the_commands_and_the_python_of_the_readme_work(label_studio: Running, tmp_path: Path):
    shutil.copytree(ROOT / "seeds" / "documents", tmp_path / "seeds" / "documents")
    # The local server that `review serve` finds running is the one of the tests.
    (tmp_path / "home" / "curation").mkdir(parents=True)
    (tmp_path / "home" / "curation" / "label-studio").symlink_to(label_studio.folder)
    environment = os.environ | {
        "XDG_DATA_HOME": str(tmp_path / "home"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def sh(script: str, program: str = "bash") -> str:
        done = subprocess.run(
            [program, *(["-euo", "pipefail"] if program == "bash" else []), "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    before, after = blocks("bash")
    sh(before)
    readings = ROOT / "data" / "demo" / "second-reading.jsonl"
    server, home = connect(data=label_studio.folder)
    with server:
        post_readings(find_desk(server, home, "news"), read(readings, Record), load_schema())
    assert "0.1.0" in sh(after)
    (python,) = blocks("python")
    assert "'label': 'GPE'" in sh(python, sys.executable)
    assert (tmp_path / "agreed.ledger.jsonl").stat().st_size > 1000


def test_every_command_of_the_readme_exists():
    from typer.main import get_command

    from curation.cli.app import app

    known = set(get_command(app).commands)  # pyright: ignore[reportAttributeAccessIssue]
    used = set(re.findall(r"^curation (\w+)", "\n".join(blocks("bash") + blocks("sh")), flags=re.M))
    assert used and used <= known


def test_the_example_schema_is_sound_and_makes_a_page(tmp_path: Path):
    _, example = blocks("toml")
    (tmp_path / "visits.toml").write_text(example, "utf-8")
    schema = load_schema(str(tmp_path / "visits.toml"))
    assert [kind.name for kind in schema.entities] == ["PERSON", "PLACE"]
    assert '<Label value="VISIT"' in label_config(schema)


def test_the_example_pipeline_is_sound(tmp_path: Path):
    example, _ = blocks("toml")
    (tmp_path / "llm.toml").write_text(example, "utf-8")
    assert load_pipeline(str(tmp_path / "llm.toml"), load_schema()).agent == "news-llm@1"


def test_the_example_record_is_one():
    import msgspec

    (example,) = blocks("json")
    shape = msgspec.json.decode(example)
    assert set(shape) == {"document", "annotations"}
    (reading,) = shape["annotations"]
    assert set(reading) <= {"by", "status", "entities", "relations", "events", "at"}
    shape["document"]["text"] = "المغرب" + " " * 14 + "فوقّعت"
    record = msgspec.convert(shape, Record)
    assert record.annotations[0].events[0].trigger.text == "فوقّعت"
