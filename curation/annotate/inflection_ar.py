"""The forms of a trigger word as an Arabic text may write them (folded), clitics apart."""

from __future__ import annotations

from collections.abc import Iterator

from curation.annotate.inflection import Form
from curation.text import fold_key

_PRONOUNS = ("ه", "ها", "هم", "هما", "نا", "هن")
_OWNERS = ("ه", "ها", "هم", "هما", "نا", "هن", "ي")
_ARTICLE = "ال"
#: What stands in the lexicon for a tense whose forms are mostly another word.
NONE = "-"


def verb_forms(verb: str) -> Iterator[Form]:
    """The forms of `perfect/imperfect`, both in the third person masculine singular. `!` after the
    perfect: no dual that is written as its noun (رفضا).

    >>> sorted(form.text for form in verb_forms("زار/يزور") if form.tense == "perfect")[:4]
    ['زار', 'زارا', 'زارت', 'زارتا']
    """
    hamza = verb.partition("/")[0].endswith("أ")  # بدأت, but بنت
    perfect, _, imperfect = (fold_key(part) for part in verb.partition("/"))
    noun_like, perfect = perfect.endswith("!"), perfect.removesuffix("!")
    if perfect != NONE:
        forms = _perfect(perfect, weak=perfect[-1] in "يا" and not hamza)
        yield from (form for form in forms if not noun_like or form.text != perfect + "ا")
        if passive := _passive(perfect):
            yield from _perfect(passive, passive=True, weak=passive[-1] in "يا")
    if imperfect != NONE:
        yield from _imperfect(imperfect[1:], hollow=perfect[-2:-1] == "ا")


def _perfect(word: str, *, weak: bool, passive: bool = False) -> Iterator[Form]:
    stem = word[:-1] if weak else word
    yield from (Form(text, "perfect", passive) for text in (word, stem + "ت"))
    both = () if weak else (stem + "ا", stem + "تا")
    yield from (Form(text, "perfect", passive, plural=True) for text in both)
    yield Form(stem + "وا", "perfect", passive, plural=True)
    if not passive:
        for end in _PRONOUNS:
            yield Form(stem + ("ا" if weak else "") + end, "perfect", pronoun=True)
            yield Form(stem + "ت" + end, "perfect", pronoun=True)
            yield Form(stem + "و" + end, "perfect", pronoun=True, plural=True)


def _passive(word: str) -> str:
    """The perfect passive where it is written otherwise: هوجم, اغتيل, أصيب."""
    if len(word) == 4 and word[1] == "ا":
        return word[0] + "و" + word[2:]
    if len(word) > 3 and word[-2] == "ا":
        return word[:-2] + "ي" + word[-1]
    return ""


def _imperfect(root: str, hollow: bool) -> Iterator[Form]:
    weak = root[-1] in "يو"
    short = root[:-1] if weak else root
    for prefix in "يت":
        yield Form(prefix + root, "imperfect")
        yield Form(prefix + root + "ان", "imperfect", plural=True)
        yield from (Form(prefix + short + end, "imperfect", plural=True) for end in ("ون", "وا"))
        for end in _PRONOUNS:
            yield Form(prefix + root + end, "imperfect", pronoun=True)
            yield Form(prefix + short + "ون" + end, "imperfect", pronoun=True, plural=True)
        if weak:
            yield Form(prefix + short, "jussive")
        elif hollow and root[-2] in "ويا":
            yield Form(prefix + root[:-2] + root[-1], "jussive")
            if root[-2] in "وي":
                yield Form(prefix + root[:-2] + "ا" + root[-1], "imperfect", passive=True)
    yield Form("ن" + root, "imperfect", first=True)


def noun_forms(noun: str) -> Iterator[Form]:
    """The forms of a noun: bare, dual, with its article, with possessive pronouns. `!` after it:
    not where it is an adverb (رفضا).

    >>> [form.text for form in noun_forms("زيارة")][:4]
    ['زياره', 'الزياره', 'زيارتين', 'الزيارتين']
    """
    adverb = not noun.endswith("!")
    noun = noun.removesuffix("!")
    bare = fold_key(noun)
    joined = bare[:-1] + "ت" if noun.endswith("ة") else bare
    two = () if noun.endswith("ات") else (joined + "ين", joined + "ان")
    for form in (bare, *two):
        yield Form(form)
        yield Form(_ARTICLE + form, definite=True)
    # "my attack" is written as the adjective (هجومي)
    for end in _OWNERS if noun.endswith("ة") else _PRONOUNS:
        yield Form(joined + end, definite=True, pronoun=True)
    if adverb and not noun.endswith(("ة", "ات", "اء")):
        yield Form(bare + "ا")
