"""The probability of every span of a sentence under a linear-chain CRF.

Attributes of one word are summed once and kept; what hangs on two words, or on the draft, is looked
up in small tables. All sentences of a batch go forward and backward together. A span's probability
is exact: that it begins here, goes on to there, and ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct

from curation.annotate.crf_chain import chain
from curation.annotate.crf_model import (
    BETWEEN,
    DRAFT,
    DRAFTS,
    OUTSIDE,
    PAIRS,
    REACH,
    SORTS,
    Sentence,
    Weights,
)
from curation.annotate.crf_words import AFTER, BEFORE, Words

#: How many words' sums are kept.
KEPT = 1 << 16
#: The least probability of a span that is looked at.
LEAST = 0.1
#: The sides of a word's attributes, by the place they add to: for what is two before the word, it
#: stands two after (>), and so on.
_SLOTS = {side: slot for slot, side in enumerate(">+0-<")}


class Span(Struct, frozen=True):
    """Words `start` to `end` (half open) of a sentence, with their label and its probability."""

    start: int
    end: int
    label: str
    score: float


class Tagger:
    """A model ready to read sentences."""

    def __init__(self, weights: Weights, words: Words) -> None:
        import numpy as np

        self._np = np
        self._weights = weights
        self._words = words
        self.labels = weights.labels
        zero = np.zeros((1, len(self.labels)), np.float32)
        # The last row, -1, is nothing's.
        self._rows = np.concatenate([weights.rows, zero])
        self._moves = np.exp(weights.transitions.astype(np.float64))
        self._begins: list[int] = [i for i, label in enumerate(self.labels) if label[:2] == "B-"]
        inside = {label[2:]: i for i, label in enumerate(self.labels) if label[:2] == "I-"}
        self._inside = {i: inside.get(self.labels[i][2:], -1) for i in self._begins}
        self._named: dict[str, list[tuple[str, int]]] = {}
        for attribute, row in weights.attributes.items():
            self._named.setdefault(attribute[:2], []).append((attribute[2:], row))
        self._kinds = self._numbered(name for name, _, _ in PAIRS)
        self._tags = self._numbered(name for name, _, _ in DRAFTS)
        self._sorts = self._numbered(name for name, _, _ in SORTS)
        self._by_sorts = [self._pairs(name, self._sorts, self._sorts) for name, _, _ in SORTS]
        self._by_three = self._threes("t3", self._sorts)
        self._by_kinds = [self._pairs(name, self._kinds, self._kinds) for name, _, _ in PAIRS]
        self._by_tags = [self._pairs(name, self._tags, self._tags) for name, _, _ in DRAFTS]
        self._by_tag = [self._singles(name, self._tags) for name, _ in DRAFT]
        self._by_tag_kind = self._pairs("dk", self._tags, self._kinds)
        stems: dict[str, list[int]] = {}
        for side, name in enumerate(("s-", "s+")):
            for pair, row in self._named.get(name, ()):
                stems.setdefault(pair, [-1, -1])[side] = row
        self._stem_pairs = {pair: at for at, pair in enumerate(stems, start=1)}
        self._by_stems = np.array([[-1, -1], *stems.values()], dtype=np.int32)
        self._by_name, self._by_side = self._sided()
        self._forget()

    def _forget(self) -> None:
        np = self._np
        self._known: dict[str, int] = {}
        self._stems: list[str] = []
        self._sums = np.zeros((1024, 2 * REACH + 1, len(self.labels)), np.float32)
        self._kind_of = np.zeros(1024, np.int32)
        self._sort_of = np.zeros(1024, np.int32)
        self._learn((BEFORE, AFTER))

    def _learn(self, keys: Sequence[str]) -> None:
        """Number these words, and work out what their attributes add to each side."""
        np = self._np
        first, count = len(self._known), len(keys)
        while first + count > len(self._kind_of):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
            self._kind_of = np.concatenate([self._kind_of, np.zeros_like(self._kind_of)])
            self._sort_of = np.concatenate([self._sort_of, np.zeros_like(self._sort_of)])
        index = self._by_name
        rows: list[int] = []
        begins: list[int] = []
        for at, key in enumerate(keys, start=first):
            seen = self._words.see(key)
            begins.append(len(rows))
            rows.append(0)
            found = map(index.get, (*seen.own, *seen.both, *seen.beside))
            rows += filter(None, dict.fromkeys(found))
            self._kind_of[at] = self._kinds.get(seen.kind, 0)
            self._sort_of[at] = self._sorts.get(seen.sort, 0)
            self._stems.append(seen.stem)
            self._known[key] = at
        self._sums[first : first + count] = np.add.reduceat(
            self._by_side.take(rows, axis=0), begins
        )

    def _sided(self) -> tuple[dict[str, int], Any]:
        """The attributes of single words without their side: name → number, and what each adds to
        the places from REACH before the word to REACH after it: [numbers, places, labels].
        """
        np = self._np
        index: dict[str, int] = {}
        found: list[tuple[int, int, int]] = []
        for attribute, row in self._weights.attributes.items():
            slot = _SLOTS.get(attribute[0])
            if slot is not None:
                found.append((index.setdefault(attribute[1:], len(index) + 1), slot, row))
        table = np.zeros((len(index) + 1, len(_SLOTS), len(self.labels)), np.float32)
        for number, slot, row in found:
            table[number, slot] = self._rows[row]
        return index, table

    def _numbered(self, names: Iterable[str]) -> dict[str, int]:
        """The values that stand in the pairs of these names, from 1; 0 is for what no model saw."""
        pairs = (pair for name in names for pair, _ in self._named.get(name, ()))
        values = {value for pair in pairs for value in pair.split(BETWEEN)}
        return {value: at for at, value in enumerate(sorted(values), start=1)}

    def _pairs(self, name: str, left: Mapping[str, int], right: Mapping[str, int]) -> Any:
        table = self._np.full((len(left) + 1, len(right) + 1), -1, dtype=self._np.int32)
        for pair, row in self._named.get(name, ()):
            a, _, b = pair.partition(BETWEEN)
            table[left.get(a, 0), right.get(b, 0)] = row
        table[0, :] = table[:, 0] = -1
        return table

    def _threes(self, name: str, known: Mapping[str, int]) -> Any:
        table = self._np.full((len(known) + 1,) * 3, -1, dtype=self._np.int32)
        for three, row in self._named.get(name, ()):
            a, b, c = (known.get(part, 0) for part in three.split(BETWEEN))
            if a and b and c:
                table[a, b, c] = row
        return table

    def _singles(self, name: str, tags: Mapping[str, int]) -> Any:
        table = self._np.full(len(tags) + 1, -1, dtype=self._np.int32)
        for tag, at in tags.items():
            table[at] = self._weights.attributes.get(name + tag, -1)
        return table

    def _emissions(self, sentences: Sequence[Sentence]) -> Any:
        """What the attributes add up to at every word of the sentences, one after the other, each
        between two words of edge: [words and edges, labels].
        """
        np = self._np
        if len(self._known) > KEPT:
            self._forget()
        keys: list[str] = []
        tags: list[str] = []
        for sentence in sentences:
            keys += [BEFORE] * REACH + [*sentence.keys] + [AFTER] * REACH
            tags += [OUTSIDE] * REACH + [*sentence.draft] + [OUTSIDE] * REACH
        known = self._known
        if new := [key for key in dict.fromkeys(keys) if key not in known]:
            self._learn(new)
        numbers = [known[key] for key in keys]
        words = np.array(numbers)
        stems = [self._stems[number] for number in numbers]
        pair_of = self._stem_pairs
        pairs = np.array(
            [pair_of.get(f"{a}{BETWEEN}{b}", 0) for a, b in pairwise(stems)],
            dtype=int,
        )
        tag_of = self._tags
        draft = np.array([tag_of.get(tag, 0) for tag in tags])
        kinds = self._kind_of[words]
        sorts = self._sort_of[words]
        rows = self._rows
        inner = slice(REACH, len(keys) - REACH)

        def at(array: Any, away: int) -> Any:
            return array[REACH + away : len(keys) - REACH + away]

        total = self._sums[at(words, 0), REACH].copy()
        for away in (-2, -1, 1, 2):
            total += self._sums[at(words, away), REACH - away]
        for (_, a, b), table in zip(PAIRS, self._by_kinds, strict=True):
            total += rows[table[at(kinds, a), at(kinds, b)]]
        for (_, a, b), table in zip(SORTS, self._by_sorts, strict=True):
            total += rows[table[at(sorts, a), at(sorts, b)]]
        total += rows[self._by_three[at(sorts, -1), at(sorts, 0), at(sorts, 1)]]
        for (_, a), table in zip(DRAFT, self._by_tag, strict=True):
            total += rows[table[at(draft, a)]]
        for (_, a, b), table in zip(DRAFTS, self._by_tags, strict=True):
            total += rows[table[at(draft, a), at(draft, b)]]
        total += rows[self._by_tag_kind[at(draft, 0), at(kinds, 0)]]
        total += rows[self._by_stems[pairs[REACH - 1 : len(keys) - REACH - 1], 0]]
        total += rows[self._by_stems[pairs[inner], 1]]
        return total

    def spans(self, sentences: Sequence[Sentence]) -> list[list[Span]]:
        """The spans of each sentence with their scores, where their probability is at least LEAST;
        where two overlap, the likelier. In order.
        """
        np = self._np
        order = sorted(range(len(sentences)), key=lambda i: -len(sentences[i].keys))
        found: list[list[Span]] = [[] for _ in sentences]
        order = [i for i in order if sentences[i].keys]
        if not order:
            return found
        lengths = np.array([len(sentences[i].keys) for i in order])
        firsts = np.concatenate([[0], np.cumsum(lengths + 2 * REACH)[:-1]])
        scores = self._emissions([sentences[i] for i in order]).astype(np.float64)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        ahead, behind, scale = chain(scores, self._moves, firsts, lengths)
        begin = (ahead * behind)[:, self._begins] >= LEAST
        owner = np.repeat(np.arange(len(order)), lengths + 2 * REACH)
        candidates: list[list[Span]] = [[] for _ in order]
        likely: list[tuple[int, int]] = np.argwhere(begin).tolist()
        for place, column in likely:
            mine = int(owner[place]) if place < len(owner) else -1
            first = int(firsts[mine])
            last = first + int(lengths[mine])
            if first <= place < last:
                spans = self._from(place, self._begins[column], last, scores, ahead, behind, scale)
                label = self.labels[self._begins[column]][2:]
                candidates[mine] += [
                    Span(place - first, end - first, label, self._weights.score(mass))
                    for end, mass in spans
                ]
        for mine, spans in enumerate(candidates):
            taken: set[int] = set()
            for span in sorted(spans, key=lambda s: (-s.score, s.start, s.end, s.label)):
                if taken.isdisjoint(range(span.start, span.end)):
                    taken.update(range(span.start, span.end))
                    found[order[mine]].append(span)
            found[order[mine]].sort(key=lambda s: s.start)
        return found

    def _from(
        self,
        place: int,
        begin: int,
        last: int,
        scores: Any,
        ahead: Any,
        behind: Any,
        scale: Any,
    ) -> list[tuple[int, float]]:
        """(end, probability) of the spans that begin here with this label."""
        found: list[tuple[int, float]] = []
        inside = self._inside[begin]
        mass, state, end = float(ahead[place, begin]), begin, place + 1
        while True:
            if end == last:
                if mass >= LEAST:
                    found.append((end, min(mass, 1.0)))
                return found
            follow = self._moves[state] * scores[end] * behind[end] / scale[end]
            whole = float(follow.sum())
            on = float(follow[inside]) if inside >= 0 else 0.0
            if mass * (whole - on) >= LEAST:
                found.append((end, min(mass * (whole - on), 1.0)))
            if mass * on < LEAST:
                return found
            mass *= float(self._moves[state, inside] * scores[end, inside] / scale[end])
            state, end = inside, end + 1
