r"""CoNLL-U Plus (https://universaldependencies.org/ext-format.html): a token a line, in the columns
that the first line names: `ID FORM MISC CURATION:NER`, the last with IOB2 tags.

The text is kept exactly. What stands after a token is one blank, or else `SpaceAfter=No` or
`SpacesAfter=…` in MISC, escaped as UDPipe does (https://ufal.mff.cuni.cz/udpipe/2/users-manual);
what stands before the first one is its `SpacesBefore`. `# text` is as Universal Dependencies ask:
tokens and single blanks. `# newdoc id` has the document's id, `# newpar` stands where a line
begins, and `# document` has, as JSON, what the document has beside (and all of a text that holds no
word). The tokens are our words, cut where an entity begins or ends inside one.

Entities may not nest, overlap or go on in the next sentence; ids, scores, values, proposers,
relations and events have no place. Where the tags are all `_`, nobody has read the document.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
from msgspec import Struct

from curation.convert import unsaid
from curation.convert.built import Built, Origin
from curation.convert.characters import Characters
from curation.convert.conllup_lines import NER, Sentence, blocks, read_sentence
from curation.convert.expressed import carried
from curation.convert.layout import Layout, layout
from curation.convert.lines import About, about, document, named, once, refuse
from curation.convert.losses import Losses
from curation.convert.tags import spans
from curation.errors import DataError, MalformedRecord
from curation.model import Annotation, Entity, Record
from curation.store import Rejects, written
from curation.text import Span, tag_words

COLUMNS = ("ID", "FORM", "MISC", NER)
_ESCAPES = {" ": "\\s", "\t": "\\t", "\r": "\\r", "\n": "\\n"}
_ESCAPED = {"\\p": "|", "\\\\": "\\"} | {said: one for one, said in _ESCAPES.items()}


class Note(Struct, frozen=True, omit_defaults=True):
    """What `# document` says: the id if no line can hold it, a text without words, and the rest."""

    id: str = ""
    text: str | None = None
    about: About = About()


def write(path: Path | str, records: Iterable[Record], losses: Losses, by: str | None) -> int:
    """Write the reading that counts of each record; returns how many documents."""
    count = 0
    with written(path) as stream:
        stream.write(f"# global.columns = {' '.join(COLUMNS)}\n".encode())
        for count, record in enumerate(records, start=1):
            lines = _lines(count, record, losses, by)
            stream.write("".join(line + "\n" for line in lines).encode())
    return count


def _lines(number: int, record: Record, losses: Losses, by: str | None) -> Iterator[str]:
    ident, text = record.document.id, record.document.text
    found = carried(record, by, losses)
    cut = _cut(layout(text), found.entities if found else ())
    tags = _tags(ident, cut, found, losses)
    plain = ident == " ".join(ident.split()) and ident.isprintable()
    yield f"# newdoc id = {ident if plain else number}"
    note = Note("" if plain else ident, None if cut.tokens else text, about(record.document))
    if note != Note():
        yield f"# document = {msgspec.json.encode(note).decode()}"
    if not cut.tokens:
        if found is None:
            unsaid.unread(ident, losses)
        yield ""
        return
    ends = [*(start for start, _ in cut.tokens[1:]), len(text)]
    after = [text[end:start] for (_, end), start in zip(cut.tokens, ends, strict=True)]
    before = text[: cut.tokens[0][0]]
    for at, (first, sentence) in enumerate(zip(cut.first_of, cut.sentences, strict=True)):
        if first == 0 or re.search("[\r\n]", after[first - 1]):
            yield "# newpar"
        yield f"# sent_id = {number}-{at + 1}"
        forms = cut.written(at)
        last = first + len(sentence) - 1
        gaps = [" " if gap else "" for gap in after[first:last]]
        yield "# text = " + "".join(map("".join, zip(forms, [*gaps, ""], strict=True)))
        for place, form in enumerate(forms):
            token = first + place
            misc = [f"SpacesBefore={_escape(before)}"] if before and token == 0 else []
            # At the very end nobody writes a blank: there it is said.
            if after[token] == "":
                misc.append("SpaceAfter=No")
            elif after[token] != " " or token == len(cut.tokens) - 1:
                misc.append(f"SpacesAfter={_escape(after[token])}")
            yield "\t".join((str(place + 1), form, "|".join(misc) or "_", tags[token]))
        yield ""


def _cut(tokens: Layout, entities: Iterable[Entity]) -> Layout:
    """The same sentences, with tokens cut where an entity begins or ends inside one."""
    starts = [start for start, _ in tokens.tokens]
    edges: dict[int, set[int]] = {}
    for edge in {edge for one in entities for edge in (one.start, one.end)}:
        at = bisect_right(starts, edge) - 1
        if at >= 0 and tokens.tokens[at][0] < edge < tokens.tokens[at][1]:
            edges.setdefault(starts[at], set()).add(edge)

    def pieces(span: Span) -> list[Span]:
        cuts = sorted({*span, *edges.get(span[0], ())})
        return list(pairwise(cuts))

    return Layout(
        tokens.text, [[one for span in part for one in pieces(span)] for part in tokens.sentences]
    )


def _tags(ident: str, tokens: Layout, found: Annotation | None, losses: Losses) -> list[str]:
    if found is None:
        return ["_"] * len(tokens.tokens)
    unsaid.links(ident, found, losses)
    sound: dict[str, Entity] = {}
    for one in found.entities:
        place = tokens.locate(one.start, one.end)
        if place is None:
            unsaid.entity(ident, one, "it begins or ends with white space", losses)
        elif tokens.sentence_of[place[0]] != tokens.sentence_of[place[1] - 1]:
            unsaid.entity(ident, one, "in two sentences", losses)
        elif re.search(r"\s", one.label):
            unsaid.entity(ident, one, "its label has white space", losses)
        else:
            sound[one.id] = one
    tagged = tag_words(tokens.tokens, list(sound.values()))
    for loss in tagged.losses:
        unsaid.entity(ident, sound.pop(loss.entity), loss.reason, losses)
    for one in sound.values():
        unsaid.fields(ident, one, losses)
        unsaid.entity_ident(ident, one, losses)
    return list(tagged.tags)


def _escape(gap: str) -> str:
    return "".join(_ESCAPES.get(one, one) for one in gap)


def _unescape(said: str) -> str:
    return re.sub(r"\\[strnp\\]", lambda found: _ESCAPED[found[0]], said)


def read(
    path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
) -> Iterator[Record]:
    """A record for each `# newdoc`; a sentence before any is a document of its own, under its
    `sent_id`, else the file's name and a number. A document with a line that is wrong is refused
    whole. Words of a multiword token that do not spell it stand on all of it.
    """
    seen: dict[str, int] = {}
    for count, (columns, lines) in enumerate(blocks(path), start=1):
        first = lines[0][0][0]
        try:
            parts = [read_sentence(columns, block) for block in lines]
            record = _record(f"{named(path)}-{count}", parts, origin, losses)
            once(seen, record.document.id, first)
        except DataError as fault:
            content = b"\n\n".join(b"\n".join(line for _, line in block) for block in lines)
            refuse(rejects, fault, path, fault.line or first, content)
        else:
            yield record


def _record(ident: str, parts: list[Sentence], origin: Origin, losses: Losses) -> Record:
    head = parts[0].comments
    try:
        note = msgspec.json.decode(head.get("document", "{}"), type=Note)
    except msgspec.MsgspecError as fault:
        raise MalformedRecord(str(fault), line=parts[0].line, field="# document") from fault
    ident = note.id or head.get("newdoc id") or head.get("sent_id") or ident
    text, places = _text(parts)
    if text and note.text is not None:
        message = "it says a text, but there are tokens, which have their own"
        raise MalformedRecord(message, line=parts[0].line, field="# document")
    made = document(ident, text if note.text is None else note.text, note.about)
    _left(ident, parts, losses)
    built = Built(Characters(made.text))
    tagged = note.text is not None
    for part, on in zip(parts, places, strict=True):
        tagged = tagged or any(tag not in ("_", "") for tag in part.tags)
        try:
            found = spans(["O" if tag in ("_", "") else tag for tag in part.tags], "iob2")
        except DataError as fault:
            line = part.lines[fault.line - 1]
            raise DataError(fault.message, line=line, field=part.column) from fault
        for start, end, label in found:
            one = built.entity(on[start][0], on[end - 1][1], label)
            inner = (on[start - 1 : start], on[end : end + 1])
            if any(beside and beside[0] in (on[start], on[end - 1]) for beside in inner):
                reason = "its words do not spell the token, all of which is taken"
                losses.add(ident, "entity", one.id, "text", " ".join(part.forms[start:end]), reason)
    return Record(made, (built.reading(origin),) if tagged else ())


def _text(parts: list[Sentence]) -> tuple[str, list[list[Span]]]:
    """The text of a document, and where each word of each sentence stands."""
    text, pending = "", ""
    places: list[list[Span]] = []
    for number, part in enumerate(parts):
        if number:
            text += ("\n" if part.newpar else " ") if pending is None else pending
        on: list[Span] = []
        for at, token in enumerate(part.tokens):
            text += _unescape(token.before)
            start = len(text)
            on += [(start + a, start + b) for a, b in token.words]
            text += token.form
            is_last = at == len(part.tokens) - 1
            after = None if token.after is None else _unescape(token.after)
            if is_last:
                pending = after
            else:
                text += part.gaps[at] if after is None else after
        places.append(on)
    return text + (pending or ""), places


def _left(ident: str, parts: list[Sentence], losses: Losses) -> None:
    """List what the file says that records have no place for."""
    said: dict[str, list[str]] = {}
    for part in parts:
        for what, value in part.left:
            said.setdefault(what, []).append(value)
    for what, values in said.items():
        reason = "records have no place for it"
        losses.add(ident, "document", "", what, " ".join(values), reason)
