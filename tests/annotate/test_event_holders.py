"""Who holds an office whose title was found without what it belongs to. Entities are given."""

import pytest

from curation.annotate.event_groups import Place
from curation.annotate.event_holders import held
from curation.model import make_entity
from tests.annotate.english_events import events

Piece = tuple[str, str, str, bool]


def places(*pieces: Piece) -> list[Place]:
    """Places that stand side by side, from (text, label, preposition, whether definite)."""
    text, found, word = "", list[Place](), 0
    for part, label, lead, definite in pieces:
        entity = make_entity(text + part, len(text), len(text) + len(part), label)
        end = word + len(part.split())
        found.append(Place(word, end, entity, begin=word, lead=lead, definite=definite))
        text, word = f"{text}{part} ", end
    return found


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            (
                ("الأمين", "TITLE", "", True),
                ("العام", "TITLE", "", True),
                ("للأمم المتحدة", "ORG", "to", True),
                ("أنطونيو غوتيريش", "PERSON", "", False),
            ),
            ["الأمين", "أنطونيو غوتيريش"],
        ),
        (
            (
                ("أمير", "TITLE", "", False),
                ("قطر", "GPE", "", False),
                ("تميم", "PERSON", "", False),
            ),
            ["أمير", "تميم"],
        ),
        # a title with the article owns no state: زار الرئيس قطر
        (
            (
                ("الرئيس", "TITLE", "", True),
                ("قطر", "GPE", "", False),
                ("تميم", "PERSON", "", False),
            ),
            ["الرئيس", "قطر", "تميم"],
        ),
        # nobody is named
        ((("أمير", "TITLE", "", False), ("قطر", "GPE", "", False)), ["أمير", "قطر"]),
    ],
)
def test_what_an_office_belongs_to_goes_with_it(pieces: list[Piece], expected: list[str]) -> None:
    assert [place.entity.text for place in held(places(*pieces))] == expected


def test_the_holder_of_an_office_acts() -> None:
    text = "[Iraq|GPE] met [envoy|TITLE] of the [UN|ORG] [Geir Pedersen|PERSON]."
    assert events(text) == ["CONSULT meeting met actor=Iraq recipient=Geir Pedersen"]
