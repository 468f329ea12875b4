"""PLOVER events: who does what to whom, whether it happened, and words that only look like one."""

import pytest

from curation.annotate.inflection_ar import noun_forms, verb_forms
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
            "SANCTION عقوبات actor=الولايات المتحدة recipient=روسيا",
        ),
        ("وأعلنت إيران التي ترفض التفتيش", "REJECT ترفض actor=إيران"),
        ("أول زيارة رسمية إسرائيلية إلى تونس", "CONSULT زيارة actor=إسرائيلية location=تونس"),
        (
            "زيارة وزير الدفاع الإسرائيلي إلى الرباط",
            "CONSULT زيارة actor=وزير الدفاع الإسرائيلي location=الرباط",
        ),
        ("تم توقيع اتفاقية بين مصر والسودان", "AGREE توقيع actor=مصر actor=والسودان"),
        ("مظاهرات في بغداد", "PROTEST مظاهرات location=بغداد"),
    ],
)
def test_who_does_what_to_whom(text: str, expected: str) -> None:
    assert events(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the verb's subject, written as one: what follows is its object
        ("اغتال مسلحون ضابطا في عدن", "actor=مسلحون recipient=ضابطا location=عدن"),
        # alone, it is who it is done to
        ("مقتل حسن نصر الله", "recipient=حسن نصر الله"),
        ("الأسرى قتلوا بعد أيام", "recipient=الأسرى date=بعد أيام"),
        # a preposition says who does it
        (
            "قتل متظاهر برصاص الشرطة في بغداد",
            "actor=الشرطة recipient=متظاهر location=بغداد",
        ),
        # an adjective says who does it
        ("قصف إسرائيلي على رفح", "actor=إسرائيلي location=رفح"),
        # the subject of the verb that carries a noun, before and after it
        ("شنت إسرائيل هجوما على سوريا", "actor=إسرائيل recipient=سوريا"),
        ("تعرضت قوات الجيش لهجوم في سيناء", "recipient=قوات الجيش location=سيناء"),
        ("هجوم انتحاري نفذه مسلحون في مقديشو", "actor=مسلحون location=مقديشو"),
        # a plural verb's subject stands before it
        (
            "مسلحون هاجموا الجيش المصري في سيناء",
            "actor=مسلحون recipient=الجيش المصري location=سيناء",
        ),
        # whom a pronoun takes up, before who did it
        ("مزارع طعنه مستوطن في نابلس", "actor=مستوطن recipient=مزارع location=نابلس"),
        # the object of a noun is led to by ل
        ("اقتحام الجيش المصري للمخيم في سيناء", "actor=الجيش المصري location=سيناء"),
        # who is counted, not the number
        ("هاجم عشرات من المسلحين الجيش المصري", "actor=المسلحين recipient=الجيش المصري"),
        # an adjective between a noun and the nationality that does it
        ("قصف مدفعي إسرائيلي على رفح", "actor=إسرائيلي instrument=مدفعي location=رفح"),
        # a headline: the subject stands before its verb
        ("القوات العراقية تقتل سبعة مسلحين", "actor=القوات العراقية recipient=مسلحين"),
    ],
)
def test_who_attacks_and_who_is_attacked(text: str, expected: str) -> None:
    (event,) = events(text)
    assert event.split(" ", 2)[::2] == ["ASSAULT", expected]


def test_a_group_without_a_name_takes_part_as_an_entity() -> None:
    annotation = read("رشق متظاهرون قوات الأمن بالحجارة قرب مواطنين")
    violence, protest = annotation.events
    names = {entity.id: (entity.label, entity.text) for entity in annotation.entities}
    assert [(a.role, *names[a.entity]) for a in violence.arguments] == [
        ("actor", "NORP", "متظاهرون"),
        ("recipient", "ORG", "قوات الأمن"),
    ]
    assert (protest.type, protest.trigger.text) == ("PROTEST", "متظاهرون")
    assert "مواطنين" not in {entity.text for entity in annotation.entities}


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("لم توقع إيران اتفاقا", "negated"),
        ("سيزور الرئيس الفرنسي الجزائر", "future"),
        ("قد تفرض أمريكا عقوبات على إيران", "possible"),
        ("لم تشن إسرائيل هجوما على لبنان", "negated"),
        ("نفت إسرائيل قصف مستشفى في غزة", "negated"),
        ("نفت إسرائيل أن تكون قصفت مستشفى في غزة", "negated"),
        ("ألغت نقابة المعلمين إضرابا في تونس", "negated"),
        ("تعتزم نقابات التعليم تنظيم اعتصام في تونس", "future"),
        ("تنظم النقابات إضرابا عاما في تونس الأسبوع المقبل", "future"),
        ("إذا قصفت إسرائيل بيروت", "possible"),
        ("هل قصفت إسرائيل دمشق؟", "possible"),
        ("أعطى ضوءا أخضر لخطف جنود في لبنان", "possible"),
        ("حكم عليه بتهمة قتل جنود في بغداد", "possible"),
        ("لا تزال إسرائيل تقصف غزة", "asserted"),
        ("أحبطت الشرطة محاولة اغتيال رئيس الوزراء", "asserted"),
    ],
)
def test_what_did_not_happen_is_marked_so(text: str, modality: str) -> None:
    (event,) = read(text).events
    assert event.modality == modality


def test_what_is_threatened_or_asked_for_is_an_event_of_its_own() -> None:
    assert events("هددت إيران بقصف إسرائيل") == [
        "THREATEN هددت actor=إيران",
        "ASSAULT بقصف possible actor=إيران recipient=إسرائيل",
    ]
    assert events("منعت الشرطة المحتجين من التظاهر") == [
        "COERCE منعت actor=الشرطة recipient=المحتجين",
        "PROTEST التظاهر negated",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "وقع الطفل على الأرض",  # fell
        "زيارة غير مسبوقة",  # nobody visits anybody
        "تعزيز التعاون بين الجانبين",
        "قال وزير الدفاع الفرنسي",  # speech is no event
        "مذكرة تعاون عسكري",  # inside an agreement's name
        "مقاطعة كولومبيا",  # a province
        "ضرب زلزال قوي اليابان",
        "ضرب المحاضر مثلا بتجربة سنغافورة",
        "لقي خمسة أشخاص مصرعهم في حادث سير",
        "الانفجار السكاني في مصر",
        "شن الأهلي هجوما على مرمى الزمالك في المباراة",
        "بدأ اللاعب مسيرته في نادي الهلال",
        "أطلقت الشركة هاتفا جديدا في الصين",
        "حق التظاهر في الدستور",
        "غزا الهكسوس مصر عام 1650",  # history
        "بكل مظاهره الطبيعية في الصين",  # مظاهره, not مظاهرة
        "اقتل الوقت في مطار بيروت",
    ],
)
def test_a_word_alone_is_no_event(text: str) -> None:
    assert events(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نظم عمال المصنع وقفة احتجاجية في المنصورة", ("PROTEST", "demo")),
        ("آلاف يشاركون في مسيرة حاشدة في الرباط", ("PROTEST", "demo")),
        ("بدأ المعلمون اعتصاما مفتوحا في عمان", ("PROTEST", "demo")),
        ("أضرب سائقو الشاحنات عن العمل في تونس", ("PROTEST", "strike")),
        ("إضراب عام يشل لبنان", ("PROTEST", "strike")),
        ("يخوض أسرى في سجن عوفر معركة الأمعاء الخاوية", ("PROTEST", "hunger")),
        ("قطع محتجون الطريق بالإطارات المشتعلة في صيدا", ("PROTEST", "obstruct")),
        ("دعوا إلى مقاطعة الانتخابات في العراق", ("PROTEST", "boycott")),
        ("اندلعت أعمال شغب في باريس", ("PROTEST", "riot")),
        ("عصيان مدني في الخرطوم", ("PROTEST", "strike")),
        ("أضرم ملثمون النار في مقر البلدية في نواكشوط", ("ASSAULT", "destroy")),
        ("رشق شبان الشرطة بالحجارة في القدس", ("ASSAULT", "primitive")),
        ("اشتباكات بالأيدي في مجلس النواب العراقي", ("ASSAULT", "beat")),
        ("غارة على صنعاء", ("ASSAULT", "aerial")),
        ("قصف مدفعي على حلب", ("ASSAULT", "heavy-weapons")),
        ("انفجرت عبوة ناسفة في كركوك", ("ASSAULT", "explosives")),
        ("انتحاري فجر نفسه في كابول", ("ASSAULT", "suicide-attack")),
        ("إطلاق نار في طرابلس", ("ASSAULT", "firearms")),
        ("طعن إسرائيلي بسكين في القدس", ("ASSAULT", "primitive")),
        ("اختطف مسلحون صحفيا في تعز", ("ASSAULT", "abduct")),
        ("الشرطة تفرق متظاهرين بالغاز المسيل للدموع", ("ASSAULT", "crowd-control")),
        ("داهمت قوات الاحتلال مخيم جنين", ("COERCE", None)),
        ("فرضت السلطات حظر تجول في الخرطوم", ("COERCE", "curfew")),
    ],
)
def test_the_words_of_newspapers_have_their_type_and_mode(
    text: str, expected: tuple[str, str | None]
) -> None:
    first = read(text).events[0]
    assert (first.type, first.mode) == expected


def test_of_two_words_for_one_happening_the_one_that_most_names_it_counts() -> None:
    assert [event.split()[1] for event in events("قتل جندي وأصيب ثلاثة في إطلاق نار في حمص")] == [
        "إطلاق"
    ]


def test_what_lies_in_another_clause_takes_no_part() -> None:
    text = "وقعت فرنسا اتفاقا خلال زيارة وزير الدفاع الفرنسي إلى الرباط"
    assert events(text)[0] == "AGREE وقعت actor=فرنسا"
    text = "أدان الأردن إحراق مستوطنين مسجدا قرب رام الله"
    assert events(text)[0] == "DISAPPROVE أدان actor=الأردن"


def test_a_verb_without_a_subject_has_that_of_the_sentence_before() -> None:
    assert events("زار الرئيس الفرنسي لبنان أمس. ويزور مصر اليوم.")[1] == (
        "CONSULT ويزور actor=الرئيس الفرنسي location=مصر date=اليوم"
    )


def test_every_argument_names_an_entity_that_is_there_and_every_mode_is_the_schemas() -> None:
    annotation = read("قصفت طائرات إسرائيلية غزة أمس. وزار الرئيس الفرنسي لبنان.")
    known = {entity.id for entity in annotation.entities}
    assert annotation.events
    assert {a.entity for event in annotation.events for a in event.arguments} <= known
    assert [event.mode for event in annotation.events] == ["aerial", "visit"]
    assert all(event.proposers == ("events.v1",) for event in annotation.events)


def test_inflection_gives_the_forms_a_text_writes() -> None:
    tenses = {form.text: form.tense for form in verb_forms("دعا/يدعو")}
    assert {tenses[form] for form in ("دعا", "دعت", "دعوا")} == {"perfect"}
    assert {tenses[form] for form in ("يدعو", "تدعو", "يدعون")} == {"imperfect"}
    assert tenses["يدع"] == "jussive"
    assert {f.text for f in verb_forms("هاجم/يهاجم") if f.passive} >= {"هوجم", "هوجمت"}
    assert not list(verb_forms("-/-"))
    owned = next(form for form in noun_forms("زيارة") if form.text == "زيارته")
    assert owned.definite and owned.pronoun


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("فرقت الشرطة مظاهرة حاشدة لطلاب الجامعة في عمان", "actor=لطلاب الجامعة location=عمان"),
        ("مظاهرة مؤيدة للاجئين في برلين", "recipient=للاجئين location=برلين"),
        ("نفذ عمال الموانئ توقفا عن العمل", "actor=عمال الموانئ"),
        ("ردد متظاهرون هتافات ضد الحكومة", "actor=متظاهرون recipient=الحكومة"),
        ("طالب متظاهرون بإسقاط النظام", "actor=متظاهرون"),
        ("شهدت العاصمة اليمنية صنعاء مظاهرات", "location=صنعاء"),
        ("تظاهر آلاف الفلسطينيين إحياء لذكرى نكبة عام 1948", "actor=الفلسطينيين"),
    ],
)
def test_who_protests(text: str, expected: str) -> None:
    protests = [event.split(" ", 2)[2] for event in events(text) if event.startswith("PROTEST")]
    assert protests == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "تظاهر الموظف بالمرض في القاهرة",
        "ضرب عرض الحائط بقرار المحكمة",
        "قصف المهاجم مرمى الضيوف بثلاث كرات في الدوحة",
        "في عام 1982 اجتاحت إسرائيل لبنان",
        "مسيرة فنية في القاهرة",
    ],
)
def test_words_of_protest_and_violence_that_tell_of_none(text: str) -> None:
    assert not [e for e in events(text) if e.startswith(("PROTEST", "ASSAULT"))]


def test_a_plan_that_came_to_nothing_is_negated() -> None:
    (event,) = events("أحبطت الشرطة مخططا لتفجير فندق في عمان")
    assert event.startswith("ASSAULT لتفجير negated")


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("نفى حزب الله أنه يعتزم مهاجمة إسرائيل", "negated"),
        ("نفت إيران بأنها تنوي قصف إسرائيل", "negated"),
        ("قالت إيران إنها لا تعتزم قصف إسرائيل", "negated"),
        ("أعلن حزب الله أنه يعتزم مهاجمة إسرائيل", "future"),
    ],
)
def test_a_plan_that_is_denied_is_negated(text: str, modality: str) -> None:
    assert [event.modality for event in read(text).events] == [modality]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("مظاهرة ضد قانون اقترحه الرئيس", "PROTEST مظاهرة"),
        ("احتج الآلاف على قانون اقترحه الرئيس", "PROTEST احتج actor=الآلاف"),
        ("مظاهرة للطلاب ضد الرئيس", "PROTEST مظاهرة actor=للطلاب recipient=الرئيس"),
    ],
)
def test_who_made_what_a_protest_is_against_does_not_protest(text: str, expected: str) -> None:
    assert events(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("زار أردوغان الدوحة والتقى أمير قطر", "actor=أردوغان recipient=أمير قطر"),
        # it has a subject of its own, and an object
        ("زار أردوغان الدوحة والتقى بوتين بأمير قطر", "actor=بوتين recipient=بأمير قطر"),
        # no verb before it
        ("والتقى أردوغان في الدوحة", "actor=أردوغان location=الدوحة"),
    ],
)
def test_a_verb_that_is_joined_to_another_has_its_subject(text: str, expected: str) -> None:
    assert events(text)[-1] == f"CONSULT والتقى {expected}"
