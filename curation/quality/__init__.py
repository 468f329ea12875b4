"""Pure questions about records: which item is which, which reading stands for a document, and how
right one reading is on another."""

from curation.quality.counts import Counts, Mean, Table
from curation.quality.entity_scores import EntityScores
from curation.quality.evaluation import Documents, Evaluation, evaluate
from curation.quality.event_scores import EventScores
from curation.quality.matching import match, place
from curation.quality.readings import Include, chosen, reading
from curation.quality.relation_scores import RelationScores
from curation.quality.schemes import Scheme

__all__ = [
    "Counts",
    "Documents",
    "EntityScores",
    "Evaluation",
    "EventScores",
    "Include",
    "Mean",
    "RelationScores",
    "Scheme",
    "Table",
    "chosen",
    "evaluate",
    "match",
    "place",
    "reading",
]
