"""Every error of `curation`.

CurationError                      message + what to do next; the command line prints both
├ DataError                        a line of data is wrong: file, line, field
│ ├ MalformedRecord                not JSON, not the struct, or breaks an invariant
│ ├ SpanMismatch                   a span's text is not what the document says there
│ ├ SchemaViolation                a label, role or type that the schema does not have
│ └ SchemaError                    the schema itself is wrong
├ UsageError                       the command was called with arguments that make no sense together
├ AnnotatorError                   an annotator could not do its work
│ ├ UnknownAnnotator               no such name; lists the known ones
│ └ MissingExtra                   an optional part is not installed; names the install
├ ModelUnavailable                 the hub or service that has a model does not answer; ends the run
├ ReviewError                      the review server, or what came from it
│ ├ ServerUnavailable              nothing answers there
│ ├ UnknownTask                    a task that no document here belongs to
│ ├ OffsetsUndecided               the unit of an export's offsets can not be told
│ └ PushIncomplete                 the server holds less than was sent
└ PublishError                     a version could not be made or read
  ├ VersionExists                  that version number is taken by other content
  ├ ChecksFailed                   the records are not fit to publish
  ├ Corrupted                      bytes on disk are not those that were published
  ├ Diverged                       two places hold different histories; neither is overwritten
  └ RemoteUnavailable              a hub or store does not answer, or does not let us in
"""

from __future__ import annotations


class CurationError(Exception):
    """What went wrong (`message`) and what to do next (`hint`, may be empty)."""

    #: Exit code of the command line: 1 data, 2 command, 3 a service is not there.
    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class DataError(CurationError, ValueError):
    """Data that breaks a rule; `file`, `line` (from 1) and `field` say where, as far as known.

    It is a ValueError as well, so that msgspec reports it with its path when it is raised
    while a struct is decoded.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str = "",
        line: int = 0,
        field: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line
        self.field = field

    @property
    def place(self) -> str:
        """`file:line: field`, without the parts that are not known.

        >>> DataError("bad", file="a.jsonl", line=3, field="$.text").place
        'a.jsonl:3: $.text'
        """
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.field) if part)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}\n{self.hint}" if self.hint else text


class MalformedRecord(DataError):
    """Not JSON, not the struct, or it breaks an invariant of the struct."""


class SpanMismatch(DataError):
    """A span whose text is not `document.text[start:end]`."""


class SchemaViolation(DataError):
    """A label, role or type that the schema does not have or does not allow there."""


class SchemaError(DataError):
    """The schema itself is wrong."""


class UsageError(CurationError):
    """Arguments that make no sense, alone or together."""

    exit_code = 2


class AnnotatorError(CurationError):
    """An annotator could not do its work."""


class UnknownAnnotator(AnnotatorError):
    """No annotator or pipeline has that name."""

    exit_code = 2


class MissingExtra(AnnotatorError):
    """An optional part of the installation is needed."""

    exit_code = 3


class ModelUnavailable(CurationError):
    """The hub or the service that has a model does not answer, or does not let us in.

    It is no AnnotatorError, which is about one document: nothing more can be read, so the run ends.
    """

    exit_code = 3


class ReviewError(CurationError):
    """The review server, or what came from it."""


class ServerUnavailable(ReviewError):
    """Nothing answers, or it does not let us in."""

    exit_code = 3


class UnknownTask(ReviewError):
    """A task whose document is not known here."""


class OffsetsUndecided(ReviewError):
    """The unit of an export's offsets (code points or UTF-16) can not be told."""


class PushIncomplete(ReviewError):
    """The server holds less than was sent."""


class PublishError(CurationError):
    """A version could not be made or read."""


class VersionExists(PublishError):
    """That version number is taken by other content."""


class ChecksFailed(PublishError):
    """The records are not fit to publish."""


class Corrupted(PublishError):
    """Bytes on disk are not those that were published."""


class Diverged(PublishError):
    """Two places hold different histories of a dataset: nothing is overwritten."""


class RemoteUnavailable(PublishError):
    """A hub or an object store does not answer, or does not let us in."""

    exit_code = 3
