"""What changed between two versions as one page of HTML: the texts, with the changes marked.

The page stands alone: no script, nothing from a network, and everything that is data is escaped.
Texts run as the schema says, or as their first letter does.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from curation.model import Schema
from curation.publish.card.markdown import isolated
from curation.publish.changes.changelog import lines, summary
from curation.publish.changes.comparing import Change, document_changes
from curation.publish.changes.differences import Difference
from curation.publish.changes.pairing import Pair

#: Documents whose texts the page shows, unless all are asked for.
SHOWN = 200

_STYLE = """
body { font: 16px/1.9 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff; }
h1, h2 { line-height: 1.3; } h2 { font-size: 1rem; margin: 2rem 0 .3rem; }
h2 small { font-weight: normal; color: #555; }
.text { white-space: pre-wrap; border: 1px solid #ccc; border-radius: .4rem; padding: .8rem; }
mark { background: #eee; color: inherit; border-radius: .2rem; }
mark.added { background: #b7ebc0; }
mark.removed { background: #f8c4c0; text-decoration: line-through; }
mark.relabelled { background: #ffe28a; } mark.moved { background: #bcdcff; }
mark.revalued { background: #e0ccf7; }
b { font: 600 .65rem/1 system-ui, sans-serif; vertical-align: super; margin: 0 .15rem; }
ul { font-size: .85rem; color: #333; }
"""

#: What one word is marked as, if several changes meet on it.
_ORDER = ("removed", "added", "moved", "relabelled", "revalued")


def differing_page(
    found: Difference, pairs: Iterable[Pair], schema: Schema, shown: int | None = SHOWN
) -> Iterator[str]:
    """The page, piece by piece. `pairs` are the rows of the documents that differ; `shown` is how
    many of them the page holds (None: all). It says how many it leaves out."""
    title = html.escape(f"{found.old} → {found.new}")
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    yield (
        "<ul>\n" + "".join(f"<li>{html.escape(line)}</li>\n" for line in summary(found)) + "</ul>\n"
    )
    marks = " ".join(f'<mark class="{kind}">{kind}</mark>' for kind in reversed(_ORDER))
    yield f"<p>{marks}</p>\n"
    count = 0
    for was, now in pairs:
        count += 1
        if shown is None or count <= shown:
            yield from _document(list(document_changes(was, now)), was, now, schema)
    if shown is not None and count > shown:
        yield f"<p>and {count - shown:,} more documents that differ (--full shows all)</p>\n"
    yield "</body>\n</html>\n"


def _document(
    changes: list[Change], was: dict[str, Any] | None, now: dict[str, Any] | None, schema: Schema
) -> Iterator[str]:
    head, *rest = changes
    about = ", ".join((*head.kinds, *(f"by {name}" for name in head.by)))
    yield f"<h2><bdi>{html.escape(head.document)}</bdi> <small>{html.escape(about)}</small></h2>\n"
    if was is not None and now is not None and was["text"] != now["text"]:
        # Offsets of the one say nothing about the other.
        before = [one for one in rest if one.before]
        yield _text(was["text"], _spans(before, "before"), schema)
        yield _text(now["text"], _spans([one for one in rest if one.after], "after"), schema)
    else:
        row = now or was
        assert row is not None
        yield _text(row["text"], _spans(rest, "after"), schema)
    if was is not None and now is not None:
        told = (f"<li><bdi>{html.escape(line)}</bdi></li>\n" for line in lines(changes, isolated))
        yield "<ul>\n" + "".join(told) + "</ul>\n"


Span = tuple[int, int, str, str]


def _spans(changes: Iterable[Change], side: str) -> list[Span]:
    """Start, end, class and caption of each change that has a place in the text."""
    found: list[Span] = []
    for change in changes:
        old, new = change.before, change.after
        shown = (new or old) if side == "after" else (old or new)
        if change.item == "relation" or shown is None:
            continue
        kind = min(change.kinds, key=_ORDER.index)
        place = shown.get("trigger", shown)
        label = _label(shown)
        if old and new and _label(old) != _label(new):
            label = f"{_label(old)} → {_label(new)}"
        if "moved" in change.kinds and old and new:
            was = old.get("trigger", old)
            label += f" (was “{isolated(was['text'])}”)"
        if "revalued" in change.kinds and old and new:
            label += f" ({_revalued(old, new)})"
        found.append((place["start"], place["end"], kind, label))
    return found


def _revalued(old: dict[str, Any], new: dict[str, Any]) -> str:
    """What is said otherwise of an entity or an event that stands where it stood."""
    was, now = _values(old), _values(new)
    return ", ".join(
        f"{name}: {was.get(name, '–')} → {now.get(name, '–')}"
        for name in sorted(was.keys() | now.keys())
        if was.get(name) != now.get(name)
    )


def _values(side: dict[str, Any]) -> dict[str, str]:
    found = {name: isolated(side[name]) for name in ("value", "mode", "modality") if side.get(name)}
    roles: dict[str, list[str]] = {}
    for one in side.get("arguments", ()):
        roles.setdefault(one["role"], []).append(f"“{isolated(side['names'][one['entity']])}”")
    return found | {role: ", ".join(sorted(names)) for role, names in roles.items()}


def _label(side: dict[str, Any]) -> str:
    return side.get("label") or side["type"]


def _text(text: str, spans: list[Span], schema: Schema) -> str:
    """The text, every stretch between two edges in the mark of what covers it, and each caption
    where its span ends."""
    edges = sorted({0, len(text), *(edge for span in spans for edge in span[:2])})
    pieces: list[str] = []
    for start, end in pairwise(edges):
        covering = [span for span in spans if span[0] <= start and end <= span[1]]
        piece = html.escape(text[start:end])
        if covering:
            kind = min((span[2] for span in covering), key=_ORDER.index)
            piece = f'<mark class="{kind}">{piece}</mark>'
        captions = (f"<b><bdi>{html.escape(s[3])}</bdi></b>" for s in spans if s[1] == end)
        pieces += [piece, *captions]
    return f'<div class="text" dir="{schema.direction}">{"".join(pieces)}</div>\n'
