"""`curation evaluate`: how right one file of records is, measured on another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from curation.cli.console import counted, result, result_json, say, table

if TYPE_CHECKING:
    from curation.model import Schema
    from curation.quality import (
        Counts,
        Documents,
        EntityScores,
        Evaluation,
        EventScores,
        Mean,
        Scheme,
        Table,
    )

SCHEMES = ("strict", "exact", "partial", "type")
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
    gold: Annotated[str, typer.Argument(help="Records with the right readings; - for stdin.")],
    predicted: Annotated[
        Path, typer.Argument(metavar="PRED", help="Records with the readings to measure.")
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
    """Measure the entities and events of PRED on those of GOLD.

    Documents are paired by id and exact text. On each side the reading counts that was last agreed,
    else last submitted by a person, else last made by a machine. Relations are not measured.
    """
    from curation.quality import evaluate as measure
    from curation.store import load_schema

    labels = load_schema(schema) if schema else None
    found = measure(gold, predicted, gold_by=gold_by, predicted_by=pred_by, asserted=asserted)
    if as_json:
        result_json(as_plain(found, gold, predicted))
    else:
        _report(found, labels)
    if labels is not None:
        _name_unknown(found, labels)
    _name_unpaired(found.documents)


def as_plain(found: Evaluation, gold: str, predicted: Path) -> dict[str, Any]:
    """Everything that was measured, for programs. A figure that can not be (nothing to divide by)
    is null."""
    import msgspec

    entities, events = found.entities, found.events
    scores = entities.calibration
    return {
        "documents": msgspec.to_builtins(found.documents),
        "gold": {"file": gold, "readings": found.gold.readings},
        "predicted": {"file": str(predicted), "readings": found.predicted.readings},
        "entities": {
            **_table(entities.labels),
            "spans": _counts(entities.spans),
            "schemes": {
                name: {**msgspec.to_builtins(one), **_figures(one)}
                for name, one in _schemes(entities)
            },
            "confusion": [
                {"gold": gold, "predicted": ours, "count": count}
                for (gold, ours), count in _confusions(entities)
            ],
            "values": _values(entities.values),
            "calibration": {
                "scored": scores.all.count,
                "score": scores.all.score,
                "accuracy": scores.all.accuracy,
                "error": scores.error,
                "bins": [
                    {"count": one.count, "score": one.score, "accuracy": one.accuracy}
                    for one in scores.bins
                ],
            },
        },
        "events": {
            "asserted_only": events.asserted,
            **{name: _counts(counts) for name, counts in _measures(events)},
            "types": _table(events.types)["labels"],
            "roles": _table(events.roles)["labels"],
        },
    }


def _report(found: Evaluation, schema: Schema | None) -> None:
    result(f"measured on {counted(found.documents.scored, 'document')}")
    for name, side in (("gold", found.gold), ("predicted", found.predicted)):
        used = "; ".join(f"{by}: {n:,}" for by, n in side.readings.most_common())
        result(f"  {name:10} {used or 'no reading'}")
    entities, events = found.entities, found.events
    order = [kind.name for kind in schema.entities] if schema else []
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
            for name, one in _schemes(entities)
        ),
    )
    wrong = [(pair, n) for pair, n in _confusions(entities) if pair[0] != pair[1]]
    if wrong:
        more = f", {SHOWN} of {len(wrong)}" if len(wrong) > SHOWN else ""
        table(
            f"entities: confused labels{more} (– is nothing there)",
            ("gold", "predicted", "times"),
            ((gold or "–", ours or "–", f"{n:,}") for (gold, ours), n in wrong[:SHOWN]),
        )
    _report_values(entities)
    if events.trigger_identification.gold or events.trigger_identification.predicted:
        only = ", asserted only" if events.asserted else ""
        table(f"events{only}", _COLUMNS, (_row(name, one) for name, one in _measures(events)))
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


def _measures(events: EventScores) -> list[tuple[str, Counts]]:
    return [
        ("trigger_identification", events.trigger_identification),
        ("trigger_classification", events.types.micro()),
        ("trigger_type_mode", events.with_mode),
        ("trigger_type_modality", events.with_modality),
        ("trigger_type_mode_modality", events.with_both),
        ("argument_identification", events.argument_identification),
        ("argument_classification", events.roles.micro()),
        ("argument_attached", events.attached),
        ("argument_identification_overlap", events.overlap_identification),
        ("argument_classification_overlap", events.overlap_classification),
    ]


def _schemes(entities: EntityScores) -> list[tuple[str, Scheme]]:
    return [(name, getattr(entities, name)) for name in SCHEMES]


def _confusions(entities: EntityScores) -> list[tuple[tuple[str | None, str | None], int]]:
    """The most frequent first."""

    def place(item: tuple[tuple[str | None, str | None], int]) -> tuple[int, str, str]:
        (gold, ours), count = item
        return -count, gold or "", ours or ""

    return sorted(entities.confusion.items(), key=place)


def _row(name: str, counts: Counts) -> list[str]:
    numbers = (counts.gold, counts.predicted, counts.right)
    return [name.replace("_", " "), *(f"{n:,}" for n in numbers), *_written(counts)]


def _written(measured: Counts | Mean | Scheme) -> list[str]:
    return [_figure(figure) for figure in _figures(measured).values()]


def _figure(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _figures(measured: Counts | Mean | Scheme) -> dict[str, float | None]:
    return {"precision": measured.precision, "recall": measured.recall, "f1": measured.f1}


def _counts(counts: Counts) -> dict[str, Any]:
    numbers = {"gold": counts.gold, "predicted": counts.predicted, "right": counts.right}
    return {**numbers, **_figures(counts)}


def _table(counts: Table) -> dict[str, Any]:
    return {
        "labels": {label: _counts(counts.counts(label)) for label in counts.labels()},
        "micro": _counts(counts.micro()),
        "macro": _figures(counts.macro()),
    }


def _values(values: Table) -> dict[str, dict[str, int]]:
    return {
        label: {"judged": values.gold[label], "right": values.right[label]}
        for label in values.labels()
    }


def _name_unknown(found: Evaluation, schema: Schema) -> None:
    for what, labels, known in (
        ("entity type", found.entities.labels, schema.entities),
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
