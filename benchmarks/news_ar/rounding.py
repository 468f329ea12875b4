"""Products rounded while the network learns, as they will be when it ships in whole numbers.

The shipped products take activations of 8 bits, scaled over the window, and weights of 7, scaled by
row (`benchmarks/news_ar/export.py`). Two remedies keep what that would lose (1.2 points of F1):

- Some channels of the feed-forward's inputs are tens of times larger than the rest and leave these
  few steps of the 255. They are divided before the product, and its weights multiplied (Xiao et al.
  2023, "SmoothQuant").
- The network learns with the rounded numbers; the gradient passes as if they were not (Jacob et al.
  2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
  Inference").
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from benchmarks.news_ar.corpora import Sentence
from benchmarks.news_ar.network import Tagger, batch
from curation.annotate.pieces import Pieces

#: A channel may be so many times as large as the middle one.
_LARGE = 2.0
#: Steps of a weight to either side of zero, and of an activation.
_WEIGHT, _ACTIVATION = 64, 255


class Rounded(nn.Linear):
    """A linear layer over [sentences, pieces, width]. `smooth` [width] divides its input's
    channels; with `rounding`, input and weights are those of whole numbers."""

    smooth: torch.Tensor

    def __init__(self, like: nn.Linear) -> None:
        super().__init__(like.in_features, like.out_features)
        self.weight, self.bias = like.weight, like.bias
        self.register_buffer("smooth", torch.ones(like.in_features))
        self.rounding = False

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The product."""
        if not self.rounding:
            return super().forward(rows)
        weight = self.weight * self.smooth
        return nn.functional.linear(_activations(rows / self.smooth), _weights(weight), self.bias)


def prepare(model: Tagger) -> None:
    """Put `Rounded` in the place of every linear layer of the encoder."""
    for layer in model.encoder.encoder.layer:
        own = layer.attention.self
        own.query, own.key, own.value = map(Rounded, (own.query, own.key, own.value))
        for part in (layer.attention.output, layer.intermediate, layer.output):
            part.dense = Rounded(part.dense)


def smooth(model: Tagger, sentences: Sequence[Sentence], pieces: Pieces) -> None:
    """Find the large channels of the feed-forward's inputs in some sentences; round from now on."""
    _round(model, False)
    parts = [
        part.dense
        for layer in model.encoder.encoder.layer
        for part in (layer.intermediate, layer.output)
    ]
    largest = {part: torch.zeros(part.in_features) for part in parts}

    def watch(part: Rounded, given: tuple[torch.Tensor]) -> None:
        torch.maximum(largest[part], given[0].abs().amax((0, 1)), out=largest[part])

    hooks = [part.register_forward_pre_hook(watch) for part in parts]
    model.eval()
    with torch.no_grad():
        for one in sentences:
            model(*batch([one], pieces)[0])
    for hook in hooks:
        hook.remove()
    for part in parts:
        seen = largest[part]
        part.smooth.copy_((seen / (_LARGE * seen.median())).clamp(min=1))
    _round(model, True)


def _round(model: Tagger, rounding: bool) -> None:
    for part in model.modules():
        if isinstance(part, Rounded):
            part.rounding = rounding


def _activations(rows: torch.Tensor) -> torch.Tensor:
    """Rows rounded to 8 bits, each sentence by its own range, as ONNX's DynamicQuantizeLinear."""
    with torch.no_grad():
        low = rows.amin((1, 2), keepdim=True).clamp(max=0)
        step = (rows.amax((1, 2), keepdim=True).clamp(min=0) - low) / _ACTIVATION
        zero = (-low / step).round()
        whole = ((rows / step).round() + zero).clamp(0, _ACTIVATION).sub(zero) * step
    return rows + (whole - rows).detach()


def _weights(weight: torch.Tensor) -> torch.Tensor:
    """Weights rounded to 7 bits, each row by its largest."""
    with torch.no_grad():
        step = weight.abs().amax(1, keepdim=True) / _WEIGHT
        whole = (weight / step).round() * step
    return weight + (whole - weight).detach()
