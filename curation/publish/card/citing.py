"""How to name exactly this version in a paper."""

from __future__ import annotations

import re

from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest
from curation.wording import visible

_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_ESCAPES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def citation(manifest: Manifest, counted: Statistics) -> str:
    """A BibTeX entry: its reviewers are the authors; the year is that of the latest reading, since
    a version holds no clock; the note is the manifest's `content`. What is not known is left out.
    """
    name = _tex(manifest.schema.name)
    people = [_tex(who) for who in sorted(counted.authors.get("submitted", {}))]
    key = re.sub(r"[^A-Za-z0-9]+", "-", f"{manifest.schema.name} {manifest.version}").strip("-")
    fields = {
        "title": f"{{{name}}} {manifest.version}: entities and events in text",
        "author": " and ".join(f"{{{who}}}" for who in people),
        "year": str(manifest.newest.year) if manifest.newest else "",
        "version": manifest.version,
        "note": f"content {manifest.content}",
    }
    lines = [f"  {field} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}", ""])


def _tex(text: str) -> str:
    """Text as BibTeX takes it; backticks would end the block of code that it stands in.

    >>> _tex("a_b & c")
    'a\\\\_b \\\\& c'
    """
    plain = visible(" ".join(text.replace("`", "'").split()))
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], f"\\{found[0]}"), plain)
