"""Records in the formats of other tools and back; what a format can not say is listed."""

from curation.convert.built import Origin
from curation.convert.formats import FORMATS, Format, find_format
from curation.convert.losses import Loss, Losses

__all__ = ["FORMATS", "Format", "Loss", "Losses", "Origin", "find_format"]
