"""The columns of each view, stated once: the arrow metadata and the card follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from msgspec import Struct

from curation.errors import UsageError
from curation.model import Schema

#: Raised whenever the same record would give other rows or files, or other counts for the card:
#: shards of an earlier format are made anew, never carried on.
FORMAT = 3

#: The views of a version, the default one first.
VIEWS: tuple[str, ...] = ("documents", "tokens", "spans", "annotations", "ledger", "gliner")

#: Which column of a view says which document a row is of.
KEYS: dict[str, str] = {
    "documents": "id",
    "tokens": "id",
    "spans": "document",
    "annotations": "document",
    "ledger": "document",
    "gliner": "id",
}


class Labels(Struct, frozen=True, forbid_unknown_fields=True):
    """The names behind the class ids, in the order of the ids. They only ever grow."""

    entities: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    @property
    def ner_tags(self) -> tuple[str, ...]:
        """The IOB2 tags: O is 0, then B and I of each entity label.

        >>> Labels(entities=("GPE",)).ner_tags
        ('O', 'B-GPE', 'I-GPE')
        """
        return _tags(self.entities)


@cache
def _tags(entities: tuple[str, ...]) -> tuple[str, ...]:
    return ("O", *(f"{prefix}-{name}" for name in entities for prefix in "BI"))


def grown(parent: Labels | None, schema: Schema) -> Labels:
    """The parent's labels in their order, then what the schema adds: an id never changes its
    meaning from one version to the next, not even when a label leaves the schema.
    """
    old = parent or Labels()
    return Labels(
        entities=_appended(old.entities, (kind.name for kind in schema.entities)),
        events=_appended(old.events, (kind.name for kind in schema.events)),
        relations=_appended(old.relations, (kind.name for kind in schema.relations)),
        roles=_appended(old.roles, (role.name for role in schema.roles)),
    )


def _appended(old: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*old, *new)))


def features(view: str, labels: Labels) -> Any:
    """The `datasets.Features` of a view. Label and type stand there twice: as a string, and as
    the id that a classifier wants, because not every reader knows class names.

    Raises: UsageError for an unknown view.
    """
    check_view(view)
    return _FEATURES[view](labels)


def schemas(labels: Labels) -> dict[str, Any]:
    """The Arrow schema of every view."""
    return {view: features(view, labels).arrow_schema for view in VIEWS}


def check_view(view: str) -> None:
    """Raises: UsageError, listing the known views, if this is none."""
    if view not in VIEWS:
        raise UsageError(f"there is no view {view!r}", hint=f"Known views: {', '.join(VIEWS)}.")


def _who() -> dict[str, Any]:
    from datasets import Value

    text, time = Value("string"), Value("timestamp[us, tz=UTC]")
    score = Value("float64")
    return {"kind": text, "agent": text, "status": text, "at": time, "uncertainty": score}


def _reading(labels: Labels) -> dict[str, Any]:
    """What a reading says."""
    from datasets import ClassLabel, List, Value

    text, offset, score = Value("string"), Value("int32"), Value("float64")
    return {
        "entities": List(
            {
                "id": text,
                "start": offset,
                "end": offset,
                "label": text,
                "label_id": ClassLabel(names=list(labels.entities)),
                "text": text,
                "score": score,
                "value": text,
                "proposers": List(text),
            }
        ),
        "relations": List({"id": text, "label": text, "head": text, "tail": text}),
        "events": List(
            {
                "id": text,
                "type": text,
                "type_id": ClassLabel(names=list(labels.events)),
                "mode": text,
                "modality": text,
                "trigger": {"start": offset, "end": offset, "text": text},
                "score": score,
                "proposers": List(text),
                "arguments": List({"role": text, "entity": text}),
            }
        ),
    }


def _losses() -> Any:
    from datasets import List, Value

    text = Value("string")
    return List({"entity": text, "label": text, "text": text, "reason": text})


def _documents(labels: Labels) -> Any:
    from datasets import Features, List, Value

    text = Value("string")
    return Features(
        {
            "id": text,
            "text": text,
            "language": text,
            "source": text,
            "published": Value("date32"),
            "meta": text,
            **_reading(labels),
            "provenance": {**_who(), "readings": List(_who())},
        }
    )


def _tokens(labels: Labels) -> Any:
    from datasets import ClassLabel, Features, List, Value

    text, offset = Value("string"), Value("int32")
    tag = ClassLabel(names=list(labels.ner_tags))
    return Features(
        {
            "id": text,
            "tokens": List(text),
            "starts": List(offset),
            "ends": List(offset),
            "tags": List(text),
            "ner_tags": List(tag),
            "fine": List(List(tag)),
            "losses": _losses(),
        }
    )


def _spans(labels: Labels) -> Any:
    from datasets import ClassLabel, Features, Value

    text, offset = Value("string"), Value("int32")
    return Features(
        {
            "document": text,
            "id": text,
            "kind": text,
            "before": text,
            "text": text,
            "after": text,
            "start": offset,
            "end": offset,
            "label": text,
            "label_id": ClassLabel(names=list(labels.entities)),
            "type_id": ClassLabel(names=list(labels.events)),
            "value": text,
            "score": Value("float64"),
        }
    )


def _annotations(labels: Labels) -> Any:
    from datasets import Features, Value

    where = {
        "document": Value("string"),
        "reading": Value("int32"),
        "published": Value("bool"),
    }
    return Features({**where, **_who(), **_reading(labels)})


def _ledger(labels: Labels) -> Any:
    from datasets import Features, List, Value

    text, offset = Value("string"), Value("int32")
    said = {
        "label": text,
        "start": offset,
        "end": offset,
        "text": text,
        "value": text,
        "head": text,
        "tail": text,
        "mode": text,
        "modality": text,
    }
    return Features(
        {
            "document": text,
            "item": text,
            "id": text,
            "decision": text,
            "by": text,
            "at": Value("timestamp[us, tz=UTC]"),
            "proposers": List(text),
            "before": said,
            "after": said,
        }
    )


def _gliner(labels: Labels) -> Any:
    from datasets import Features, List, Value

    text, offset = Value("string"), Value("int32")
    return Features(
        {
            "id": text,
            "tokenized_text": List(text),
            "ner": List({"start": offset, "end": offset, "label": text}),
            "losses": _losses(),
        }
    )


_FEATURES: dict[str, Callable[[Labels], Any]] = {
    "documents": _documents,
    "tokens": _tokens,
    "spans": _spans,
    "annotations": _annotations,
    "ledger": _ledger,
    "gliner": _gliner,
}
