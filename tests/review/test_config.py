from __future__ import annotations

from xml.etree import ElementTree as ET

import msgspec
import pytest

from curation.review.config import differences, instructions, label_config
from curation.store import load_schema
from tests.review.samples import SCHEMA


def controls(config: str) -> dict[str, list[str]]:
    return {
        c.get("name") or c.tag: [child.get("value") or "" for child in c]
        for c in ET.fromstring(config).iter()
        if c.tag in ("Labels", "Choices", "Relations", "Text")
    }


def test_everything_in_the_schema_is_on_the_page() -> None:
    schema = load_schema("news")
    found = controls(label_config(schema))
    assert found["entities"] == [kind.name for kind in schema.entities]
    assert found["events"] == [kind.name for kind in schema.events]
    assert found["Relations"] == [role.name for role in schema.roles]
    assert found["empty"] == ["nothing"]
    assert found["modality"] == ["asserted", "negated", "possible", "future"]
    assert {name: modes for name, modes in found.items() if name.startswith("mode-")} == {
        f"mode-{kind.name}": list(kind.modes) for kind in schema.events if kind.modes
    }
    page = ET.fromstring(label_config(schema))
    gpe = next(label for label in page.iter("Label") if label.get("value") == "GPE")
    assert (gpe.get("background"), gpe.get("hotkey")) == ("#31A354", "g")
    modality, *modes = (c for c in page.iter("Choices") if c.get("perRegion"))
    every = ",".join(kind.name for kind in schema.events)
    assert modality.get("whenLabelValue") == every, "only triggers have one"
    assert {m.get("name"): m.get("whenLabelValue") for m in modes} == {
        f"mode-{kind.name}": kind.name for kind in schema.events if kind.modes
    }
    text = page.find("Text")
    assert text is not None
    assert text.attrib == {
        "name": "text",
        "value": "$text",
        "showLabels": "true",
        "granularity": "word",
    }


@pytest.mark.parametrize(
    ("direction", "wanted"),
    [("rtl", "direction:rtl;text-align:right"), ("ltr", "direction:ltr"), ("auto", ":start")],
)
def test_direction(direction: str, wanted: str) -> None:
    schema = msgspec.convert(
        msgspec.to_builtins(load_schema("news")) | {"direction": direction}, type(SCHEMA)
    )
    style = ET.fromstring(label_config(schema)).findtext("Style") or ""
    assert wanted in style
    assert "unicode-bidi:plaintext" in style
    assert ".lsf-htx-richtext" in style  # the class of this version; `.htx-text` matches nothing


def test_triggers_are_told_from_entities() -> None:
    style = ET.fromstring(label_config(SCHEMA)).findtext("Style") or ""
    told = [kind.name for kind in SCHEMA.events if f'[data-label$=":{kind.name}"]' in style]
    assert told == [kind.name for kind in SCHEMA.events]
    assert ":GPE" not in style


def test_guidelines_stand_line_by_line() -> None:
    schema = msgspec.structs.replace(SCHEMA, guidelines="\nMark <all>.\n\n وسّم كل شيء \n")
    panel = ET.fromstring(label_config(schema)).find("Collapse/Panel")
    assert panel is not None
    assert [line.get("value") for line in panel] == ["Mark <all>.", "وسّم كل شيء"]


def test_languages_without_spaces_are_marked_by_the_letter() -> None:
    page = label_config(msgspec.structs.replace(SCHEMA, language="zh"))
    assert 'granularity="symbol"' in page


def test_a_schema_without_events_has_no_triggers() -> None:
    plain = msgspec.structs.replace(SCHEMA, events=(), roles=())
    assert set(controls(label_config(plain))) == {"entities", "text", "Relations", "empty"}


def test_instructions_are_safe_html() -> None:
    assert "$5 &amp; &lt;more&gt;" in instructions(SCHEMA)


def test_differences() -> None:
    ours = label_config(SCHEMA)
    assert differences(ours.replace("\n", "\n  "), ours) == []
    assert differences("<View>", ours) == ["it is not XML"]
    missing = ours.replace('value="GPE"', 'value="PLACE"')
    assert differences(missing, ours) == [
        "it lacks label GPE in entities",
        "it has label PLACE in entities",
    ]
    assert differences(ours.replace("#31A354", "#000000"), ours)[0].startswith("its looks differ")
