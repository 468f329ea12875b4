"""Who did what to whom, by rules on the words around a trigger.

The subject of a verb, or what a noun is followed by, is the actor; what is joined to it by a
conjunction has its role. What stands after a preposition has a role by the preposition's class
(`leads` in `events.toml`) and the event's type. A noun's actor may be the subject of the verb that
carries it (شنت إسرائيل غارات). Without one, the nearest participant before the trigger is the
actor. A title gives way to the person it stands before.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from curation.annotate.event_groups import Place
from curation.annotate.event_holders import apposed
from curation.annotate.event_trigger import Trigger
from curation.annotate.event_undergone import PLACES, give_way, of_many, visited
from curation.annotate.event_whose import of_theirs, says_where, state, town
from curation.model import Schema

ACTORS = frozenset(("PERSON", "NORP", "ORG", "GPE", "TITLE"))
OBJECTS = frozenset(("LAW", "WEAPON", "EVENT", "PRODUCT", "MONEY", "QUANTITY"))
AMOUNTS = frozenset(("MONEY", "QUANTITY"))
VERBAL = frozenset(("AGREE", "CONSULT", "DEMAND", "DISAPPROVE", "REJECT", "THREATEN"))
MUTUAL = frozenset(("AGREE", "CONSULT", "COOPERATE"))
#: Where what is done to a place is done there, unless the place is a state.
ON_THE_SPOT = frozenset(("ASSAULT", "MOBILIZE", "PROTEST", "AID", "CRIME", "COERCE", "RETREAT"))
ARMED = frozenset(("ASSAULT", "MOBILIZE"))
#: Most words between a trigger and its subject that belong to no entity; the same for an object
#: that is no participant, and for a subject before its verb.
NEAR, FAR, BACK = 3, 8, 6


class Arguments:
    """Role by role, within what the schema allows a role."""

    def __init__(self, schema: Schema) -> None:
        self._allowed = {role.name: frozenset(role.entities) for role in schema.roles}

    def of(self, trigger: Trigger, places: Sequence[Place]) -> dict[str, tuple[str, Place]]:
        """(role, place) by entity, from the places of the trigger's clause."""
        found: dict[str, tuple[str, Place]] = {}
        if trigger.has("self"):
            return self._themselves(trigger, places)
        before = [] if trigger.carried else self._before(trigger, places)
        self._beside(trigger, before, places, found)
        right = [place for place in places if place.start >= trigger.end]
        self._after(trigger, right, found)
        if trigger.has("undergone") or trigger.has("victim"):
            give_way(found, trigger)
        elif trigger.has("goal") and (before or trigger.reading.sense.verb or trigger.intended):
            visited(found)
        role = "recipient" if trigger.passive else "actor"
        if not _taken(found, role) and not of_many(trigger, before):
            for place in before:
                if self._allows(role, place):
                    found.setdefault(place.entity.id, (role, place))
        role = trigger.carried_role
        if role == "speaker":
            # أعلن الجيش قتل مسلحين, but not مقتل, nor هجوم
            told = trigger.has("deed") if trigger.type == "ASSAULT" else not trigger.has("victim")
            role = "actor" if told else ""
        taken = _taken(found, role)
        for place in trigger.carried:
            if trigger.carried_role == "target":
                role = "location" if place.entity.label in PLACES else "recipient"
            if place.entity.label == "WEAPON":
                if trigger.type in ARMED and role == "actor":
                    found[place.entity.id] = ("instrument", place)
            elif role and self._allows(role, place) and not taken:
                found.setdefault(place.entity.id, (role, place))
        if trigger.has("goal") and not any(role == "location" for role, _ in found.values()):
            for place in reversed([p for p in places if p.end <= trigger.start]):
                if place.lead in ("to", "in") and place.entity.label in PLACES:
                    found[place.entity.id] = ("location", place)
                    break
        if trigger.has("thing"):
            for id, (role, place) in list(found.items()):
                if role == "actor" and place.lead != "agent" and place not in trigger.carried:
                    del found[id]
        return found

    def _themselves(
        self, trigger: Trigger, places: Sequence[Place]
    ) -> dict[str, tuple[str, Place]]:
        """A word that names who does it, and the places right after it."""
        found: dict[str, tuple[str, Place]] = {}
        for place in places:
            where = place.lead == "in" and place.entity.label in PLACES
            if place.start <= trigger.start < place.end:
                found[place.entity.id] = ("actor", place)
            elif place.start >= trigger.end and where:
                found[place.entity.id] = ("location", place)
        return found

    def _beside(
        self,
        trigger: Trigger,
        before: Sequence[Place],
        places: Sequence[Place],
        found: dict[str, tuple[str, Place]],
    ) -> None:
        """The subject right before a verb; of an undergone one without an object, it is who it is
        done to (الأسرى قتلوا)."""
        apart = trigger.start - trigger.relates  # الأشخاص الذين قتلوا
        beside = before and before[-1].end == apart and trigger.reading.sense.verb
        if not beside or trigger.subject_first:
            return
        role = "recipient" if trigger.passive else "actor"
        after = [p for p in places if p.start >= trigger.end and p.entity.label in ACTORS]
        bare = any(p.begin - trigger.end <= 1 and not p.lead for p in after)
        form = trigger.reading.form
        if form.pronoun and bare and not form.plural:
            role = "recipient"  # مزارع طعنه مستوطن
        elif trigger.has("undergone") or trigger.has("victim"):
            acting = all(place.entity.label == "ORG" for place in before)
            if not (trigger.governs or bare or trigger.reading.form.pronoun or acting):
                role = "recipient"
        for place in before:
            if self._allows(role, place):
                found[place.entity.id] = (role, place)

    def _after(
        self, trigger: Trigger, right: Sequence[Place], found: dict[str, tuple[str, Place]]
    ) -> None:
        covered, last_end, last_role = 0, trigger.end, ""
        for i, place in enumerate(right):
            gap = place.begin - trigger.end - covered
            if place.joined and place.start <= last_end + 2 and last_role:
                role = last_role
            elif place.joined and not place.lead and place.entity.label not in OBJECTS:
                role = ""  # joined to something that is no entity
            else:
                role = self._role(trigger, place, found, gap)
                noun = not trigger.reading.sense.verb
                if noun and not place.lead and any(p.lead for p in right[:i]):
                    # What a noun governs stands before what a preposition leads to.
                    role = role if place.entity.label in OBJECTS else ""
            follower = right[i + 1] if i + 1 < len(right) else None
            covered += place.end - place.start
            if follower and apposed(place, follower):
                last_end, last_role = place.end, role or last_role
                if role and follower.entity.label == "PERSON" and not follower.lead:
                    held = replace(follower, lead=place.lead)  # مع الرئيس فلان
                    found[follower.entity.id] = (role, held)
                continue
            if role and self._allows(role, place):
                found.setdefault(place.entity.id, (role, place))
            last_end, last_role = place.end, role

    def _role(
        self, trigger: Trigger, place: Place, found: dict[str, tuple[str, Place]], gap: int
    ) -> str:
        label, type = place.entity.label, trigger.type
        lead = "" if place.begin < trigger.end else place.lead
        if label in OBJECTS:
            if gap > FAR or (label in AMOUNTS and type in VERBAL):
                return ""
            return "instrument" if label == "WEAPON" and type in ARMED else "object"
        if not lead and label in PLACES and place.begin < place.start:
            return "location" if type in ON_THE_SPOT or trigger.has("goal") else "recipient"
        if not lead and place.thing and type in ON_THE_SPOT and place.begin >= trigger.end:
            return "recipient" if gap <= NEAR else ""
        if lead:
            if lead == "in" and type not in ON_THE_SPOT and gap > FAR:
                return ""
            return self._led(trigger, place, lead, gap)
        form = trigger.reading.form
        roles = [role for role, _ in found.values()]
        if form.first:
            return "recipient" if gap <= NEAR else ""
        if not trigger.reading.sense.verb:
            if place.begin < trigger.end and place.adjective:
                return "actor"
            if trigger.subject_first:
                return "recipient" if gap == 0 and label in ACTORS else ""
            if gap > 0 and not (label == "NORP" and place.begin == place.start):
                return ""  # what a noun governs stands right after it
            if says_where(trigger, place):
                return "location"
            if form.pronoun:
                return "recipient" if gap <= 1 else ""
            if form.definite and not place.adjective:
                return ""
            if trigger.has("victim") and not place.adjective:
                over = place.over and not trigger.has("lesser")
                role = "actor" if place.acts or over else "recipient"
                return role if gap <= NEAR and role not in roles else ""
        elif trigger.passive:
            if trigger.subject_first:
                return ""  # condemned by France for executing protesters
            return "recipient" if gap <= NEAR and "recipient" not in roles else ""
        disagrees = trigger.masculine and place.feminine and place.begin == trigger.end
        subject = "actor" in roles or trigger.subject_first or disagrees
        if trigger.has("goal") and label in PLACES and subject:
            return "location" if gap <= NEAR else ""
        if trigger.masculine and type in ON_THE_SPOT and town(place):
            return "location" if gap <= NEAR else ""
        verb = trigger.reading.sense.verb
        marked = (place.object or form.plural or (place.counterpart and type in MUTUAL)) and verb
        marked = marked or disagrees  # قرار يطالب إسرائيل
        if "actor" not in roles and not marked and not trigger.subject_first:
            return "actor" if gap <= NEAR and label in ACTORS else ""
        if (trigger.subject_first and "recipient" in roles) or trigger.has("goal"):
            return ""
        if gap > NEAR - 1 or place.adjective:
            return ""
        return "location" if label in ("FAC", "LOC") and type in ON_THE_SPOT else "recipient"

    def _led(self, trigger: Trigger, place: Place, lead: str, gap: int) -> str:
        label, type = place.entity.label, trigger.type
        spot = label in PLACES and not state(place)
        if lead == "agent":
            # by whom something else was done: arrested two men in a raid ordered by the minister,
            # مظاهرات تم قمعها من طرف الشرطة
            active = trigger.reading.sense.verb and trigger.subject_first and not trigger.passive
            return "" if (active or type == "PROTEST") and gap > 1 else "actor"
        if lead == "with":
            mutual = trigger.has("mutual") or (type in MUTUAL and not trigger.has("third"))
            if not mutual and label in PLACES and type in ON_THE_SPOT:
                return "location"
            return "actor" if mutual else "recipient"
        calls = type == "CONSULT" and not trigger.has("goal") and gap <= FAR
        called = lead == "from" or (lead == "in" and trigger.reading.sense.mode == "phone")
        if calls and called and label not in PLACES:
            return "actor"  # تلقى اتصالا من, أجرى اتصالا هاتفيا ب
        if lead == "in":
            return "location" if label in PLACES else ""
        theirs = type == "PROTEST" and lead == "to" and gap <= (label == "NORP")
        theirs = theirs or (type == "ASSAULT" and lead == "to" and gap <= 1 and of_theirs(trigger))
        if theirs and label in ("NORP", "ORG"):
            return "actor"  # مسيرة للحزب, مظاهرة حاشدة للطلاب, هجوم لطالبان
        if lead in ("to", "against"):
            if trigger.has("goal"):
                return "location" if label in PLACES else ("recipient" if lead == "to" else "")
            return "location" if type in ON_THE_SPOT and spot else "recipient"
        if lead == "about":
            return "recipient" if type in ("CONCEDE", "RETREAT") and label not in PLACES else ""
        if lead == "of":
            undergone = trigger.has("undergone") or trigger.has("victim")
            return "recipient" if undergone else ("" if trigger.reading.sense.verb else "actor")
        if lead == "from":
            if type == "COOPERATE":
                return "actor"
            if type == "DEMAND":
                return "recipient"
            whose = not trigger.reading.sense.verb and not trigger.has("victim") and gap <= 1
            if type == "ASSAULT" and whose and label in ("PERSON", "NORP", "ORG"):
                return "actor"  # هجوم من مسلحين
            return "location" if type in ON_THE_SPOT and label in PLACES else ""
        return ""

    def _before(self, trigger: Trigger, places: Sequence[Place]) -> list[Place]:
        """The participants before a trigger: near a verb, right beside a noun, and not of a noun
        with the article; with those they are joined to.
        """
        noun = not trigger.reading.sense.verb
        of_others = trigger.reading.form.definite or trigger.has("victim")
        if noun and (of_others or trigger.reading.clitics) and not trigger.subject_first:
            return []
        limit = (1 if trigger.subject_first else 0) if noun else BACK
        left = [p for p in places if p.end <= trigger.start and p.start >= trigger.edge]
        covered = 0
        if left and not noun and trigger.relates and left[-1].end == trigger.start - 1:
            return left[-1:] if left[-1].entity.label in ACTORS else []
        for k in range(len(left) - 1, -1, -1):
            place = left[k]
            if trigger.start - place.end - covered > limit:
                return []
            if place.entity.label == "WEAPON" and not place.lead and not noun and not covered:
                return []  # عبوة ناسفة استهدفت
            agrees = trigger.reading.form.plural or not place.oblique or noun or trigger.relates
            if (not place.lead or place.joined) and place.entity.label in ACTORS and agrees:
                named = [place]
                while left[k].joined and k and left[k].begin - left[k - 1].end <= 1:
                    k -= 1
                    named.insert(0, left[k])
                return [] if named[0].lead else named
            if noun:
                return []
            covered += place.end - place.start
        return []

    def _allows(self, role: str, place: Place) -> bool:
        allowed = self._allowed.get(role)
        return allowed is not None and (not allowed or place.entity.label in allowed)


def _taken(found: dict[str, tuple[str, Place]], role: str) -> bool:
    """Whether somebody has a role by themselves; one alone after "with", or who is called
    (اتصالا بالرئيس), is the other side."""
    named = [p for other, p in found.values() if other == role]
    return len(named) > 1 or any(p.lead not in ("with", "in") for p in named)
