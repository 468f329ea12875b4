"""What ships: the 8-bit model, its tokeniser and `model.toml`; and the figures of it."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.news_ar import calibration, scoring
from benchmarks.news_ar.corpora import SHIPPED, Sentence
from benchmarks.news_ar.export import export
from benchmarks.news_ar.network import Tagger
from curation.annotate.encoder import Encoder, edges
from curation.annotate.tagging import decode

_CARD = """# What the outputs of model.onnx mean. Written by benchmarks.train_news_ar.
name = "news-ar"
labels = {labels}
temperature = {temperature}
slope = {slope}
shift = {shift}
window = 128
overlap = 40
bits = 7
"""


def ship(
    model: Tagger, out: Path, news: Sequence[Sentence], wojood: Sequence[Sentence]
) -> dict[str, Any]:
    """Write `out/news-ar` (the shipped folder) and give the figures of it on development data."""
    folder = out / "news-ar"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(out / "tokenizer.json", folder / "tokenizer.json")
    full, small = export(model, out)
    shutil.copy(small, folder / "model.onnx")
    write_card(folder, 1.0, 1.0, 0.0)
    pairs = [(one, logits(folder, one)) for one in (*news, *wojood)]
    heat = calibration.temperature(pairs, SHIPPED)
    spans = calibration.judged(pairs, SHIPPED, heat)
    slope, shift = calibration.platt(spans)
    write_card(folder, heat, slope, shift)
    result = scoring.summary(
        [(one, found(one, rows, heat)) for one, rows in pairs[: len(news)]],
        [(one, found(one, rows, heat)) for one, rows in pairs[len(news) :]],
    )
    figures = {
        "int8": {name: round(score.f1(), 4) for name, score in result.items()},
        "temperature": heat,
        "reliability": calibration.curve(
            (_platt(score, slope, shift), good) for score, good in spans
        ),
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
    }
    (out / "figures.json").write_text(json.dumps(figures, indent=1), "utf-8")
    full.unlink()
    return figures


def ship_like(folder: Path, model: Tagger, out: Path) -> None:
    """Write `out/news-ar` with the calibration of another folder, and measure nothing."""
    target = out / "news-ar"
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(out / "tokenizer.json", target / "tokenizer.json")
    shutil.copy(folder / "model.toml", target / "model.toml")
    full, small = export(model, out)
    shutil.copy(small, target / "model.onnx")
    full.unlink()


_LOADED: dict[Path, Encoder] = {}


def logits(folder: Path, one: Sentence) -> Any:
    """The shipped model's logits [words, labels, 3] for a sentence."""
    if folder not in _LOADED:
        _LOADED[folder] = Encoder(folder, {})
    return _LOADED[folder].logits(one.text, one.places)


def found(one: Sentence, rows: Any, heat: float) -> scoring.Spans:
    """What the shipped model proposes, in code points."""
    result: scoring.Spans = set()
    for span in decode(rows, heat):
        first, last = edges(one.text, one.places, span.first, span.last)
        if first < last:
            place = one.places[first][0], one.places[last - 1][1]
            result.add((*place, SHIPPED[span.label]))
    return result


def write_card(folder: Path, temperature: float, slope: float, shift: float) -> None:
    """Write `model.toml`."""
    text = _CARD.format(
        labels=json.dumps(SHIPPED), temperature=temperature, slope=slope, shift=shift
    )
    (folder / "model.toml").write_text(text, "utf-8")


def _platt(score: float, slope: float, shift: float) -> float:
    chance = min(max(score, 1e-6), 1 - 1e-6)
    odds = slope * math.log(chance / (1 - chance)) + shift
    return 1 / (1 + math.exp(-max(odds, -700.0)))
