"""One file of records measured on another: documents paired by id and exact text."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from msgspec import Struct, field

from curation.errors import DataError, UsageError
from curation.model import Annotation, Record
from curation.quality.entity_scores import EntityScores
from curation.quality.event_scores import EventScores
from curation.quality.readings import reading
from curation.quality.relation_scores import RelationScores
from curation.store import Lookup, read_lines

#: How many ids of each side an error names.
SHOWN = 5


class Side(Struct):
    """What was used of one file: documents by the status and the author of the reading that
    counted, and everybody who has a reading there."""

    readings: Counter[str] = field(default_factory=Counter[str])
    agents: set[str] = field(default_factory=set[str])

    def take(self, record: Record, by: str | None) -> Annotation | None:
        """The reading that counts, noted."""
        self.agents.update(one.by.agent for one in record.annotations)
        found = reading(record, by)
        if found is not None:
            self.readings[f"{found.status}, {found.by.kind} {found.by.agent}"] += 1
        return found

    def check(self, file: Path | str, by: str | None) -> None:
        """Raises: UsageError if nobody of that name has a reading in the file."""
        if by is not None and by not in self.agents:
            known = ", ".join(sorted(self.agents)) or "nobody"
            raise UsageError(
                f"{file} has no reading by {by!r}", hint=f"There are readings by: {known}."
            )


class Documents(Struct):
    """How documents were paired: how many were `scored`, and the ids of those that could not be
    paired as they should.

    Everything in the gold of `missing` documents (not in the predictions), `unread` ones (there
    without a reading) and those with an `other_text` there counts as missed. `extra` documents (not
    in the gold) and those with `no_gold` (there without a reading) can not be judged: they are left
    out. `same_reading` counts those where both sides have one and the same reading by one author.
    """

    scored: int = 0
    same_reading: int = 0
    missing: list[str] = field(default_factory=list[str])
    unread: list[str] = field(default_factory=list[str])
    other_text: list[str] = field(default_factory=list[str])
    extra: list[str] = field(default_factory=list[str])
    no_gold: list[str] = field(default_factory=list[str])


class Evaluation(Struct):
    """The scores of a file of predictions."""

    documents: Documents
    gold: Side
    predicted: Side
    entities: EntityScores
    events: EventScores
    relations: RelationScores


def evaluate(
    gold: Path | str,
    predicted: Path,
    *,
    gold_by: str | None = None,
    predicted_by: str | None = None,
    asserted: bool = False,
) -> Evaluation:
    """Measure the predictions on the gold, document by document. On each side the reading counts
    that was last agreed, else last submitted by a person, else last made by a machine; or the last
    one by a named agent. `asserted` looks at asserted events only.

    Raises: a DataError at the first line of either file that is no record or repeats a document, or
    if no document could be judged or paired; UsageError if a named agent has no reading.
    """
    scores = EntityScores(), EventScores(asserted), RelationScores()
    done = Evaluation(Documents(), Side(), Side(), *scores)
    with closing(Lookup(predicted)) as found:
        lines: dict[str, int] = {}
        for number, _, _, record in read_lines(gold, Record):
            ident = record.document.id
            if ident in lines:
                raise DataError(
                    f"document {ident!r} stands in line {lines[ident]} already",
                    file=str(gold),
                    line=number,
                    field="$.document.id",
                    hint="Keep one line a document.",
                )
            lines[ident] = number
            wanted = done.gold.take(record, gold_by)
            if wanted is None:
                done.documents.no_gold.append(ident)
                continue
            ours = _prediction(record, found, done, predicted_by)
            done.documents.scored += 1
            done.documents.same_reading += wanted == ours
            done.entities.add(wanted.entities, ours.entities if ours else ())
            done.events.add(wanted, ours)
            done.relations.add(wanted, ours)
        done.documents.extra += [ident for ident in found if ident not in lines]
    done.gold.check(gold, gold_by)
    done.predicted.check(predicted, predicted_by)
    if not done.documents.scored:
        raise DataError(
            "no document has a reading to measure on",
            file=str(gold),
            hint="Give records with agreed or submitted readings: the output of `curation merge`.",
        )
    _check_paired(done.documents)
    return done


def _check_paired(documents: Documents) -> None:
    """Raises: DataError if no document stands on both sides with the same text."""
    if documents.scored > len(documents.missing) + len(documents.other_text):
        return
    sides = (
        ("only in the gold", documents.missing),
        ("only in the predictions", documents.extra),
        ("in both, with other texts", documents.other_text),
    )
    told = "; ".join(f"{what}: {_shown(ids)}" for what, ids in sides if ids)
    raise DataError(
        f"no document could be paired, so nothing was measured ({told})",
        hint="Documents are paired by id and exact text: give predictions that were made of the "
        "documents of the gold; every command keeps ids and texts.",
    )


def _shown(ids: list[str]) -> str:
    """
    >>> _shown(["a", "b"]), _shown(list("abcdefg"))
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    rest = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + rest


def _prediction(
    record: Record, found: Lookup, done: Evaluation, by: str | None
) -> Annotation | None:
    ident = record.document.id
    match = found.get(ident)
    if match is None:
        done.documents.missing.append(ident)
        return None
    if match.document.text != record.document.text:
        done.documents.other_text.append(ident)
        return None
    ours = done.predicted.take(match, by)
    if ours is None:
        done.documents.unread.append(ident)
    return ours
