"""A linear-chain CRF's weights, the file they are in, and what they are weights of.

Source: Lafferty, McCallum and Pereira 2001.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from math import exp, log
from pathlib import Path
from typing import Any

from msgspec import Struct

from curation.annotate.crf_words import AFTER, BEFORE, Lookup, Words
from curation.errors import AnnotatorError

#: How far to either side of a place the attributes of a word count.
REACH = 2
OUTSIDE = "O"
#: What stands between the two parts of an attribute; no word has it in it.
BETWEEN = "\t"


class Sentence(Struct, frozen=True):
    """The folded keys of its words, and their tags in the draft (IOB2)."""

    keys: Sequence[str]
    draft: Sequence[str]


class Weights(Struct, frozen=True):
    """A trained model: IOB2 labels, the transition from each to each, and one row of weights for
    every attribute (see `attributes`); `tables` are lookups for `Words`. A span of probability p
    has the score `1 / (1 + exp(-(slope * logit(p) + shift)))`, fitted on text not learnt from;
    `least` is a label's least score that is worth proposing, chosen on the same text."""

    labels: tuple[str, ...]
    transitions: Any
    attributes: Mapping[str, int]
    rows: Any
    tables: Mapping[str, Lookup]
    slope: float = 1.0
    shift: float = 0.0
    least: Mapping[str, float] = {}

    def score(self, probability: float) -> float:
        """What a span's probability under the model is worth (Platt 1999; see `slope`)."""
        p = min(max(probability, 1e-6), 1 - 1e-6)
        return 1 / (1 + exp(-(self.slope * log(p / (1 - p)) + self.shift)))

    def save(self, path: Path) -> None:
        """Write it as one file; the same model gives the same bytes."""
        import numpy as np

        ordered = sorted(self.attributes)
        arrays: dict[str, Any] = {
            "labels": _bytes(json.dumps(self.labels)),
            "least": _bytes(json.dumps(self.least)),
            "calibration": np.array([self.slope, self.shift]),
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
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
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
                float(arrays["calibration"][0]),
                float(arrays["calibration"][1]),
                json.loads(arrays["least"].tobytes()),
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
        own = [f"0{a}" for a in dict.fromkeys((*seen[i].own, *seen[i].both))]
        for side, near in (("-", seen[i - 1]), ("+", seen[i + 1])):
            own += [f"{side}{a}" for a in dict.fromkeys((*near.beside, *near.both))]
        own += [f"{side}{a}" for side, at in (("<", i - 2), (">", i + 2)) for a in seen[at].far]
        for name, left, right in PAIRS:
            own.append(f"{name}{seen[i + left].kind}{BETWEEN}{seen[i + right].kind}")
        for name, left, right in SORTS:
            own.append(f"{name}{seen[i + left].sort}{BETWEEN}{seen[i + right].sort}")
        own.append(f"t3{seen[i - 1].sort}{BETWEEN}{seen[i].sort}{BETWEEN}{seen[i + 1].sort}")
        own.append(f"s-{seen[i - 1].stem}{BETWEEN}{seen[i].stem}")
        own.append(f"s+{seen[i].stem}{BETWEEN}{seen[i + 1].stem}")
        own += [f"{name}{draft[i + at]}" for name, at in DRAFT]
        own += [f"{name}{draft[i + a]}{BETWEEN}{draft[i + b]}" for name, a, b in DRAFTS]
        own.append(f"dk{draft[i]}{BETWEEN}{seen[i].kind}")
        found.append(own)
    return found


#: Pairs of word classes, single tags and pairs of tags of the draft: name, places from here.
PAIRS = (("k-", -1, 0), ("k+", 0, 1), ("k<", -2, -1), ("k>", 1, 2))
SORTS = (("t-", -1, 0), ("t+", 0, 1), ("t<", -2, -1), ("t>", 1, 2))
DRAFT = (("d0", 0), ("d-", -1), ("d+", 1), ("d<", -2), ("d>", 2))
DRAFTS = (("e-", -1, 0), ("e+", 0, 1))


def _bytes(text: str) -> Any:
    import numpy as np

    return np.frombuffer(text.encode(), dtype=np.uint8)
