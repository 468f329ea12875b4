"""What a form of a trigger word says: the words between a language's inflection and its rules."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

Tense: TypeAlias = Literal["", "perfect", "imperfect", "jussive", "participle"]


class Form(Struct, frozen=True):
    """A form: what it is written as (folded); a verb's tense ("" for a noun); whether its subject
    is who it is done to; a noun's article or owner; a pronoun at its end; whether "we" do it;
    a plural whose subject can only stand before it (هاجموا).

    A participle may be active or passive, as the words before it say (English `killed`). A jussive
    only stands after a negation (`لم يزر`).
    """

    text: str
    tense: Tense = ""
    passive: bool = False
    definite: bool = False
    pronoun: bool = False
    first: bool = False
    plural: bool = False
