"""`curation evaluate`: how right one file of records is, measured on another."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from curation.cli.console import counted, result, result_json, say, table
from curation.cli.measures import as_plain, confusions, figures, measures, schemes

if TYPE_CHECKING:
    from curation.model import Schema
    from curation.quality import (
        Counts,
        Documents,
        EntityScores,
        Evaluation,
        Mean,
        Scheme,
        Table,
    )

#: How many confusions and document ids are shown to people; --json has all.
SHOWN = 10
_UNPAIRED = {
    "missing": "not among the predictions, so all of it counts as missed",
    "unread": "there without a reading, so all of it counts as missed",
    "other_text": "there with another text, so all of it counts as missed",
    "extra": "not in the gold, so left out",
    "no_gold": "without a reading in the gold, so left out",
}


def evaluate(
    gold: Annotated[
        str,
        typer.Argument(
            help="Records with the right readings, - for stdin; or a published dataset, DIR or "
            "DIR@1.2.0."
        ),
    ],
    predicted: Annotated[
        str,
        typer.Argument(
            metavar="PRED", help="Records with the readings to measure, or a published dataset."
        ),
    ],
    gold_by: Annotated[
        str | None,
        typer.Option(metavar="AGENT", help="Measure on the last reading by this author."),
    ] = None,
    pred_by: Annotated[
        str | None, typer.Option(metavar="AGENT", help="Measure the last reading by this author.")
    ] = None,
    asserted: Annotated[
        bool, typer.Option("--asserted", help="Only events that the text asserts, on both sides.")
    ] = False,
    schema: Annotated[
        str | None,
        typer.Option(help="Labels in the order of this schema; names those it does not have."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Measure PRED on GOLD: entities, relations, events.

    Documents are paired by id and exact text. On each side the reading counts that was last agreed,
    else last submitted by a person, else last made by a machine; of a dataset the published one.
    """
    from curation.quality import evaluate as measure
    from curation.store import load_schema

    labels = load_schema(schema) if schema else None
    with ExitStack() as stack:
        found = measure(
            _records(gold, stack),
            Path(_records(predicted, stack)),
            gold_by=gold_by,
            predicted_by=pred_by,
            asserted=asserted,
        )
    if as_json:
        result_json(as_plain(found, gold, predicted))
    else:
        _report(found, labels)
    if labels is not None:
        _name_unknown(found, labels)
    _name_unpaired(found.documents)


def _records(source: str, stack: ExitStack) -> str:
    """A file of records; that of a published dataset is made, and is gone with the stack."""
    folder, _, version = source.rpartition("@") if not Path(source).exists() else (source, "", "")
    if not Path(folder or source).is_dir():
        return source
    from curation.publish import published
    from curation.store import write

    place = Path(stack.enter_context(TemporaryDirectory()))
    # Its name is what faults say.
    file = place / f"{Path(source).name}.jsonl"
    write(file, published(folder, version or None))
    return str(file)


def _report(found: Evaluation, schema: Schema | None) -> None:
    result(f"measured on {counted(found.documents.scored, 'document')}")
    for name, side in (("gold", found.gold), ("predicted", found.predicted)):
        used = "; ".join(f"{by}: {n:,}" for by, n in side.readings.most_common())
        result(f"  {name:10} {used or 'no reading'}")
    entities, events = found.entities, found.events
    order = [kind.name for kind in schema.entities] if schema else []
    relations = found.relations.labels
    links = [kind.name for kind in schema.relations] if schema else []
    _counts_table("entities: span and label", entities.labels, order, macro=True)
    table(
        "entities: right in part (SemEval 2013)",
        ("scheme", "correct", "incorrect", "partial", "missed", "spurious", "P", "R", "F1"),
        (
            (
                name,
                *(f"{n:,}" for n in (one.correct, one.incorrect, one.partial)),
                *(f"{n:,}" for n in (one.missed, one.spurious)),
                *_written(one),
            )
            for name, one in schemes(entities)
        ),
    )
    wrong = [(pair, n) for pair, n in confusions(entities) if pair[0] != pair[1]]
    if wrong:
        more = f", {SHOWN} of {len(wrong)}" if len(wrong) > SHOWN else ""
        table(
            f"entities: confused labels{more} (– is nothing there)",
            ("gold", "predicted", "times"),
            ((gold or "–", ours or "–", f"{n:,}") for (gold, ours), n in wrong[:SHOWN]),
        )
    _report_values(entities)
    if relations.labels():
        _counts_table("relations: label, and both entities", relations, links)
        table("relations", _COLUMNS, [_row("label and both spans", found.relations.boundaries)])
    if events.trigger_identification.gold or events.trigger_identification.predicted:
        only = ", asserted only" if events.asserted else ""
        table(
            f"events{only}",
            _COLUMNS,
            (_row(name.replace("_", " "), one) for name, one in measures(events)),
        )
        kinds = [kind.name for kind in schema.events] if schema else []
        _counts_table(f"events{only}: trigger and type", events.types, kinds)
        roles = [role.name for role in schema.roles] if schema else []
        _counts_table(f"events{only}: argument and role", events.roles, roles)


def _report_values(entities: EntityScores) -> None:
    values, scores = entities.values.micro(), entities.calibration
    result("")
    if values.gold:
        result(f"values: {values.right:,} of {values.gold:,} right, where span and label are")
    if scores.all.count:
        result(
            f"scores: {scores.all.count:,} entities, mean score {_figure(scores.all.score)}, right "
            f"{_figure(scores.all.accuracy)}, expected calibration error {_figure(scores.error)}"
        )


_COLUMNS = ("", "gold", "predicted", "right", "P", "R", "F1")


def _counts_table(title: str, counts: Table, order: Sequence[str], *, macro: bool = False) -> None:
    places = {label: at for at, label in enumerate(order)}

    def place(label: str) -> tuple[int, int, str]:
        return places.get(label, len(places)), -counts.gold[label], label

    rows = [_row(label, counts.counts(label)) for label in sorted(counts.labels(), key=place)]
    rows.append(_row("all (micro)", counts.micro()))
    if macro:
        rows.append(["mean of labels (macro)", "", "", "", *_written(counts.macro())])
    table(title, _COLUMNS, rows)


def _row(name: str, counts: Counts) -> list[str]:
    numbers = (counts.gold, counts.predicted, counts.right)
    return [name, *(f"{n:,}" for n in numbers), *_written(counts)]


def _written(measured: Counts | Mean | Scheme) -> list[str]:
    return [_figure(figure) for figure in figures(measured).values()]


def _figure(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _name_unknown(found: Evaluation, schema: Schema) -> None:
    for what, labels, known in (
        ("entity type", found.entities.labels, schema.entities),
        ("relation", found.relations.labels, schema.relations),
        ("event type", found.events.types, schema.events),
        ("role", found.events.roles, schema.roles),
    ):
        unknown = set(labels.labels()) - {kind.name for kind in known}
        if unknown:
            names = ", ".join(sorted(unknown))
            say(f"not in schema {schema.name}: {what} {names}")


def _name_unpaired(documents: Documents) -> None:
    if documents.same_reading:
        say(
            f"careful: {counted(documents.same_reading, 'document')} measured on the very reading "
            "that is measured; --pred-by AGENT takes that of another author"
        )
    for name, what in _UNPAIRED.items():
        ids: list[str] = getattr(documents, name)
        if ids:
            more = f" and {len(ids) - SHOWN:,} more" if len(ids) > SHOWN else ""
            say(f"{counted(len(ids), 'document')} {what}: {', '.join(ids[:SHOWN])}{more}")
