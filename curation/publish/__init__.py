"""Versions of a dataset: publish, load, list, compare, prove.

A dataset directory holds immutable version folders, each itself a complete Hugging Face dataset:

    README.md                  the card of the newest version
    versions.json              the list: version, parent, when, digest of its manifest
    versions/1.2.0/            README.md, manifest.json, CHANGELOG.md, index.parquet, shards.json
        documents/train-00000-<digest>.parquet …     and one folder a view
    objects/                   the same files by content: stored once, linked into the versions
"""

from curation.publish.changes.changelog import lines, summary, tally
from curation.publish.changes.comparing import Change
from curation.publish.changes.differences import Difference, changes, diff
from curation.publish.changes.differing_page import differing_page
from curation.publish.changes.pairing import pair
from curation.publish.hub.pulling import Pulled, pull
from curation.publish.hub.pushing import Pushed, push
from curation.publish.loading import load
from curation.publish.making.publishing import publish
from curation.publish.making.release import Outcome
from curation.publish.making.rolling_back import rollback
from curation.publish.proof import verify
from curation.publish.published import published
from curation.publish.shelf.manifest import Manifest
from curation.publish.shelf.splits import Splits, parse_shares
from curation.publish.shelf.versions import Entry, versions
from curation.publish.views.rows import record_of

__all__ = [
    "Change",
    "Difference",
    "Entry",
    "Manifest",
    "Outcome",
    "Pulled",
    "Pushed",
    "Splits",
    "changes",
    "diff",
    "differing_page",
    "lines",
    "load",
    "pair",
    "parse_shares",
    "publish",
    "published",
    "pull",
    "push",
    "record_of",
    "rollback",
    "summary",
    "tally",
    "verify",
    "versions",
]
