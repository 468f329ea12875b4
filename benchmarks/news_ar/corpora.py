"""The training corpora as words with labelled spans, and which labels each corpus annotates.

- `news_ar/train.jsonl`: newswire, fine types (NewsFANE) and, as labels of their own (`~PER`), the
  four coarse types of ANERcorp. Its last tenth, by document order, is for development.
- `wojood_sample/`: 21 nested types; `val.txt` is for development.

A label that a corpus does not annotate is neither there nor absent in its sentences: `annotated`
says which labels a sentence can teach.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.text import words

NEWS = ("PERSON", "GPE", "LOC", "ORG", "FAC", "NORP", "PRODUCT", "WEAPON", "WORK")
COARSE = ("~PER", "~LOC", "~ORG", "~MISC")
WOJOOD = (
    *("PERSON", "GPE", "LOC", "ORG", "FAC", "NORP", "PRODUCT", "TITLE", "EVENT", "DATE", "TIME"),
    *("LANGUAGE", "LAW", "MONEY", "ORDINAL", "CARDINAL", "PERCENT", "QUANTITY"),
)
#: Every label the network learns, in the order of its outputs.
LABELS = tuple(dict.fromkeys((*NEWS, *WOJOOD, *COARSE)))
#: ANERcorp's own are taught beside ours and not shipped.
SHIPPED = tuple(label for label in LABELS if label[0] != "~")
RENAMED = {"PERS": "PERSON", "PER": "PERSON", "OCC": "TITLE"}

Spans = tuple[tuple[int, int, str, str], ...]  # first word, word after the last, label, kind


class Sentence(Struct, frozen=True):
    """A text, its words, labelled spans of words, and the labels its corpus annotates; `told` is
    what a teacher says of it, logits [words, labels that ship, 3]."""

    words: tuple[str, ...]
    spans: Spans
    annotated: frozenset[str]
    text: str = ""
    places: tuple[tuple[int, int], ...] = ()
    gold: frozenset[tuple[int, int, str]] = frozenset()
    coarse: frozenset[tuple[int, int, str]] = frozenset()
    told: Any = None


def sentence(
    text: str,
    gold: list[tuple[int, int, str, str]],
    annotated: frozenset[str],
    coarse: frozenset[tuple[int, int, str]] = frozenset(),
) -> Sentence:
    """A sentence from spans of code points: each covers the words it touches, without marks at its
    edges."""
    places = words(text)
    found: list[tuple[int, int, str, str]] = []
    for start, end, label, kind in gold:
        inside = [i for i, (a, b) in enumerate(places) if a < end and b > start]
        while inside and not text[places[inside[0]][0]].isalnum():
            inside.pop(0)
        while inside and not text[places[inside[-1]][0]].isalnum():
            inside.pop()
        if inside and label in annotated:
            found.append((inside[0], inside[-1] + 1, label, kind))
    return Sentence(
        tuple(text[a:b] for a, b in places),
        tuple(found),
        annotated,
        text,
        tuple(places),
        frozenset((start, end, label) for start, end, label, _ in gold if label[0] != "~"),
        coarse,
    )


def news(path: Path) -> list[Sentence]:
    """The newswire sentences, in order. The fine types were projected, and slipped in places. A
    sentence teaches nothing about them where both annotations have names and none of either meets
    one of the other, or where a name of the fine ones alone is a single plain word (`وقال`)."""
    found: list[Sentence] = []
    rows = [_news_row(json.loads(line)) for line in path.read_text("utf-8").splitlines()]
    plain = _plain_words(rows)
    for text, fine, coarse, covered in rows:
        lost = [
            s for s in fine if s[2] in ("PERSON", "GPE", "LOC", "ORG") and not _meets(s, coarse)
        ]
        alone = [s for s in coarse if s[2] != "~MISC" and not _meets(s, fine)]
        absurd = [s for s in fine if text[s[0] : s[1]] in plain and not _meets(s, coarse)]
        slipped = covered < 0.7 or absurd or (lost and alone)
        annotated = frozenset(COARSE if slipped else (*NEWS, *COARSE))
        spans = [*fine, *((a, b, label, "") for a, b, label in coarse)]
        found.append(sentence(text, spans, annotated, frozenset(coarse)))
    return found


_Row = tuple[str, list[tuple[int, int, str, str]], list[tuple[int, int, str]], float]


def _news_row(row: Any) -> _Row:
    """Text, fine and coarse spans in code points, and how well the fine ones could be projected."""
    text, places, at = row["text"], [], 0
    for word in text.split(" "):
        places.append((at, at + len(word)))
        at += len(word) + 1
    fine = [
        (s["start"], s["end"], RENAMED.get(s["label"], s["label"]), s.get("fine") or "")
        for s in row["spans"]
    ]
    coarse = [(places[a][0], places[b - 1][1], f"~{kind}") for a, b, kind in row["anercorp"]]
    return text, fine, coarse, row["align_cov"]


def _plain_words(rows: list[_Row], often: int = 20, part: float = 0.03) -> set[str]:
    """Words without article that stand in the corpus so often, and in so small a part in a name of
    ANERcorp's."""
    everywhere, named = Counter[str](), Counter[str]()
    for text, _, coarse, _ in rows:
        everywhere.update(text.split(" "))
        named.update(word for a, b, _ in coarse for word in text[a:b].split(" "))
    return {
        word
        for word, count in everywhere.items()
        if count >= often and named[word] < part * count and not word.startswith("ال")
    }


def _meets(span: tuple[int, int, str, str], others: list) -> bool:
    return any(span[0] < other[1] and other[0] < span[1] for other in others)


def wojood(path: Path) -> list[Sentence]:
    """The sentences of a Wojood file: an empty line ends one, every column is a level of tags."""
    found: list[Sentence] = []
    rows: list[list[str]] = []
    for line in [*path.read_text("utf-8").splitlines(), ""]:
        if line.strip() and not line.startswith("$#$"):
            rows.append(line.split())
        elif not line.strip() and rows:
            found.append(_wojood_sentence(rows))
            rows = []
    return found


def _wojood_sentence(rows: list[list[str]]) -> Sentence:
    text, places = "", []
    for row in rows:
        text += " " if text else ""
        places.append((len(text), len(text) + len(row[0])))
        text += row[0]
    spans: list[tuple[int, int, str, str]] = []
    begun: dict[str, int] = {}
    for i, row in enumerate([*rows, [""]]):
        inside = {tag[2:] for tag in row[1:] if tag.startswith("I-")}
        starts = {tag[2:] for tag in row[1:] if tag.startswith("B-")}
        for label in sorted(begun.keys() - (inside - starts)):
            first = begun.pop(label)
            spans.append((places[first][0], places[i - 1][1], RENAMED.get(label, label), ""))
        for label in starts:
            begun[label] = i
    return sentence(text, spans, frozenset(WOJOOD))


def split(corpora: Path) -> tuple[list[Sentence], list[Sentence], list[Sentence], list[Sentence]]:
    """News and Wojood for training, then news and Wojood for development."""
    lines = news(corpora / "news_ar" / "train.jsonl")
    cut = len(lines) * 9 // 10
    sample = corpora / "wojood_sample"
    return lines[:cut], wojood(sample / "train.txt"), lines[cut:], wojood(sample / "val.txt")
