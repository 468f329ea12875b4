"""Train, validation and test: which part of a dataset a document belongs to, once and for all."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

from curation.errors import UsageError
from curation.model.ids import digest

#: What stays together in one split.
SplitBy = Literal["document", "source", "near-duplicates"]

NAMES = ("train", "validation", "test")


class Splits(Struct, frozen=True, forbid_unknown_fields=True):
    """Percent of the groups for each split, in a fixed order, and what a group is: each document
    for itself, all documents of one source, or all near-duplicates of one another."""

    by: SplitBy = "document"
    shares: dict[str, int] = msgspec.field(default_factory=lambda: {"train": 100})

    def split_of(self, group: str) -> str:
        """The split of a group, by a hash of its name: adding groups moves none.

        >>> Splits("document", {"train": 80, "validation": 10, "test": 10}).split_of("a")
        'train'
        """
        at = int(digest("split", group), 16) * 100 / 2**64
        for name, share in self.shares.items():
            if at < share:
                return name
            at -= share
        return [*self.shares][-1]  # pragma: no cover (the shares are 100 together)


def parse_shares(text: str) -> dict[str, int]:
    """Shares as people write them: train, validation and test in percent.

    >>> parse_shares("80/10/10"), parse_shares("90/0/10")
    ({'train': 80, 'validation': 10, 'test': 10}, {'train': 90, 'test': 10})

    Raises: UsageError if they are not whole numbers that make 100.
    """
    parts = text.split("/")
    if not all(part.isdecimal() for part in parts) or len(parts) > len(NAMES):
        shares = {}
    else:
        shares = {name: int(part) for name, part in zip(NAMES, parts, strict=False) if int(part)}
    if sum(shares.values()) != 100 or "train" not in shares:
        raise UsageError(
            f"{text!r} is no way to split a dataset",
            hint="Give the percent of train, validation and test, such as 80/10/10.",
        )
    return shares


def agreed_splits(wanted: Splits | None, parent: Splits | None) -> Splits:
    """The splits of the next version: the parent's, which nothing changes.

    Raises: UsageError if others are wanted.
    """
    if parent is None:
        return wanted or Splits()
    if wanted is not None and wanted != parent:
        shares = "/".join(str(share) for share in parent.shares.values())
        raise UsageError(
            f"this dataset is split {shares} by {parent.by}, and its documents never change sides",
            hint="Leave the splits out, or publish into a new folder.",
        )
    return parent
