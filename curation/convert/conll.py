"""A token a line, its tag in the last column: CoNLL-2003, IOB2 and BIOES files.

CoNLL-2003 (Tjong Kim Sang and De Meulder, https://aclanthology.org/W03-0419) has four columns with
a blank between them: token, part of speech, chunk, tag; we write `-X-` and `O` for the middle two.
The others have two, with a tab. A blank line ends a sentence, a line that starts with -DOCSTART-
begins a document; a sentence before any such line is a document of its own.

Entities may not nest or overlap, their labels hold no white space, and there is nothing else. Nor
is there a place for the text: read back, it is its words with single blanks, and a line a sentence,
under the name of the file and a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, structs

from curation.convert import unsaid
from curation.convert.built import Built, Origin
from curation.convert.expressed import carried, express
from curation.convert.layout import Layout, laid, layout
from curation.convert.lines import named, refuse
from curation.convert.losses import Losses
from curation.convert.tags import Scheme, bioes, spans
from curation.errors import DataError
from curation.model import Document, Record
from curation.store import Rejects, opened, written
from curation.text import tag_words

START = "-DOCSTART-"
#: What the columns between say where they say nothing.
_NOTHING = frozenset(("_", "-", "O", "-X-"))


class Columns(Struct, frozen=True):
    """A file of columns: the line that begins a document, what stands between a token and its tag,
    and how the tags are meant."""

    start: str
    between: str
    scheme: Scheme

    def write(
        self, path: Path | str, records: Iterable[Record], losses: Losses, by: str | None
    ) -> int:
        """Write the reading that counts of each record; returns how many documents."""
        count = 0
        with written(path) as stream:
            for record in records:
                lines = [self.start, "", *self._lines(record, losses, by)]
                stream.write("".join(line + "\n" for line in lines).encode())
                count += 1
        return count

    def _lines(self, record: Record, losses: Losses, by: str | None) -> Iterator[str]:
        tokens = layout(record.document.text)
        tags = _tags(record, tokens, losses, by)
        for first, sentence in zip(tokens.first_of, tokens.sentences, strict=True):
            if not sentence:
                continue
            mine = tags[first : first + len(sentence)]
            for (start, end), tag in zip(
                sentence, bioes(mine) if self.scheme == "bioes" else mine, strict=True
            ):
                yield f"{tokens.text[start:end]}{self.between}{tag}"
            yield ""

    def read(
        self, path: Path | str, origin: Origin, losses: Losses, rejects: Rejects | None
    ) -> Iterator[Record]:
        """A record for each document; one with a line or a tag that is wrong is refused whole."""
        for number, lines in enumerate(_documents(path), start=1):
            try:
                yield self._record(f"{named(path)}-{number}", lines, origin, losses)
            except DataError as fault:
                content = b"\n".join(line for _, line in lines)
                refuse(rejects, fault, path, fault.line or lines[0][0], content)

    def _record(
        self, ident: str, lines: Sequence[tuple[int, bytes]], origin: Origin, losses: Losses
    ) -> Record:
        sentences: list[list[tuple[int, list[str]]]] = [[]]
        for number, line in lines:
            if columns := _columns(number, line):
                sentences[-1].append((number, columns))
            elif sentences[-1]:
                sentences.append([])
        if len(sentences) > 1 and not sentences[-1]:
            del sentences[-1]
        tokens = laid([[columns[0] for _, columns in one] for one in sentences], None)
        built = Built(tokens)
        for base, one in zip(tokens.first_of, sentences, strict=True):
            try:
                found = spans([columns[-1] for _, columns in one], self.scheme)
            except DataError as fault:
                number, columns = one[fault.line - 1]
                field = f"column {len(columns)}"
                raise DataError(fault.message, line=number, field=field) from fault
            for first, last, label in found:
                built.entity(base + first, base + last, label)
        _between(ident, [columns for one in sentences for _, columns in one], losses)
        return Record(Document(ident, tokens.text), (built.reading(origin),))


def _tags(record: Record, tokens: Layout, losses: Losses, by: str | None) -> list[str]:
    document = record.document
    losses.add(document.id, "document", "", "id", document.id, unsaid.NO_IDS)
    unsaid.beside(document, losses)
    bare = laid([tokens.written(at) for at in range(len(tokens.sentences))], None).text
    if bare != document.text:
        reason = "white space is not kept, and offsets count without it"
        losses.add(document.id, "document", "", "text", document.text, reason)
    found = carried(record, by, losses)
    if found is None:
        unsaid.unread(document.id, losses)
        return ["O"] * len(tokens.tokens)
    unsaid.links(document.id, found, losses)
    alone = structs.replace(found, relations=(), events=())
    standing = [
        one for one, _ in express(document.id, alone, tokens, losses, across=False).entities
    ]
    sound = [one for one in standing if not re.search(r"\s", one.label)]
    for one in standing:
        if one not in sound:
            unsaid.entity(document.id, one, "its label has white space", losses)
        elif bare == document.text:
            unsaid.entity_ident(document.id, one, losses)
    tagged = tag_words(tokens.tokens, sound)
    by_id = {one.id: one for one in sound}
    for loss in tagged.losses:
        unsaid.entity(document.id, by_id[loss.entity], loss.reason, losses)
    return list(tagged.tags)


def _documents(path: Path | str) -> Iterator[list[tuple[int, bytes]]]:
    """The numbered lines of each document, without the one that begins it."""
    lines: list[tuple[int, bytes]] = []
    begun = False
    with opened(path) as stream:
        for number, line in enumerate(stream, start=1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            line = line.strip(b"\r\n")
            starts = line.startswith(START.encode())
            if lines and (starts or not (begun or line)):
                yield lines
                lines = []
            begun = begun or starts
            if begun or line:
                lines.append((number, b"" if starts else line))
    if lines:
        yield lines


def _columns(number: int, line: bytes) -> list[str]:
    """The columns of a line; none of a blank one."""
    try:
        text = line.decode()
    except UnicodeDecodeError as fault:
        raise DataError(
            f"byte {fault.start + 1} of the line is no UTF-8",
            line=number,
            hint="Write the file in UTF-8.",
        ) from fault
    if not text.strip(" \t"):
        return []
    columns = text.split("\t") if "\t" in text else [one for one in text.split(" ") if one]
    if len(columns) < 2 or not columns[0]:
        raise DataError("the line has no token and tag", line=number, field="column 1")
    return columns


def _between(ident: str, rows: Sequence[Sequence[str]], losses: Losses) -> None:
    """List what the columns between token and tag say."""
    for at in range(1, max((len(row) for row in rows), default=0) - 1):
        said = [row[at] for row in rows if len(row) > at + 1]
        if not _NOTHING.issuperset(said):
            reason = "records have no place for it"
            losses.add(ident, "document", "", f"column {at + 1}", " ".join(said), reason)


CONLL2003 = Columns("-DOCSTART- -X- O O", " -X- O ", "iob1")
IOB2 = Columns("-DOCSTART-\tO", "\t", "iob2")
BIOES = Columns("-DOCSTART-\tO", "\t", "bioes")
