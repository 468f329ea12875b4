"""Capital letters as a sign of names: look-ups, heads, persons and titles in English and French."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curation.model import Document, Record
from curation.text import words
from tests.annotate.latin import pipeline, read, spans, values
from tests.strategies import texts


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Turkey met the US.", [("Turkey", "iso3166:TR"), ("US", "iso3166:US")]),
        ("en", "He told us that turkey is nice.", []),
        ("en", "THEY TOLD US EVERYTHING", []),
        ("en", "TURKEY: thousands leave", [("TURKEY", "iso3166:TR")]),
        ("en", "Nice is nice.", []),
        ("en", "She lives in Nice.", [("Nice", None)]),
        ("en", "Russia's army", [("Russia", "iso3166:RU")]),
        ("en", "in the U.S. and the U.K.", [("U.S.", "iso3166:US"), ("U.K.", "iso3166:GB")]),
        (
            "fr",
            "l’Algérie et la Côte d’Ivoire",
            [("Algérie", "iso3166:DZ"), ("Côte d’Ivoire", "iso3166:CI")],
        ),
        (
            "fr",
            "Les Etats-Unis et l'Egypte",
            [("Etats-Unis", "iso3166:US"), ("Egypte", "iso3166:EG")],
        ),
        ("fr", "Orange a fait des tours", []),
        ("fr", "Il habite à Tours.", [("Tours", None)]),
        ("fr", "la présidente argentine", []),
    ],
)
def test_a_place_is_looked_up_with_its_capitals(
    language: str, text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert values(language, text, "GPE") == expected


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "Kenyan", "KE"),
        ("en", "Kenyans", "KE"),
        ("en", "Turkish", "TR"),
        ("en", "South Koreans", "KR"),
        ("fr", "marocaine", "MA"),
        ("fr", "Libyens", "LY"),
        ("fr", "grecques", "GR"),
        ("fr", "sud-coréenne", "KR"),
        ("fr", "britanniques", "GB"),
    ],
)
def test_a_nationality_says_its_country(language: str, text: str, value: str) -> None:
    assert values(language, f"Two {text} here", "NORP") == [(text, f"iso3166:{value}")]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "the Bank of England", ["ORG Bank of England"]),
        ("en", "The Kenyan Football Federation won", ["ORG Kenyan Football Federation"]),
        ("en", "the French army left", ["ORG French army"]),
        ("en", "the embassy of Kenya", ["ORG embassy of Kenya"]),
        ("en", "near Mount Elgon and the Zarq River", ["LOC Mount Elgon", "LOC Zarq River"]),
        ("en", "at Gatwick Airport", ["FAC Gatwick Airport"]),
        ("en", "Hurricane Irma", ["EVENT Hurricane Irma"]),
        ("en", "the bank of the river", []),
        ("en", "THE BANK OF ENGLISH MONEY", []),
        ("fr", "le ministère de la Défense a", ["ORG ministère de la Défense"]),
        ("fr", "l’armée française", ["ORG armée française"]),
        ("fr", "l'ambassade de France", ["ORG ambassade de France"]),
        ("fr", "l’aéroport d'Orly", ["FAC aéroport d'Orly"]),
        ("fr", "la place de la France dans le monde", []),
        ("fr", "l'ouragan Irma", ["EVENT ouragan Irma"]),
    ],
)
def test_a_name_is_built_around_its_head(language: str, text: str, expected: list[str]) -> None:
    assert spans(language, text, "ORG", "LOC", "FAC", "EVENT") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "en",
            "French Foreign Minister Jean-Yves Le Drian left.",
            ["TITLE French Foreign Minister", "PERSON Jean-Yves Le Drian"],
        ),
        ("en", "Zxqr Vbnm said so.", ["PERSON Zxqr Vbnm"]),
        ("en", "Mr. O'Brien's dog", ["PERSON O'Brien"]),
        ("en", "Will the Senate vote?", []),
        ("en", "Michael Okafor won. Okafor wept.", ["PERSON Michael Okafor", "PERSON Okafor"]),
        (
            "en",
            "the president of France, Emmanuel Macron",
            ["TITLE president of France", "PERSON Emmanuel Macron"],
        ),
        ("en", "Gen. J. R. Abubakar spoke", ["TITLE Gen.", "PERSON J. R. Abubakar"]),
        ("en", "Bashar al-Assad fled", ["PERSON Bashar al-Assad"]),
        (
            "en",
            "the head of Russia's Security Council",
            ["TITLE head of Russia's Security Council"],
        ),
        ("en", "Smith Street is closed", []),
        (
            "fr",
            "le ministre de l’Économie et des Finances",
            ["TITLE ministre de l’Économie et des Finances"],
        ),
        ("fr", "l'ex-président Zuma", ["TITLE ex-président", "PERSON Zuma"]),
        ("fr", "Selon Mme Lefèvre, c'est faux.", ["PERSON Lefèvre"]),
        ("fr", "Pierre et Rose ont dit non.", []),
        ("fr", "Le conseil général a voté.", []),
    ],
)
def test_titles_and_persons(language: str, text: str, expected: list[str]) -> None:
    assert spans(language, text, "TITLE", "PERSON") == expected


def test_a_weapon_takes_the_noun_after_its_name() -> None:
    assert spans("en", "Patriot missiles and F-16s, a patriot", "WEAPON") == [
        "WEAPON Patriot missiles",
        "WEAPON F-16s",
    ]
    assert spans("fr", "deux missiles balistiques à longue portée", "WEAPON") == [
        "WEAPON missiles balistiques à longue portée"
    ]


WORDS_OF_NEWS = (
    "President Mr. the of l' d’ 's Paris US us May 3 20 % $ € million Macron Jean - , . and et "
    "Bank Mount du de la France français said March 2022 AU Le ministre"
)
PIECES = (*WORDS_OF_NEWS.split(), "\n")


@settings(max_examples=60)
@given(st.sampled_from(("en", "fr")), texts())
def test_every_text_is_read_without_a_fault(language: str, text: str) -> None:
    document = Document(id="d", text=text, language=language)
    Record(document, (read(language, text),))  # checks every span


@settings(max_examples=60)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_every_span_is_made_of_whole_words(pieces: list[str]) -> None:
    text = " ".join(pieces).replace("' ", "'").replace("’ ", "’")
    edges = words(text)
    starts, ends = {start for start, _ in edges}, {end for _, end in edges}
    for language in ("en", "fr"):
        for entity in read(language, text).entities:
            assert entity.start in starts, (entity.text, text)
            assert entity.end in ends, (entity.text, text)


def test_one_pipeline_reads_many_documents_in_order() -> None:
    documents = [
        Document(id=str(i), text=f"It rained in {name}.", language="en")
        for i, name in enumerate(("Kenya", "Peru"))
    ]
    found = [p.annotation.entities[0].value for p in pipeline("en").read(documents)]
    assert found == ["iso3166:KE", "iso3166:PE"]


def test_a_long_line_of_capitals_says_nothing_of_its_names() -> None:
    text = "THEY TOLD US. " * 15_000
    assert values("en", text, "GPE") == []
    assert values("en", f"{text}\nin the US\u2028{text}", "GPE") == [("US", "iso3166:US")]
