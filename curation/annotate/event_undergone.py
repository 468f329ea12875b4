"""A word's only participant: who suffers it (قصف غزة, قتل جنديان), or the place of a visit."""

from __future__ import annotations

from collections.abc import Sequence

from curation.annotate.event_groups import Place
from curation.annotate.event_trigger import Trigger

PLACES = frozenset(("GPE", "LOC", "FAC"))


def give_way(found: dict[str, tuple[str, Place]], trigger: Trigger) -> None:
    """Make the only participant after an undergone word its recipient. An organisation acts, and so
    does a nationality that qualifies a noun (القصف الإسرائيلي).
    """
    verb = trigger.reading.sense.verb
    if verb and trigger.reading.form.pronoun and not trigger.passive:
        return  # the pronoun is who it is done to: دمرها الجيش
    ours = [(id, role, p) for id, (role, p) in found.items() if role in ("actor", "recipient")]
    if verb:
        ours = [(id, role, p) for id, role, p in ours if p.lead != "with"]
    bare = [(id, role, p) for id, role, p in ours if p.lead not in ("agent", "against", "to")]
    acts = [
        p
        for _, _, p in bare
        if (p.entity.label == "ORG" and not trigger.has("victim"))
        or (not verb and (p.adjective or p.over or _qualifies(p, trigger)))
        or (p.acts and verb)
    ]
    done_by = any(p.lead == "agent" for _, _, p in ours)
    gives_way = done_by or (not acts and len(bare) == len(ours))
    if gives_way and all(role == "actor" for _, role, _ in bare):
        found.update({id: ("recipient", p) for id, _, p in bare if not p.adjective})


def _qualifies(place: Place, trigger: Trigger) -> bool:
    """Whether a nationality right after a noun says whose it is (قصف إسرائيلي, with a weapon's or
    another adjective between: قصف مدفعي إسرائيلي)."""
    apart = place.start - trigger.end
    own = trigger.type == "ASSAULT" and place.begin == place.start and not place.lead
    beside = apart <= own and not place.object
    return place.entity.label == "NORP" and beside and not trigger.has("victim")


def visited(found: dict[str, tuple[str, Place]]) -> None:
    """The only participant after a visit is its place, where someone stands before it, or after a
    verb."""
    ours = [p for role, p in found.values() if role in ("actor", "recipient", "location")]
    if len(ours) == 1 and ours[0].entity.label in PLACES:
        found[ours[0].entity.id] = ("location", ours[0])


def of_many(trigger: Trigger, before: Sequence[Place]) -> bool:
    """Whether a plural verb that may be a passive tells of others than the one body or person
    further off (عثرت دورية على جثث لأشخاص خطفوا)."""
    passive = trigger.reading.form.plural and trigger.has("undergone") and not trigger.governs
    one = len(before) == 1 and before[0].entity.label in ("PERSON", "ORG", "GPE")
    return passive and one and before[0].end < trigger.start
