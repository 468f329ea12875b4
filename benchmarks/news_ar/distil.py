"""A student of fewer layers: it begins with some of a teacher's layers, and learns from what the
teacher, a shipped network, says of every word of unlabelled text.

It is asked to say the same (Hinton et al. 2015, "Distilling the Knowledge in a Neural Network", at
temperature 1), label by label, in the labels that ship. The layers it inherits are spread evenly
(Sanh et al. 2019, "DistilBERT").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.news_ar.corpora import LABELS, SHIPPED, Sentence, sentence
from benchmarks.news_ar.network import MIXED, Tagger, mixture
from curation.annotate.encoder import Encoder
from curation.text import sentences

#: Sentences are read together until they have so many code points.
_LONG = 400


def inherit(model: Tagger, teacher: Path) -> None:
    """Give a network layers of the teacher, evenly spread from its first to its last, and its
    head. Of ANERcorp's labels, which do not ship, those begin that have one like them."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(teacher / "model.onnx")).graph
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    def matrix(name: str) -> torch.Tensor:
        whole = held[f"{name}.weight_Transposed_quantized"].astype(np.float32)
        return torch.from_numpy((whole * held[f"{name}.weight_Transposed_scale"]).T.copy())

    def vector(name: str) -> torch.Tensor:
        return torch.from_numpy(held[name].copy())

    count = sum(name.endswith(".all.bias") for name in held)
    layers = model.encoder.encoder.layer
    for layer, number in zip(layers, np.linspace(0, count - 1, len(layers)).round(), strict=True):
        name = f"layers.{int(number)}"
        own, mix = layer.attention.self, layer.attention.output
        scale = own.attention_head_size**0.5  # the shipped query is divided by it
        queries, *rest = matrix(f"{name}.all").chunk(3)
        biases = vector(f"{name}.all.bias").chunk(3)
        with torch.no_grad():
            for part, weight, bias in zip(
                (own.query, own.key, own.value),
                (queries * scale, *rest),
                (biases[0] * scale, *biases[1:]),
                strict=True,
            ):
                part.weight.copy_(weight)
                part.bias.copy_(bias)
            for part, short in (
                (mix.dense, "mix"),
                (layer.intermediate.dense, "widen"),
                (layer.output.dense, "narrow"),
            ):
                part.weight.copy_(matrix(f"{name}.{short}"))
                part.bias.copy_(vector(f"{name}.{short}.bias"))
            for part, smoothed in (
                (layer.intermediate.dense, "widened"),
                (layer.output.dense, "narrowed"),
            ):
                if f"{name}.{smoothed}" in held:
                    part.weight.mul_(vector(f"{name}.{smoothed}"))
            for part, short in ((mix.LayerNorm, "mixed"), (layer.output.LayerNorm, "done")):
                part.weight.copy_(vector(f"{name}.{short}.weight"))
                part.bias.copy_(vector(f"{name}.{short}.bias"))
    like = {theirs: label for label, (theirs, _) in MIXED.items()} | {"~LOC": "GPE"}
    weight, bias = matrix("head").unflatten(0, (-1, 3)), vector("head.bias").view(-1, 3)
    with torch.no_grad():
        for row, label in enumerate(LABELS):
            source = like.get(label, label)
            if source in SHIPPED:
                at = SHIPPED.index(source)
                model.head.weight.view(len(LABELS), 3, -1)[row].copy_(weight[at])
                model.head.bias.view(-1, 3)[row].copy_(bias[at])


def lessons(corpora: Path, teacher: Path) -> list[Sentence]:
    """The unlabelled corpora, with the teacher's logits [words, labels that ship, 3]."""
    encoder = Encoder(teacher, {})
    found: list[Sentence] = []
    for path in sorted((corpora / "text").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            for text in _passages(line):
                one = sentence(text, [], frozenset())
                told = encoder.logits(text, one.places).astype(np.float16)
                found.append(Sentence(one.words, (), one.annotated, text, one.places, told=told))
    return found


def _passages(line: str) -> Iterator[str]:
    """A line's sentences, the short ones together."""
    begun, last = 0, 0
    for start, end in sentences(line):
        if last > begun and end - begun > _LONG:
            yield line[begun:last].strip()
            begun = start
        last = end
    if line[begun:last].strip():
        yield line[begun:last].strip()


def told(group: Sequence[Sentence], words: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The teacher's probabilities [sentences, words, labels that ship, 3], and where there are
    any [sentences, words]."""
    said = np.zeros((len(group), words, len(SHIPPED), 3), np.float32)
    there = np.zeros((len(group), words), bool)
    for row, one in enumerate(group):
        if one.told is not None:
            said[row, : len(one.words)] = one.told
            there[row, : len(one.words)] = True
    return torch.from_numpy(said).softmax(3), torch.from_numpy(there)


def distance(logits: torch.Tensor, group: Sequence[Sentence], mix: torch.Tensor) -> Any:
    """The cross-entropy from the teacher's answer, summed over labels and words; and the words."""
    said, there = told(group, logits.shape[1])
    if not there.any():
        return 0.0, 0
    ours = torch.einsum("ol,wlc->woc", mix, logits.float()[there]).log_softmax(2)
    return -(said[there] * ours).sum(), int(there.sum())


def mixed() -> torch.Tensor:
    """`mixture` as a tensor."""
    return torch.from_numpy(mixture())
