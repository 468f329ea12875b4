"""The trained network as an ONNX file with 8-bit weights, that onnxruntime runs without torch."""

from __future__ import annotations

from pathlib import Path

import torch

from benchmarks.news_ar.corpora import LABELS, SHIPPED
from benchmarks.news_ar.network import Tagger, mixture


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
        nodes_to_exclude=["/head/MatMul"],  # small, and the last to speak
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )
    fused.unlink()
    return full, small


class Shipped(torch.nn.Module):
    """The network with the labels that ship, for one window without padding."""

    def __init__(self, model: Tagger) -> None:
        super().__init__()
        self.encoder = model.encoder
        mix = torch.from_numpy(mixture())
        width = model.head.in_features
        self.head = torch.nn.Linear(width, 3 * len(SHIPPED))
        with torch.no_grad():
            per_label = model.head.weight.view(len(LABELS), 3, width)
            weight = torch.einsum("ol,lcw->ocw", mix, per_label)
            self.head.weight.copy_(weight.reshape(-1, width))
            self.head.bias.copy_((mix @ model.head.bias.view(-1, 3)).reshape(-1))

    def forward(self, ids: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        """ids [1, pieces], first and last [1, words] → logits [1, words, labels, 3]."""
        hidden = self.encoder(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state
        both = torch.cat([hidden[:, first[0]], hidden[:, last[0]]], 2)
        return self.head(both).unflatten(2, (len(SHIPPED), 3))
