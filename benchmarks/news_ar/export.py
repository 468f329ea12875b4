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
    from onnx import TensorProto
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.optimizer import optimize_model

    model.eval()
    full, small = folder / "model.fp32.onnx", folder / "model.onnx"
    words = torch.arange(1, 7)[None]
    sample = (torch.full((1, 9), 5), words, words)
    names = ["ids", "first", "last"]
    axes = {"ids": {1: "pieces"}} | {name: {1: "words"} for name in ("first", "last", "logits")}
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
    config = model.encoder.config
    fused = folder / "model.fused.onnx"  # normal layers and activations as one step each
    optimize_model(
        str(full),
        "bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        opt_level=0,
    ).save_model_to_file(str(fused))
    quantize_dynamic(
        fused,
        small,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gather"],
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    fused.unlink()
    return full, small


class Shipped(torch.nn.Module):
    """The network without the labels that only teach."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.model = model
        self.kept = [LABELS.index(label) for label in SHIPPED]

    def forward(self, ids: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """The logits of the labels that are shipped, for one window without padding."""
        return self.model(ids, torch.ones_like(ids), first, last)[:, :, self.kept]
