"""Read documents by machine: gazetteers, rules, models; every proposal says who made it."""

from curation.annotate.pipeline import Pipeline, Plan, Step
from curation.annotate.pipelines import Pipelines, load_pipeline
from curation.annotate.protocol import (
    Annotator,
    DraftAnnotator,
    Factory,
    Options,
    Proposal,
    reading,
)
from curation.annotate.records import numbered_records, read_records
from curation.annotate.registry import known, make
from curation.annotate.renaming import Renames, parse_renames
from curation.annotate.run import Annotated, annotate

__all__ = [
    "Annotated",
    "Annotator",
    "DraftAnnotator",
    "Factory",
    "Options",
    "Pipeline",
    "Pipelines",
    "Plan",
    "Proposal",
    "Renames",
    "Step",
    "annotate",
    "known",
    "load_pipeline",
    "make",
    "numbered_records",
    "parse_renames",
    "read_records",
    "reading",
]
