"""A chart of bars as SVG: small, the same bytes everywhere, readable on light and dark pages.

A page that shows a picture as `<img>` gives it nothing of its own: no font, no colours, no scripts.
So the picture has its own ground, and ground and ink follow the reader's scheme together. Whatever
is in a label stays a label: one line, escaped, set in its own direction.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence

import regex
from msgspec import Struct

from curation.publish.card.markdown import cell, isolated, right_to_left

#: Bars that a picture has at most; what is left over goes into one more, `and n others`.
MOST = 24

_WIDTH, _ROW, _TOP, _LEFT, _BAR = 720, 24, 52, 236, 320
_LETTERS = 30  # grapheme clusters of a label that fit into _LEFT
_NOT_XML = regex.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
_STYLE = (
    "svg{font:13px system-ui,sans-serif}"
    ".g{fill:#fff;stroke:#d0d7de}.t{font-size:15px;font-weight:600}text{fill:#1f2328}"
    ".b{fill:#2f6f9f}.n{font-variant-numeric:tabular-nums}"
    "@media(prefers-color-scheme:dark){.g{fill:#15191f;stroke:#3d444d}text{fill:#e6edf3}"
    ".b{fill:#6cb2e0}}"
)


class Bar(Struct, frozen=True):
    """A bar: what it is of, how long it is, and the number that stands beside it."""

    label: str
    value: float
    shown: str


class Chart(Struct, frozen=True):
    """Bars under a title, drawn against the longest, or against `whole` if that is given. `name` is
    that of the file, without its ending."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    whole: float = 0

    @property
    def alt(self) -> str:
        """All that the picture shows, in words.

        >>> Chart("a", "Entities", (Bar("GPE", 2, "2"), Bar("ORG", 1, "1"))).alt
        'Entities: GPE 2; ORG 1'
        """
        return f"{self.title}: " + "; ".join(f"{isolated(b.label)} {b.shown}" for b in self.bars)

    @property
    def path(self) -> str:
        """Where it lies in a version folder."""
        return f"assets/{self.name}.svg"


def counts_chart(
    name: str, title: str, counts: Sequence[tuple[str, int]], *, most: int = MOST
) -> Chart:
    """A chart of counts in their order; those beyond `most` are summed up in the last bar."""
    bars = [Bar(label, count, f"{count:,}") for label, count in counts[:most]]
    if rest := counts[most:]:
        left = sum(count for _, count in rest)
        bars.append(Bar(f"and {len(rest):,} others", left, f"{left:,}"))
    return Chart(name, title, tuple(bars))


def shown(charts: Mapping[str, Chart], name: str) -> Iterator[str]:
    """The Markdown that shows a chart beside the card, if there is one of that name."""
    if chart := charts.get(name):
        yield f"![{cell(chart.alt)}]({chart.path})"


def svg(chart: Chart) -> str:
    """The picture. Lengths of bars are true to a tenth of a unit of 720 across."""
    height = _TOP + _ROW * len(chart.bars) + 12
    whole = chart.whole or max((bar.value for bar in chart.bars), default=0) or 1
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}"'
        f' height="{height}" role="img">',
        f"<title>{_escaped(chart.title)}</title>",
        f"<desc>{_escaped(chart.alt)}</desc>",
        f"<style>{_STYLE}</style>",
        f'<rect class="g" x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="8"/>',
        f'<text class="t" x="16" y="30">{_escaped(chart.title)}</text>',
    ]
    for at, bar in enumerate(chart.bars):
        y = _TOP + _ROW * at
        length = round(_BAR * bar.value / whole, 1)
        parts.append(_label(bar.label, y + 16))
        parts.append(f'<rect class="b" x="{_LEFT}" y="{y + 3}" width="{length:g}" height="18"/>')
        x = f"{_LEFT + length + 6:g}"
        parts.append(f'<text class="n" x="{x}" y="{y + 16}">{_escaped(bar.shown)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _label(label: str, y: int) -> str:
    """A label that ends at the bars' left edge, whichever way it is read."""
    # The end of a line that is read from the right is its left edge.
    way = ' direction="rtl"' if right_to_left(label) else ' text-anchor="end"'
    letters = regex.findall(r"\X", " ".join(label.split()))
    short = "".join(letters[: _LETTERS - 1]) + "…" if len(letters) > _LETTERS else "".join(letters)
    told = f"<title>{_escaped(label)}</title>" if len(letters) > _LETTERS else ""
    return f'<text x="{_LEFT - 8}" y="{y}"{way}>{told}{_escaped(short)}</text>'


def _escaped(text: str) -> str:
    """Text as XML can hold it: without the control characters that XML 1.0 forbids."""
    return html.escape(
        regex.sub(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]", "", text)
    )
