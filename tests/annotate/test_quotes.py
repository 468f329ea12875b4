"""Quotes find their place in a text, or say why they have none; no place is guessed."""

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from curation.annotate.quotes import Mention, align, loose_key
from curation.text import words
from tests.strategies import texts

PART = "stands in the text only as a part of words"


def said(text: str, *quotes: str | Mention) -> list[str]:
    """What stands at the places found, with where; or the reason."""
    mentions = [Mention(q, "GPE") if isinstance(q, str) else q for q in quotes]
    return [
        found if isinstance(found, str) else f"{text[found[0] : found[1]]}@{found[0]}"
        for found in align(text, mentions)
    ]


def phrases(text: str) -> st.SearchStrategy[tuple[int, int]]:
    """From the beginning of one of its words to the end of the same or a later one."""
    found = words(text)
    pairs = st.tuples(st.sampled_from(found), st.sampled_from(found)).map(sorted)
    return pairs.map(lambda pair: (pair[0][0], pair[1][1]))


def cuts(text: str) -> st.SearchStrategy[tuple[int, int]]:
    """Any two places, in order."""
    place = st.integers(0, len(text))
    return st.tuples(place, place).map(lambda pair: (min(pair), max(pair)))


@given(st.data())
def test_a_quote_cut_from_a_text_with_its_context_is_found_at_its_place(
    data: st.DataObject,
) -> None:
    text = data.draw(texts(min_pieces=1))
    assume(words(text))
    start, end = data.draw(phrases(text))
    mention = Mention(text[start:end], "GPE", before=text[:start], after=text[end:])
    assert align(text, [mention]) == [(start, end)]


@given(st.data())
def test_a_quote_cut_anywhere_is_found_there_or_is_a_part_of_words(data: st.DataObject) -> None:
    text = data.draw(texts(min_pieces=1))
    start, end = data.draw(cuts(text))
    quote = text[start:end]
    assume(quote.strip())
    mention = Mention(quote, "GPE", before=text[:start], after=text[end:])
    (found,) = align(text, [mention])
    if isinstance(found, tuple):
        assert loose_key(text[found[0] : found[1]]) == loose_key(quote)
        characters = {match.end() for match in regex.finditer(r"\X", text)} | {0}
        edges = {edge for word in words(text) for edge in word}
        assert set(found) <= characters | edges
    else:
        assert found.startswith("stands")
        assert {start, end} - {edge for word in words(text) for edge in word}


@given(st.data())
def test_a_short_context_is_enough_where_it_stands_once(data: st.DataObject) -> None:
    text = data.draw(st.text("ab اب.", min_size=1, max_size=60))
    assume(words(text))
    start, end = data.draw(phrases(text))
    size = data.draw(st.integers(0, 10))
    before, after = text[max(0, start - size) : start], text[end : end + size]
    whole = loose_key(before) + loose_key(text[start:end]) + loose_key(after)
    everything, piece = (one.replace(" ", "") for one in (loose_key(text), whole))
    assume(sum(everything.startswith(piece, at) for at in range(len(everything))) == 1)
    found = align(text, [Mention(text[start:end], "GPE", before, after)])
    assert found == [(start, end)]


@given(st.data())
def test_what_is_placed_says_the_quote_and_what_the_text_does_not_say_is_not_placed(
    data: st.DataObject,
) -> None:
    text = data.draw(texts())
    quotes = st.one_of(texts(), st.text("اأإبيروت ", max_size=4), st.just("بيروت"))
    mentions = [
        Mention(data.draw(quotes), data.draw(st.sampled_from(["A", "B"])), data.draw(texts()))
        for _ in range(data.draw(st.integers(0, 4)))
    ]
    for mention, found in zip(mentions, align(text, mentions), strict=True):
        if isinstance(found, tuple):
            assert loose_key(text[found[0] : found[1]]) == loose_key(mention.quote)
        if loose_key(mention.quote) not in loose_key(text):
            assert found in ("not in the text", "an empty quote", PART)


@given(texts(), texts(min_pieces=1))
def test_the_order_and_number_of_answers_is_that_of_the_mentions(text: str, quote: str) -> None:
    mentions = [Mention(quote, "A"), Mention("", "A"), Mention(quote + "☃", "A")]
    assert len(align(text, mentions)) == 3
    assert align(text, mentions)[1] == "an empty quote"


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("في بَيْرُوت.", "بيروت", "بَيْرُوت@3"),
        ("قالت اسرائيل", "إسرائيل", "اسرائيل@5"),
        ("İzmir and ANKARA", "ankara", "ANKARA@10"),
        ("👨‍👩‍👧‍👦 New\n  York", "New York", "New\n  York@8"),
        ("the “Le Monde” daily", "'Le Monde'", "“Le Monde”@4"),
        ("cafe\u0301 noir", "café", "cafe\u0301@0"),
        ("Rabat", "Fez", "not in the text"),
        ("Rabat", " \n", "an empty quote"),
        ("ﷺ", "الله", PART),  # it is in the middle of one character
        ("The Iranian team won", "Iran", PART),
        ("The Iranian team, Iran", "Iran", "Iran@18"),
        ("Iran's and IRAN’S team", "Iran", "Iran@0"),
        ("Ankara'da", "Ankara", "Ankara@0"),
        ("l’Algérie", "Algérie", "Algérie@2"),
        ("محمّد", "محم", PART),
        ("محمّد", "محمد", "محمّد@0"),
        ("cafe\u0301 noir", "cafe", "cafe\u0301@0"),
        ("وَبالرباط", "الرباط", "الرباط@3"),
        ("وللمغرب", "مغرب", "مغرب@3"),
        ("سيزور", "يزور", "يزور@1"),
        ("المغربي", "المغرب", PART),
        ("北京市长", "北京", "北京@0"),
        ("👨‍👩‍👧‍👦", "👩", PART),
    ],
)
def test_forms(text: str, quote: str, expected: str) -> None:
    assert said(text, quote) == [expected]


def test_an_exact_place_goes_before_one_that_is_only_alike() -> None:
    assert said("US and us", "US") == ["US@0"]
    assert said("US and us", Mention("US", "GPE", before="and")) == ["us@7"]


def test_of_several_places_the_context_tells() -> None:
    text = "Rabat is old. He left Rabat in May, and Rabat again in June."
    before = Mention("Rabat", "GPE", before="he left")
    after = Mention("Rabat", "GPE", after="again in")
    assert said(text, after) == ["Rabat@40"]
    assert said(text, before, after) == ["Rabat@22", "Rabat@40"]


def test_never_the_first_place_blindly() -> None:
    text = "Rabat, Rabat and Rabat"
    assert said(text, "Rabat") == [
        "stands 3 times in the text, and nothing tells where it is meant"
    ]
    wrong = Mention("Rabat", "GPE", before="nothing of the kind")
    assert said(text, wrong)[0].startswith("stands 3 times")


def test_what_is_quoted_as_often_as_it_stands_there_is_all_of_it() -> None:
    text = "Rabat, Rabat and Rabat"
    assert said(text, "Rabat", "Rabat", "Rabat") == ["Rabat@0", "Rabat@7", "Rabat@17"]
    first = Mention("Rabat", "GPE", after=", Rabat and")
    assert said(text, "Rabat", first, "Rabat") == ["Rabat@7", "Rabat@0", "Rabat@17"]
    person = Mention("Rabat", "PERSON")
    assert all(line.startswith("stands") for line in said("Rabat, Rabat", "Rabat", person))


def test_the_order_tells_only_if_what_is_sure_is_in_order() -> None:
    text = "Ali in Rabat. Omar left Rabat. Fez."
    assert said(text, "Ali", "Rabat", "Omar") == ["Ali@0", "Rabat@7", "Omar@14"]
    assert said(text, "Omar", "Rabat", "Fez") == ["Omar@14", "Rabat@24", "Fez@31"]
    assert said(text, "Omar", "Rabat", "Ali")[1].startswith("stands 2 times")


def test_of_very_many_mentions_each_has_its_place_or_reason() -> None:
    text = "a " * 2000
    mentions = [Mention("a", "X")] * 2000
    assert align(text, mentions) == [(at, at + 1) for at in range(0, 4000, 2)]
    assert set(align(text, mentions[1:])) == {
        "stands 2000 times in the text, and nothing tells where it is meant"
    }
    ends = [Mention("b", "X"), Mention("a", "X"), Mention("c", "X")]
    assert align("a b a c a", ends) == [(2, 3), (4, 5), (6, 7)]
