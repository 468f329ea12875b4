"""spaCy's DocBin (https://spacy.io/api/docbin), the `.spacy` files that `spacy train` reads.

Every entity stands in the span group `sc`, where spancat looks for them, with its id and with its
value as `kb_id`; the outermost stand in `doc.ents` too, where ner looks. The tokens are our words,
cut where an entity begins or ends inside one; spaCy aligns them with those of a pipeline. The
document's id and what it has beside the text are JSON in `doc.user_data["curation"]`. Relations,
events, scores and proposers have no place.

A DocBin is one piece, and is held in memory. Other files may have entities in `doc.ents` or in any
group of spans; a document with neither is one that nobody has read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from curation.convert import unsaid
from curation.convert.built import Built, Origin
from curation.convert.characters import Characters, cut
from curation.convert.expressed import carried
from curation.convert.lines import About, about, document, named, once, refuse
from curation.convert.losses import Losses
from curation.errors import DataError
from curation.model import Annotation, Record
from curation.store import Rejects, opened, written
from curation.text import tag_words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span
    from spacy.vocab import Vocab

GROUP = "sc"
NOTE = "curation"
#: What spaCy says of tokens that records have no place for.
_OF_TOKENS = {"TAG": "tag_", "POS": "pos_", "MORPH": "morph", "LEMMA": "lemma_", "DEP": "dep_"}


class Note(Struct, frozen=True, omit_defaults=True):
    """The document's id, and what it has beside the text."""

    id: str
    about: About = About()


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    docs, vocab = DocBin(store_user_data=True), Vocab()
    for record in records:
        docs.add(_doc(record, carried(record, by, losses), vocab, losses))
    with written(path) as stream:
        stream.write(docs.to_bytes())
    return len(docs)


def _doc(record: Record, found: Annotation | None, vocab: Vocab, losses: Losses) -> Doc:
    from spacy.tokens import Doc, Span

    text, ident = record.document.text, record.document.id
    entities = found.entities if found else ()
    tokens = cut(text, ((one.start, one.end) for one in entities))
    doc = Doc(
        vocab,
        words=[text[one.start : one.end] for one in tokens],
        spaces=[one.blank for one in tokens],
    )
    note = Note(ident, about(record.document))
    doc.user_data[NOTE] = msgspec.json.encode(note).decode()
    if found is None:
        return doc
    unsaid.links(ident, found, losses)
    first = {one.start: at for at, one in enumerate(tokens)}
    last = {one.end: at + 1 for at, one in enumerate(tokens)}
    spans: dict[str, Span] = {}
    for one in entities:
        unsaid.fields(ident, one, losses, kept=("value",))
        on = first[one.start], last[one.end]
        spans[one.id] = Span(doc, *on, label=one.label, kb_id=one.value or "", span_id=one.id)
    inner = {one.entity for one in tag_words([(t.start, t.end) for t in tokens], entities).losses}
    doc.spans[GROUP] = list(spans.values())
    doc.set_ents([span for name, span in spans.items() if name not in inner], default="outside")
    return doc


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each Doc."""
    seen: dict[str, int] = {}
    for number, doc in enumerate(_docs(path, rejects), start=1):
        try:
            record = _record(f"{named(path)}-{number}", doc, origin, losses)
            once(seen, record.document.id, number, "place")
        except (DataError, msgspec.MsgspecError) as fault:
            error = DataError(str(fault).partition("\n")[0], field=f"document {number}")
            refuse(rejects, error, path, 0, doc.text.encode())
        else:
            yield record


def _docs(path: Path | str, rejects: Rejects | None) -> Iterator[Doc]:
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    with opened(path) as stream:
        data = stream.read()
    try:
        docs = DocBin().from_bytes(data)
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        error = DataError("this is no DocBin", hint="Give a file that DocBin.to_disk wrote.")
        error.__cause__ = fault
        refuse(rejects, error, path, 0, b"")
        return
    yield from docs.get_docs(Vocab())


def _record(ident: str, doc: Doc, origin: Origin, losses: Losses) -> Record:
    data: dict[Any, Any] = dict(doc.user_data)
    note = msgspec.json.decode(data.pop(NOTE), type=Note) if NOTE in data else Note(ident)
    made = document(note.id, doc.text, note.about)
    built = Built(Characters(made.text))
    found: dict[str, Any] = dict(doc.spans)  # pyright: ignore[reportUnknownArgumentType]
    groups: dict[str, list[Span]] = {name: list(group) for name, group in found.items()}
    _left(note.id, doc, groups, data, losses)
    spans = [span for group in groups.values() for span in group]
    seen = {(span.start, span.end, span.label_) for span in spans}
    spans += [span for span in doc.ents if (span.start, span.end, span.label_) not in seen]
    for span in spans:
        built.entity(
            span.start_char, span.end_char, span.label_, span.id_, value=span.kb_id_ or None
        )
    read_by_somebody = groups or (len(doc) and doc.has_annotation("ENT_IOB"))
    return Record(made, (built.reading(origin),) if read_by_somebody else ())


def _left(
    ident: str, doc: Doc, groups: dict[str, list[Span]], data: dict[Any, Any], losses: Losses
) -> None:
    said: dict[str, Any] = {
        f"spans of {name}": len(spans) for name, spans in groups.items() if name != GROUP and spans
    }
    said |= {
        name: " ".join(str(getattr(token, attribute)) for token in doc)
        for name, attribute in _OF_TOKENS.items()
        if len(doc) and doc.has_annotation(name)
    }
    said |= {"cats": dict(doc.cats)} if doc.cats else {}
    said |= {"user_data": str(data)} if data else {}
    for what, value in said.items():
        losses.add(ident, "document", "", what, value, "records have no place for it")
