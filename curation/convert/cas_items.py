"""A UIMA CAS loaded, and its layers as entities, events and relations."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

from curation.convert.built import Built, Origin
from curation.convert.characters import Characters
from curation.convert.losses import Item, Losses
from curation.errors import DataError, MissingExtra
from curation.model import Argument, Document, Entity, Modality, Record

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
_NAMES = f"{_DKPRO}ner.type."
NAMED = f"{_NAMES}NamedEntity"
METADATA = f"{_DKPRO}metadata.type.DocumentMetaData"
SENTENCE, TOKEN = f"{_DKPRO}segmentation.type.Sentence", f"{_DKPRO}segmentation.type.Token"
EVENT, RELATION = "webanno.custom.Event", "webanno.custom.Relation"
#: As INCEpTION names the links of a feature: layer, feature, Link.
LINK = "webanno.custom.EventArgumentsLink"
GOVERNOR, DEPENDENT = "Governor", "Dependent"
#: Of the document itself, and what INCEpTION notes of its own layers.
_OF_TOOLS = (SENTENCE, TOKEN, f"{_DKPRO}metadata.type.", "de.tudarmstadt.ukp.clarin.", "uima.")
_MODALITIES: tuple[Modality, ...] = get_args(Modality)
_FRAME = {"begin", "end", "sofa"}
_NO_PLACE = "records have no place for it"


def cassis() -> ModuleType:
    """The library that knows CAS.

    Raises: MissingExtra if it is not installed.
    """
    try:
        import cassis
    except ImportError as fault:
        raise MissingExtra(
            f"the format needs dkpro-cassis: {fault}", hint="pip install 'curation[uima]'"
        ) from fault
    return cassis


class Types:
    """The type systems of a folder and of those in it; the last one is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._place: Path | None = None
        self._types: Any = None

    def of(self, place: Path) -> Any:
        """The nearest one to a file.

        Raises: DataError if there is none, or none that can be read.
        """
        above = [one for one in place.parents if one.is_relative_to(self._folder)]
        found = next((f for one in above if (f := one / "TypeSystem.xml").is_file()), None)
        if found is None:
            hint = "Put it beside: INCEpTION exports it with the document."
            raise DataError("there is no TypeSystem.xml for it", hint=hint)
        if found != self._place:
            self._types = _loaded(f"{found}: ", lambda: cassis().load_typesystem(found))
            self._place = found
        return self._types


def load(place: Path, types: Any) -> Any:
    """The CAS of a file.

    Raises: DataError if it is none, or says what its types or its text do not have.
    """
    return _loaded("", lambda: cassis().load_cas_from_xmi(place, types))


def _loaded(of: str, loading: Any) -> Any:
    from cassis.typesystem import TypeNotFoundError

    try:
        with warnings.catch_warnings():
            # It warns of offsets that are none, and takes them; so nobody would see them again.
            warnings.simplefilter("error", UserWarning)
            return loading()
    except SyntaxError as fault:  # lxml's own is one
        raise DataError(f"{of}no XML: {fault.msg}", line=fault.lineno or 0) from fault
    except TypeNotFoundError as fault:
        hint = "Put the TypeSystem.xml beside it that was exported with it."
        raise DataError(f"{of}{fault}", hint=hint) from fault
    except UserWarning as fault:
        raise DataError(f"{of}{fault}, in UTF-16 code units", field="begin or end") from fault
    except KeyError as fault:
        message = f"{of}it names {fault}, which is not there"
        raise DataError(message, hint="Export it again.") from fault
    except (ValueError, TypeError, AttributeError, RuntimeError) as fault:
        raise DataError(f"{of}this is no UIMA CAS as XMI: {fault}") from fault


def record_of(ident: str, cas: Any, origin: Origin, losses: Losses) -> Record:
    """The record of a CAS; what records have no place for goes to `losses`.

    Raises: DataError if it has no text, or spans that are not in it.
    """
    text: str | None = cas.sofa_string
    if text is None:
        raise DataError("it has no text", field="sofaString")
    reader = _Reader(ident, text, cas.typesystem, losses)
    for view in cas.sofas:
        if view.sofaID != "_InitialView":
            losses.add(ident, "document", "", f"view {view.sofaID}", view.sofaString, _NO_PLACE)
    for one in sorted(cas.select_all_annotations(), key=lambda one: one.xmiID):
        reader.sort(one)
    return Record(Document(ident, text, reader.language), (reader.built(origin),))


class _Reader:
    def __init__(self, ident: str, text: str, types: Any, losses: Losses) -> None:
        self._ident, self._types, self._losses = ident, types, losses
        self._made = Built(Characters(text))
        self._spans: list[Any] = []
        self._events: list[tuple[Any, str]] = []
        self._relations: list[Any] = []
        self._lost: dict[str, list[str]] = {}
        self._entities: dict[int, Entity] = {}
        self.language: str | None = None

    def sort(self, one: Any) -> None:
        """Take an annotation for what its type says that it is."""
        name: str = one.type.name
        names = {feature.name for feature in one.type.all_features}
        if "language" in names and one.language not in (None, "x-unspecified"):
            self.language = one.language
        if name.startswith(_OF_TOOLS):
            return
        if name.startswith(_DKPRO) and not name.startswith(_NAMES):
            self._lost.setdefault(name, []).append(f"{one.begin}:{one.end}")
        elif {GOVERNOR, DEPENDENT} <= names:
            self._relations.append(one)
        elif links := next((f.name for f in one.type.all_features if _links(f, self._types)), None):
            self._events.append((one, links))
        else:
            self._spans.append(one)

    def built(self, origin: Origin) -> Any:
        """The reading of all that was taken."""
        for one in self._spans:
            self._entity(one)
        for one, links in self._events:
            self._event(one, links)
        for one in self._relations:
            self._relation(one)
        for what, said in self._lost.items():
            self._lose("document", "", what, " ".join(said), _NO_PLACE)
        return self._made.reading(origin)

    def _entity(self, one: Any) -> None:
        said = _strings(one)
        value = said.pop("identifier", None)
        label = _label(said)
        if self._stands(one, "entity", label):
            made = self._made.entity(one.begin, one.end, label, value=value)
            self._entities[one.xmiID] = made
            self._rest("entity", made.id, said)

    def _event(self, one: Any, links: str) -> None:
        said = _strings(one, links)
        mode, modality = said.pop("mode", None), said.pop("modality", None)
        label = _label(said)
        held = getattr(one, links)
        arguments = [(link.role, link.target) for link in held.elements] if held else []
        if not self._stands(one, "event", label):
            for role, _ in arguments:
                self._lose("argument", "", "span", role or "", "its event is lost")
            return
        found: Any = modality if modality in _MODALITIES else "asserted"
        kept: list[Argument] = []
        lost: list[str] = []
        for role, target in arguments:
            entity = self._entities.get(target.xmiID) if target is not None else None
            if role and entity:
                kept.append(Argument(role, entity.id))
            else:
                lost.append(role or "")
        made = self._made.event(one.begin, one.end, label, kept, mode=mode, modality=found)
        for role in lost:
            self._lose("argument", made.id, "span", role, "it has no role, or is no entity")
        if modality and found != modality:
            self._lose("event", made.id, "modality", modality, _NO_PLACE)
        self._rest("event", made.id, said)

    def _relation(self, one: Any) -> None:
        said = _strings(one)
        label = _label(said)
        head, tail = (
            self._entities.get(end.xmiID) if end is not None else None
            for end in (getattr(one, GOVERNOR), getattr(one, DEPENDENT))
        )
        if not (label and head and tail):
            reason = "it has no label, or does not join two entities"
            self._lose("relation", "", "span", f"{label} {one.begin}:{one.end}", reason)
            return
        made = self._made.relation(label, head.id, tail.id)
        self._rest("relation", made.id, said)

    def _stands(self, one: Any, item: Item, label: str) -> bool:
        if one.begin is None or one.end is None:
            raise DataError(f"{one.type.name} {one.xmiID} has no place", field="begin or end")
        if label and one.begin < one.end:
            return True
        reason = "it is empty" if label else "it has no label"
        self._lose(item, "", "span", f"{label} {one.begin}:{one.end}".strip(), reason)
        return False

    def _rest(self, item: Item, ident: str, said: dict[str, str]) -> None:
        for what, value in said.items():
            self._lose(item, ident, what, value, _NO_PLACE)

    def _lose(self, item: Item, ident: str, what: str, said: str, reason: str) -> None:
        self._losses.add(self._ident, item, ident, what, said, reason)


def _links(feature: Any, types: Any) -> bool:
    """Whether a feature holds links, which have a role and a target."""
    if feature.elementType is None:
        return False
    # By name: the type that a loaded feature has knows no features.
    held = types.get_type(feature.elementType.name)
    return {"role", "target"} <= {one.name for one in held.all_features}


def _strings(one: Any, links: str = "") -> dict[str, str]:
    """What an annotation says beside its place and its links, as text."""
    said: dict[str, str] = {}
    for feature in one.type.all_features:
        value = getattr(one, feature.name)
        if value is None or feature.name in (*_FRAME, GOVERNOR, DEPENDENT, links):
            continue
        plain = isinstance(value, str | int | float)
        said[feature.name] = str(value) if plain else f"a {feature.rangeType.name}"
    return said


def _label(said: dict[str, str]) -> str:
    """Take the label out: the feature `value`, else the first one."""
    name = "value" if "value" in said else next(iter(said), "")
    return said.pop(name, "")
