"""What reviewers decided about each proposal, and the reading they agree on."""

from curation.merge.agreement import Conflict, agreed, conflicts
from curation.merge.decisions import decisions, unreviewed
from curation.merge.merge import Merged, Tally, merge, merge_record

__all__ = [
    "Conflict",
    "Merged",
    "Tally",
    "agreed",
    "conflicts",
    "decisions",
    "merge",
    "merge_record",
    "unreviewed",
]
