"""Other spellings and other names: what a training sentence could have been."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.news_ar.corpora import Sentence, Spans

_ALEF = str.maketrans("أإآ", "ااا")
_STYLES = (
    str.maketrans("أإآى", "اااي"),
    str.maketrans("أإآىةئؤ", "ااايهيو"),
    str.maketrans("ى", "ي"),
    str.maketrans("ة", "ه"),
)
#: A word that begins with one of these may carry a clitic, and is not replaced.
_CLITIC = tuple("وفبكل")


class Augmenter:
    """Makes variants of sentences, from one seeded source of chance."""

    def __init__(self, sentences: Sequence[Sentence], corpora: Path, seed: int) -> None:
        self._chance = random.Random(seed)
        self._names: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
        for one in sentences:
            for first, last, label, kind in one.spans:
                self._names[(label, kind)].append(one.words[first:last])
        self._people = _lines(corpora / "names" / "wikidata_full_names.txt")
        self._people += _lines(corpora / "names" / "arwikicats_persons.txt")
        cities = json.loads((corpora / "gazetteers/geonames_cities_ar.json").read_text("utf-8"))
        self._cities = [row["ar"][0] for row in cities if row["ar"]]

    def vary(self, one: Sentence) -> Sentence:
        """A variant: some names replaced, now and then another spelling."""
        for span in sorted(one.spans, reverse=True):
            if span[2] in ("PERSON", "GPE", "ORG", "LOC", "FAC") and self._chance.random() < 0.15:
                one = self._replaced(one, span)
        draw = self._chance.random()
        if draw < 0.1:
            one = _spelt(one, _ALEF)
        elif draw < 0.3:
            one = _spelt(one, self._chance.choice(_STYLES))
        return one

    def joined(self, sentences: Sequence[Sentence], part: float) -> list[Sentence]:
        """Sentences, some of them joined to the one that follows in its document."""
        found: list[Sentence] = []
        for one in sentences:
            last = found[-1] if found else None
            fits = last is not None and "~PER" in one.annotated and last.annotated == one.annotated
            if fits and len(last.words) + len(one.words) < 90 and self._chance.random() < part:
                shift = len(last.words)
                spans = tuple((a + shift, b + shift, *rest) for a, b, *rest in one.spans)
                found[-1] = Sentence(last.words + one.words, last.spans + spans, one.annotated)
            else:
                found.append(one)
        return found

    def _replaced(self, one: Sentence, span: tuple[int, int, str, str]) -> Sentence:
        first, last, label, kind = span
        if one.words[first].startswith(_CLITIC) or any(
            (a < first < b < last) or (first < a < last < b) for a, b, *_ in one.spans
        ):
            return one
        new = self._name(label, kind)
        if not new or new[0].startswith(_CLITIC):
            return one
        shift = len(new) - (last - first)
        spans: list[tuple[int, int, str, str]] = []
        for a, b, other, sort in one.spans:
            if (a, b) != (first, last) and first <= a and b <= last:
                continue
            spans.append((a + shift * (a >= last), b + shift * (b >= last), other, sort))
        words = (*one.words[:first], *new, *one.words[last:])
        return msgspec.structs.replace(one, words=words, spans=_spans(spans))

    def _name(self, label: str, kind: str) -> tuple[str, ...]:
        outside = self._chance.random() < 0.6
        if label == "PERSON" and outside:
            return tuple(self._chance.choice(self._people).split())
        if label == "GPE" and kind in ("", "Population-Center") and outside:
            return tuple(self._chance.choice(self._cities).split())
        return self._chance.choice(self._names[(label, kind)])


def _spans(spans: list[tuple[int, int, str, str]]) -> Spans:
    return tuple(spans)


def _spelt(one: Sentence, style: dict[int, int]) -> Sentence:
    return msgspec.structs.replace(one, words=tuple(word.translate(style) for word in one.words))


def _lines(path: Path) -> list[str]:
    lines = (line.split("\t")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#") and len(line.split()) < 5]
