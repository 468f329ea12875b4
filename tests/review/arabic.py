"""Arabic news (made up) with events of every modality: coordination, a nested participant, one that
two events share, and two events of one trigger."""

from __future__ import annotations

from curation.model import (
    Annotation,
    Argument,
    Author,
    Document,
    Entity,
    Event,
    Modality,
    Record,
    Trigger,
    event_id,
    make_entity,
)
from curation.store import load_schema

NEWS = load_schema("news")
TEXT = (
    "التقى وزير الدفاع الإسرائيلي بيني جانتس ملك المغرب في 25 نوفمبر 2021، ولم يوقعا اتفاقا.\n"
    "وقد تشارك القوات المسلحة الملكية في مناورات الأسد الإفريقي 2023.\n"
    "وأدانت الجزائر الزيارة، وستقطع علاقاتها مع الرباط. وأسفر قصف عن مقتل ثلاثة جنود."
)
MACHINE = "triggers.v1"


def at(words: str) -> tuple[int, int]:
    """Where these words begin and end (code points)."""
    return TEXT.index(words), TEXT.index(words) + len(words)


TITLE, NORP, PERSON, GPE, DATE, LAW, ARMY, EXERCISE, ALGERIA, RABAT = ENTITIES = tuple(
    make_entity(TEXT, *at(words), label, score=0.9, proposers=("crf.v1",))
    for words, label in (
        ("وزير الدفاع الإسرائيلي", "TITLE"),
        ("الإسرائيلي", "NORP"),
        ("بيني جانتس", "PERSON"),
        ("المغرب", "GPE"),
        ("25 نوفمبر 2021", "DATE"),
        ("اتفاقا", "LAW"),
        ("القوات المسلحة الملكية", "ORG"),
        ("الأسد الإفريقي 2023", "EVENT"),
        ("الجزائر", "GPE"),
        ("الرباط", "GPE"),
    )
)


def event(
    words: str, kind: str, mode: str | None, modality: Modality, *roles: tuple[str, Entity]
) -> Event:
    """An event that hangs on these words."""
    ident, trigger = event_id(*at(words), kind), Trigger(*at(words), words)
    arguments = tuple(Argument(role, of.id) for role, of in roles)
    return Event(ident, kind, trigger, mode, modality, 0.7, (MACHINE,), arguments)


MET, SIGNED, *_, SHELLED, KILLED = EVENTS = (
    event(
        "التقى",
        "CONSULT",
        "meeting",
        "asserted",
        ("actor", TITLE),
        ("actor", PERSON),
        ("recipient", GPE),
        ("date", DATE),
    ),
    event("يوقعا", "AGREE", None, "negated", ("actor", NORP), ("object", LAW)),
    event("تشارك", "COOPERATE", "military", "possible", ("actor", ARMY), ("object", EXERCISE)),
    event("وأدانت", "DISAPPROVE", None, "asserted", ("actor", ALGERIA)),
    event("وستقطع", "SANCTION", "discontinue", "future", ("actor", ALGERIA), ("recipient", RABAT)),
    event("مقتل", "ASSAULT", "heavy-weapons", "asserted"),
    event("مقتل", "CRIME", None, "possible", ("actor", NORP)),
)
READING = Annotation(Author("machine", "news-ar@3"), "proposed", ENTITIES, events=EVENTS)
RECORD = Record(Document("doc-0", TEXT, language="ar"), (READING,))
