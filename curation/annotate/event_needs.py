"""What a trigger word needs around it to be a trigger: a little language in `triggers.tsv`.

Needs are joined by `+`, and all must be met; `!` before one turns it round; `/` between two means
either. A need is one of

    actor recipient object instrument location date     an argument with this role; after a colon,
                   of one of these labels (actor:PERSON|TITLE)
    someone        an actor or a recipient
    pair           two of them
    argument       any argument but a date
    bare article   a noun without article or owner; with the article
    leans          something is written onto the front of it
    spelt          its last letter is no heh (مظاهرة, not مظاهره)
    number         a figure or a number word within the next two words
    next:W         the next word is one of these
    after:W        one of the next five is
    last:W         the word right before is
    before:W       one of the five before is
    around:W       one of the two words before or the five after is
    sentence:W     some word of the sentence is

Words of an entity and marks are looked at and not counted. `W` is words separated by `|`; `#name`
is the class `name` of `events.toml`. A word matches with what is written onto it: clitics, article,
pronouns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from curation.errors import AnnotatorError
from curation.text import fold_key

_ROLES = ("actor", "recipient", "object", "instrument", "location", "date")
_ALONE = frozenset(
    (*_ROLES, "someone", "pair", "argument", "bare", "article", "leans", "number", "spelt")
)
#: Where a named word may stand: how many words before the trigger and after it.
_WHERE: dict[str, tuple[int, int]] = {
    "next": (0, 1),
    "after": (0, 5),
    "last": (1, 0),
    "before": (5, 0),
    "around": (2, 5),
}


class Term(Struct, frozen=True):
    """One need: its name, its words, and whether it must not be so."""

    name: str
    words: frozenset[str]
    not_so: bool


#: Terms of which one must be met.
Need = tuple[Term, ...]


def parse(needs: str, classes: Mapping[str, frozenset[str]]) -> tuple[Need, ...]:
    """The needs of a row. Raises: AnnotatorError if there is no such need or class."""
    return tuple(
        tuple(_term(term, classes) for term in need.split("/")) for need in needs.split("+") if need
    )


def _term(text: str, classes: Mapping[str, frozenset[str]]) -> Term:
    name, _, listed = text.removeprefix("!").partition(":")
    if name not in _ALONE and name not in _WHERE and name != "sentence":
        raise AnnotatorError(f"triggers.tsv: there is no need {name!r}")
    if name in _ROLES:
        return Term(name, frozenset(listed.split("|") if listed else ()), text.startswith("!"))
    words: set[str] = set()
    for word in listed.split("|") if listed else ():
        if word.startswith("#"):
            if word[1:] not in classes:
                raise AnnotatorError(f"triggers.tsv: events.toml has no class {word[1:]!r}")
            words |= classes[word[1:]]
        else:
            words.add(fold_key(word))
    return Term(name, frozenset(words), text.startswith("!"))


class Around(Struct, frozen=True):
    """What a trigger stands among: its words (first, after the last), the sentence's (the same) and
    those that are not counted; what a word can be looked up as, and all of the sentence
    together; whether a word is a number; (role, label) of its arguments; how it is written, and
    whether it is "we" who do it."""

    start: int
    end: int
    first: int
    last: int
    uncounted: frozenset[int]
    forms: Callable[[int], frozenset[str]]
    everything: Callable[[], frozenset[str]]
    number: Callable[[int], bool]
    labels: tuple[tuple[str, str], ...]
    definite: bool
    article: bool
    leans: bool
    we: bool
    spelt: bool

    def meets(self, needs: tuple[Need, ...]) -> bool:
        """Whether all that a row needs is there."""
        return all(any(self._met(term) != term.not_so for term in need) for need in needs)

    def found(self, term: Term) -> int | None:
        """The first word that a need with a place names; None if there is none."""
        before, after = _WHERE[term.name]
        strict = before + after == 1
        for left, where in (
            (before, range(self.start - 1, self.first - 1, -1)),
            (after, range(self.end, self.last)),
        ):
            for k in where:
                if left <= 0:
                    break
                if not term.words.isdisjoint(self.forms(k)):
                    return k
                left -= strict or k not in self.uncounted
        return None

    def beside(self, needs: tuple[Need, ...]) -> Iterator[int]:
        """The words after the trigger that its needs name."""
        for need in needs:
            for term in need:
                wanted = term.name in ("next", "after") and not term.not_so
                if wanted and (k := self.found(term)) is not None:
                    yield k

    def _met(self, term: Term) -> bool:
        roles, name = [role for role, _ in self.labels], term.name
        if name in _WHERE:
            return self.found(term) is not None
        if name in _ROLES:
            if term.words:
                return any(role == name and label in term.words for role, label in self.labels)
            return name in roles or (name == "actor" and self.we)
        if name == "sentence":
            return not term.words.isdisjoint(self.everything())
        if name == "someone":
            return "actor" in roles or "recipient" in roles or self.we
        if name == "pair":
            return sum(role in ("actor", "recipient") for role in roles) > 1
        if name == "argument":
            return any(role != "date" for role in roles)
        if name == "number":
            return any(self.number(k) for k in (self.end, self.end + 1) if k < self.last)
        if name in ("leans", "spelt"):
            return self.leans if name == "leans" else self.spelt
        return self.article if name == "article" else not self.definite
