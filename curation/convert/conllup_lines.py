"""The lines of a CoNLL-U Plus file: blocks of comments and rows, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from curation.convert.layout import placed
from curation.errors import DataError
from curation.store import opened
from curation.text import Span

NER = "CURATION:NER"
#: The columns of plain CoNLL-U, for files that name none.
STANDARD = ("ID", "FORM", "LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
Columns = tuple[str, ...]
Block = list[tuple[int, bytes]]

_GLOBAL = re.compile(rb"#\s*global\.columns\s*=\s*(.*)")
_NEWDOC = re.compile(rb"#\s*newdoc\b")
_ID = re.compile(r"([0-9]+)(?:-([0-9]+)|(\.[0-9]+))?")
#: Comments that are read, or that count what is there to be counted.
_KNOWN = ("newdoc", "newdoc id", "newpar", "newpar id", "sent_id", "text", "document")


class Token(Struct):
    """A token of the text: its form, its words in it, and the escaped white space that MISC says
    stands before and after it (None: it says nothing)."""

    form: str
    words: list[Span]
    before: str = ""
    after: str | None = None


class Sentence(Struct):
    """One block: the number of its first line, comments, tokens, and the white space between them
    by `# text` or the rule; of each word form, tag and line; and what is left, by name. `column` is
    that of the tags."""

    line: int
    comments: dict[str, str]
    tokens: list[Token]
    gaps: list[str]
    forms: list[str]
    tags: list[str]
    lines: list[int]
    left: list[tuple[str, str]]
    column: str
    newpar: bool


def blocks(path: Path | str) -> Iterator[tuple[Columns, list[Block]]]:
    """The blocks of each document, with the columns that hold."""
    columns = held = STANDARD
    document: list[Block] = []
    begun = False
    for block in _blocks(path):
        if found := next((found for _, one in block if (found := _GLOBAL.match(one))), None):
            columns = tuple(found[1].decode(errors="replace").split())
        rest = [(number, one) for number, one in block if not _GLOBAL.match(one)]
        if not rest:
            continue
        starts = any(_NEWDOC.match(one) for _, one in rest)
        if document and (starts or not begun):
            yield held, document
            document = []
        begun, held = begun or starts, columns
        document.append(rest)
    if document:
        yield held, document


def _blocks(path: Path | str) -> Iterator[Block]:
    block: Block = []
    with opened(path) as stream:
        for number, line in enumerate(stream, start=1):
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            line = line.rstrip(b"\r\n")
            if line.strip(b" \t"):
                block.append((number, line))
            elif block:
                yield block
                block = []
    if block:
        yield block


def read_sentence(columns: Columns, block: Block) -> Sentence:
    """One block.

    Raises: DataError with line and column for what is not of the format.
    """
    names = {name: at for at, name in enumerate(columns)}
    if "ID" not in names or "FORM" not in names:
        hint = "The first line names the columns: # global.columns = ID FORM MISC …"
        raise DataError("there is no column ID or FORM", line=block[0][0], hint=hint)
    ner = next((name for name in columns if name.upper().rpartition(":")[2] == "NER"), "")
    made = Sentence(block[0][0], {}, [], [], [], [], [], [], ner, newpar=False)
    text_line = 0
    rows: list[tuple[int, list[str]]] = []
    for number, raw in block:
        line = _decoded(number, raw)
        if line.startswith("#"):
            key, _, value = line[1:].partition("=")
            key, value = key.strip(), value.strip()
            made.comments[key] = value
            text_line = number if key == "text" else text_line
            if key not in _KNOWN and value:
                made.left.append((f"# {key}", value))
            continue
        row = line.split("\t")
        if len(row) != len(columns):
            message = f"{len(columns)} columns are named, but the line has {len(row)}"
            raise DataError(message, line=number, field=columns[min(len(row), len(columns) - 1)])
        rows.append((number, row))
    made.newpar = any(key.startswith("newpar") for key in made.comments)
    _words(made, names, rows)
    _gaps(made, text_line)
    return made


def _decoded(number: int, raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as fault:
        message = f"byte {fault.start + 1} of the line is no UTF-8"
        raise DataError(message, line=number, hint="Write the file in UTF-8.") from fault


def _words(made: Sentence, names: dict[str, int], rows: Sequence[tuple[int, list[str]]]) -> None:
    """Tokens and words; those of a multiword token stand in it where they spell it, else on it."""
    expected, until = 1, 0
    spelled: list[str] = []
    for number, row in rows:
        found, form = _ID.fullmatch(row[names["ID"]]), row[names["FORM"]]
        if found is None or not form:
            field = "FORM" if found else "ID"
            raise DataError(f"{row[names[field]]!r} is no {field}", line=number, field=field)
        if found[3]:
            made.left.append(("empty nodes", form))
            continue
        if int(found[1]) != expected or (found[2] and not until < expected <= int(found[2])):
            message = f"word {found[0]} stands where {expected} should"
            raise DataError(message, line=number, field="ID")
        if found[2]:
            until = int(found[2])
            made.tokens.append(_token(form, [], row, names, made))
            _columns(made, names, row, "")  # tags are of words: one that stands here has no place
            spelled = []
            continue
        expected += 1
        made.forms.append(form)
        made.lines.append(number)
        made.tags.append(row[names[made.column]] if made.column else "_")
        _columns(made, names, row, made.column)
        if expected - 1 > until:
            made.tokens.append(_token(form, [(0, len(form))], row, names, made))
            continue
        made.left += [("MISC", part) for part in _misc(row, names)]
        spelled.append(form)
        if expected - 1 == until:
            token = made.tokens[-1]
            if "".join(spelled) == token.form:
                at = 0
                for one in spelled:
                    token.words.append((at, at + len(one)))
                    at += len(one)
            else:
                token.words = [(0, len(token.form))] * len(spelled)
    if expected <= until:
        raise DataError(f"word {expected} is missing", line=rows[-1][0], field="ID")


def _token(
    form: str, words: list[Span], row: list[str], names: dict[str, int], made: Sentence
) -> Token:
    token = Token(form, words)
    for part in _misc(row, names):
        key, _, value = part.partition("=")
        if key == "SpacesBefore":
            token.before = value
        elif key == "SpacesAfter":
            token.after = value
        elif part == "SpaceAfter=No":
            token.after = "" if token.after is None else token.after
        else:
            made.left.append(("MISC", part))
    return token


def _misc(row: list[str], names: dict[str, int]) -> list[str]:
    misc = row[names["MISC"]] if "MISC" in names else "_"
    return [] if misc == "_" else misc.split("|")


def _columns(made: Sentence, names: dict[str, int], row: list[str], tags: str) -> None:
    for name, at in names.items():
        if name not in ("ID", "FORM", "MISC", tags) and row[at] not in ("_", ""):
            made.left.append((name, row[at]))


def _gaps(made: Sentence, text_line: int) -> None:
    forms = [token.form for token in made.tokens]
    if not text_line:
        made.gaps = [" "] * (len(forms) - 1)
        return
    text = made.comments["text"]
    try:
        on = placed(forms, text)
    except DataError as fault:
        raise DataError(fault.message, line=text_line, field="# text") from fault
    made.gaps = [text[end:start] for (_, end), (start, _) in pairwise(on)]
