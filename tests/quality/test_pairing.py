"""The best pairing is the best of all pairings, and the same whatever comes first."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from curation.quality.pairing import Pair, heaviest, overlapping

WEIGHTS = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 9), max_size=12
)
SPANS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 9)).map(lambda s: (s[0], s[0] + s[1])), max_size=8
)


def best(weights: Mapping[Pair, int]) -> int:
    """By trying everything."""
    if not weights:
        return 0
    (i, j), weight = next(iter(weights.items()))
    rest = {pair: w for pair, w in weights.items() if pair != (i, j)}
    apart = {pair: w for pair, w in rest.items() if pair[0] != i and pair[1] != j}
    return max(best(rest), weight + best(apart))


@given(WEIGHTS)
def test_no_pairing_weighs_more_and_no_place_is_paired_twice(weights: dict[Pair, int]):
    pairs = heaviest(weights)
    assert sum(weights[pair] for pair in pairs) == best(weights)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


@given(WEIGHTS)
def test_turned_around_it_weighs_the_same(weights: dict[Pair, int]):
    turned = heaviest({(j, i): w for (i, j), w in weights.items()})
    assert sum(weights[i, j] for j, i in turned) == sum(weights[pair] for pair in heaviest(weights))


def test_a_step_back_is_taken_where_two_then_find_a_partner():
    assert heaviest({(0, 0): 5, (0, 1): 4, (1, 0): 4}) == [(0, 1), (1, 0)]
    assert heaviest({(0, 0): 9, (0, 1): 4, (1, 0): 4}) == [(0, 0)]


def test_a_long_chain_is_solved():
    chain = {(i, i): 2 for i in range(2000)} | {(i, i + 1): 3 for i in range(1999)}
    assert sum(chain[pair] for pair in heaviest(chain)) == 3 * 1999


@given(SPANS, SPANS)
def test_overlapping_finds_what_looking_everywhere_finds(left: list[Pair], right: list[Pair]):
    everywhere = {
        (i, j)
        for i, a in enumerate(left)
        for j, b in enumerate(right)
        if min(a[1], b[1]) > max(a[0], b[0])
    }
    assert set(overlapping(left, right)) == everywhere
    assert len(list(overlapping(left, right))) == len(everywhere)
