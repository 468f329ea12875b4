"""The forms of an English trigger word: regular ones by rule, others as the lexicon gives them."""

from __future__ import annotations

from collections.abc import Iterator

from curation.annotate.inflection import Form
from curation.text import fold_key

_VOWELS = "aeiou"


def verb_forms(verb: str) -> Iterator[Form]:
    """The forms of `base`, `base/past` or `base/past/participle`; the gerund has no tense.

    >>> [form.text for form in verb_forms("deny")]
    ['deny', 'denies', 'denied', 'denying']
    >>> [form.text for form in verb_forms("strike/struck")]
    ['strike', 'strikes', 'struck', 'striking']
    >>> [form.text for form in verb_forms("give/gave/given")]
    ['give', 'gives', 'gave', 'given', 'giving']
    """
    base, past, done = ([*map(fold_key, verb.split("/")), "", ""])[:3]
    past = past or _regular_past(base)
    yield Form(base, "imperfect")
    yield Form(_with_s(base), "imperfect")
    if done:
        yield Form(past, "perfect")
        yield Form(done, "participle", passive=True)
    else:
        yield Form(past, "participle")
    yield Form(_stem(base) + "ing")


def noun_forms(noun: str) -> Iterator[Form]:
    """A noun and its plural; a word that is its own plural is given with it (`talks`).

    >>> [form.text for form in noun_forms("visit")]
    ['visit', 'visits']
    """
    bare = fold_key(noun)
    yield Form(bare)
    if not bare.endswith("s") or bare.endswith("ss"):
        yield Form(_with_s(bare))


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _regular_past(base: str) -> str:
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    return base + "d" if base.endswith("e") else _stem(base) + "ed"


def _stem(base: str) -> str:
    """Before -ed and -ing: without a mute e, a short word's last letter doubled (stab, stabbed)."""
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1]
    short = len(base) <= 4 and base[-1] not in _VOWELS + "wxy"
    if short and base[-2:-1] in _VOWELS and base[-3:-2] not in _VOWELS:
        return base + base[-1]
    return base
