"""No two documents of a run have one id."""

from __future__ import annotations

import hashlib

from curation.errors import DataError
from curation.model import Document

_DIGEST = 8


class Seen:
    """The ids of a run, each with a short digest of its text and its place: the only thing of
    ingest that grows with the corpus, about 200 bytes a document.
    """

    def __init__(self) -> None:
        self._texts: dict[str, bytes] = {}

    def add(self, document: Document, place: str) -> None:
        """Take a document in.

        Raises: DataError if its id was there before.
        """
        digest = hashlib.blake2b(document.text.encode(), digest_size=_DIGEST).digest()
        before = self._texts.get(document.id)
        if before is None:
            self._texts[document.id] = digest + place.encode()
            return
        first = before[_DIGEST:].decode()
        if before[:_DIGEST] == digest:
            raise DataError(
                f"a duplicate: document {document.id!r} with the same text stands in {first}"
            )
        raise DataError(
            f"the id {document.id!r} in {place} is that of another text in {first}",
            hint="Ids must be unique: mend one of them; name another field (--id-field NAME); or "
            "give the folder above both files, so that their paths tell them apart.",
        )
