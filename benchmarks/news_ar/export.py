"""The trained network as an ONNX file with 8-bit weights, that onnxruntime runs without torch.

The weights of products have 7 bits of the 8: then no sum of two products with 8-bit activations
passes 16 bits, and processors without VNNI instructions compute the same as those with them. What
is given to a layer's feed-forward is made smooth first (`benchmarks/news_ar/rounding.py`).

The encoder is written anew for one window without padding: rows of pieces in place of batches, and
query, key and value as one product, so that there are fewer and larger 8-bit products.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from torch import nn

from benchmarks.news_ar.corpora import LABELS, SHIPPED
from benchmarks.news_ar.network import Tagger, mixture
from benchmarks.news_ar.rounding import Rounded


def export(model: Tagger, folder: Path) -> tuple[Path, Path]:
    """Write `model.fp32.onnx` and `model.onnx`; give their paths."""
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full, small = folder / "model.fp32.onnx", folder / "model.onnx"
    words = torch.arange(1, 7)[None]
    sample = (torch.full((1, 9), 5), words, words)
    names = ["ids", "first", "last"]
    axes = {"ids": {1: "pieces"}} | {name: {1: "words"} for name in ("first", "last", "logits")}
    torch.onnx.export(
        Shipped(model).eval(),
        sample,
        str(full),
        input_names=names,
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    half = folder / "model.half.onnx"
    more = {"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT}
    for source, target, kind in ((full, half, "Gather"), (half, small, "MatMul")):
        quantize_dynamic(
            source,
            target,
            per_channel=True,
            reduce_range=kind == "MatMul",
            weight_type=QuantType.QInt8,
            op_types_to_quantize=[kind],
            nodes_to_exclude=["/head/Gemm"],  # small, and the last to speak
            extra_options=more,
        )
    half.unlink()
    return full, small


class Layer(nn.Module):
    """A layer of the encoder over the rows of one window, [pieces, width] → the same."""

    def __init__(self, layer: Any, heads: int) -> None:
        super().__init__()
        own = layer.attention.self
        self.heads, self.width = heads, own.query.in_features
        scale = 1 / math.sqrt(self.width // heads)
        self.all = nn.Linear(self.width, 3 * self.width)
        with torch.no_grad():
            for part in ("weight", "bias"):
                query, *rest = (getattr(one, part) for one in (own.query, own.key, own.value))
                getattr(self.all, part).copy_(torch.cat([query * scale, *rest]))
        self.mix = linear(layer.attention.output.dense)
        self.mixed = layer.attention.output.LayerNorm
        self.widen, self.narrow = linear(layer.intermediate.dense), linear(layer.output.dense)
        self.widened = nn.Parameter(1 / layer.intermediate.dense.smooth)
        self.narrowed = nn.Parameter(1 / layer.output.dense.smooth)
        self.done = layer.output.LayerNorm

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The rows after attention and feed-forward."""
        query, key, value = (
            part.reshape(-1, self.heads, self.width // self.heads).transpose(0, 1)
            for part in self.all(rows).split(self.width, 1)
        )
        seen = torch.softmax(query @ key.transpose(1, 2), -1) @ value
        rows = self.mixed(rows + self.mix(seen.transpose(0, 1).reshape(-1, self.width)))
        wide = nn.functional.gelu(self.widen(rows * self.widened))
        return self.done(rows + self.narrow(wide * self.narrowed))


def linear(part: Rounded) -> nn.Linear:
    """The layer for an input that is smooth already."""
    found = nn.Linear(part.in_features, part.out_features)
    with torch.no_grad():
        found.weight.copy_(part.weight * part.smooth)
        found.bias.copy_(part.bias)
    return found


class Shipped(nn.Module):
    """The network with the labels that ship, for one window without padding."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        encoder = model.encoder
        embeddings = encoder.embeddings
        self.pieces, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        types = embeddings.token_type_embeddings.weight[0]
        self.places = nn.Parameter((embeddings.position_embeddings.weight + types).detach())
        heads = encoder.config.num_attention_heads
        self.layers = nn.ModuleList(Layer(layer, heads) for layer in encoder.encoder.layer)
        mix = torch.from_numpy(mixture())
        width = model.head.in_features
        self.head = nn.Linear(width, 3 * len(SHIPPED))
        with torch.no_grad():
            per_label = model.head.weight.view(len(LABELS), 3, width)
            weight = torch.einsum("ol,lcw->ocw", mix, per_label)
            self.head.weight.copy_(weight.reshape(-1, width))
            self.head.bias.copy_((mix @ model.head.bias.view(-1, 3)).reshape(-1))

    def forward(self, ids: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """ids [1, pieces], first and last [1, words] → logits [1, words, labels, 3]."""
        rows = self.norm(self.pieces(ids[0]) + self.places[: ids.shape[1]])
        for layer in self.layers:
            rows = layer(rows)
        return self.head(torch.cat([rows[first[0]], rows[last[0]]], 1)).reshape(
            1, -1, len(SHIPPED), 3
        )
