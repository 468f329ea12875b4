"""Which files a run reads, in which order, and under which ids."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from curation.errors import CurationError, DataError, UsageError
from curation.ingest.huggingface import is_dataset, is_hub_id
from curation.ingest.options import Options
from curation.ingest.row import Place, Source, refuse
from curation.model import unstorable
from curation.store import STREAM, Rejects, rejects_path

KINDS = {
    ".txt": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
#: Kinds of files that are one document each.
WHOLE = ("text", "html")


class _Found(Struct, frozen=True):
    """A source, and its path below the folder that was named."""

    source: Source
    below: str


def find_sources(
    paths: Sequence[str], options: Options, rejects: Rejects | None = None
) -> list[Source]:
    """The sources that the paths name: files as named, folders with all that is in them, sorted
    by path, hidden files left out. What can not be ingested is refused.

    Raises: UsageError without a path; CurationError if one names nothing.
    """
    if not paths:
        raise UsageError("there is nothing to ingest", hint="Give files or folders, or - (stdin).")
    found = [one for path in paths for one in _find(path, options, rejects)]
    return [Source(one.source.path, one.source.kind, _id(one), _said(one)) for one in found]


def _find(path: str, options: Options, rejects: Rejects | None) -> Iterator[_Found]:
    file = Path(path)
    if path == STREAM:
        yield _Found(Source(path, options.format or "text"), "")
    elif file.is_dir() and is_dataset(file):
        yield _Found(Source(path, "huggingface"), "")
    elif file.is_dir():
        yield from _in_folder(file, options, rejects)
    elif file.exists() and unstorable(path) is not None:
        refuse(rejects, DataError("the file's name is not UTF-8"), Place(_readable(path)))
    elif file.exists():
        kind = options.format or KINDS.get(file.suffix.lower())
        if kind is None:
            refuse(rejects, _unknown(file), Place(path))
        else:
            yield _Found(Source(path, kind), file.name)
    elif is_hub_id(path) and file.suffix.lower() not in KINDS:
        yield _Found(Source(path, "huggingface"), "")
    else:
        raise CurationError(f"there is no file or folder {path!r}", hint="Check the path.")


def _in_folder(folder: Path, options: Options, rejects: Rejects | None) -> Iterator[_Found]:
    own = _own(options)
    for below in sorted(_walk(folder, rejects), key=lambda path: path.parts):
        file = folder / below
        name = file.as_posix()
        kind = KINDS.get(file.suffix.lower())
        if unstorable(name) is not None:
            refuse(rejects, DataError("the file's name is not UTF-8"), Place(_readable(name)))
        elif own and file.resolve() in own:
            continue
        elif not file.is_file():
            refuse(rejects, DataError("not a file, or a link to a folder"), Place(name))
        elif kind is None:
            refuse(rejects, _unknown(file), Place(name))
        else:
            yield _Found(Source(name, kind), below.as_posix())


def _readable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _walk(folder: Path, rejects: Rejects | None) -> Iterator[PurePath]:
    """Everything below a folder but real folders themselves and what is hidden."""

    def unreadable(fault: OSError) -> None:
        place = Place(str(fault.filename))
        refuse(rejects, DataError(f"the folder can not be read: {fault.strerror}"), place)

    for root, folders, files in os.walk(folder, onerror=unreadable):
        here = Path(root).relative_to(folder)
        links = [name for name in folders if (Path(root) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (here / name for name in (*files, *links) if not name.startswith("."))


def _own(options: Options) -> set[Path]:
    """The files that this run itself writes."""
    if options.output is None or options.output == STREAM:
        return set()
    output = Path(options.output)
    return {output.resolve(), rejects_path(output).resolve()}


def _unknown(file: Path) -> DataError:
    return DataError(
        f"files of the kind {file.suffix!r} can not be ingested"
        if file.suffix
        else "a file without a suffix can not be ingested",
        hint=f"Known: {', '.join(KINDS)}; name the file itself with --format for another suffix.",
    )


def _id(one: _Found) -> str | None:
    """The id of a file that is a document: its path below the folder that was named, without its
    suffix. It depends on nothing else in the folder, so that it stays as files are added.
    """
    if one.source.kind not in WHOLE or one.source.path == STREAM:
        return None
    return PurePath(one.below).with_suffix("").as_posix()


def _said(one: _Found) -> str:
    """The path as it was given; of one that says where this machine keeps things, the part below
    the folder that was named, or the name of the file: a document may be published.
    """
    path = PurePath(one.source.path)
    if path.is_absolute() or ".." in path.parts:
        return one.below or path.name
    return one.source.path
