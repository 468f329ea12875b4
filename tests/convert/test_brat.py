"""brat's folders: by the rules of its own parser, read back, as others write them, and broken."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from curation.cli import main
from curation.convert import FORMATS, Losses
from curation.convert.brat import numbered
from curation.convert.brat_lines import unnumbered
from curation.convert.folders import Names, ident
from curation.errors import CurationError, DataError, UsageError
from curation.model import Annotation, Argument, Author, Document, Event, Record, Trigger
from curation.quality import reading
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records, texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("brat")


def parse(text: str, content: str) -> list[tuple[str, str]]:
    """The ids and types of a file's lines, by the checks of brat's TextAnnotations: lines are those
    of splitlines, offsets stand in the text, the text that is repeated is that of the fragments
    with blanks between them, and every id exists that is named."""
    found: list[tuple[str, str]] = []
    named: set[str] = set()
    for line in content.splitlines():
        name, rest = line.split("\t", 1)
        assert re.fullmatch(r"[TREA#][0-9]+", name)
        data, _, tail = rest.partition("\t")
        kind, _, places = data.partition(" ")
        if name[0] == "T":
            spans = [tuple(int(at) for at in place.split(" ")) for place in places.split(";")]
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert tail == " ".join(text[start:end] for start, end in spans)
        elif name[0] in "RE":
            kind, *trigger = kind.split(":")
            pairs = [one.split(":") for one in places.split()]
            assert all(len(pair) == 2 for pair in pairs)
            assert len(trigger) == (name[0] == "E")
            named |= {*trigger, *(target for _, target in pairs)}
        else:
            named.add(places.split(" ")[0])
        found.append((name, kind))
    assert named <= {name for name, _ in found}
    assert len(dict(found)) == len(found)
    return found


@given(record=records())
def test_all_of_a_reading_comes_back_but_what_is_listed(folder: Path, record: Record) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        (back,), losses = there_and_back(Path(place), "brat", [record])
        (written,) = (Path(place) / "out.brat").glob("*.ann")
        parse(record.document.text, written.read_bytes().decode())
    lost = {(loss.item, loss.id, loss.what) for loss in losses}
    same_id = ("document", "", "id") not in lost
    assert back.document.text == record.document.text
    assert (back.document.id == record.document.id) == same_id
    found = reading(record)
    (came,) = back.annotations
    if found is None:
        assert came == Annotation(Author("machine", "back"), "proposed")
        return
    assert came.entities == tuple(e for e in found.entities if ("entity", e.id, "span") not in lost)
    assert came.relations == tuple(
        r for r in found.relations if ("relation", r.id, "span") not in lost
    )
    gone = [(loss.id, loss.said) for loss in losses if loss.item == "argument"]
    for one in found.events:
        kept = list(one.arguments)
        for ident_, said in gone:
            if ident_ == one.id:
                kept.remove(next(a for a in kept if f"{a.role} {a.entity}" == said))
        mine = [event for event in came.events if event.id == one.id]
        lost_whole = ("event", one.id, "span") in lost
        assert mine == ([] if lost_whole else [structs.replace(one, arguments=tuple(kept))])


@given(st.lists(texts(min_pieces=1).filter(bool), max_size=6, unique=True))
def test_every_id_gets_a_name_of_its_own(ids: list[str]) -> None:
    names = Names()
    made = [names.new(one) for one in ids]
    assert len({name.casefold() for name in made}) == len(ids)
    for one, name in zip(ids, made, strict=True):
        assert ident(name) == one or name.strip("-").isdigit()
        assert "/" not in name and "\n" not in name and name[0] != "." and len(name.encode()) <= 255


@given(st.lists(st.sampled_from(["a", "a2", "b", "a22"]), max_size=5))
def test_numbered_roles_are_read_as_they_were_or_found_out(roles: list[str]) -> None:
    names = numbered(roles)
    kept = [n for n, r, b in zip(names, roles, unnumbered(names), strict=True) if r == b]
    wanted = [r for r, b in zip(roles, unnumbered(names), strict=True) if r == b]
    assert unnumbered(kept) == wanted


def lay(folder: Path, text: str, *lines: str) -> Path:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "doc.txt").write_bytes(text.encode())
    (folder / "in" / "doc.ann").write_bytes("".join(line + "\n" for line in lines).encode())
    return folder / "in"


TEXT = "😀 Sony formed a joint\nventure with Ericsson."


def test_as_brat_describes_it(tmp_path: Path) -> None:
    path = lay(
        tmp_path,
        TEXT,
        "T1\tOrganization 2 6\tSony",
        "T2\tMERGE-ORG 16 21;22 29\tjoint venture",
        "T3\tOrganization 35 43\tEricsson",
        "E1\tMERGE-ORG:T2 Org1:T1 Org2:T3",
        "E2\tMERGE-ORG:T2 Org:T1 Org2:T3 Cause:E1",
        "R1\tOrigin Arg1:T3 Arg2:T1",
        "A1\tNegation E1",
        "A2\tConfidence E1 High",
        "N1\tReference T1 Wikipedia:534366\tSony Group",
        "#1\tAnnotatorNotes T3\tthe company",
        "*\tEquiv T1 T3",
    )
    (record,), losses = come(tmp_path, "brat", path)
    assert record.document == Document("doc", TEXT)
    (one,) = record.annotations
    sony, ericsson = one.entities
    assert (sony.text, sony.value) == ("Sony", "Wikipedia:534366")
    assert ericsson.text == "Ericsson"
    first, second = one.events
    assert first.trigger == Trigger(16, 29, "joint\nventure")
    assert (first.modality, second.modality) == ("negated", "asserted")
    assert first.arguments == (Argument("Org1", sony.id), Argument("Org2", ericsson.id))
    assert second.arguments == (Argument("Org", sony.id), Argument("Org", ericsson.id))
    assert [(loss.item, loss.id, loss.what, loss.said) for loss in losses] == [
        ("entity", ericsson.id, "AnnotatorNotes", "the company"),
        ("event", first.id, "Confidence", "High"),
        ("entity", sony.id, "normalization", "Sony Group"),
        ("event", second.id, "Cause", "E1, which is no entity"),
        ("document", "", "equivalence", "Equiv T1 T3"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("T9\tX 2 4;5 6\tSo y", "discontinuous"),
        ("T9\tX 2 99\tSony", "no code points 2:99"),
        ("T9\tX 6 2\tSony", "no code points 6:2"),
        ("T9\tX 3 7\tSony", "it says 'Sony', but the text has 'ony '"),
        ("T9\tX 2\tSony", "not of the form TYPE START END"),
        ("T9 X 2 6 Sony", "not a line of the format"),
        ("X9\tX 2 6\tSony", "not a line of the format"),
        ("T1\tX 2 6\tSony", "T1 stands there twice"),
        ("R1\tX Arg1:T1 Arg2:T9", "T9 is no entity"),
        ("R1\tX T1 T1", "not of the form TYPE Arg1:ID Arg2:ID"),
        ("E1\tX:T9", "T9 is no span"),
        ("E1\tX", "not of the form TYPE:TRIGGER"),
        ("#1\tCuration T1\t{", "truncated"),
        ('#1\tCuration T1\t{"score": "x"}', "Expected `float | null`"),
    ],
)
def test_a_wrong_line_is_refused_and_the_rest_goes_on(
    tmp_path: Path, line: str, reason: str
) -> None:
    path = lay(tmp_path, TEXT, "T1\tX 2 6\tSony", line, "T3\tX 35 43\tEricsson")
    with Rejects(tmp_path / "out") as rejects:
        (record,) = FORMATS["brat"].read(path, ORIGIN, Losses("-"), rejects)
    assert [e.text for e in record.annotations[0].entities] == ["Sony", "Ericsson"]
    (reject,) = read(str(rejects.path), Reject)
    assert (reject.file, reject.line, reject.content) == (str(path / "doc.ann"), 2, line)
    assert reason in reject.reason
    with pytest.raises(DataError, match=r"doc\.ann:2"):
        list(FORMATS["brat"].read(path, ORIGIN, Losses("-"), None))


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    path = lay(tmp_path, TEXT)
    (path / "alone.ann").write_text("T1\tX 0 1\ta\n")
    (path / "bad.txt").write_bytes(b"\xff")
    (path / "unread").mkdir()
    (path / "unread" / "a%2Fb.txt").write_text("text")
    twice = '#1\tCuration T1\t{"id":"e"}\n#2\tCuration T2\t{"id":"e"}\n'
    (path / "twice.txt").write_text("a")
    (path / "twice.ann").write_text("T1\tX 0 1\ta\nT2\tY 0 1\ta\n" + twice)
    with Rejects(tmp_path / "out") as rejects:
        found = list(FORMATS["brat"].read(path, ORIGIN, Losses("-"), rejects))
    assert [(one.document.id, len(one.annotations)) for one in found] == [
        ("doc", 1),
        ("unread/a/b", 0),
    ]
    refused = {Path(one.file).name: one.reason for one in read(str(rejects.path), Reject)}
    assert refused.keys() == {"alone.ann", "bad.txt", "twice.ann"}
    assert "no .txt" in refused["alone.ann"] and "no UTF-8" in refused["bad.txt"]


def test_names_and_spans_that_brat_can_not_write_are_listed(tmp_path: Path) -> None:
    text = "a\nb"
    events = (
        Event("v1", "A B", Trigger(0, 1, "a"), arguments=()),
        Event("v2", "A", Trigger(0, 2, "a\n"), arguments=()),
    )
    found = Annotation(Author("human", "x"), "submitted", events=events)
    record = Record(Document("d", text, language="ar"), (found,))
    (back,), losses = there_and_back(tmp_path, "brat", [record])
    assert back.annotations[0].events == ()
    assert [(loss.what, loss.reason) for loss in losses] == [
        ("language", "the format has no place for it"),
        ("author", "the format names no author"),
        ("span", "its name has white space or a colon"),
        ("span", "it begins or ends with a line end"),
    ]


def test_the_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    record = Record(Document("d", "a"))

    def broken():
        yield record
        raise DataError("stop")

    with pytest.raises(DataError, match="stop"):
        FORMATS["brat"].write(tmp_path / "out", broken(), Losses("-"), None)
    assert list(tmp_path.iterdir()) == []
    FORMATS["brat"].write(tmp_path / "out", [record], Losses("-"), None)
    for target in (tmp_path / "out", "-"):
        with pytest.raises(UsageError):
            FORMATS["brat"].write(target, [record], Losses("-"), None)
    with pytest.raises(CurationError, match="No such file"):
        list(FORMATS["brat"].read(tmp_path / "none", ORIGIN, Losses("-"), None))


def test_as_it_is_typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = lay(tmp_path, TEXT, "T1\tX 2 6\tSony", "T2\tX 2 4;5 6\tSo y")
    with pytest.raises(SystemExit) as stop:
        main(["convert", str(path), "-o", str(tmp_path / "out.jsonl"), "--from", "brat"])
    assert not stop.value.code
    err = capsys.readouterr().err
    assert "1 document, nothing lost" in err
    assert "1 refused" in err and f"{path}/doc.ann:2" in err
