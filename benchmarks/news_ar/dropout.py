"""Dropout from a pool of random masks: on a CPU, fresh ones cost more than a matrix product."""

from __future__ import annotations

import random

import torch
from torch import nn

_POOL = 8_000_000


class PooledDropout(nn.Module):
    """Dropout whose mask is a slice, at a random place, of one mask drawn at the start."""

    def __init__(self, part: float, seed: int = 0) -> None:
        super().__init__()
        chance = torch.Generator().manual_seed(seed)
        kept = torch.rand(_POOL, generator=chance) >= part
        self._pool = (kept.to(torch.bfloat16) / (1 - part)).contiguous()
        self._place = random.Random(seed)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Values, some of them zero, the rest scaled up; unchanged outside training."""
        if not self.training:
            return values
        at = self._place.randrange(_POOL - values.numel())
        return values * self._pool[at : at + values.numel()].view_as(values)


def pool(model: nn.Module, seed: int) -> None:
    """Put pooled dropout in the place of every dropout of a model; equal ones share a pool."""
    made: dict[float, PooledDropout] = {}
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Dropout) and module.p > 0:
            parent, _, last = name.rpartition(".")
            masks = made.setdefault(module.p, PooledDropout(module.p, seed))
            setattr(model.get_submodule(parent), last, masks)
