"""The lists of DyGIE++ read item by item, gold or predicted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from curation.convert.built import Built, Origin
from curation.convert.losses import Losses
from curation.errors import DataError
from curation.model import Annotation, Argument


class Read:
    """The items of one line, whose fields start with `prefix`, added to a reading."""

    def __init__(
        self, raw: dict[str, Any], prefix: str, built: Built, document: str, losses: Losses
    ) -> None:
        self._raw, self._prefix = raw, prefix
        self._built = built
        self._document, self._losses = document, losses
        #: The first entity on each span (tokens, the last one included).
        self._on: dict[tuple[int, int], str] = {}

    def reading(self, origin: Origin) -> Annotation:
        """All of them.

        Raises: DataError, with the field, for what is not of the form that `dygie` describes.
        """
        for place, item in self._items("ner"):
            match item:
                case [int(first), int(last), str(label), *scores]:
                    one = self._built.entity(first, last + 1, label, score=_score(scores))
                    self._on.setdefault((first, last), one.id)
                case _:
                    raise _wrong(item, place, "[first, last, label]")
        for place, item in self._items("relations"):
            match item:
                case [int(a), int(b), int(c), int(d), str(label), *scores]:
                    self._relation((a, b), (c, d), label, scores)
                case _:
                    raise _wrong(item, place, "[first, last, first, last, label]")
        for place, item in self._items("events"):
            match item:
                case [[int(first), str(kind), *scores], *arguments]:
                    self._event(first, first, kind, scores, arguments, place)
                case [[int(first), int(last), str(kind), *scores], *arguments]:
                    self._event(first, last, kind, scores, arguments, place)
                case _:
                    raise _wrong(item, place, "[[trigger, type], [first, last, role], …]")
        return self._built.reading(origin)

    def _items(self, name: str) -> Iterator[tuple[str, Any]]:
        place = f"$.{self._prefix}{name}"
        found = self._raw.get(self._prefix + name)
        lists = msgspec.convert([] if found is None else found, list[list[Any]])
        count = len(self._raw["sentences"])
        if found is not None and len(lists) != count:
            raise DataError(f"{len(lists)} lists for {count} sentences", field=place)
        for at, items in enumerate(lists):
            for number, item in enumerate(items):
                yield f"{place}[{at}][{number}]", item

    def _relation(
        self, head: tuple[int, int], tail: tuple[int, int], label: str, scores: Sequence[Any]
    ) -> None:
        said = f"{label} {head} {tail}"
        if head not in self._on or tail not in self._on:
            self._lose("relation", "", "span", said, "no entity stands on one of its spans")
            return
        made = self._built.relation(label, self._on[head], self._on[tail])
        if scores:
            reason = "records have no place for it"
            self._lose("relation", made.id, "score", scores[-1], reason)

    def _event(
        self,
        first: int,
        last: int,
        kind: str,
        scores: Sequence[Any],
        arguments: Sequence[Any],
        place: str,
    ) -> None:
        found: list[Argument] = []
        lost: list[tuple[str, object, str]] = []
        for at, item in enumerate(arguments, start=1):
            match item:
                case [int(a), int(b), str(role), *more]:
                    if (a, b) not in self._on:
                        lost.append(("span", item, "no entity stands on its span"))
                        continue
                    found.append(Argument(role, self._on[a, b]))
                    if more:
                        lost.append(("score", more[-1], "records have no place for it"))
                case _:
                    raise _wrong(item, f"{place}[{at}]", "[first, last, role]")
        made = self._built.event(first, last + 1, kind, found, score=_score(scores))
        for what, said, reason in lost:
            self._lose("argument", made.id, what, said, reason)

    def _lose(self, item: Any, ident: str, what: str, said: object, reason: str) -> None:
        self._losses.add(self._document, item, ident, what, said, reason)


def _score(scores: Sequence[Any]) -> float | None:
    """Predictions end in a raw and a softmax score."""
    match scores:
        case []:
            return None
        case [*_, int() | float() as score]:
            return float(score)
        case _:
            raise DataError(f"{scores[-1]!r} is no score")


def _wrong(item: Any, place: str, form: str) -> DataError:
    return DataError(f"{item!r} is not of the form {form}", field=place)
