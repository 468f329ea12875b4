"""Ids made from content: the same input gives the same id, on any machine, in any order.

An id is made once and then kept through every edit: a moved or relabelled entity keeps its id.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from curation.model.spans import Entity


def digest(*parts: str, size: int = 8) -> str:
    """`size` bytes of BLAKE2b over the parts, as hex. Parts are length-prefixed, so that
    ("ab", "c") and ("a", "bc") differ.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    hasher = hashlib.blake2b(digest_size=size)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        hasher.update(len(data).to_bytes(8, "big"))
        hasher.update(data)
    return hasher.hexdigest()


def document_id(text: str) -> str:
    """The id of a document whose source gives none: a hash of the exact text."""
    return digest("document", text)


@lru_cache(maxsize=1 << 14)  # several annotators find the same, and what they find is combined
def entity_id(start: int, end: int, label: str) -> str:
    """The id of an entity where it is first proposed, unique within its document's reading."""
    return "e" + digest("entity", str(start), str(end), label, size=5)


def relation_id(label: str, head: str, tail: str) -> str:
    """The id of a relation between two entity ids."""
    return "r" + digest("relation", label, head, tail, size=5)


def event_id(start: int, end: int, type: str) -> str:
    """The id of an event where it is first proposed, from its trigger's span and its type."""
    return "v" + digest("event", str(start), str(end), type, size=5)


def make_entity(
    text: str,
    start: int,
    end: int,
    label: str,
    *,
    score: float | None = None,
    value: str | None = None,
    proposers: tuple[str, ...] = (),
) -> Entity:
    """An entity over `text[start:end]` (code points), with its id and surface form filled in.

    >>> make_entity("في الرباط", 3, 9, "GPE").text
    'الرباط'
    """
    return Entity(
        entity_id(start, end, label), start, end, label, text[start:end], score, value, proposers
    )
