"""Classes of sentences whose words mislead: figures of speech, sport, markets, shows, fiction; and
protests and violence that plain words tell."""

import sys
from types import FrameType

import pytest

from curation.model import Document
from tests.annotate.reading import events, rules


def told(text: str) -> list[str]:
    """The asserted events of violence and protest."""
    marked = (" possible", " negated", " future")
    found = (event for event in events(text) if event.startswith(("ASSAULT", "PROTEST")))
    return [event for event in found if not any(mark in event for mark in marked)]


@pytest.mark.parametrize(
    "text",
    [
        # what is killed, stormed or wounded is no person and no place
        "قتل المدرب طموح الفريق بتغييراته",
        "جرح مشاعر الجمهور بتصريحاته",
        "أعدمت وزارة الصحة أطنانا من اللحوم الفاسدة",
        "خطف الموت الفنان الكبير بعد صراع مع المرض",
        "أطلق الوزير صاروخا من الانتقادات",
        # the market's and the pitch's
        "شهدت الأسواق مواجهات بين المضاربين والبنك المركزي",
        "يحتفظ الحارس بشباكه نظيفة أمام هجوم الأهلي",
        # words, not arms
        "تعرض الفنان لهجوم شديد على مواقع التواصل الاجتماعي",
        "شنت الصحف البريطانية هجوما عنيفا على رئيسة الوزراء",
        # told, trained for, spoken of, long ago
        "يروي الفيلم قصة هجوم مسلح على قطار",
        "شاركت قوات الأمن في مناورة تحاكي هجوما إرهابيا",
        "تدريب الشرطة على مواجهة أعمال الشغب",
        "ظاهرة خطف الأطفال مقلقة",
        "تحدث المؤرخ عن غزو نابليون لمصر",
        # shows and feasts
        "نظم المتحف مسيرة تراثية احتفالا باليوم الوطني",
        "خرج الآلاف إلى الشوارع احتفالا بفوز المنتخب",
        "رفع المشجعون لافتات في مدرجات الملعب",
        "يواصل الطبيب إضرابه عن التدخين منذ شهر",
        "اعتصم بالصمت ورفض التعليق",
        # what a prosecutor asks for is no deed, though the verb may be a noun (student) too
        "طالب الادعاء بإعدام المتهم بقتل الصحفي",
    ],
)
def test_words_of_violence_and_protest_that_tell_of_none(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أقدم شاب على طعن زوجته في القاهرة", "ASSAULT"),
        ("تعرض مراسل القناة للضرب في تونس", "ASSAULT"),
        ("قضى عشرون مدنيا في غارات شنها الجيش السوري على إدلب", "ASSAULT"),
        ("شهدت مدن عراقية عدة تظاهرات", "PROTEST"),
        ("رشق متظاهرون الشرطة بالحجارة", "PROTEST"),
        ("أطلقت الشرطة الغاز المسيل للدموع على متظاهرين في باريس", "PROTEST"),
        ("رشق شبان قوات الأمن بالحجارة خلال مسيرة في رام الله", "PROTEST"),
        ("تجمع العشرات أمام السفارة الأمريكية منددين بالقرار", "PROTEST"),
        ("أعلنت هيئة المحامين تعليق العمل احتجاجا على اعتقال زميلهم", "PROTEST"),
    ],
)
def test_violence_and_protest_in_plain_words(text: str, expected: str) -> None:
    assert expected in {event.split()[0] for event in told(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # من قبل says who does it, قبل alone when
        ("قصف غزة من قبل إسرائيل", "ASSAULT قصف actor=إسرائيل recipient=غزة"),
        ("اعتقال ناشط من قبل الشرطة", "COERCE اعتقال actor=الشرطة recipient=ناشط"),
        ("تعرض المراسل للضرب من قبل الشرطة", "ASSAULT للضرب actor=الشرطة"),
        # forces and people by whose they are
        ("اقتحمت قواته بلدة دوما", "ASSAULT اقتحمت actor=قواته"),
        # a group is part of the name of its kindred
        (
            "تظاهر أهالي المفقودين في الجزائر",
            "PROTEST تظاهر actor=أهالي المفقودين location=الجزائر",
        ),
        # a place sees what others do
        (
            "شهدت بغداد تظاهرات مناهضة للفساد شارك فيها آلاف الطلاب",
            "PROTEST تظاهرات actor=الطلاب location=بغداد",
        ),
        # an ambush is for who suffers it, if somebody lays it
        ("نصب مسلحون كمينا للجيش المصري", "ASSAULT كمينا actor=مسلحون recipient=للجيش المصري"),
        # who invades, before a place with "to"
        ("خطأ غزو روسيا لأوكرانيا", "ASSAULT غزو actor=روسيا recipient=لأوكرانيا"),
    ],
)
def test_who_does_it(text: str, expected: str) -> None:
    assert expected in events(text)


@pytest.mark.parametrize(
    "text",
    [
        "اتفق الجانبان ",
        "مصر وإسرائيل والمغرب زار ",
        "تظاهر آلاف العراقيين في بغداد ",
        "رئيس وزراء المغرب للجيش المصري ",
        "منذ عام 1990 قصف غزة ",
    ],
)
def test_a_sentence_without_an_end_takes_no_more_work_a_word(text: str) -> None:
    rules().read([document(text, 1)])  # what is made once
    short, long = calls(text, 200), calls(text, 800)
    assert long < 4 * 1.5 * short


def document(text: str, times: int) -> Document:
    return Document(id="d", text=text * times, language="ar")


def calls(text: str, times: int) -> int:
    """How many calls of functions the reading of a text takes: a count, no time."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        rules().read([document(text, times)])
    finally:
        sys.setprofile(None)
    return count
