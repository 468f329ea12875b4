"""Versions of a dataset: publish, load, list, compare, prove.

A dataset directory holds immutable version folders, each itself a complete Hugging Face dataset:

    README.md                  the card of the newest version
    versions.json              the list: version, parent, when, digest of its manifest
    versions/1.2.0/            README.md, manifest.json, CHANGELOG.md, index.parquet, shards.json
        documents/train-00000-<digest>.parquet …     and one folder a view
    objects/                   the same files by content: stored once, linked into the versions
"""

from curation.publish.changelog import lines, summary, tally
from curation.publish.differences import Change, Difference, changes, diff
from curation.publish.loading import load
from curation.publish.manifest import Manifest
from curation.publish.proof import verify
from curation.publish.publishing import publish
from curation.publish.release import Outcome
from curation.publish.rows import record_of
from curation.publish.versions import Entry, versions

__all__ = [
    "Change",
    "Difference",
    "Entry",
    "Manifest",
    "Outcome",
    "changes",
    "diff",
    "lines",
    "load",
    "publish",
    "record_of",
    "summary",
    "tally",
    "verify",
    "versions",
]
