"""What languages are called, for people; and what the Hub takes for the code of one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from curation.store import shipped

_CODE = re.compile(r"[a-z]{2,3}\Z")


def base_codes(tags: Iterable[str]) -> list[str]:
    """The ISO 639 codes of BCP 47 tags, each once and sorted; what has none is left out.

    >>> base_codes(["ar-EG", "ar", "EN", "x-klingon", ""])
    ['ar', 'en']
    """
    codes = {re.split("[-_]", tag)[0].lower() for tag in tags}
    return sorted(code for code in codes if _CODE.match(code))


def language_name(tag: str) -> str:
    """A language in English, with its tag; the tag alone where nobody knows the name.

    >>> language_name("ar-EG"), language_name("qqq"), language_name("")
    ('Arabic (ar-EG)', 'qqq', 'not known')
    """
    if not tag:
        return "not known"
    names = [_names()[code] for code in base_codes([tag]) if code in _names()]
    return f"{names[0]} ({tag})" if names else tag


@cache
def _names() -> dict[str, str]:
    lines = shipped("seeds", "knowledge", "languages.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: name for code, name in pairs}
