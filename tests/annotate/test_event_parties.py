"""Who may be the subject, and who is the other party of a meeting, a call or a charge."""

import pytest

from tests.annotate.reading import events


@pytest.mark.parametrize(
    ("text", "event"),
    [
        # a plural that is written as no subject is none of a singular verb
        (
            "استخدمت الشرطة الغاز المسيل للدموع لتفريق المحتجين واعتقلت عشرين منهم",
            "COERCE واعتقلت actor=الشرطة",
        ),
        (
            "بعد تفريق المحتجين اعتقلت الشرطة عشرين شخصا",
            "COERCE اعتقلت actor=الشرطة recipient=شخصا",
        ),
        # of a plural verb it may be
        ("قال إن المحتجين هاجموا الشرطة", "ASSAULT هاجموا actor=المحتجين recipient=الشرطة"),
        # no state or town that is feminine is the subject of a masculine verb
        (
            "صوت مجلس الأمن على قرار يطالب إسرائيل بوقف القتال",
            "DEMAND يطالب actor=مجلس الأمن recipient=إسرائيل",
        ),
        ("يطالب العراق إيران بوقف القصف", "DEMAND يطالب actor=العراق recipient=إيران"),
        # the object pronoun of a verb means who was named before
        (
            "رفضت إيران المغادرة بعد أن طالبها مجلس الأمن بالانسحاب",
            "DEMAND طالبها actor=مجلس الأمن recipient=إيران",
        ),
    ],
)
def test_who_may_be_the_subject_by_how_it_is_written(text: str, event: str) -> None:
    assert event in events(text)


def test_a_pronoun_of_the_object_is_not_the_subject() -> None:
    text = "رفضت إيران المغادرة بعد أن طالبها المجلس بالانسحاب"
    assert not [event for event in events(text) if "طالبها actor=إيران" in event]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what somebody intends to visit
        ("تعتزم زيارة فيينا", ["CONSULT زيارة future location=فيينا"]),
        (
            "يعتزم الرئيس محمود عباس زيارة فيينا",
            ["CONSULT زيارة future actor=محمود عباس location=فيينا"],
        ),
        ("زيارة السعودية إلى موسكو", ["CONSULT زيارة actor=السعودية location=موسكو"]),
        # who calls and who is called
        (
            "تلقى الرئيس محمود عباس اتصالا من أنجيلا ميركل",
            ["CONSULT تلقى actor=محمود عباس actor=أنجيلا ميركل"],
        ),
        (
            "أجرى محمود عباس اتصالا هاتفيا بالرئيس رجب طيب أردوغان",
            ["CONSULT اتصالا actor=محمود عباس actor=رجب طيب أردوغان"],
        ),
        (
            "أجرى محمود عباس اتصالا هاتفيا مع الرئيس رجب طيب أردوغان",
            ["CONSULT اتصالا actor=محمود عباس actor=رجب طيب أردوغان"],
        ),
        # a counterpart is whom somebody meets
        (
            "وصل أنتوني بلينكن. ويلتقي في جنيف نظيره الروسي سيرغي لافروف",
            ["CONSULT ويلتقي recipient=سيرغي لافروف location=جنيف"],
        ),
        # a title that begins like a conjunction is joined to nobody
        (
            "اتهمت تركيا ولي العهد السعودي الأمير محمد بن سلمان",
            ["DISAPPROVE اتهمت actor=تركيا recipient=محمد بن سلمان"],
        ),
        # a light verb and its noun, with a quality between, are one event
        (
            "قدمت الإمارات مساعدات إنسانية إلى اليمن",
            ["AID قدمت actor=الإمارات recipient=اليمن"],
        ),
    ],
)
def test_who_is_the_other_party(text: str, expected: list[str]) -> None:
    assert events(text) == expected


def test_a_clause_that_contrasts_is_another_clause() -> None:
    text = "التقى أنتوني بلينكن سيرغي لافروف في حين بقيت الحدود مغلقة مع إيران"
    assert not [event for event in events(text) if "إيران" in event]
