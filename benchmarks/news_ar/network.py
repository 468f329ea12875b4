"""The network: the encoder, and for each label one BIO tagger over words.

A word is its first and its last piece, side by side. For each label the output is three logits a
word: outside, begins, goes on. Labels do not compete, so spans of different labels may nest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.news_ar.corpora import LABELS, SHIPPED, Sentence
from curation.annotate.pieces import END, PAD, START, Pieces

IGNORED = -100
#: ANERcorp's labels teach beside ours, and have a say in two of them: (theirs, its part).
MIXED = {"PERSON": ("~PER", 0.5), "ORG": ("~ORG", 0.5)}


def mixture() -> Any:
    """Which parts of the network's labels make each shipped one: [shipped, labels]."""
    mix = np.zeros((len(SHIPPED), len(LABELS)), np.float32)
    for row, label in enumerate(SHIPPED):
        theirs, part = MIXED.get(label, (label, 0.0))
        mix[row, LABELS.index(label)] += 1 - part
        mix[row, LABELS.index(theirs)] += part
    return mix


class Tagger(nn.Module):
    """ids, mask [batch, pieces], first, last [batch, words] → [batch, words, labels, 3]."""

    def __init__(self, encoder: Any, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(2 * width, 3 * len(LABELS))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, first: torch.Tensor, last: torch.Tensor
    ) -> torch.Tensor:
        """The logits."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        index = torch.stack([first, last], 2).flatten(1)  # [batch, 2 words]
        picked = hidden.gather(1, index.unsqueeze(2).expand(-1, -1, hidden.shape[2]))
        both = picked.reshape(first.shape[0], first.shape[1], -1)
        return self.head(self.drop(both)).unflatten(2, (len(LABELS), 3))


def batch(sentences: Sequence[Sentence], pieces: Pieces) -> tuple[tuple[torch.Tensor, ...], Any]:
    """What the network is given, and what it should say [batch, words, labels] (IGNORED: no
    telling)."""
    rows = [pieces.of(one.words) for one in sentences]
    length = max(sum(map(len, row)) for row in rows) + 2
    count = max(map(len, rows))
    ids = np.full((len(rows), length), PAD, np.int64)
    first = np.zeros((len(rows), count), np.int64)
    last = np.zeros((len(rows), count), np.int64)
    wanted = np.full((len(rows), count, len(LABELS)), IGNORED, np.int64)
    for b, (one, row) in enumerate(zip(sentences, rows, strict=True)):
        ids[b, 0] = START
        at = 1
        for w, word in enumerate(row):
            ids[b, at : at + len(word)] = word
            first[b, w], last[b, w] = at, at + len(word) - 1
            at += len(word)
        ids[b, at] = END
        for t, label in enumerate(LABELS):
            if label in one.annotated:
                wanted[b, : len(row), t] = 0
        for start, end, label, _ in sorted(one.spans, key=lambda s: s[0] - s[1]):
            t = LABELS.index(label)
            if not wanted[b, start:end, t].any():  # of two of one label the longer
                wanted[b, start, t] = 1
                wanted[b, start + 1 : end, t] = 2
    mask = ids != PAD
    tensors = tuple(torch.from_numpy(array) for array in (ids, mask.astype(np.int64), first, last))
    return tensors, torch.from_numpy(wanted)


def loss(logits: torch.Tensor, wanted: torch.Tensor) -> tuple[torch.Tensor, int]:
    """Cross-entropy, summed over words and the labels that a word's corpus annotates; the words."""
    total = nn.functional.cross_entropy(
        logits.float().flatten(0, 2), wanted.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return total, int((wanted != IGNORED).any(2).sum())
