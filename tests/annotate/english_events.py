"""English events as a test can state them in one line: the entities are given by hand."""

import re
from functools import lru_cache
from pathlib import Path
from shutil import copy
from tempfile import mkdtemp

from curation.annotate.events import events as annotator
from curation.annotate.protocol import EachDraft
from curation.model import Annotation, Author, Document, Record, make_entity
from curation.store import load_schema, shipped

_MARKED = re.compile(r"\[(?P<text>[^\]]+)\|(?P<label>[A-Z]+)\]")


@lru_cache
def _annotator() -> EachDraft:
    """The event rules of English; it writes no small words onto others."""
    home = Path(mkdtemp())
    for name in ("events.toml", "triggers.tsv"):
        copy(shipped("seeds", "knowledge", "en", name), home)
    (home / "words.toml").write_text("conjunctions = []\nprepositions = []\n", "utf-8")
    return annotator({"knowledge": str(home)}, load_schema())


def events(marked: str) -> list[str]:
    """`TYPE mode trigger role=text …` of the events in a text whose entities are written
    `[France|GPE]`; with its modality if it is not asserted."""
    text, entities, at = "", [], 0
    for found in _MARKED.finditer(marked):
        text += marked[at : found.start()]
        start, at = len(text), found.end()
        text += found["text"]
        entities.append((start, len(text), found["label"]))
    text += marked[at:]
    draft = Annotation(
        Author("machine", "hand"),
        "proposed",
        tuple(make_entity(text, *span) for span in entities),
    )
    record = Record(Document(id="d", text=text, language="en"), (draft,))
    (reading,) = _annotator().annotate_drafts([record])
    names = {entity.id: entity.text for entity in reading.entities}
    return [
        " ".join(
            [
                event.type,
                *([event.mode] if event.mode else []),
                event.trigger.text,
                *([] if event.modality == "asserted" else [event.modality]),
                *(f"{argument.role}={names[argument.entity]}" for argument in event.arguments),
            ]
        )
        for event in reading.events
    ]
