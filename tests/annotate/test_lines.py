"""No date, amount or name spans a line's end, whichever character ends it."""

import pytest

from curation.text import LINE_ENDS
from tests.annotate import latin, reading

#: A blank stands where the line may end.
TEXTS = {
    "en": (
        "on 25 November 2021",
        "from 5 to 7 May 2020",
        "Monday, March 3, 2014",
        "early 2020",
        "two weeks ago",
        "five million dollars",
        "$ 5 million",
        "20 per cent",
        "two hundred and fifty km",
        "at 5 p.m. local time",
        "President Joe Biden of the United States",
    ),
    "fr": (
        "le lundi 25 novembre 2021",
        "du 5 au 7 mai 2020",
        "il y a deux ans",
        "1 250 000 euros",
        "5 millions d'euros",
        "deux cent cinquante km",
        "20 pour cent",
        "8 h 30 GMT",
    ),
    "ar": (
        "يوم الخميس 25 نوفمبر / تشرين الثاني 2021",
        "بين عامي 2010 و 2015",
        "15 شعبان 1443 هـ",
        "قبل ثلاثة أيام",
        "نهاية العام الماضي",
        "5 ملايين دولار أميركي",
        "خمسة آلاف ومئتين",
        "20 في المئة",
        "الساعة الثالثة والنصف مساء بتوقيت غرينتش",
        "الرئيس الأميركي جو بايدن",
    ),
}


@pytest.mark.parametrize("end", sorted(LINE_ENDS))
@pytest.mark.parametrize("language", TEXTS)
def test_nothing_spans_a_lines_end(language: str, end: str) -> None:
    for text in TEXTS[language]:
        for at in (i for i, char in enumerate(text) if char == " "):
            broken = f"{text[:at]}{end}{text[at + 1 :]}"
            if language == "ar":
                found = reading.read(broken).entities
            else:
                found = latin.read(language, broken).entities
            assert not [entity.text for entity in found if end in entity.text], broken
