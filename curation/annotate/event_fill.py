"""Participants that the words around a trigger do not name: meant by a pronoun, by a verb without a
subject, or by the sentence as a whole.

- A verb's missing subject is the one of the event before it in the sentence, or the nearest
  participant before it; a pronoun at a noun's end likewise (زيارته; توقيفه: who it is done to).
- Where a type requires an actor and its sentence names none, the sentence before is asked.
- What happens somewhere happens where the sentence says (`في`), if its own words do not say where.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from curation.annotate.arguments import ON_THE_SPOT
from curation.annotate.event_groups import Place, within
from curation.annotate.event_trigger import Trigger
from curation.annotate.event_undergone import PLACES
from curation.model import Modality

#: How far from a noun the one that is joined to it may stand, in words.
JOINED = 6
#: How far from a trigger the sentence may say where, or who the two parties are, in words.
SPOT = 120
#: What is done against a protest.
AGAINST = ("ASSAULT", "COERCE")

Roles = dict[str, tuple[str, Place]]


class Found(Struct, frozen=True):
    """An event found: its trigger, (role, place) by entity, and its modality."""

    trigger: Trigger
    roles: Roles
    modality: Modality

    def who(self, role: str) -> Place | None:
        """The first with a role; None without one."""
        return next((place for other, place in self.roles.values() if other == role), None)

    def named(self) -> tuple[str, ...]:
        """The roles that are taken."""
        return tuple(role for role, _ in self.roles.values())


def meant(
    trigger: Trigger,
    roles: Roles,
    resumed: bool,
    antecedent: Place | None,
    before: Sequence[Found],
) -> Roles:
    """The roles with who a pronoun or a verb without a subject means: `before` are the events
    before it in its sentence, or else of the sentence before. An undergone verb without a subject
    may be a passive, and means nobody.
    """
    reading, taken = trigger.reading, [role for role, _ in roles.values()]
    verb, form = reading.sense.verb, reading.form
    last = before[-1] if before else None
    acted = _acted(before, form.plural)
    filled = dict(roles)

    def fill(role: str, place: Place | None) -> None:
        if place is not None:
            filled.setdefault(place.entity.id, (role, place))

    if not verb:
        if form.pronoun:
            undergone = trigger.has("victim") or trigger.has("undergone")
            dies = trigger.has("victim") and not trigger.has("deed")  # مصرعهما
            role = "recipient" if dies or (undergone and "recipient" not in taken) else "actor"
            if trigger.has("third") or role not in taken:
                fill(role, antecedent)
        elif last and _joined(last.trigger, trigger) and "actor" not in taken:
            fill("actor", last.who("actor"))
        elif trigger.carried_role == "owner" and "actor" not in taken:
            fill("actor", antecedent)
        elif trigger.carried_role == "actor" and not trigger.carried and "actor" not in taken:
            fill("actor", last.who("actor") if last else (antecedent if trigger.object else None))
        elif trigger.carried_role == "speaker" and not trigger.carried and trigger.has("deed"):
            fill("actor", antecedent)
        return filled
    if form.first:
        return filled
    role = "recipient" if trigger.passive else "actor"
    led = any(role == "recipient" and p.lead == "against" for role, p in roles.values())
    if trigger.joined and last:
        if role not in taken:
            fill(role, last.who("recipient" if last.trigger.passive else "actor"))
        return filled
    ambiguous = trigger.has("undergone") and not (form.pronoun or trigger.governs or led)
    if role not in taken and (resumed or reading.clitics) and not ambiguous:
        fill(role, (acted if reading.clitics else None) or antecedent)
    if form.pronoun and "recipient" not in taken:
        meant = (last.who("recipient") if last else None) or antecedent
        if last and meant is not None and meant.entity.id in filled:
            meant = last.who("actor")  # اقتحم طلاب … قبل أن تفرقهم الشرطة
        fill("recipient", meant)
    return filled


def _acted(before: Sequence[Found], plural: bool) -> Place | None:
    """Who is the subject of a verb that is joined to others: the actor of the last event. A plural
    that is written as no subject is none of a singular verb (لتفريق المحتجين واعتقلت)."""
    actors = (one.who("actor") for one in reversed(before))
    return next((place for place in actors if plural or not (place and place.oblique)), None)


def taking_part(roles: Roles, joining: Sequence[Place]) -> Roles:
    """The roles with who is said to take part, if nobody has it: شهدت بغداد مظاهرة شارك فيها …"""
    if any(role == "actor" for role, _ in roles.values()):
        return roles
    theirs: Roles = {place.entity.id: ("actor", place) for place in joining}
    return {**roles, **theirs}


def both(
    trigger: Trigger, roles: Roles, before: Sequence[Found], pairs: Callable[[Place], bool]
) -> Roles:
    """The roles with the two parties of the event before it, or of the nearest one that names two,
    where `pairs` says that an actor means both of them (اتفق الجانبان)."""
    if not any(role == "actor" and pairs(place) for role, place in roles.values()):
        return roles
    for one in reversed(before):
        if trigger.start - one.trigger.start > SPOT:
            break
        sides = [p for role, p in one.roles.values() if role in ("actor", "recipient")]
        sides = [p for p in sides if not pairs(p)]
        if len(sides) > 1:
            theirs: Roles = {p.entity.id: ("actor", p) for p in sides[:2]}
            others = {id: (role, p) for id, (role, p) in roles.items() if not pairs(p)}
            return {**others, **theirs}
    return roles


def coordinated(trigger: Trigger, roles: Roles, last: Found) -> Roles:
    """The roles of a verb that is joined to the verb of the event before it in its sentence: who
    alone follows it is whom the same subject met (زار أردوغان الدوحة والتقى الشيخ تميم)."""
    joined = trigger.has("meets") and trigger.reading.clitics and last.trigger.reading.sense.verb
    subject = last.who("actor") if joined and not last.trigger.passive else None
    sides = [(id, role, p) for id, (role, p) in roles.items() if role in ("actor", "recipient")]
    if subject is None or subject.entity.text in {p.entity.text for _, _, p in sides}:
        return roles
    if not sides or any(
        role == "recipient" or p.lead or p.start < trigger.end for _, role, p in sides
    ):
        return roles
    theirs: Roles = {id: ("recipient", p) for id, _, p in sides}
    return {subject.entity.id: ("actor", subject), **roles, **theirs}


def settled(found: Sequence[Found]) -> list[Found]:
    """The events of a sentence, each without what stands beyond the trigger of another: that goes
    with the other (أدان الأردن إحراق … قرب رام الله), and a protest without those who act against
    it (فرقت الشرطة مظاهرة).
    """
    # Who takes part is no border, though it names an event too: رشق متظاهرون | قوات الأمن.
    starts = sorted(one.trigger.start for one in found if not one.trigger.has("self"))

    def between(first: int, last: int) -> bool:
        """Whether a trigger begins between two words."""
        after = bisect_right(starts, first)
        return after < len(starts) and starts[after] < last

    against = {
        id
        for one in found
        if one.trigger.type in AGAINST and one.trigger.reading.sense.verb
        for id, (role, _) in one.roles.items()
        if role == "actor"
    }
    # left the town, and Hamas accused it
    subjects = {
        id: one.trigger.start
        for one in found
        if one.trigger.subject_first and one.trigger.reading.sense.verb
        for id, (role, place) in one.roles.items()
        if role == "actor" and place.end == one.trigger.start
    }
    result: list[Found] = []
    for one in found:
        start = one.trigger.start
        noun = one.trigger.type == "PROTEST" and not one.trigger.reading.sense.verb
        roles = {
            id: (role, place)
            for id, (role, place) in one.roles.items()
            if not between(start, place.start)
            and not (role == "date" and between(place.start, start))
            and not (noun and role == "actor" and place.end == start and id in against)
            and not (place.joined and start < place.start and place.end == subjects.get(id))
        }
        result.append(msgspec.structs.replace(one, roles=roles))
    return result


def demanded(found: Sequence[Found]) -> list[Found]:
    """The events of a sentence: who is asked for one is its actor (طالبت السلطات بالإفراج)."""
    result: list[Found] = []
    for one in found:
        asked = result[-1].who("recipient") if result else None
        if (
            asked is not None
            and result[-1].trigger.type == "DEMAND"
            and one.modality == "possible"
            and "actor" not in one.named()
        ):
            roles: Roles = {asked.entity.id: ("actor", asked), **one.roles}
            one = msgspec.structs.replace(one, roles=roles)
        result.append(one)
    return result


def subject_before(found: Found, earlier: Sequence[Found]) -> Found:
    """An event whose verb lacks the actor it requires, with that of the sentence before."""
    reading = found.trigger.reading
    if not reading.sense.verb or found.trigger.passive or reading.form.first:
        return found
    if "actor" in found.named() or not earlier:
        return found
    place = earlier[-1].who("actor")
    if place is None or place.entity.id in found.roles:
        return found
    return msgspec.structs.replace(found, roles={**found.roles, place.entity.id: ("actor", place)})


def on_the_spot(found: Found, places: Sequence[Place]) -> Found:
    """An event with the place its sentence speaks of, if it has none."""
    trigger = found.trigger
    if trigger.type not in ON_THE_SPOT or trigger.has("goal") or "location" in found.named():
        return found
    if any(p.entity.label in PLACES for role, p in found.roles.values() if role == "recipient"):
        return found
    near = within(places, trigger.start - SPOT, trigger.end + SPOT)
    inside = [p for p in near if p.lead == "in" and p.entity.label in PLACES]
    inside = [p for p in inside if p.entity.id not in found.roles]
    if not inside:
        return found
    place = min(inside, key=lambda p: (abs(p.start - trigger.start), p.start))
    return msgspec.structs.replace(
        found, roles={**found.roles, place.entity.id: ("location", place)}
    )


def when(roles: Roles, trigger: Trigger, places: Sequence[Place]) -> Roles:
    """The roles with a date: the nearest of some places, if there is none."""
    # A length of time (P3D) is no date.
    dates = [place for place in places if _dates(place)]
    if not dates or any(role == "date" for role, _ in roles.values()):
        return roles
    place = min(dates, key=lambda p: (abs(p.start - trigger.start), p.start))
    return {**roles, place.entity.id: ("date", place)}


def _dates(place: Place) -> bool:
    entity = place.entity
    return entity.label in ("DATE", "TIME") and not (entity.value or "").startswith("P")


def _joined(before: Trigger, trigger: Trigger) -> bool:
    """Whether a noun is joined to the one before it, or is how that is done: بضرب … وتحطيم,
    احتجاجاتهم بإضراب."""
    near = 0 < trigger.start - before.end <= JOINED
    conjoined = trigger.reading.clitics[:1] in ("و", "ب")
    alike = before.type == trigger.type and not before.reading.sense.verb
    return near and conjoined and alike
