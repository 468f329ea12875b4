"""The names of the controls on the review page, by which a `result` says what is what."""

from __future__ import annotations

from typing import get_args

from curation.model import Modality

#: The names of the controls and of the text.
TEXT, ENTITIES, EVENTS, MODALITY, EMPTY = "text", "entities", "events", "modality", "empty"
#: The value of the choice that confirms an empty document.
NOTHING = "nothing"
_MODE = "mode-"

#: The model version of every prediction we send. One name for all: the page shows only the
#: predictions of the version that the project names.
MODEL_VERSION = "curation"

MODALITIES: tuple[Modality, ...] = get_args(Modality)


def mode_control(event_type: str) -> str:
    """The name of the control that holds the modes of an event type."""
    return f"{_MODE}{event_type}"


def type_of_modes(control: str) -> str | None:
    """The event type whose modes a control of this name holds; None for other controls."""
    return control.removeprefix(_MODE) if control.startswith(_MODE) else None
