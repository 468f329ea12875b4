"""English events: the same rules on another language's files. Entities are given."""

import pytest

from curation.annotate.inflection_en import verb_forms
from tests.annotate.english_events import events


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[France|GPE] and [Germany|GPE] signed an agreement in [Paris|GPE] on [Monday|DATE].",
            "AGREE signed actor=France actor=Germany location=Paris date=Monday",
        ),
        (
            "Gunmen killed two soldiers in [Sinai|LOC] on [Friday|DATE].",
            "ASSAULT killed actor=Gunmen recipient=soldiers location=Sinai date=Friday",
        ),
        (
            "Two soldiers were killed by gunmen in [Sinai|LOC].",
            "ASSAULT killed actor=gunmen recipient=soldiers location=Sinai",
        ),
        (
            "Police arrested dozens of protesters in [Cairo|GPE].",
            "COERCE arrest arrested actor=Police recipient=protesters location=Cairo",
        ),
        (
            "[Israeli|NORP] warplanes bombed positions of [Hezbollah|ORG] near [Tyre|GPE].",
            "ASSAULT aerial bombed actor=Israeli recipient=Hezbollah location=Tyre",
        ),
        (
            "The [United States|GPE] imposed sanctions on [Russia|GPE].",
            "SANCTION sanctions actor=United States recipient=Russia",
        ),
        (
            "Thousands of teachers went on strike in [Tunisia|GPE].",
            "PROTEST strike strike actor=teachers location=Tunisia",
        ),
        (
            "The assassination of [Rafik Hariri|PERSON] shocked [Lebanon|GPE].",
            "ASSAULT assassinate assassination recipient=Rafik Hariri",
        ),
        (
            "President [Macron|PERSON] will visit [Algeria|GPE] [next week|DATE].",
            "CONSULT visit visit future actor=Macron location=Algeria date=next week",
        ),
        (
            "A suicide bomber killed at least 20 people in [Kabul|GPE].",
            "ASSAULT killed recipient=people location=Kabul",
        ),
        (
            "[Iran|GPE] did not plan to attack [Israel|GPE].",
            "ASSAULT attack negated actor=Iran recipient=Israel",
        ),
        (
            "[Iran|GPE] denied attacking the tanker.",
            "ASSAULT attacking negated actor=Iran",
        ),
        (
            "[Donald Trump|PERSON] met [Xi Jinping|PERSON] in [Ankara|GPE].",
            "CONSULT meeting met actor=Donald Trump recipient=Xi Jinping location=Ankara",
        ),
        (
            "[Egypt|GPE] and [Turkey|GPE] met on [Monday|DATE].",
            "CONSULT meeting met actor=Egypt actor=Turkey date=Monday",
        ),
        (
            "[Russia|GPE] agreed to pay [3 billion dollars|MONEY].",
            "AGREE agreed actor=Russia",
        ),
        (
            "A car bomb killed five people in [Kabul|GPE].",
            "ASSAULT killed recipient=people location=Kabul",
        ),
        (
            "A drone hit a market in [Khartoum|GPE], killing three civilians.",
            "ASSAULT killing recipient=civilians location=Khartoum",
        ),
        (
            "Protests were planned for [Saturday|DATE].",
            "PROTEST demo Protests future date=Saturday",
        ),
        (
            "[Hamas|ORG] denied that it planned to attack [Tel Aviv|GPE].",
            "ASSAULT attack negated actor=Hamas recipient=Tel Aviv",
        ),
        (
            "[Hamas|ORG] said that it planned to attack [Tel Aviv|GPE].",
            "ASSAULT attack future actor=Hamas recipient=Tel Aviv",
        ),
        (
            "[Iran|GPE] denied it, saying that [Hamas|ORG] planned to attack [Tel Aviv|GPE].",
            "ASSAULT attack future actor=Hamas recipient=Tel Aviv",
        ),
        (
            "Thousands of people protested in [Nairobi|GPE] on [Monday|DATE] against a tax bill "
            "proposed by [President|TITLE] [William Ruto|PERSON].",
            "PROTEST demo protested actor=people location=Nairobi date=Monday",
        ),
        (
            "Police arrested two men in a raid ordered by [William Ruto|PERSON].",
            "COERCE arrest arrested actor=Police",
        ),
        (
            "Did [Israel|GPE] attack [Syria|GPE]?",
            "ASSAULT attack possible actor=Israel recipient=Syria",
        ),
    ],
)
def test_who_does_what_to_whom(text: str, expected: str) -> None:
    assert events(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[Baerbock|PERSON] visited [Beijing|GPE] and urged [China|GPE] to stop.",
            "DEMAND urged actor=Baerbock recipient=China",
        ),
        (
            "Police arrested dozens of protesters and attacked journalists in [Cairo|GPE].",
            "ASSAULT attacked actor=Police recipient=journalists location=Cairo",
        ),
    ],
)
def test_a_verb_that_is_joined_to_another_has_its_subject(text: str, expected: str) -> None:
    assert events(text)[-1] == expected


def test_who_is_joined_to_a_place_and_has_a_verb_is_of_that_verb() -> None:
    assert events("[Israel|GPE] withdrew from [Rafah|GPE], and [Hamas|ORG] accused it.") == [
        "RETREAT withdraw withdrew actor=Israel location=Rafah",
        "DISAPPROVE accused actor=Hamas",
    ]


def test_a_passive_tells_of_who_stands_before_it() -> None:
    text = "[Iran|GPE] was condemned by [France|GPE] for executing two protesters."
    assert events(text) == ["DISAPPROVE condemned actor=France recipient=Iran"]


def test_what_is_threatened_is_an_event_of_its_own() -> None:
    assert events("[Russia|GPE] threatened to attack [Ukraine|GPE].") == [
        "THREATEN threatened actor=Russia",
        "ASSAULT attack possible actor=Russia recipient=Ukraine",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The striker attacked the goal in the second half of the match.",
        "He suffered a heart attack.",
        "[Russia|GPE] met the deadline in [May|DATE].",
        "Population explosion worries experts.",
        "[Turkey|GPE] is a country.",
    ],
)
def test_a_word_alone_is_no_event(text: str) -> None:
    assert events(text) == []


def test_a_short_word_doubles_its_last_letter() -> None:
    assert {form.text for form in verb_forms("stab")} == {"stab", "stabs", "stabbed", "stabbing"}
    assert [form.text for form in verb_forms("give/gave/given") if form.passive] == ["given"]


def test_a_last_e_is_written_once() -> None:
    assert "agreed" in {form.text for form in verb_forms("agree")}
    assert "freed" in {form.text for form in verb_forms("free")}
