"""Whose an event's noun is, by what stands right after it: هجوم لطالبان, احتجاجات تونس."""

from __future__ import annotations

from curation.annotate.event_groups import Place
from curation.annotate.event_trigger import Trigger
from curation.annotate.event_undergone import PLACES


def says_where(trigger: Trigger, place: Place) -> bool:
    """Whether a place right after a noun only says where: احتجاجات تونس, تفجير كركوك. A state,
    or who does it to somebody (قصف دمشق لإدلب), acts."""
    if place.entity.label not in PLACES or place.over:
        return False
    blown = trigger.type == "ASSAULT" and trigger.reading.sense.mode == "explosives"
    return trigger.type == "PROTEST" or blown or (trigger.type == "ASSAULT" and town(place))


def of_theirs(trigger: Trigger) -> bool:
    """Whether what is led to by "to" right after a noun of violence may be whose it is: not who
    suffers an act that takes an object (قتل, قصف), or what somebody else does (نصب مسلحون كمينا
    للجيش)."""
    reading = trigger.reading
    if trigger.carried and trigger.carried_role == "actor":
        return False
    acts_on = any(map(trigger.has, ("undergone", "victim", "mutual", "thing")))
    return not (reading.sense.verb or reading.form.definite or reading.rest or acts_on)


def state(place: Place) -> bool:
    """Whether a place is a state, which acts."""
    return (place.entity.value or "").startswith("iso3166:")


def town(place: Place) -> bool:
    """Whether a place is a town: it is feminine, and no capital that stands for a government can be
    told from it."""
    return place.entity.label == "GPE" and not state(place)
