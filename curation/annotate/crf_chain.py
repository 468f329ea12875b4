"""Forward and backward over a linear chain, for many sentences at once."""

from __future__ import annotations

from typing import Any


def chain(scores: Any, moves: Any, firsts: Any, lengths: Any) -> tuple[Any, Any, Any]:
    """Forward and backward probabilities, scaled (Rabiner 1989), of all sentences at once, the
    longest first; their product is each label's probability.

    `scores` are words by labels, not negative; `moves` labels by labels; `firsts` and `lengths` say
    where each sentence stands among the words. Returns both and the scale of each word.
    """
    import numpy as np

    ahead, behind = np.zeros_like(scores), np.zeros_like(scores)
    scale = np.ones(len(scores))
    now = scores[firsts]
    for step in range(int(lengths[0])):
        live = int(np.searchsorted(-lengths, -step, side="left"))
        places = firsts[:live] + step
        if step:
            now = (now[:live] @ moves) * scores[places]
        total = now.sum(axis=1)
        now = now / total[:, None]
        ahead[places], scale[places] = now, total
    for step in range(int(lengths[0]) - 1, -1, -1):
        live = int(np.searchsorted(-lengths, -step, side="left"))
        places = firsts[:live] + step
        after = np.minimum(places + 1, len(scores) - 1)
        follow = (scores[after] * behind[after] / scale[after][:, None]) @ moves.T
        ends = lengths[:live] == step + 1
        follow[ends] = 1.0
        behind[places] = follow
    return ahead, behind, scale
