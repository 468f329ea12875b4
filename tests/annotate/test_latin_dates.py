"""Dates by a language's own patterns: English and French."""

import pytest

from tests.annotate.latin import spans, values

PUBLISHED = "2022-10-01"  # a Saturday


@pytest.mark.parametrize(
    ("language", "text", "date", "value"),
    [
        ("en", "It began on March 3, 2022.", "March 3, 2022", "2022-03-03"),
        ("en", "It began on 3rd March 2022.", "3rd March 2022", "2022-03-03"),
        ("en", "It began on 3 March.", "3 March", "XXXX-03-03"),
        ("en", "It began on 30 February 2021.", "30 February 2021", None),
        ("en", "on Monday, 3 October 2022", "Monday, 3 October 2022", "2022-10-03"),
        ("en", "They met on Monday.", "Monday", "XXXX-WXX-1"),
        ("en", "They met last Thursday.", "last Thursday", "2022-09-29"),
        ("en", "They met last week.", "last week", "2022-W38"),
        ("en", "They met yesterday.", "yesterday", "2022-09-30"),
        ("en", "on 3 March last year", "3 March last year", "2021-03-03"),
        ("en", "since May 2021", "May 2021", "2021-05"),
        ("en", "in the early 1980s", "early 1980s", None),
        ("en", "in the 1980s", "1980s", "198X"),
        (
            "en",
            "between 20 and 30 June",
            "between 20 and 30 June",
            "XXXX-06-20/XXXX-06-30",
        ),
        (
            "en",
            "from 20 May to 3 June 2022",
            "from 20 May to 3 June 2022",
            "2022-05-20/2022-06-03",
        ),
        ("en", "June 20-30, 2022", "June 20-30, 2022", "2022-06-20/2022-06-30"),
        ("en", "for three days", "three days", "P3D"),
        ("en", "two decades", "two decades", "P20Y"),
        ("en", "on 2021-11-25", "2021-11-25", "2021-11-25"),
        ("en", "on 03/04/2022", "03/04/2022", None),  # March or April
        ("en", "Next year", "Next year", "2023"),
        ("fr", "Elle part le 3 mars 2022.", "3 mars 2022", "2022-03-03"),
        ("fr", "le 1er janvier", "1er janvier", "XXXX-01-01"),
        ("fr", "lundi dernier", "lundi dernier", "2022-09-26"),
        ("fr", "le lundi 3 octobre 2022", "lundi 3 octobre 2022", "2022-10-03"),
        ("fr", "dans les années 1980", "années 1980", "198X"),
        ("fr", "du 20 au 30 juin", "du 20 au 30 juin", "XXXX-06-20/XXXX-06-30"),
        ("fr", "la semaine dernière", "semaine dernière", "2022-W38"),
        ("fr", "l’an dernier", "an dernier", "2021"),
        ("fr", "depuis mai", "mai", "XXXX-05"),
        ("fr", "aujourd’hui", "aujourd’hui", "2022-10-01"),
        ("fr", "le 03/04/2022", "03/04/2022", "2022-04-03"),
        ("fr", "il y a trois jours", "il y a trois jours", "2022-09-28"),
        ("fr", "il y a deux ans et demi", "il y a deux ans et demi", None),
        ("fr", "au XXIe siècle", "XXIe siècle", "20XX"),
        ("fr", "les années 90", "années 90", "199X"),
        ("fr", "au premier semestre de 2021", "premier semestre de 2021", "2021-40"),
        ("fr", "l'été 2022", "été 2022", "2022-22"),
        ("en", "three days ago", "three days ago", "2022-09-28"),
        ("en", "two decades ago", "two decades ago", "2002~"),
        ("en", "in the 19th century", "19th century", "18XX"),
        ("en", "in the '90s", "'90s", "199X"),
        ("en", "in the third quarter of 2022", "third quarter of 2022", "2022-35"),
        ("en", "in Q3 2022", "Q3 2022", "2022-35"),
        ("en", "in winter 2022", "winter 2022", "2022-24"),
        ("en", "on Nov. 25, 2021", "Nov. 25, 2021", "2021-11-25"),
        ("en", "on 3 Sept. 2021", "3 Sept. 2021", "2021-09-03"),
        ("en", "He left in May. 5 stayed.", "May", "XXXX-05"),
        (
            "en",
            "from June 28 to July 3, 2021",
            "from June 28 to July 3, 2021",
            "2021-06-28/2021-07-03",
        ),
        ("en", "on 25/11/2021", "25/11/2021", "2021-11-25"),
        ("en", "on 11/25/2021", "11/25/2021", "2021-11-25"),
    ],
)
def test_a_date_has_its_span_and_its_value(
    language: str, text: str, date: str, value: str | None
) -> None:
    assert values(language, text, "DATE", PUBLISHED) == [(date, value)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "They may march and sun themselves."),
        ("en", "May I ask? Theresa May did."),
        ("en", "It cost 2022 dollars, or 1,999 pounds."),
        ("en", "version 2.2021.3"),
        ("fr", "Mais il a été vu, elle marche sur mars."),
    ],
)
def test_what_only_looks_like_a_date_is_none(language: str, text: str) -> None:
    assert spans(language, text, "DATE") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In March 1500 soldiers crossed.", [("March", "XXXX-03")]),
        ("He wrote in USA Today that", []),
        ("In 2019-20 it fell.", [("2019-20", "2019/2020")]),
        ("In 2011-12 it fell.", [("2011-12", None)]),  # or in December
        ("It fell two years and a half ago.", [("two years and a half ago", None)]),
        ("It took two and a half years.", [("two and a half years", None)]),
        ("between 2010 and 2015", [("between 2010 and 2015", "2010/2015")]),
    ],
)
def test_what_only_looks_like_a_year_or_a_day(
    text: str, expected: list[tuple[str, str | None]]
) -> None:
    assert values("en", text, "DATE", "2022-10-01") == expected
