"""UIMA CAS with DKPro's types, as INCEpTION reads and writes it: a folder with an `.xmi` for each
document and a `TypeSystem.xml`
(https://inception-project.github.io/releases/36.0/docs/user-guide.html#sect_formats_uimaxmi).

Entities are of the layer NamedEntity, the label as `value` and the value as `identifier`. Events
are of a span layer `webanno.custom.Event` (`value`, `mode`, `modality`, and `arguments`, links with
a role to named entities), relations of a relation layer `webanno.custom.Relation` (`value`; from
Governor, the head, to Dependent, the tail): a project that imports them defines these two. Offsets
are UTF-16 code units. Tokens and sentences are ours.

Scores, proposers and ids have no place, nor has what the document has beside its text and language.
A document that nobody has read looks read. What XML can not hold becomes U+FFFD. The document's id
is the file's name: INCEpTION writes its own into DocumentMetaData.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import structs

from curation.convert import unsaid
from curation.convert.built import Origin
from curation.convert.cas_items import (
    DEPENDENT,
    EVENT,
    GOVERNOR,
    LINK,
    METADATA,
    NAMED,
    RELATION,
    SENTENCE,
    TOKEN,
    Types,
    cassis,
    load,
    record_of,
)
from curation.convert.expressed import carried
from curation.convert.folders import Names, ident, new_folder, old_folder
from curation.convert.layout import layout
from curation.convert.lines import refuse
from curation.convert.losses import Item, Losses
from curation.errors import DataError
from curation.model import Annotation, Document, Record, event_id, relation_id
from curation.store import Rejects

_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    types = _typesystem()
    names, count = Names(), 0
    with new_folder(path) as folder:
        types.to_xml(folder / "TypeSystem.xml")
        for record in records:
            name = names.new(record.document.id)
            if ident(name) != record.document.id:
                reason = "no file can have it as its name"
                losses.add(record.document.id, "document", "", "id", record.document.id, reason)
            _Cas(types, record.document, losses, name).fill(carried(record, by, losses)).to_xmi(
                folder / f"{name}.xmi"
            )
            count += 1
    return count


def _typesystem() -> Any:
    """The types of DKPro Core that we use
    (https://dkpro.github.io/dkpro-core/releases/2.4.0/docs/typesystem-reference.html), and our two
    layers as INCEpTION would make them."""
    types = cassis().TypeSystem()

    def layer(name: str, *features: str, of: str = "uima.tcas.Annotation") -> Any:
        made = types.create_type(name, of)
        for feature in features:
            types.create_feature(made, feature, "uima.cas.String")
        return made

    layer(METADATA, "documentTitle", "documentId", of="uima.tcas.DocumentAnnotation")
    layer(SENTENCE)
    layer(TOKEN)
    named = layer(NAMED, "value", "identifier")
    link = layer(LINK, "role", of="uima.cas.TOP")
    types.create_feature(link, "target", named)
    event = layer(EVENT, "value", "mode", "modality")
    types.create_feature(event, "arguments", "uima.cas.FSArray", elementType=link)
    relation = layer(RELATION, "value")
    for name in (DEPENDENT, GOVERNOR):
        types.create_feature(relation, name, named)
    return types


class _Cas:
    """The CAS of one document."""

    def __init__(self, types: Any, document: Document, losses: Losses, name: str) -> None:
        self._types, self._document, self._losses = types, document, losses
        self._cas: Any = cassis().Cas(types)
        self._cas.sofa_string = self._sound(document.text, "document", "", "text")
        self._cas.sofa_mime = "text/plain"
        title = self._sound(document.id, "document", "", "title")
        language = document.language or "x-unspecified"
        said = {"documentId": name, "documentTitle": title, "language": language}
        self._add(METADATA, 0, len(document.text), **said)
        unsaid.beside(structs.replace(document, language=None), losses)

    def fill(self, found: Annotation | None) -> Any:
        """The CAS with words, sentences and all of a reading."""
        tokens = layout(self._document.text)
        for sentence in tokens.sentences:
            if sentence:
                self._add(SENTENCE, sentence[0][0], sentence[-1][1])
        for start, end in tokens.tokens:
            self._add(TOKEN, start, end)
        if found is None:
            unsaid.unread(self._document.id, self._losses)
        else:
            self._items(found)
        return self._cas

    def _items(self, found: Annotation) -> None:
        made: dict[str, Any] = {}
        for one in found.entities:
            unsaid.fields(self._document.id, one, self._losses, kept=("value",))
            unsaid.entity_ident(self._document.id, one, self._losses)
            label = self._sound(one.label, "entity", one.id, "label")
            value = one.value and self._sound(one.value, "entity", one.id, "value")
            made[one.id] = self._add(NAMED, one.start, one.end, value=label, identifier=value)
        for one in found.events:
            unsaid.fields(self._document.id, one, self._losses, kept=("mode", "modality"))
            at = one.trigger
            self._ident("event", one.id, event_id(at.start, at.end, one.type))
            roles = [self._sound(a.role, "argument", one.id, "role") for a in one.arguments]
            links = [
                self._make(LINK, role=role, target=made[argument.entity])
                for role, argument in zip(roles, one.arguments, strict=True)
            ]
            self._add(
                EVENT,
                at.start,
                at.end,
                value=self._sound(one.type, "event", one.id, "type"),
                mode=one.mode and self._sound(one.mode, "event", one.id, "mode"),
                modality=one.modality,
                arguments=self._make("uima.cas.FSArray", elements=links),
            )
        for one in found.relations:
            self._ident("relation", one.id, relation_id(one.label, one.head, one.tail))
            head, tail = made[one.head], made[one.tail]
            label = self._sound(one.label, "relation", one.id, "label")
            # INCEpTION has a relation stand where it ends.
            ends = {GOVERNOR: head, DEPENDENT: tail}
            self._add(RELATION, tail.begin, tail.end, value=label, **ends)

    def _make(self, type: str, **features: Any) -> Any:
        return self._types.get_type(type)(**features)

    def _add(self, type: str, begin: int, end: int, **features: Any) -> Any:
        made = self._make(type, begin=begin, end=end, **features)
        self._cas.add(made)
        return made

    def _ident(self, item: Item, said: str, again: str) -> None:
        if said != again:
            self._losses.add(self._document.id, item, said, "id", said, unsaid.NO_IDS)

    def _sound(self, said: str, item: Item, ident: str, what: str) -> str:
        """The same, or with U+FFFD for what XML can not hold, so that offsets stay."""
        sound = _NO_XML.sub("\ufffd", said)
        if sound != said:
            reason = "XML can not hold some of its characters, which become U+FFFD"
            self._losses.add(self._document.id, item, ident, what, said, reason)
        return sound


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each `.xmi` of the folder and of those in it, in the order of their names, by
    the nearest `TypeSystem.xml` in its folder or above; a file that is none is refused. Layers of
    grammar are listed; each other span layer is read as entities, as events where it links with
    roles."""
    folder = old_folder(path)
    types = Types(folder)
    for place in sorted(folder.rglob("*.xmi")):
        try:
            name = ident(place.relative_to(folder).with_suffix("").as_posix())
            record = record_of(name, load(place, types.of(place)), origin, losses)
        except (UnicodeDecodeError, DataError) as fault:
            error = fault if isinstance(fault, DataError) else DataError(f"no UTF-8: {fault}")
            refuse(rejects, error, place, error.line, place.read_bytes())
        else:
            yield record
