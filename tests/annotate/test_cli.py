"""`curation annotate` from documents to records."""

import io
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.annotate import Pipeline, Pipelines, Proposal, annotate, read_records
from curation.cli import main
from curation.errors import AnnotatorError
from curation.model import Annotation, Author, Document, Record
from curation.store import load_schema, read, shipped, write
from tests.strategies import records, texts


def run(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["annotate", *(str(part) for part in argv)])
    captured = capsys.readouterr()
    code = caught.value.code
    return code if isinstance(code, int) else 0, captured.out, captured.err


def article() -> Document:
    text = shipped("seeds", "documents", "000_a90ee71e5042d5e6.txt").read_bytes().decode("utf-8")
    return Document(id="000_a90ee71e5042d5e6", text=text, language="ar")


def test_documents_become_records_with_a_proposal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "d.jsonl", [article()])
    code, out, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--json")
    (record,) = read(tmp_path / "p.jsonl", Record)
    summary = json.loads(out)
    assert code == 0
    assert record.annotations[0].by == Author("machine", "news-ar@3")
    assert sum(summary["entities"].values()) == len(record.annotations[0].entities)
    assert sum(summary["events"].values()) == len(record.annotations[0].events)
    assert (summary["documents"], summary["annotated"], summary["refused"]) == (1, 1, 0)
    assert f"next: curation review push {tmp_path / 'p.jsonl'} --project NAME" in err


def test_twice_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "d.jsonl", [Record(article())])
    outputs = []
    for name in ("a.jsonl", "b.jsonl"):
        run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / name)
        outputs.append((tmp_path / name).read_bytes())
    assert outputs[0] == outputs[1]


def test_earlier_readings_stay_and_the_new_one_comes_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    human = Annotation(Author("human", "amal"), "submitted")
    write(tmp_path / "d.jsonl", [Record(article(), (human,))])
    run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
    run(capsys, tmp_path / "p.jsonl", "-o", tmp_path / "p.jsonl")
    (record,) = read(tmp_path / "p.jsonl", Record)
    assert record.annotations[0] == human
    assert [a.by.agent for a in record.annotations] == ["amal", "news-ar@3", "news-ar@3"]


def test_a_language_without_a_pipeline_is_told_and_its_record_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = [
        Document(id="a", text="Guten Tag", language="de"),
        article(),
        Document(id="b", text="Hello"),
        Document(id="c", text="Hallo", language="de"),
    ]
    write(tmp_path / "d.jsonl", documents)
    code, out, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--json")
    made = list(read(tmp_path / "p.jsonl", Record))
    assert code == 0
    assert [record.document for record in made] == documents
    assert [len(record.annotations) for record in made] == [0, 1, 0, 0]
    assert "2 documents in language de got no proposal" in err
    assert "1 document in language unknown got no proposal" in err
    assert json.loads(out)["no_pipeline"] == {"de": 2, "unknown": 1}
    assert "\n3 written with a note, kept with the reason in" in err and "refused" not in err
    rejects = (tmp_path / "p.jsonl.rejects.jsonl").read_text("utf-8").splitlines()
    first, second, _ = [json.loads(line) for line in rejects]
    assert first["reason"].startswith("document 'a'")
    assert "no pipeline is for language de" in first["reason"]
    assert "there are pipelines for ar (news-ar), en (news-en), fr (news-fr)" in first["hint"]
    assert "its language is not known" in second["reason"]
    assert "ingest --language" in second["hint"]
    assert first["content"] == "Guten Tag"


def test_documents_of_several_languages_are_each_read_by_their_own_pipeline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = [
        Document(id="a", text="She left Paris on Monday.", language="en"),
        article(),
        Document(id="b", text="Elle a quitté Paris lundi.", language="fr-CA"),
    ]
    write(tmp_path / "d.jsonl", documents)
    code, _, _ = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
    made = list(read(tmp_path / "p.jsonl", Record))
    assert code == 0
    agents = [record.annotations[0].by.agent.partition("@")[0] for record in made]
    assert agents == ["news-en", "news-ar", "news-fr"]
    assert [e.text for e in made[0].annotations[0].entities] == ["Paris", "Monday"]
    assert [e.text for e in made[2].annotations[0].entities] == ["Paris", "lundi"]


def test_where_no_document_can_be_read_the_command_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "d.jsonl", [Document(id="a", text="Guten Tag", language="de")])
    code, _, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
    assert code == 1
    assert "no pipeline is for language de" in err
    assert "en (news-en)" in err


def test_bad_lines_are_kept_aside_and_strict_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.jsonl").write_text(
        '{"id": "a", "text": "زار فرنسا", "language": "ar"}\n'
        "{nonsense\n"
        '{"id": "b"}\n'
        '{"document": {"id": "c", "text": "x"}, "text": "y"}\n'
        '{"id": "d", "text": "x", "annotations": []}\n'
        '{"id": "", "text": "x"}\n',
        "utf-8",
    )
    code, _, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
    rejects = (tmp_path / "p.jsonl.rejects.jsonl").read_text("utf-8").splitlines()
    assert code == 0
    assert [json.loads(line)["line"] for line in rejects] == [2, 3, 4, 5, 6]
    assert "5 refused" in err
    assert len(list(read(tmp_path / "p.jsonl", Record))) == 1
    code, _, _ = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--strict")
    assert code == 1


def test_streams_in_and_out(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    line = '{"id": "a", "text": "اجتمع الوزراء أمس في الرباط .", "language": "ar"}\n'.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    with pytest.raises(SystemExit) as caught:
        main(["annotate", "-", "-o", "-"])
    assert not caught.value.code
    made = json.loads(capfdbinary.readouterr().out)
    assert [e["text"] for e in made["annotations"][0]["entities"]][-1] == "الرباط"


def test_json_and_records_do_not_share_a_stream(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "d.jsonl", "-o", "-", "--json")
    assert code == 2
    assert "-o FILE" in err


@pytest.mark.parametrize(
    ("name", "exits", "told"), [("news-xx", 2, "news-ar"), ("nope.toml", 1, "No such file")]
)
def test_an_unknown_pipeline_is_a_wrong_command_and_a_missing_file_wrong_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, exits: int, told: str
) -> None:
    write(tmp_path / "d.jsonl", [article()])
    code, _, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--pipeline", name)
    assert code == exits
    assert told in err
    assert not (tmp_path / "p.jsonl").exists()


def test_a_smaller_schema_leaves_out_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "small.toml").write_text(
        'name = "small"\nversion = "1.0.0"\n'
        '[[entities]]\nname = "GPE"\ndescription = "a place"\ncolor = "#00AA00"\n'
    )
    write(tmp_path / "d.jsonl", [article()])
    code, out, err = run(
        capsys,
        *(tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--json"),
        *("--schema", tmp_path / "small.toml"),
    )
    assert code == 0
    assert set(json.loads(out)["entities"]) == {"GPE"}
    assert "entity label NORP, from gazetteer.v1" in json.loads(out)["left_out"]
    assert re.search(r"schema small has no label of that name: .*NORP \(\d+\)", err)
    assert "entity label NORP" not in err


@given(records())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_record_is_read_back_as_it_is(tmp_path: Path, record: Record) -> None:
    write(tmp_path / "r.jsonl", [record])
    assert list(read_records(tmp_path / "r.jsonl")) == [record]
    write(tmp_path / "d.jsonl", [record.document])
    assert list(read_records(tmp_path / "d.jsonl")) == [Record(record.document)]


@given(st.lists(texts(min_pieces=1).filter(bool), max_size=3))
@settings(deadline=None)  # the first one reads the knowledge
def test_any_text_gives_proven_spans_and_no_error(drawn: list[str]) -> None:
    documents = [
        Record(Document(id=str(i), text=text, language="ar")) for i, text in enumerate(drawn)
    ]
    done = list(annotate(documents, PIPELINES))
    assert [item.record.document for item in done] == [record.document for record in documents]
    assert all(item.proposal is not None for item in done)


PIPELINES = Pipelines(load_schema())


def test_a_document_that_an_annotator_fails_on_is_kept_and_the_rest_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read_one = Pipeline.read

    def fragile(self: Pipeline, documents: Sequence[Document]) -> list[Proposal]:
        # A double: no text is known that the shipped annotators fail on.
        if any(document.id == "bad" for document in documents):
            raise AnnotatorError("fragile.v1 failed: MemoryError")
        return read_one(self, documents)

    monkeypatch.setattr(Pipeline, "read", fragile)
    documents = [
        Document(id=ident, text="زار الرباط", language="ar") for ident in ("a", "bad", "b")
    ]
    write(tmp_path / "d.jsonl", documents)
    code, out, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--json")
    made = list(read(tmp_path / "p.jsonl", Record))
    assert code == 0
    assert [(r.document.id, len(r.annotations)) for r in made] == [("a", 1), ("bad", 0), ("b", 1)]
    assert json.loads(out)["failed"] == 1
    assert "document 'bad' is written without a proposal: fragile.v1 failed: MemoryError" in err
    (refused,) = kept(tmp_path / "p.jsonl")
    assert (refused["file"], refused["line"]) == (str(tmp_path / "d.jsonl"), 2)


def kept(output: Path) -> list[dict[str, Any]]:
    """What is written beside an output."""
    lines = output.with_name(f"{output.name}.rejects.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_what_is_not_read_or_left_out_names_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "d.jsonl").write_text(
        "\n".join(
            (
                "{nonsense",
                "",
                '{"id": "a", "text": "Guten Tag", "language": "de"}',
                '{"id": "b", "text": "اجتمع الوزراء أمس في الرباط .", "language": "ar"}',
            )
        ),
        "utf-8",
    )
    (tmp_path / "small.toml").write_text(
        'name = "small"\nversion = "1.0.0"\n'
        '[[entities]]\nname = "GPE"\ndescription = "a place"\ncolor = "#00AA00"\n'
    )
    schema = ("--schema", tmp_path / "small.toml")
    _, _, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", *schema)
    refused = kept(tmp_path / "p.jsonl")
    assert {line["file"] for line in refused} == {str(tmp_path / "d.jsonl")}
    assert [line["line"] for line in refused[:3]] == [1, 3, 4]
    assert "left out: entity label DATE" in refused[2]["reason"]
    assert f"{tmp_path / 'd.jsonl'}:3: document 'a' is written without a proposal" in err


def test_what_gives_way_to_others_is_counted_and_what_crosses_them_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "xx"
    (folder / "generated").mkdir(parents=True)
    (folder / "words.toml").write_text("")
    (folder / "generated" / "common_words.tsv").write_text("")
    (folder / "places.tsv").write_text(
        "port city\tGPE\t\ncity hall club\tORG\t\nred fort\tFAC\t\nred fort\tLOC\t\n"
        "hall club\tORG\t\nfort\tPERSON\t\n"
    )
    (tmp_path / "mine.toml").write_text(
        'name = "own"\nversion = "7"\npriority = ["FAC", "LOC"]\n[absorbs]\nFAC = ["PERSON"]\n'
        '[[annotators]]\nname = "gazetteer.v1"\n'
        '[annotators.options]\nknowledge = "./xx"\nlists = { "places.tsv" = 0.5 }\n'
    )
    write(tmp_path / "d.jsonl", [Document(id="a", text="The port city hall club at red fort")])
    mine = ("--pipeline", tmp_path / "mine.toml")
    _, out, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--json", *mine)
    (record,) = read(tmp_path / "p.jsonl", Record)
    found = [(e.label, e.text) for e in record.annotations[0].entities]
    assert found == [("ORG", "city hall club"), ("FAC", "red fort")]
    assert json.loads(out)["overlapping"] == {"crossing": 1, "inside": 1, "same text": 1}
    assert (
        "; 3 proposals gave way to others on their text (1 crossing, 1 inside, 1 same text)" in err
    )
    (line,) = kept(tmp_path / "p.jsonl")
    assert (
        "GPE 'port city' (4 to 13), which crosses ORG 'city hall club' (9 to 23)" in line["reason"]
    )
    assert line["line"] == 1


PERSIAN = "رئیس جمهور ایران در سخنرانی خود در تهران گفت که گفتگوها پیش می‌رود"
URDU = "وزیر اعظم نے کہا ہے کہ پاکستان اور بھارت کے درمیان مذاکرات جاری ہیں"
ARABIC = "قال الرئيس الروسي بوتين إن شركة گوگل ستفتح مكتبا في مدينة أگادير المغربية العام المقبل"


@pytest.mark.parametrize(
    ("language", "text", "doubt"),
    [
        ("ar", ARABIC, ""),
        (
            "ar",
            "The prime minister met the president in Rabat",
            "most of its letters are not Arabic",
        ),
        ("ar", PERSIAN, "it has letters of another language: پ گ ک ی"),
        ("en", ARABIC, "most of its letters are not Latin"),
        ("en", "OK: " + ARABIC[:10], ""),
        ("fr", "L’accord, dit العربية, a été signé hier à Rabat", ""),
        ("fr-CA", "Президент встретился с министром", "most of its letters are not Latin"),
    ],
)
def test_a_text_that_contradicts_its_language_is_read_and_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, text: str, doubt: str
) -> None:
    write(tmp_path / "d.jsonl", [Document(id="a", text=text, language=language)])
    _, out, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--json")
    (record,) = read(tmp_path / "p.jsonl", Record)
    assert len(record.annotations) == 1
    assert json.loads(out)["doubtful"] == bool(doubt)
    assert ("1 document can hardly be in the language" in err) == bool(doubt)
    if doubt:
        reasons = [line["reason"] for line in kept(tmp_path / "p.jsonl")]
        assert (
            f"document 'a' was read, but in doubt: it is marked {language}, but {doubt}" in reasons
        )


@pytest.mark.parametrize("text", [PERSIAN, URDU])
def test_another_language_of_the_same_script_is_not_taken_for_arabic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    write(tmp_path / "d.jsonl", [Document(id="a", text=ARABIC), Document(id="b", text=text)])
    run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl")
    arabic, other = read(tmp_path / "p.jsonl", Record)
    assert (len(arabic.annotations), len(other.annotations)) == (1, 0)
    (line,) = kept(tmp_path / "p.jsonl")
    assert "its language is not known" in line["reason"]


def test_a_file_that_is_no_jsonl_is_sent_to_ingest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, hint = tmp_path / "a.txt", "This is no JSONL; make records of it with: curation ingest "
    path.write_text("\nوصل الوزير\nإلى الرباط\n")
    code, _, err = run(capsys, path, "-o", tmp_path / "p.jsonl")
    assert (code, err.count(f"{hint}{path} "), "next:" in err) == (1, 1, False)
    path.write_text('{"id": "a", "te\nx\n')
    assert hint not in run(capsys, path, "-o", tmp_path / "p.jsonl")[2]


VISITS = """name = "visits"
version = "1"
[[entities]]
name = "PLACE"
description = "a place"
color = "#00AA00"
[[entities]]
name = "PERSON"
description = "a person"
color = "#00AA11"
[[roles]]
name = "where"
description = "where"
entities = ["PLACE"]
[[events]]
name = "VISIT"
description = "a visit"
color = "#00AA22"
"""


def test_a_schema_with_other_names_is_served_by_a_map(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "visits.toml"
    schema.write_text(VISITS)
    text = "زار وزير الدفاع الإسرائيلي بيني جانتس العاصمة المغربية الرباط"
    write(tmp_path / "d.jsonl", [Document(id="a", text=text, language="ar")])
    command = (tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--schema", schema)
    code, _, err = run(capsys, *command)
    assert code == 0
    (told,) = [line for line in err.splitlines() if "no label of that name" in line]
    assert re.search(r"GPE \(\d+\)", told) and "TITLE (" in told
    maps = ("--map", "GPE=PLACE", "--map", "CONSULT=VISIT", "--map", "location=where")
    code, _, err = run(capsys, *command, *maps)
    assert code == 0
    (record,) = read(tmp_path / "p.jsonl", Record)
    (reading,) = record.annotations
    (rabat,) = (one for one in reading.entities if one.text == "الرباط")
    assert rabat.label == "PLACE"
    assert {one.label for one in reading.entities} <= {"PLACE", "PERSON"}
    (visit,) = reading.events
    assert visit.type == "VISIT"
    assert ("where", rabat.id) in {(one.role, one.entity) for one in visit.arguments}
    (told,) = [line for line in err.splitlines() if "no label of that name" in line]
    assert "GPE" not in told and "TITLE (" in told
    assert err.count("TITLE (") == 1 and "entity label" not in err


def test_what_a_map_leaves_out_makes_no_reading_uncertain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = tmp_path / "visits.toml"
    schema.write_text(VISITS)
    write(tmp_path / "d.jsonl", [Document(id="a", text="سافر في 12 مارس 2021", language="ar")])
    command = (tmp_path / "d.jsonl", "-o", tmp_path / "p.jsonl", "--schema", schema)
    assert run(capsys, *command, "--map", "GPE=PLACE")[0] == 0
    (record,) = read(tmp_path / "p.jsonl", Record)
    (reading,) = record.annotations
    assert (reading.entities, reading.uncertainty) == ((), 0)


@pytest.mark.parametrize(("given", "says"), [("GPE", "no two labels"), ("GPE=GEP", "did you mean")])
def test_a_map_to_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], given: str, says: str
) -> None:
    write(tmp_path / "d.jsonl", [article()])
    code, _, err = run(capsys, tmp_path / "d.jsonl", "-o", tmp_path / "p", "--map", given)
    assert code == 2
    assert says in err
