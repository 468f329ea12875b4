"""A trigger of an event in its sentence, as the rules for its arguments ask about it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from curation.annotate.event_groups import Place
from curation.annotate.event_lexicon import Reading


class Trigger(Struct, frozen=True):
    """A trigger's words (half open) and what it is read as.

    carried: the subject of the verb that carries it (a weapon, and then whose it is, perhaps), with
    its role ("" without such a verb). edge: the word before which nothing is its subject. governs:
    whether an object is written right after it. subject_first: whether the language's verbs stand
    after their subject. relates: whether it tells of who stands right before it. joined:
    whether a conjunction written apart joins it to another verb (visited Beijing and urged China).
    """

    start: int
    end: int
    reading: Reading
    carried: Sequence[Place] = ()
    carried_role: str = ""
    edge: int = 0
    governs: bool = False
    subject_first: bool = False
    relates: bool = False
    joined: bool = False

    @property
    def type(self) -> str:
        """The event's type."""
        return self.reading.sense.type

    @property
    def masculine(self) -> bool:
        """Whether it is a verb that agrees with no feminine subject."""
        form, verb = self.reading.form, self.reading.sense.verb
        if not verb or form.pronoun or form.plural or form.first or self.subject_first:
            return False
        if form.tense == "perfect":
            return not form.text.endswith("ت")
        return form.tense == "imperfect" and form.text.startswith("ي")

    @property
    def object(self) -> bool:
        """Whether it is a noun that is written as an object, so that its verb has a subject."""
        return self.governs or self.reading.form.text.endswith("ا")

    @property
    def intended(self) -> bool:
        """Whether it is a noun that a verb of doing carries (تعتزم زيارة فيينا)."""
        return not self.reading.sense.verb and self.carried_role == "actor"

    def has(self, trait: str) -> bool:
        """Whether its row has a trait."""
        return trait in self.reading.sense.traits

    @property
    def passive(self) -> bool:
        """Whether its subject is who it is done to."""
        return self.reading.form.passive or self.has("patient")
