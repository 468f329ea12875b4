"""A linear-chain CRF: its weights, and the probability of every span of a sentence.

Lafferty, McCallum and Pereira 2001. Attributes of one word are summed once and kept; what hangs on
two words, or on the draft, is looked up in small tables. All sentences of a batch go forward and
backward together. A span's score is its exact probability under the model: that it begins here,
goes on to there, and ends.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.annotate.crf_words import AFTER, BEFORE, Lookup, Words
from curation.errors import AnnotatorError

#: How far to either side of a place the attributes of a word count.
REACH = 2
#: How many words' sums are kept.
KEPT = 1 << 16
OUTSIDE = "O"
#: What stands between the two parts of an attribute; no word has it in it.
BETWEEN = "\t"


class Sentence(Struct, frozen=True):
    """The folded keys of its words, and their tags in the draft (IOB2)."""

    keys: Sequence[str]
    draft: Sequence[str]


class Span(Struct, frozen=True):
    """Words `start` to `end` (half open) of a sentence, with their label and its probability."""

    start: int
    end: int
    label: str
    score: float


class Weights(Struct, frozen=True):
    """A trained model: IOB2 labels, the transition from each to each, and one row of weights for
    every attribute (see `attributes`); `tables` are lookups for `Words`."""

    labels: tuple[str, ...]
    transitions: Any
    attributes: Mapping[str, int]
    rows: Any
    tables: Mapping[str, Lookup]

    def save(self, path: Path) -> None:
        """Write it as one file; the same model gives the same bytes."""
        import numpy as np

        ordered = sorted(self.attributes)
        arrays: dict[str, Any] = {
            "labels": _bytes(json.dumps(self.labels)),
            "transitions": self.transitions.astype(np.float32),
            "attributes": _bytes("\n".join(ordered)),
            "rows": self.rows[[self.attributes[a] for a in ordered]].astype(np.float16),
        }
        for name, table in self.tables.items():
            arrays[f"hashes.{name}"], arrays[f"numbers.{name}"] = table.hashes, table.numbers
        with path.open("wb") as stream:
            np.savez_compressed(stream, **arrays)

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read it.

        Raises: AnnotatorError if it is not there, or is no such file.
        """
        import numpy as np

        try:
            with np.load(path, allow_pickle=False) as file:
                arrays: dict[str, Any] = {name: file[name] for name in file.files}
            tables = {
                name.removeprefix("hashes."): Lookup(array, arrays["numbers" + name[6:]])
                for name, array in arrays.items()
                if name.startswith("hashes.")
            }
            attributes = arrays["attributes"].tobytes().decode().split("\n")
            return cls(
                tuple(json.loads(arrays["labels"].tobytes())),
                arrays["transitions"],
                {name: at for at, name in enumerate(attributes)},
                arrays["rows"].astype(np.float32),
                tables,
            )
        except OSError as fault:
            raise AnnotatorError(
                f"{path}: {fault.strerror or fault}",
                hint="Give a model's file, or train one: python -m benchmarks.train_news_ar_fast.",
            ) from fault
        except (KeyError, ValueError, EOFError, zipfile.BadZipFile) as fault:
            raise AnnotatorError(
                f"{path} is no CRF model: {fault}",
                hint="Train it again: python -m benchmarks.train_news_ar_fast.",
            ) from fault


def attributes(sentence: Sentence, words: Words) -> list[list[str]]:
    """The attributes of every word of a sentence: what `Weights` has rows for. Training asks for
    them; `Tagger` gets to the same sums by tables.
    """
    keys = [BEFORE] * REACH + list(sentence.keys) + [AFTER] * REACH
    draft = [OUTSIDE] * REACH + list(sentence.draft) + [OUTSIDE] * REACH
    seen = [words.see(key) for key in keys]
    found: list[list[str]] = []
    for i in range(REACH, len(keys) - REACH):
        own = [f"0{a}" for a in seen[i].here]
        own += [f"{side}{a}" for side, at in (("-", i - 1), ("+", i + 1)) for a in seen[at].near]
        own += [f"{side}{a}" for side, at in (("<", i - 2), (">", i + 2)) for a in seen[at].far]
        for name, left, right in _PAIRS:
            own.append(f"{name}{seen[i + left].kind}{BETWEEN}{seen[i + right].kind}")
        own.append(f"s-{seen[i - 1].stem}{BETWEEN}{seen[i].stem}")
        own.append(f"s+{seen[i].stem}{BETWEEN}{seen[i + 1].stem}")
        own += [f"{name}{draft[i + at]}" for name, at in _DRAFT]
        own += [f"{name}{draft[i + a]}{BETWEEN}{draft[i + b]}" for name, a, b in _DRAFTS]
        own.append(f"dk{draft[i]}{BETWEEN}{seen[i].kind}")
        found.append(own)
    return found


#: Pairs of word classes, single tags and pairs of tags of the draft: name, places from here.
_PAIRS = (("k-", -1, 0), ("k+", 0, 1), ("k<", -2, -1), ("k>", 1, 2))
_DRAFT = (("d0", 0), ("d-", -1), ("d+", 1), ("d<", -2), ("d>", 2))
_DRAFTS = (("e-", -1, 0), ("e+", 0, 1))


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
        self._begins = [i for i, label in enumerate(self.labels) if label[:2] == "B-"]
        inside = {label[2:]: i for i, label in enumerate(self.labels) if label[:2] == "I-"}
        self._inside = {i: inside.get(self.labels[i][2:], -1) for i in self._begins}
        self._kinds = _numbered(weights.attributes, tuple(name for name, _, _ in _PAIRS), 2)
        self._tags = _numbered(weights.attributes, ("e-", "e+"), 2)
        self._by_kinds = [self._pairs(name, self._kinds, self._kinds) for name, _, _ in _PAIRS]
        self._by_tags = [self._pairs(name, self._tags, self._tags) for name, _, _ in _DRAFTS]
        self._by_tag = [self._singles(name, self._tags) for name, _ in _DRAFT]
        self._by_tag_kind = self._pairs("dk", self._tags, self._kinds)
        stems: dict[str, list[int]] = {}
        for name, row in weights.attributes.items():
            if name[:2] in ("s-", "s+"):
                stems.setdefault(name[2:], [-1, -1])[name[1] == "+"] = row
        self._stem_pairs = {pair: at for at, pair in enumerate(stems, start=1)}
        self._by_stems = np.array([[-1, -1], *stems.values()], dtype=np.int32)
        self._forget()

    def _forget(self) -> None:
        np = self._np
        self._known: dict[str, int] = {}
        self._stems: list[str] = []
        self._sums = np.zeros((1024, 2 * REACH + 1, len(self.labels)), np.float32)
        self._kind_of = np.zeros(1024, np.int32)
        for key in (BEFORE, AFTER):
            self._learn(key)

    def _learn(self, key: str) -> int:
        """The number of a word from now on, with what its attributes add to each side."""
        np = self._np
        at = len(self._known)
        if at == len(self._kind_of):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
            self._kind_of = np.concatenate([self._kind_of, np.zeros_like(self._kind_of)])
        seen = self._words.see(key)
        index = self._weights.attributes
        # Slot s is what the word adds to the place s - REACH words before it.
        sides = ((">", seen.far), ("+", seen.near), ("0", seen.here), ("-", seen.near))
        for slot, (side, names) in enumerate((*sides, ("<", seen.far))):
            found = [row for name in names if (row := index.get(side + name)) is not None]
            # Slot 0 stands for the place two before: there this word is two after.
            if found:
                self._sums[at, slot] = self._rows[found].sum(axis=0)
        self._kind_of[at] = self._kinds.get(seen.kind, 0)
        self._stems.append(seen.stem)
        self._known[key] = at
        return at

    def _pairs(self, name: str, left: Mapping[str, int], right: Mapping[str, int]) -> Any:
        table = self._np.full((len(left) + 1, len(right) + 1), -1, dtype=self._np.int32)
        for attribute, row in self._weights.attributes.items():
            if attribute.startswith(name):
                a, _, b = attribute[len(name) :].partition(BETWEEN)
                table[left.get(a, 0), right.get(b, 0)] = row
        table[0, :] = table[:, 0] = -1
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
        numbers = [known[key] if key in known else self._learn(key) for key in keys]
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
        rows = self._rows
        inner = slice(REACH, len(keys) - REACH)

        def at(array: Any, away: int) -> Any:
            return array[REACH + away : len(keys) - REACH + away]

        total = self._sums[at(words, 0), REACH].copy()
        for away in (-2, -1, 1, 2):
            total += self._sums[at(words, away), REACH - away]
        for (_, a, b), table in zip(_PAIRS, self._by_kinds, strict=True):
            total += rows[table[at(kinds, a), at(kinds, b)]]
        for (_, a), table in zip(_DRAFT, self._by_tag, strict=True):
            total += rows[table[at(draft, a)]]
        for (_, a, b), table in zip(_DRAFTS, self._by_tags, strict=True):
            total += rows[table[at(draft, a), at(draft, b)]]
        total += rows[self._by_tag_kind[at(draft, 0), at(kinds, 0)]]
        total += rows[self._by_stems[pairs[REACH - 1 : len(keys) - REACH - 1], 0]]
        total += rows[self._by_stems[pairs[inner], 1]]
        return total

    def spans(self, sentences: Sequence[Sentence], least: float) -> list[list[Span]]:
        """The spans of each sentence whose probability is at least `least`; where two overlap, the
        likelier. In order.
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
        ahead, behind, scale = self._chain(scores, firsts, lengths)
        begin = (ahead * behind)[:, self._begins] >= least
        owner = np.repeat(np.arange(len(order)), lengths + 2 * REACH)
        candidates: list[list[Span]] = [[] for _ in order]
        for place, column in np.argwhere(begin).tolist():
            mine = int(owner[place]) if place < len(owner) else -1
            first = int(firsts[mine])
            last = first + int(lengths[mine])
            if first <= place < last:
                spans = self._from(
                    place, self._begins[column], last, least, scores, ahead, behind, scale
                )
                label = self.labels[self._begins[column]][2:]
                candidates[mine] += [
                    Span(place - first, end - first, label, score) for end, score in spans
                ]
        for mine, spans in enumerate(candidates):
            taken: set[int] = set()
            for span in sorted(spans, key=lambda s: (-s.score, s.start, s.end, s.label)):
                if taken.isdisjoint(range(span.start, span.end)):
                    taken.update(range(span.start, span.end))
                    found[order[mine]].append(span)
            found[order[mine]].sort(key=lambda s: s.start)
        return found

    def _chain(self, scores: Any, firsts: Any, lengths: Any) -> tuple[Any, Any, Any]:
        """Forward and backward probabilities, scaled (Rabiner 1989), of all sentences at once, the
        longest first; their product is each label's probability.
        """
        np = self._np
        ahead, behind = np.zeros_like(scores), np.zeros_like(scores)
        scale = np.ones(len(scores))
        moves = self._moves
        now = scores[firsts]
        for step in range(int(lengths[0])):
            live = int(np.searchsorted(-lengths, -step, side="left"))
            places = firsts[:live] + step
            if step:
                now = (now[:live] @ moves) * scores[places]
            total = now.sum(axis=1)
            now = now / total[:, None]
            ahead[places], scale[places] = now, total
        for step in range(int(lengths[0]) - 1, -1, -1):
            live = int(np.searchsorted(-lengths, -step, side="left"))
            places = firsts[:live] + step
            after = np.minimum(places + 1, len(scores) - 1)
            follow = (scores[after] * behind[after] / scale[after][:, None]) @ moves.T
            ends = lengths[:live] == step + 1
            follow[ends] = 1.0
            behind[places] = follow
        return ahead, behind, scale

    def _from(
        self,
        place: int,
        begin: int,
        last: int,
        least: float,
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
                if mass >= least:
                    found.append((end, min(mass, 1.0)))
                return found
            follow = self._moves[state] * scores[end] * behind[end] / scale[end]
            whole = float(follow.sum())
            on = float(follow[inside]) if inside >= 0 else 0.0
            if mass * (whole - on) >= least:
                found.append((end, min(mass * (whole - on), 1.0)))
            if mass * on < least:
                return found
            mass *= float(self._moves[state, inside] * scores[end, inside] / scale[end])
            state, end = inside, end + 1


def _numbered(attributes: Mapping[str, int], names: tuple[str, ...], skip: int) -> dict[str, int]:
    """The values that stand in the pairs of these names, from 1; 0 is for what no model saw."""
    values = {
        value
        for attribute in attributes
        if attribute.startswith(names)
        for value in attribute[skip:].split(BETWEEN)
    }
    return {value: at for at, value in enumerate(sorted(values), start=1)}


def _bytes(text: str) -> Any:
    import numpy as np

    return np.frombuffer(text.encode(), dtype=np.uint8)
