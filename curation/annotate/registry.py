"""Annotators by their versioned names, found through entry points."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

from curation.annotate.protocol import Annotator, DraftAnnotator, Options
from curation.errors import AnnotatorError, CurationError, UnknownAnnotator
from curation.model import Schema

#: The entry-point group; ours are declared in it like anybody else's.
GROUP = "curation.annotators"


def known() -> dict[str, EntryPoint]:
    """Every annotator that is installed, by name. It takes a while: look once for many."""
    return {point.name: point for point in sorted(entry_points(group=GROUP))}


def make(
    name: str, options: Options, schema: Schema, points: Mapping[str, EntryPoint] | None = None
) -> Annotator | DraftAnnotator:
    """The annotator of this name, made with these options; `points` are those `known`.

    Raises: UnknownAnnotator if none has the name; AnnotatorError if it can not be made, or is
    not an annotator.
    """
    points = known() if points is None else points
    if name not in points:
        raise UnknownAnnotator(
            f"there is no annotator {name!r}",
            hint=f"Known annotators: {', '.join(points) or 'none'}. "
            f"A package adds one through the entry-point group {GROUP}.",
        )
    try:
        annotator = points[name].load()(options, schema)
    except CurationError:
        raise
    except Exception as fault:
        raise AnnotatorError(
            f"annotator {name} could not be made: {type(fault).__name__}: {fault}",
            hint="Check its options in the pipeline file, and that its package is installed.",
        ) from fault
    if not isinstance(annotator, (Annotator, DraftAnnotator)):
        raise AnnotatorError(
            f"{points[name].value}, which {name} names, gave a {type(annotator).__name__}, "
            "which is no annotator",
            hint="An annotator has a name, and __call__ or annotate_drafts.",
        )
    return annotator
