"""Who does it, where that is a common noun, a pronoun, or named only elsewhere in the sentence."""

import pytest

from curation.annotate.inflection_ar import verb_forms
from tests.annotate.reading import events


def roles(text: str, role: str = "actor") -> list[str]:
    """The entities with a role in the one event of a sentence, in order."""
    (event,) = events(text)
    parts = event.split(f" {role}=")[1:]
    known = ("actor", "recipient", "object", "instrument", "location", "date")
    return [min((part.split(f" {other}=")[0] for other in known), key=len) for part in parts]


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        # with what it belongs to: a body or a place with a name
        ("خرج آلاف من أنصار جماعة الإخوان المسلمين في مظاهرات", "أنصار جماعة الإخوان المسلمين"),
        ("رشق عشرات من مؤيدي حزب الله دورية بالحجارة", "مؤيدي حزب الله"),
        ("احتج سكان مدينة بنغازي أمام مقر البلدية", "سكان مدينة بنغازي"),
        # or none
        ("أضرب عمال السكك الحديدية عن العمل", "عمال السكك الحديدية"),
        ("أضرب سائقو سيارات الأجرة احتجاجا على الأسعار", "سائقو سيارات الأجرة"),
        ("واصل موظفو شركة غزل المحلة إضرابهم", "موظفو شركة غزل المحلة"),
        ("هاجم أتباع أحد الأحزاب خيام المعتصمين بالرصاص", "أتباع أحد الأحزاب"),
        # a preposition ends it
        ("تظاهر طلاب كلية في الجامعة", "طلاب"),
        ("تظاهر طلاب بالجامعة أمس", "طلاب"),
        # what is named inside it is part of it
        ("اقتحمت قوات الاحتلال الإسرائيلي مدينة نابلس", "قوات الاحتلال الإسرائيلي"),
        # a plural that agrees qualifies it, one in another case is the object
        ("اشتباك محتجين مؤيدين مع الشرطة", "محتجين مؤيدين"),
        ("خطف مسلحون مدنيين في دارفور", "مسلحون"),
        # who is counted by a unit
        ("توغلت قوة من الجيش الإسرائيلي في غزة", "الجيش الإسرائيلي"),
        ("اقتحمت قوة عسكرية مدينة أريحا", "قوة عسكرية"),
        # one person, after a word that is a verb too
        ("قتل مسلح شرطيا في العريش", "مسلح"),
        ("قتل انتحاري ما لا يقل عن عشرين شخصا", "انتحاري"),
    ],
)
def test_a_group_goes_as_far_as_what_it_belongs_to(text: str, actor: str) -> None:
    assert actor in roles(text)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        # written as a subject, before a noun that no preposition leads to
        ("اغتال مسلحون معاون قائد الشرطة", ["مسلحون"]),
        ("قتل مسلحون في غارة", []),
        # the pronoun of the verb is the object
        ("لقي عراقيان مصرعهما في هجمات في بغداد", []),
        ("عثرت دورية الشرطة على جثث لرجال خطفوا أمس", []),
        ("اعتقال رجل بعد طعن سيدة حتى الموت", []),
        ("المناطق التي دمرها الإرهابيون بالقصف", ["الإرهابيون"]),
        # who is told of, and where it was
        ("الأشخاص الذين قتلوا في القصف", []),
        # a man's own kin are whom he kills
        ("قتل رجل زوجته في طنجة", ["رجل"]),
        # a town after a masculine verb is no subject
        ("هاجم بعقوبة مسلحون", ["مسلحون"]),
        # a bomb does it, and nobody near it
        ("انفجرت عبوة بدورية إسرائيلية في شبعا", []),
        # whose it is stands right after a noun
        ("هجوم لحركة طالبان في كابول", ["لحركة طالبان"]),
        ("تفجير قرب مقر الجيش في كركوك", []),
        ("مظاهرات تم قمعها من طرف الشرطة في تندوف", []),
    ],
)
def test_who_stands_beside_the_word_does_it_or_does_not(text: str, actor: list[str]) -> None:
    found = [event for event in events(text) if event.startswith(("ASSAULT", "PROTEST"))]
    assert [one in " ".join(found) for one in [f"actor={name}" for name in actor]] == [
        True for _ in actor
    ]
    if not actor:
        assert "actor=" not in " ".join(found)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        # nouns of doing, with who does it or a pronoun
        ("أدى خروج آلاف الطلاب في مسيرة احتجاجية إلى قطع السير", ["الطلاب"]),
        ("اعتقل عدد من المتظاهرين بعد تنظيمهم مظاهرة غير مرخصة", ["المتظاهرين"]),
        # who says that it was they, and who only tells of it
        ("أعلنت حماس مسؤوليتها عن قتل جندي", ["حماس"]),
        ("أعلن الجيش المصري قتل عشرة مسلحين", ["الجيش المصري"]),
        ("أعلن الجيش المصري مقتل عشرة جنود", []),
        # all that are joined
        ("شارك مئات الأساتذة والطلاب في مسيرة احتجاجية", ["الأساتذة", "والطلاب"]),
        # after the noun and what is said of it
        ("شارك في المسيرة التي انطلقت من الساحة آلاف المواطنين", ["المواطنين"]),
        ("مسيرة احتجاجية ضمت آلاف الطلاب", ["الطلاب"]),
        # of a clause about somebody, however they stand
        ("رشق شبان قوات الأمن التي ردت بإطلاق الرصاص", ["شبان"]),
        ("سقط صاروخ بعد رد مصر على القصف", []),
        # in a clause about the noun
        ("الاعتداء الذي تعرض له الصحفي في غزة على يد مستوطنين", ["مستوطنين"]),
        # the lesser word for it names who did it
        ("قتل مسلحون جنديا في هجوم في سيناء", ["مسلحون"]),
        ("قتل جنود في هجوم استهدف دورية", []),
    ],
)
def test_the_words_around_a_noun_name_who_does_it(text: str, actor: list[str]) -> None:
    (first, *_) = [e for e in events(text) if e.startswith(("ASSAULT", "PROTEST"))]
    for name in actor:
        assert f"actor={name}" in first
    assert first.count("actor=") == len(actor)


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("تفجير كركوك أوقع قتلى", "كركوك"),
        ("احتجاجات تونس مستمرة منذ أمس", "تونس"),
    ],
)
def test_a_place_after_a_noun_says_where(text: str, location: str) -> None:
    assert roles(text, "location") == [location]
    assert roles(text) == []


def test_a_state_or_a_body_after_a_noun_of_violence_does_it() -> None:
    assert roles("قصف إسرائيل لغزة أوقع قتلى") == ["إسرائيل"]


def test_a_name_in_a_bracket_of_its_own_takes_no_part() -> None:
    (event,) = events("قوات الأمن هاجمت غزة ( الفرنسية )")
    assert "الفرنسية" not in event


def test_both_sides_are_the_two_that_were_named_before() -> None:
    *_, agreed = events("التقت مصر والسودان في القاهرة. واتفق الجانبان على التعاون")
    assert agreed == "AGREE واتفق actor=مصر actor=والسودان"


def test_a_verb_that_ends_in_hamza_keeps_it() -> None:
    assert "بدات" in {form.text for form in verb_forms("بدأ/يبدأ")}


def test_the_subject_of_a_dual_stands_before_it() -> None:
    assert {form.plural for form in verb_forms("قتل/يقتل") if form.text in ("قتلا", "يقتلان")} == {
        True
    }


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        # what a clause tells of a noun has happened
        ("دعا الحزب إلى التحقيق في الهجوم الذي استهدف المطار", "asserted"),
        ("لم تعلن أي جهة مسؤوليتها عن الهجوم الذي هز بغداد", "asserted"),
        # "what" negates nothing
        ("ما يتعرض له لبنان من عدوان", "asserted"),
        # and "is considered" promises nothing
        ("نظم طلاب ما يعد أكبر مظاهرة في كراتشي", "asserted"),
        # a state is no condition, "in case" is one
        ("في ظل حالة الدمار التي خلفها القصف الإسرائيلي", "asserted"),
        ("في حالة وقوع هجوم إسرائيلي على سوريا", "possible"),
        # the verb that carries it is denied
        ("نفى الوزير أن تكون إسرائيل شنت هجوما على سوريا", "negated"),
        # a coming date far from a noun with an article is another's
        ("بعد الاعتداء الإسرائيلي قد يجتمع المجلس في بيروت الأسبوع المقبل", "asserted"),
        # who is kept from something is there
        ("منعت الشرطة آلاف المتظاهرين من الوصول إلى القصر", "asserted"),
    ],
)
def test_what_is_known_to_have_happened(text: str, modality: str) -> None:
    found = [event for event in events(text) if event.startswith(("ASSAULT", "PROTEST"))]
    said = {word for event in found for word in event.split()} & {"possible", "negated", "future"}
    assert found
    assert (said or {"asserted"}) == {modality}


@pytest.mark.parametrize(
    "text",
    [
        # words, not arms
        "شن وزير الخارجية هجوما عنيفا على السعودية",
        # an adjective
        "حاولت القوة الإسرائيلية المهاجمة السيطرة على المدرسة",
    ],
)
def test_what_is_no_violence(text: str) -> None:
    assert not [event for event in events(text) if event.startswith("ASSAULT")]


@pytest.mark.parametrize(
    "text",
    [
        "لقي جندي إسرائيلي مصرعه في عملية في جنوب لبنان",
        "بدأت الاشتباكات عند الرابعة",
        "ضمت المسيرة باكستانيات",
        "اندلعت مواجهات بين أنصار النادي ورجال الشرطة بعد المباراة",
        "العدوان على لبنان انعكس على الاقتصاد",
    ],
)
def test_what_is_violence_or_a_protest_without_more(text: str) -> None:
    assert [event for event in events(text) if event.startswith(("ASSAULT", "PROTEST"))]
