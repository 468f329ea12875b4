"""Two files, document by document: which reading counts, and what has no partner."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.errors import DataError, UsageError
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.quality import Counts, Documents, evaluate, reading
from curation.store import write
from tests.strategies import records

TEXT = "زار وزير الدفاع الرباط"
HOUR = datetime.timedelta(hours=1)
NOON = datetime.datetime(2022, 10, 1, 12, tzinfo=datetime.UTC)


def said(
    kind: str, agent: str, status: str, label: str = "GPE", at: datetime.datetime | None = None
) -> Annotation:
    entity = make_entity(TEXT, 16, 22, label)
    return Annotation(Author(kind, agent), status, (entity,), at=at)  # pyright: ignore[reportArgumentType]


def record(ident: str, *readings: Annotation, text: str = TEXT) -> Record:
    return Record(Document(ident, text), readings)


AGREED = said("merge", "unanimous@1", "agreed")
MACHINE = said("machine", "m@1", "proposed")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "gold.jsonl", tmp_path / "predicted.jsonl"


def lay(files: tuple[Path, Path], gold: Sequence[Record], predicted: Sequence[Record]) -> None:
    write(files[0], gold)
    write(files[1], predicted)


def test_the_reading_that_counts():
    earlier, later = (
        said("human", name, "submitted", at=NOON + hours * HOUR)
        for name, hours in (("b", 0), ("a", 1))
    )
    draft = said("human", "c", "draft", at=NOON + 2 * HOUR)
    newer = said("machine", "m@2", "proposed")
    everything = [later, earlier, MACHINE, newer, draft]
    assert reading(record("d", *everything, AGREED)) is AGREED
    assert reading(record("d", *everything)) is later
    assert reading(record("d", MACHINE, newer, draft)) is newer
    assert reading(record("d", draft)) is None
    assert reading(record("d", *everything), "m@1") is MACHINE
    assert reading(record("d", *everything), "c") is None


def test_what_has_no_partner_is_counted_as_missed_or_named(files: tuple[Path, Path]):
    gold = [record(name, AGREED) for name in ("right", "missing", "unread", "moved")]
    gold.append(record("drafted", said("human", "a", "draft")))
    predicted = [
        record("extra", MACHINE),
        Record(Document("moved", TEXT + " "), (MACHINE,)),
        record("unread"),
        record("drafted", MACHINE),
        record("right", MACHINE),
    ]
    lay(files, gold, predicted)
    found = evaluate(*files)
    assert found.documents == Documents(
        scored=4,
        missing=["missing"],
        unread=["unread"],
        other_text=["moved"],
        extra=["extra"],
        no_gold=["drafted"],
    )
    assert found.entities.labels.micro() == Counts(gold=4, predicted=1, right=1)
    assert found.gold.readings == {"agreed, merge unanimous@1": 4}
    assert found.predicted.readings == {"proposed, machine m@1": 1}


def test_one_agent_against_another_in_one_file(files: tuple[Path, Path]):
    wrong = said("machine", "n@1", "proposed", "LOC")
    lay(files, [record("d", MACHINE, wrong, AGREED)], [])
    found = evaluate(files[0], files[0], gold_by="m@1", predicted_by="n@1")
    assert found.entities.confusion == {("GPE", "LOC"): 1}
    with pytest.raises(UsageError, match="no reading by 'o@1'") as told:
        evaluate(files[0], files[0], predicted_by="o@1")
    assert "m@1, n@1, unanimous@1" in told.value.hint


def test_a_broken_line_or_a_document_twice_is_named_with_its_place(files: tuple[Path, Path]):
    one = record("d", AGREED)
    for broken in (0, 1):
        lay(files, [one], [one])
        with files[broken].open("ab") as stream:
            stream.write(b'{"document": {"id": 3}}\n')
        with pytest.raises(DataError) as told:
            evaluate(*files)
        assert told.value.place == f"{files[broken]}:2: $.document.id"
        lay(files, *([one, one] if side == broken else [one] for side in (0, 1)))
        with pytest.raises(DataError, match="stands in line 1 already") as told:
            evaluate(*files)
        assert (told.value.file, told.value.line) == (str(files[broken]), 2)


def test_with_nothing_to_measure_on_it_says_so(files: tuple[Path, Path]):
    lay(files, [record("d")], [record("d", MACHINE)])
    with pytest.raises(DataError, match="no document has a reading to measure on"):
        evaluate(*files)


@given(
    st.lists(records(), min_size=1, max_size=4, unique_by=lambda one: one.document.id), st.data()
)
def test_a_file_against_itself_is_right_whatever_its_order(
    tmp_path_factory: pytest.TempPathFactory, every: list[Record], data: st.DataObject
):
    folder = tmp_path_factory.mktemp("evaluate")
    write(folder / "a", every)
    write(folder / "b", data.draw(st.permutations(every)))
    judged = [one for one in every if reading(one) is not None]
    if not judged:
        return
    found = evaluate(folder / "a", folder / "b")
    entities, events = found.entities.labels.micro(), found.events.types.micro()
    assert entities.right == entities.gold == entities.predicted
    assert events.right == events.gold == events.predicted
    assert found.documents.scored == len(judged)
