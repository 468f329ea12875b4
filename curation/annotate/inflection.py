"""Forms of a trigger word as a text may write them (folded), clitics apart.

The patterns are those of Arabic; a language whose trigger list gives every form needs none.
"""

from __future__ import annotations

from collections.abc import Iterator

from curation.text import fold_key

_OBJECTS = ("ه", "ها", "هم", "هما", "نا", "هن")
NONE = "-"
_POSSESSIVES = ("ه", "ها", "هم", "هما", "نا", "هن", "ي")


def verb_forms(verb: str) -> Iterator[tuple[str, bool]]:
    """(form, imperfect) for `perfect/imperfect`, both in the third person masculine singular; `-`
    where the forms of one of them are mostly another word.

    >>> sorted(form for form, future in verb_forms("زار/يزور") if not future)[:4]
    ['زار', 'زارا', 'زارت', 'زارتا']
    """
    perfect, _, imperfect = (fold_key(part) for part in verb.partition("/"))
    if perfect != NONE:
        yield from ((form, False) for form in _perfect(perfect))
    if imperfect != NONE:
        yield from ((form, True) for form in _imperfect(imperfect[1:]))


def _perfect(word: str) -> Iterator[str]:
    weak = word[-1] in "يا"
    stem = word[:-1] if weak else word
    yield from (word, stem + "ت", stem + "وا")
    if not weak:
        yield from (stem + "ا", stem + "تا")
    for form in (stem + ("ا" if weak else ""), stem + "ت", stem + "و"):
        yield from (form + suffix for suffix in _OBJECTS)


def _imperfect(root: str) -> Iterator[str]:
    short = root[:-1] if root[-1] in "يو" else root
    for prefix in "يت":
        yield from (prefix + form for form in (root, short + "ون", short + "وا", root + "ان"))
        for suffix in _OBJECTS:
            yield from (prefix + root + suffix, prefix + short + "ون" + suffix)


def noun_forms(noun: str, article: str) -> Iterator[tuple[str, bool]]:
    """(form, definite) of a noun: bare, with its article, with possessive pronouns.

    >>> [form for form, _ in noun_forms("زيارة", "ال")][:4]
    ['زياره', 'الزياره', 'زيارته', 'زيارتها']
    """
    bare = fold_key(noun)
    yield bare, False
    yield article + bare, True
    joined = bare[:-1] + "ت" if noun.endswith("ة") else bare
    for suffix in _POSSESSIVES:
        yield joined + suffix, True
    if not noun.endswith(("ة", "ات")):
        yield bare + "ا", False
