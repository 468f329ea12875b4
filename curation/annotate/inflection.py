"""Forms of a trigger word as a text may write them (folded), clitics apart.

The patterns are those of Arabic; a language whose trigger list gives every form needs none.
"""

from __future__ import annotations

from collections.abc import Iterator

from curation.text import fold_key

_OBJECTS = ("ه", "ها", "هم", "هما", "نا", "هن")
_POSSESSIVES = ("ه", "ها", "هم", "هما", "نا", "هن", "ي")


def verb_forms(verb: str) -> Iterator[tuple[str, bool]]:
    """(form, imperfect) for `perfect/imperfect`, both in the third person masculine singular.

    >>> sorted(form for form, future in verb_forms("زار/يزور") if not future)[:4]
    ['زار', 'زارا', 'زارت', 'زارتا']
    """
    perfect, _, imperfect = (fold_key(part) for part in verb.partition("/"))
    weak = perfect[-1] in "يا"
    stem = perfect[:-1] if weak else perfect
    for form in (perfect, stem + "ت", stem + "وا", *(() if weak else (stem + "ا", stem + "تا"))):
        yield form, False
    for form in (stem + ("ا" if weak else ""), stem + "ت", stem + "و"):
        for suffix in _OBJECTS:
            yield form + suffix, False
    root = imperfect[1:]
    short = root[:-1] if root[-1] in "يو" else root
    for prefix in "يت":
        for form in (root, short + "ون", short + "وا", root + "ان"):
            yield prefix + form, True
        for suffix in _OBJECTS:
            yield prefix + root + suffix, True
            yield prefix + short + "ون" + suffix, True


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
