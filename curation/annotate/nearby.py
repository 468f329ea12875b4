"""Which entities share text with a span, without a look at all the others."""

from __future__ import annotations

from collections.abc import Iterable

from curation.model import Entity

#: A stretch of text is 2 to this power of code points; each keeps the entities that reach into it.
_STRETCH = 4


class Nearby:
    """Entities by the stretches of text they reach into."""

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self._reaching: dict[int, list[Entity]] = {}
        for entity in entities:
            self.add(entity)

    def add(self, entity: Entity) -> None:
        """One more."""
        for stretch in range(entity.start >> _STRETCH, ((entity.end - 1) >> _STRETCH) + 1):
            self._reaching.setdefault(stretch, []).append(entity)

    def meeting(self, start: int, end: int) -> list[Entity]:
        """Those that share text with code points start to end (half open), each once.

        >>> from curation.model import make_entity
        >>> red = make_entity("a red car", 2, 5, "X")
        >>> near = Nearby([red])
        >>> near.meeting(4, 9) == [red], near.meeting(5, 9)
        (True, [])
        """
        first, last = start >> _STRETCH, (end - 1) >> _STRETCH
        found = [e for e in self._reaching.get(first, ()) if e.start < end and start < e.end]
        for stretch in range(first + 1, last + 1):
            begins = stretch << _STRETCH  # what began before it was met in the stretch before
            found += [e for e in self._reaching.get(stretch, ()) if begins <= e.start < end]
        return found
