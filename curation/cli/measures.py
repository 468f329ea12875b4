"""The figures of an evaluation, in the order that people and programs get them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from curation.quality import Counts, EntityScores, Evaluation, EventScores, Mean, Scheme, Table

SCHEMES = ("strict", "exact", "partial", "type")


def as_plain(found: Evaluation, gold: str, predicted: str) -> dict[str, Any]:
    """Everything that was measured, for programs. A figure that can not be (nothing to divide by)
    is null."""
    import msgspec

    entities, events = found.entities, found.events
    scores = entities.calibration
    return {
        "documents": msgspec.to_builtins(found.documents),
        "gold": {"file": gold, "readings": found.gold.readings},
        "predicted": {"file": predicted, "readings": found.predicted.readings},
        "entities": {
            **_table(entities.labels),
            "spans": _counts(entities.spans),
            "schemes": {
                name: {**msgspec.to_builtins(one), **figures(one)}
                for name, one in schemes(entities)
            },
            "confusion": [
                {"gold": gold, "predicted": ours, "count": count}
                for (gold, ours), count in confusions(entities)
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
        "relations": {
            **_table(found.relations.labels),
            "boundaries": _counts(found.relations.boundaries),
        },
        "events": {
            "asserted_only": events.asserted,
            **{name: _counts(counts) for name, counts in measures(events)},
            "types": _table(events.types)["labels"],
            "roles": _table(events.roles)["labels"],
        },
    }


def measures(events: EventScores) -> list[tuple[str, Counts]]:
    """What is measured of events, by name."""
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


def schemes(entities: EntityScores) -> list[tuple[str, Scheme]]:
    """The counts of entities by scheme."""
    return [(name, getattr(entities, name)) for name in SCHEMES]


def confusions(entities: EntityScores) -> list[tuple[tuple[str | None, str | None], int]]:
    """The most frequent first."""

    def place(item: tuple[tuple[str | None, str | None], int]) -> tuple[int, str, str]:
        (gold, ours), count = item
        return -count, gold or "", ours or ""

    return sorted(entities.confusion.items(), key=place)


def figures(measured: Counts | Mean | Scheme) -> dict[str, float | None]:
    """Precision, recall and F1, or None where there is nothing to measure."""
    return {"precision": measured.precision, "recall": measured.recall, "f1": measured.f1}


def _counts(counts: Counts) -> dict[str, Any]:
    numbers = {"gold": counts.gold, "predicted": counts.predicted, "right": counts.right}
    return {**numbers, **figures(counts)}


def _table(counts: Table) -> dict[str, Any]:
    return {
        "labels": {label: _counts(counts.counts(label)) for label in counts.labels()},
        "micro": _counts(counts.micro()),
        "macro": figures(counts.macro()),
    }


def _values(values: Table) -> dict[str, dict[str, int]]:
    return {
        label: {"judged": values.gold[label], "right": values.right[label]}
        for label in values.labels()
    }
