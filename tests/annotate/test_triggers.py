"""PLOVER triggers with their arguments, and words that only look like one."""

import pytest

from curation.annotate.inflection import noun_forms, verb_forms
from tests.annotate.reading import events, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "وقعت فرنسا وألمانيا مذكرة تفاهم أمنية في باريس",
            "AGREE وقعت actor=فرنسا actor=وألمانيا object=مذكرة تفاهم أمنية location=باريس",
        ),
        (
            "قطعت الجزائر علاقاتها مع المغرب أمس",
            "SANCTION قطعت actor=الجزائر recipient=المغرب date=أمس",
        ),
        ("قصفت إسرائيل غزة", "ASSAULT قصفت actor=إسرائيل recipient=غزة"),
        (
            "انسحبت القوات الأمريكية من أفغانستان",
            "RETREAT انسحبت actor=القوات الأمريكية location=أفغانستان",
        ),
        (
            "فرضت الولايات المتحدة عقوبات على روسيا",
            "SANCTION فرضت actor=الولايات المتحدة recipient=روسيا",
        ),
        ("وأعلنت إيران التي ترفض التفتيش", "REJECT ترفض actor=إيران"),
        ("أول زيارة رسمية إسرائيلية إلى تونس", "CONSULT زيارة actor=إسرائيلية location=تونس"),
        ("مقتل حسن نصر الله", "ASSAULT مقتل recipient=حسن نصر الله"),
        ("لم توقع إيران اتفاقا", "AGREE توقع negated actor=إيران"),
        (
            "سيزور الرئيس الفرنسي الجزائر",
            "CONSULT سيزور future actor=الرئيس الفرنسي location=الجزائر",
        ),
        (
            "قد تفرض أمريكا عقوبات على إيران",
            "SANCTION تفرض possible actor=أمريكا recipient=إيران",
        ),
        ("مظاهرات في بغداد", "PROTEST مظاهرات location=بغداد"),
    ],
)
def test_who_does_what_to_whom(text: str, expected: str) -> None:
    assert events(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "وقع الطفل على الأرض",  # fell
        "زيارة غير مسبوقة",  # nobody visits anybody
        "تعزيز التعاون بين الجانبين",
        "قال وزير الدفاع الفرنسي",  # speech is no event
        "مذكرة تعاون عسكري",  # inside an agreement's name
        "مقاطعة كولومبيا",  # a province
    ],
)
def test_a_word_alone_is_no_event(text: str) -> None:
    assert events(text) == []


def test_what_lies_in_another_clause_takes_no_part() -> None:
    text = "وقعت فرنسا اتفاقا خلال زيارة وزير الدفاع الفرنسي إلى الرباط"
    assert events(text)[0] == "AGREE وقعت actor=فرنسا"


def test_every_argument_names_an_entity_that_is_there_and_every_mode_is_the_schemas() -> None:
    annotation = read("قصفت إسرائيل غزة أمس. وزار الرئيس الفرنسي لبنان.")
    known = {entity.id for entity in annotation.entities}
    assert annotation.events
    assert {a.entity for event in annotation.events for a in event.arguments} <= known
    assert [event.mode for event in annotation.events] == ["aerial", "visit"]
    assert all(event.proposers == ("triggers.v1",) for event in annotation.events)


def test_inflection_gives_the_forms_a_text_writes() -> None:
    perfect = {form for form, later in verb_forms("دعا/يدعو") if not later}
    imperfect = {form for form, later in verb_forms("دعا/يدعو") if later}
    assert {"دعا", "دعت", "دعوا"} <= perfect
    assert {"يدعو", "تدعو", "يدعون"} <= imperfect
    assert not list(verb_forms("-/-"))
    assert ("زيارته", True) in set(noun_forms("زيارة", "ال"))
