"""The formats by name. A new one is a module with a reader and a writer, and a line here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from curation.convert import (
    brat,
    cas,
    conll,
    conllup,
    docbin,
    doccano,
    dygie,
    gliner,
    labelstudio,
    oneie,
    own,
    prodigy,
    webanno,
    wikievents,
)
from curation.convert.built import Origin
from curation.convert.losses import Losses
from curation.errors import UsageError
from curation.model import Record
from curation.store import Rejects


class Reader(Protocol):
    """Reads a file of the format. What it says that records can not goes to `losses`; what can not
    be read to `rejects` (without them, the first is raised)."""

    def __call__(
        self, path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
    ) -> Iterator[Record]:
        """A record for each document, in order; its reading is by `origin` where the format names
        no author."""
        ...


class Writer(Protocol):
    """Writes a file of the format. What the format can not say goes to `losses`."""

    def __call__(
        self, path: Path | str, records: Iterable[Record], losses: Losses, by: str | None
    ) -> int:
        """Write every record with the reading that counts, or the last one by the agent `by`;
        returns how many."""
        ...


class Format(Struct, frozen=True):
    """A format of files: what it is, and how it is read and written."""

    about: str
    read: Reader
    write: Writer


FORMATS = {
    "records": Format("the records of this project", own.read, own.write),
    "oneie": Format("OneIE, a sentence a line", oneie.read, oneie.write),
    "wikievents": Format("WikiEvents, a document a line", wikievents.read, wikievents.write),
    "dygie": Format("DyGIE++, a document a line", dygie.read, dygie.write),
    "conll2003": Format("CoNLL-2003, four columns", conll.CONLL2003.read, conll.CONLL2003.write),
    "iob2": Format("token and IOB2 tag", conll.IOB2.read, conll.IOB2.write),
    "bioes": Format("token and BIOES tag", conll.BIOES.read, conll.BIOES.write),
    "conllup": Format("CoNLL-U Plus, with the text", conllup.read, conllup.write),
    "spacy": Format("spaCy's DocBin", docbin.read, docbin.write),
    "gliner": Format("GLiNER's training data, a sentence an item", gliner.read, gliner.write),
    "brat": Format("brat standoff, a folder", brat.read, brat.write),
    "prodigy": Format("Prodigy's tasks, a document a line", prodigy.read, prodigy.write),
    "doccano": Format("doccano, [start, end, label]", doccano.LABELS.read, doccano.LABELS.write),
    "doccano-relations": Format(
        "doccano, entities and relations", doccano.RELATIONS.read, doccano.RELATIONS.write
    ),
    "webanno": Format("WebAnno TSV 3.3 of INCEpTION, a folder", webanno.read, webanno.write),
    "labelstudio": Format(
        "Label Studio's JSON, a list of tasks", labelstudio.read, labelstudio.write
    ),
    "cas": Format("UIMA CAS of INCEpTION, a folder of XMI", cas.read, cas.write),
}


def find_format(name: str) -> Format:
    """The format of this name.

    Raises: UsageError, listing the known ones, if there is none.
    """
    if name not in FORMATS:
        known = "; ".join(f"{name} ({one.about})" for name, one in FORMATS.items())
        raise UsageError(f"there is no format {name!r}", hint=f"Known formats: {known}.")
    return FORMATS[name]
