"""The review page, from the schema: Label Studio's labelling configuration and its instructions.

Two `<Labels>` controls, `entities` and `events` (triggers), stand over one `<Text>`; roles and
schema relations are the labels of `<Relations>`. A chosen trigger has choices: its modality, and
the modes of its type. One more choice says that a document holds nothing, so that an empty
submission that is meant can be told from one that is not.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from curation.model import EntityType, EventType, Schema
from curation.wire.names import (
    EMPTY,
    ENTITIES,
    EVENTS,
    MODALITIES,
    MODALITY,
    NOTHING,
    TEXT,
    mode_control,
)

# The class names are those of Label Studio 1.23; the documented `.htx-text` matches nothing.
# Lines stand so far apart that arrows and the names of roles fit between them.
_BODY = "white-space:pre-wrap;line-height:3.6;font-size:18px"
_STYLES = {
    "rtl": f".lsf-htx-richtext{{direction:rtl;text-align:right;{_BODY}}}\n"
    ".lsf-richtext__line{unicode-bidi:plaintext}",
    "ltr": f".lsf-htx-richtext{{direction:ltr;text-align:left;{_BODY}}}\n"
    ".lsf-richtext__line{unicode-bidi:plaintext}",
    # Every line takes the direction of its own first letter, and starts at that side. As a block
    # of its own it would add an empty line: a <br> follows each.
    "auto": f".lsf-htx-richtext{{{_BODY}}}\n"
    ".lsf-richtext__line{display:inline-block;width:100%;unicode-bidi:plaintext;text-align:start}",
}
# A label is set after its span: as part of a right-to-left line it would come apart ("8⁴⁶" for
# "8" and "46:WEAPON"). Labels and choices stay in sight, above the arrows, while a long text is
# scrolled; on a low screen they would leave too little of it. A role's name stands on its arrow:
# in its way, the arrows of the same trigger's other roles would strike it out. The handles that a
# chosen span's edges are dragged by are <area>s, which Chromium does not show by itself.
_LOOKS = (
    ".htx-highlight::after{unicode-bidi:isolate;direction:ltr}\n"
    "g[dominant-baseline] rect,g[dominant-baseline] text{transform:translateY(-9px)}\n"
    ".lsf-htx-richtext area{display:inline;margin-top:1.1em}\n"
    ".curation-choices .lsf-choices:not(.lsf-choices_hidden)"
    "{display:flex;flex-wrap:wrap;align-items:center;margin:0}\n"
    ".curation-choices .lsf-choice{margin:0 16px 0 0;line-height:1.5}\n"
    ".curation-modality .lsf-choices::before{content:'Modality:';width:80px}\n"
    ".curation-mode .lsf-choices::before{content:'Mode:';width:80px}\n"
    ".lsf-htx-richtext{padding:20px 0 12px}\n"
    "@media (min-height:800px){\n"
    ".curation-labels,.curation-choices{position:sticky;z-index:200;padding:8px 0;"
    "background:var(--color-neutral-background,#fff)}\n"
    ".curation-labels{top:-16px;max-height:40vh;overflow-y:auto}\n"
    ".curation-choices{bottom:-16px}\n"
    "}"
)
_GUIDELINE = "font-weight:400;font-size:14px"
# Languages that put no space between words: there a browser's word is a guess.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})


def label_config(schema: Schema) -> str:
    """The labelling configuration (XML) of a schema; the same schema gives the same text."""
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = f"{_STYLES[schema.direction]}\n{_LOOKS}{_triggers(schema)}"
    if schema.guidelines.strip():
        collapse = ET.SubElement(view, "Collapse", bordered="true")
        panel = ET.SubElement(collapse, "Panel", value="Guidelines", open="false")
        for line in schema.guidelines.splitlines():
            if line.strip():
                ET.SubElement(panel, "Header", size="6", value=line.strip(), style=_GUIDELINE)
    labels = ET.SubElement(view, "View", className="curation-labels")
    _labels(labels, ENTITIES, "Entities", schema.entities)
    if schema.events:
        title = "Events: mark the trigger, then link its participants"
        _labels(labels, EVENTS, title, schema.events)
    ET.SubElement(
        view,
        "Text",
        name=TEXT,
        value="$text",
        showLabels="true",
        # An attached conjunction or preposition stays in the span, so whole words are right.
        granularity="symbol" if schema.language in _UNSPACED else "word",
    )
    links = (*schema.roles, *schema.relations)
    if links:
        relations = ET.SubElement(view, "Relations", choice="single")
        for link in links:
            ET.SubElement(relations, "Relation", value=link.name)
    choices = ET.SubElement(view, "View", className="curation-choices")
    if schema.events:
        every = ",".join(kind.name for kind in schema.events)
        _choices(choices, MODALITY, MODALITIES, "curation-modality", only=every)
    for kind in schema.events:
        if kind.modes:
            _choices(choices, mode_control(kind.name), kind.modes, "curation-mode", only=kind.name)
    _choices(choices, EMPTY, ())
    ET.SubElement(choices[-1][0], "Choice", value=NOTHING, html="Nothing to mark in this document")
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _labels(
    view: ET.Element, name: str, title: str, kinds: Iterable[EntityType | EventType]
) -> None:
    ET.SubElement(view, "Header", size="6", value=title)
    control = ET.SubElement(view, "Labels", name=name, toName=TEXT, showInline="true")
    for kind in kinds:
        label = ET.SubElement(control, "Label", value=kind.name, background=kind.color)
        if kind.hotkey:
            label.set("hotkey", kind.hotkey)
        label.set("hint", kind.description)


def _choices(
    view: ET.Element, name: str, values: Iterable[str], look: str = "", *, only: str = ""
) -> None:
    """A choice of the document, or, with `only`, of each region that has one of these labels."""
    box = ET.SubElement(view, "View", {"className": look} if look else {})
    control = ET.SubElement(box, "Choices", {"name": name, "toName": TEXT, "choice": "single"})
    control.set("showInline", "true")
    if only:
        control.attrib |= {"perRegion": "true", "whenLabelValue": only}
    for value in values:
        ET.SubElement(control, "Choice", value=value)


def _triggers(schema: Schema) -> str:
    """Triggers are told from entities at a glance: bold, underlined in their type's colour. The
    page says a region's labels as `7:AGREE`."""
    return "".join(
        f'\n.htx-highlight[data-label$=":{kind.name}"]'
        f"{{font-weight:700;box-shadow:inset 0 -3px {kind.color}}}"
        for kind in schema.events
    )


def instructions(schema: Schema) -> str:
    """What a reviewer reads before the first task (HTML): the guidelines, then every label."""
    rows = "".join(
        f"<tr><td><b>{html.escape(kind.name)}</b></td><td>{html.escape(kind.description)}</td>"
        f'<td dir="auto">{html.escape(kind.example)}</td></tr>'
        for kind in (*schema.entities, *schema.events)
    )
    links = "".join(
        f"<li><b>{html.escape(link.name)}</b>: {html.escape(link.description)}</li>"
        for link in (*schema.roles, *schema.relations)
    )
    return (
        f'<p dir="auto">{html.escape(schema.guidelines.strip())}</p>'
        f"<table>{rows}</table><ul>{links}</ul>"
    )


def differences(there: str, ours: str) -> list[str]:
    """What a configuration lacks or has beside ours; empty if they mean the same."""
    try:
        theirs = ET.fromstring(there)
    except ET.ParseError:
        return ["it is not XML"]
    if _canonical(there) == _canonical(ours):
        return []
    before, after = _named_parts(theirs), _named_parts(ET.fromstring(ours))
    found = [f"it lacks {part}" for part in sorted(after - before)]
    found += [f"it has {part}" for part in sorted(before - after)]
    return found[:10] or ["its looks differ (style, colours, keys or guidelines)"]


def _canonical(config: str) -> str:
    return " ".join(ET.canonicalize(config, strip_text=True).split())


def _named_parts(view: ET.Element) -> set[str]:
    parts: set[str] = set()
    for control in view.iter():
        name = control.get("name") or control.tag
        parts |= {
            f"{child.tag.lower()} {child.get('value')} in {name}"
            for child in control
            if child.tag in ("Label", "Relation", "Choice")
        }
        if control.get("name"):
            parts.add(f"the {control.tag} control {name}")
    return parts
