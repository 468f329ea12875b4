"""The main text of an HTML page, by trafilatura: without menus, comments, advertisements.

Paragraphs are lines. trafilatura composes characters (NFC) and leaves out invisible ones; joiners,
which change how words look and read in Persian, Urdu, Kurdish or Malayalam, are kept.
"""

from __future__ import annotations

import logging
from typing import Any

from curation.errors import DataError
from curation.model import unstorable

_JOINERS = "\u200c\u200d"

# trafilatura drops what is not printable, so joiners travel as printable signs that no page has:
# Linear B ideograms, of which two are picked that are not in the page.
_SIGNS = range(0x10080, 0x100FB)

# Characters that lxml reads and refuses to write (no XML has them); a page's form feed is a blank.
_NO_XML = {ord(char): None for char in map(chr, range(0x20)) if not char.isspace()}
_NO_XML.update({0xFFFE: None, 0xFFFF: None})
_BLANKS = dict.fromkeys((0x0B, 0x0C, *range(0x1C, 0x20)), " ")

_META = ("title", "author", "sitename", "url")


def main_text(page: str) -> tuple[str, dict[str, Any]]:
    """The main text of a page, and what the page says about itself: `title`, `author`,
    `sitename`, `url` and `published` (ISO 8601), as far as it does.

    Raises: DataError if there is no main text.
    """
    at = unstorable(page)
    if at is not None:
        raise DataError(
            f"the page has U+{ord(page[at]):04X} at code point {at}",
            hint="Look whether the encoding is right (--encoding).",
        )
    import trafilatura
    from trafilatura.metadata import extract_metadata
    from trafilatura.settings import use_config

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    tree = _tree(page)
    if tree is None:
        raise DataError("the page is empty")
    said: Any = extract_metadata(_tree(page), extensive=False)
    config = use_config()
    # For short pages trafilatura falls back on all text there is, and glues the last word of a
    # paragraph to the first of the next. A page without main text is refused instead.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    signs = _shield(tree, page)
    text = trafilatura.extract(tree, include_comments=False, config=config)
    if not text:
        raise DataError(
            "the page has no main text",
            hint="Save the text you want as .txt, or take the page out.",
        )
    about = {name: getattr(said, name) for name in _META if getattr(said, name)}
    if said.date:
        about["published"] = said.date
    return text.translate({ord(sign): joiner for joiner, sign in signs.items()}), about


def _tree(page: str) -> Any:
    import lxml.html

    html: Any = lxml.html
    try:
        return html.document_fromstring(page.encode(), html.HTMLParser(encoding="utf-8"))
    except html.etree.ParserError:
        return None


def _shield(tree: Any, page: str) -> dict[str, str]:
    """Put printable signs in the place of joiners, and say which; take out what is no XML."""
    free = (chr(sign) for sign in _SIGNS if chr(sign) not in page)
    signs = dict(zip(_JOINERS, free, strict=False))
    table = str.maketrans(signs) | _NO_XML | _BLANKS
    for node in tree.iter():
        if isinstance(node.tag, str) and node.text:
            node.text = node.text.translate(table)
        if node.tail:
            node.tail = node.tail.translate(table)
    return signs
