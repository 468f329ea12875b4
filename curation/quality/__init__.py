"""Pure questions about records."""

from curation.quality.matching import match, place

__all__ = ["match", "place"]
