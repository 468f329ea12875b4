"""From probabilities of tags to what `tagging.decode` reads: outside, begins, goes on, by label.

A model's tags are BIO, BIOES (also with L, U or M) or bare labels (IO). Where a model gives a word
more of "goes on" than the word before it gave the label at all, the rest is a beginning: so bare
labels, and models that begin with I (IOB1), are read alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import regex
from msgspec import Struct

from curation.errors import AnnotatorError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TAG = regex.compile(r"([BISELUM])[-_](.+)")
_BEGINS = frozenset("BSU")


class Tags(Struct, frozen=True):
    """Labels, and for each the columns of the model's output that begin it, and that go on."""

    labels: tuple[str, ...]
    begins: tuple[tuple[int, ...], ...]
    goes_on: tuple[tuple[int, ...], ...]

    def logits(self, chances: NDArray[Any]) -> NDArray[Any]:
        """Probabilities [words, tags] as logits [words, labels, 3]."""
        import numpy as np

        if not self.labels or not len(chances):
            return np.zeros((len(chances), len(self.labels), 3))
        begin = np.stack([chances[:, list(at)].sum(axis=1) for at in self.begins], axis=1)
        on = np.stack([chances[:, list(at)].sum(axis=1) for at in self.goes_on], axis=1)
        inside = begin + on
        before = np.vstack([np.zeros((1, len(self.labels))), inside[:-1]])
        extra = np.maximum(on - before, 0)
        three = np.stack([1 - inside, begin + extra, on - extra], axis=2)
        return np.log(np.clip(three, 1e-9, 1.0))


def read_tags(names: Sequence[str], renamed: Mapping[str, str]) -> Tags:
    """What a model's tags, in the order of its outputs, mean. `renamed` is tag or label → label; an
    empty string leaves it out.

    Raises: AnnotatorError if no tag says that a word is nothing, or a name in `renamed` is none of
    the model's.

    >>> read_tags(["O", "B-PER", "I-PER", "B-LOC", "I-LOC"], {"PER": "PERSON", "LOC": ""})
    Tags(labels=('PERSON',), begins=((1,),), goes_on=((2,),))
    """
    tags = [renamed.get(name, name) for name in names]
    marked = any(tag[:1] in ("B", "I") and _TAG.fullmatch(tag) for tag in tags)
    begins: dict[str, list[int]] = {}
    goes_on: dict[str, list[int]] = {}
    known = set(names)
    nothing = False
    for at, tag in enumerate(tags):
        if tag in ("O", "o", ""):
            nothing = True
            continue
        match = _TAG.fullmatch(tag) if marked else None
        prefix, label = (match[1], match[2]) if match else ("", tag)
        known.add(label)
        label = renamed.get(label, label)
        if label:
            begins.setdefault(label, [])
            goes_on.setdefault(label, [])
            (begins if prefix in _BEGINS else goes_on)[label].append(at)
    _check(nothing, set(renamed) - known, names)
    return Tags(
        tuple(begins), tuple(map(tuple, begins.values())), tuple(map(tuple, goes_on.values()))
    )


def _check(nothing: bool, strange: Iterable[str], names: Sequence[str]) -> None:
    if not nothing:
        raise AnnotatorError(
            f"none of the model's tags is O, for words that are nothing: {', '.join(names[:12])}",
            hint='Say what they mean: labels = { LABEL_0 = "O", LABEL_1 = "B-PERSON" }',
        )
    for name in sorted(strange):
        raise AnnotatorError(
            f"the option `labels` names {name}, which the model does not have",
            hint=f"Its tags are {', '.join(names)}.",
        )
