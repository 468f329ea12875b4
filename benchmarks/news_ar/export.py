"""The trained network as an ONNX file with 8-bit weights, that onnxruntime runs without torch."""

from __future__ import annotations

from pathlib import Path

import torch

from benchmarks.news_ar.corpora import LABELS
from benchmarks.news_ar.network import Tagger

#: The coarse labels teach; they are not shipped.
SHIPPED = tuple(label for label in LABELS if label[0] != "~")


def export(model: Tagger, folder: Path) -> tuple[Path, Path]:
    """Write `model.fp32.onnx` and `model.onnx`; give their paths."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    full, small = folder / "model.fp32.onnx", folder / "model.onnx"
    sample = (
        torch.full((2, 9), 5),
        torch.ones(2, 9, dtype=torch.int64),
        torch.arange(1, 7).repeat(2, 1),
        torch.arange(1, 7).repeat(2, 1),
    )
    names = ["ids", "mask", "first", "last"]
    axes = {
        "ids": {0: "batch", 1: "pieces"},
        "mask": {0: "batch", 1: "pieces"},
        "first": {0: "batch", 1: "words"},
        "last": {0: "batch", 1: "words"},
        "logits": {0: "batch", 1: "words"},
    }
    torch.onnx.export(
        Shipped(model),
        sample,
        str(full),
        input_names=names,
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        full,
        small,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )
    return full, small


class Shipped(torch.nn.Module):
    """The network without the labels that only teach."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model
        self.kept = [LABELS.index(label) for label in SHIPPED]

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, first: torch.Tensor, last: torch.Tensor
    ) -> torch.Tensor:
        """The logits of the labels that are shipped."""
        return self.model(ids, mask, first, last)[:, :, self.kept]
