"""WebAnno TSV: the text as INCEpTION builds it, read back, as INCEpTION exports it, and broken."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.convert import FORMATS, Losses
from curation.convert.webanno_lines import (
    escape_text,
    escape_value,
    unescape_text,
    unescape_value,
)
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.quality import reading
from curation.store import Reject, Rejects, read
from tests.convert.trips import ORIGIN, come, there_and_back
from tests.strategies import records, texts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("webanno")


def as_java(content: str) -> tuple[bytes, dict[str, tuple[int, int]]]:
    """The text (UTF-16-LE) that INCEpTION's Tsv3XDeserializer builds, and the places of the units:
    lines end as for a Java reader, texts are joined as there, in code units."""
    text, pending, units = b"", b"", {}
    for line in re.split("\r\n|\r|\n", content)[3:]:
        if line.startswith("#Text="):
            pending += (unescape_text(line[6:]) + "\n").encode("utf-16-le")
        elif line:
            number, place, *_ = line.split("\t")
            begin, end = (int(at) for at in place.split("-"))
            if pending:
                if len(text) > 2 * begin:
                    assert text.endswith(b"\n\0") and len(text) == 2 * begin + 2
                    text = text[:-2]
                text = text + b" \0" * (begin - len(text) // 2) + pending
                pending = b""
            units[number] = begin, end
            assert text[2 * begin : 2 * end].decode("utf-16-le") == line.split("\t")[2]
    return text, units


@given(record=records())
def test_what_comes_back_and_what_is_lost_make_the_whole(folder: Path, record: Record) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as place:
        (back,), losses = there_and_back(Path(place), "webanno", [record])
        (written,) = (Path(place) / "out.webanno").glob("*.tsv")
        content = written.read_bytes().decode()
    lost = {(loss.item, loss.id, loss.what) for loss in losses}
    text = record.document.text
    if ("document", "", "text") not in lost:
        assert back.document.text == text
    elif back.document.text:
        assert back.document.text == " " * (len(text) - len(text.lstrip())) + text.lstrip()
    else:
        assert not text.strip()
    theirs, _ = as_java(content)
    assert theirs.decode("utf-16-le") == (back.document.text + "\n" if text.strip() else "")
    found = reading(record)
    (came,) = back.annotations
    entities = found.entities if found else ()
    assert Counter((e.start, e.end, e.label, e.value) for e in came.entities) == Counter(
        (e.start, e.end, e.label, e.value) for e in entities if ("entity", e.id, "span") not in lost
    )
    for one in entities:
        assert (("entity", one.id, "span") in lost) == (one.text != one.text.strip())


@given(texts())
def test_what_is_escaped_is_one_line_and_comes_back(text: str) -> None:
    line = text.replace("\n", "")
    assert unescape_text(escape_text(line)) == line
    assert not {"\t", "\n", "\r"} & set(escape_text(line))
    assert unescape_value(escape_value(text)) == text
    assert not re.search(r"(?<!\\)[|\[\]_*;]|[\t\n]", escape_value(text).replace("\\\\", ""))


@given(st.text(r"\[]|_->;*tn" + "\t\n", max_size=8))
def test_any_label_comes_back(folder: Path, label: str) -> None:
    if not label:
        return
    entities = (make_entity("a b", 0, 3, label), make_entity("a b", 0, 1, "X"))
    found = Annotation(Author("human", "x"), "submitted", entities)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        (back,), _ = there_and_back(
            Path(place), "webanno", [Record(Document("d", "a b"), (found,))]
        )
    assert {e.label for e in back.annotations[0].entities} == {label, "X"}


def test_words_parts_and_stacks_stand_as_inception_writes_them(tmp_path: Path) -> None:
    text = "😀 وبالقاهرة مصر"
    entities = (
        make_entity(text, 5, 11, "GPE", value="iso3166:EG"),
        make_entity(text, 2, 15, "A|B"),
        make_entity(text, 12, 15, "GPE"),
    )
    found = Annotation(Author("human", "x"), "submitted", entities)
    there_and_back(tmp_path, "webanno", [Record(Document("d", text), (found,))])
    assert (tmp_path / "out.webanno" / "d.tsv").read_text("utf-8").splitlines()[1:] == [
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value",
        "",
        "",
        f"#Text={text}",
        "1-1\t0-2\t😀\t_\t_\t",
        "1-2\t3-12\tوبالقاهرة\t*[1]\tA\\|B[1]\t",
        f"1-2.1\t6-12\t{text[5:11]}\tiso3166:EG\tGPE\t",
        "1-3\t13-16\tمصر\t*[1]|*[2]\tA\\|B[1]|GPE[2]\t",
    ]


def lay(folder: Path, *lines: str) -> Path:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / "doc.tsv").write_bytes("".join(line + "\n" for line in lines).encode())
    return folder / "in"


HEAD = ("#FORMAT=WebAnno TSV 3.3",)
SPAN = (*HEAD, "#T_SP=webanno.custom.Span|value", "", "")


def test_as_inception_exports_it(tmp_path: Path) -> None:
    path = lay(
        tmp_path,
        *HEAD,
        "#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue",
        "#T_SP=webanno.custom.Span|value|note",
        "#T_RL=webanno.custom.Relation|value|BT_webanno.custom.Span",
        "",
        "",
        "#Sentence.id=s1",
        "#Text=😀aaaa bbbbbb cccccc",
        "1-1\t0-6\t😀aaaa\tNN\tX\\_1[1]|Y[2]\t*[1]|sure[2]\t_\t_\t",
        "1-1.1\t3-6\taaa\t_\tZ[3]\t*[3]\t_\t_\t",
        "1-2\t7-13\tbbbbbb\t_\tX\\_1[1]\t*[1]\t_\t_\t",
        "1-2.1\t7-10\tbbb\t_\tZ[3]\t*[3]\t_\t_\t",
        "1-2.2\t9-9\t\t_\tempty\t*\t_\t_\t",
        "1-3\t14-20\tcccccc\t_\t*\t*\trel\t1-1[0_1]\t",
        "",
        "#Text=d",
        "2-1\t23-24\td\t_\tX\t*\t_\t_\t",
    )
    (record,), losses = come(tmp_path, "webanno", path)
    assert record.document == Document("doc", "😀aaaa bbbbbb cccccc\n  d")
    assert [(e.text, e.label) for e in record.annotations[0].entities] == [
        ("😀aaaa bbbbbb", "X_1"),
        ("😀aaaa", "Y"),
        ("aaa bbb", "Z"),
        ("d", "X"),
    ]
    assert [(loss.item, loss.what, loss.said) for loss in losses] == [
        ("entity", "note", "sure"),
        ("entity", "span", "9-9"),
        ("entity", "span", "14-20"),
        ("document", "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS", "1-1 NN"),
        ("document", "T_RL webanno.custom.Relation", "1-3 rel 1-3 1-1[0_1]"),
    ]


@pytest.mark.parametrize(
    ("lines", "at", "reason"),
    [
        (("#FORMAT=WebAnno TSV 2",), 1, "the first line is not"),
        ((*SPAN, "#Text=a b", "1-1\t0-1\tb\t_\t"), 6, "it says 'b', but the text has 'a'"),
        ((*SPAN, "#Text=a b", "1-1\t0-9\ta\t_\t"), 6, "0-9 is no span of the text"),
        ((*SPAN, "#Text=😀", "1-1\t0-1\t😀\t_\t"), 6, "0-1 is no span"),
        ((*SPAN, "#Text=a b", "1-1\t0-1"), 6, "not of the form"),
        ((*SPAN[:1], "#T_SP=x|a|b", "", "", "#Text=a", "1-1\t0-1\ta\t_"), 6, "2 columns, but 1"),
        ((*SPAN, "#Text=abc", "1-1\t0-3\tabc\t_", "", "#Text=d", "2-1\t1-2\td\t_"), 9, "inside"),
    ],
)
def test_a_wrong_line_refuses_its_file_with_its_place(
    tmp_path: Path, lines: tuple[str, ...], at: int, reason: str
) -> None:
    path = lay(tmp_path, *lines)
    (path / "good.tsv").write_text("\n".join((*SPAN, "#Text=a", "1-1\t0-1\ta\t_\t")))
    (path / "latin.tsv").write_bytes(b"\xff")
    with Rejects(tmp_path / "out") as rejects:
        ids = [r.document.id for r in FORMATS["webanno"].read(path, ORIGIN, Losses("-"), rejects)]
    assert ids == ["good"]
    first, second = read(str(rejects.path), Reject)
    assert (first.file, first.line) == (str(path / "doc.tsv"), at)
    assert reason in first.reason and "no UTF-8" in second.reason
