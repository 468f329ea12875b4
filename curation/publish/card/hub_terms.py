"""What the Hub takes in the head of a card. Its own lists: the documentation of `DatasetCardData`,
hub-docs' `datasetcard.md` and `repositories-licenses.md`."""

from __future__ import annotations

import re
from itertools import pairwise

from curation.errors import UsageError
from curation.publish.counts.languages import base_codes
from curation.publish.counts.statistics import Statistics
from curation.wording import choices

_LICENSES = """
    apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0
    bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause bsd-3-clause-clear
    c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0 cc-by-sa-4.0 cc-by-nc-2.0
    cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0 cc-by-nc-nd-4.0 cc-by-nc-sa-2.0
    cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0 cdla-permissive-1.0 cdla-permissive-2.0 wtfpl
    ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1
    lgpl-3.0 isc lppl-1.3c ms-pl mpl-2.0 odc-by odbl openrail++ osl-3.0 postgresql ofl-1.1 ncsa
    unlicense zlib pddl lgpl-lr unknown
"""
_OWN = "other"
_TOPS = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")


def stated_license(given: str | None) -> str | None:
    """A licence as a manifest states it: an identifier of the Hub's list, `other`, or the name of
    one's own, which is given as `other: NAME`; None if none is given.

    >>> stated_license("CC-BY-4.0"), stated_license("other: Our terms"), stated_license("")
    ('cc-by-4.0', 'Our terms', None)

    Raises: UsageError, with the nearest, for anything else.
    """
    if not given:
        return None
    kind, colon, name = given.partition(":")
    if colon and kind.strip().lower() == _OWN and name.strip():
        return name.strip()
    known = [*_LICENSES.split(), _OWN]
    if given.lower() in known:
        return given.lower()
    raise UsageError(
        f"the Hub knows no licence {given!r}; {choices(given, known)}",
        hint="One that is not on its list is given by its name: --license 'other: NAME'.",
    )


def license_fields(stated: str | None) -> dict[str, str]:
    """The licence as the Hub wants it: an identifier of its list, or `other` with a name.

    >>> license_fields("CC-BY-4.0"), license_fields(None)
    ({'license': 'cc-by-4.0'}, {})
    >>> license_fields("Our terms, 2nd edition")["license_name"]
    'our-terms-2nd-edition'
    """
    if not stated:
        return {}
    if stated.lower() in (*_LICENSES.split(), _OWN):
        return {"license": stated.lower()}
    name = re.sub(r"[^a-z0-9.]+", "-", stated.lower()).strip("-.") or "unnamed"
    return {"license": "other", "license_name": name, "license_details": stated}


def size_category(documents: int) -> str:
    """The class of size.

    >>> [size_category(n) for n in (999, 1000, 2_000_000)]
    ['n<1K', '1K<n<10K', '1M<n<10M']
    """
    top = 1_000
    if documents < top:
        return "n<1K"
    for low, high in pairwise(_TOPS):
        top *= 10
        if documents < top:
            return f"{low}<n<{high}"
    return "n>1T"


def origins(counted: Statistics) -> dict[str, list[str]]:
    """Who made texts and readings, in the Hub's words; what is not known is left out.

    `expert-generated` are readings by people who submitted them, or agreed on them: reviewers by
    name, no crowd. `machine-generated` were proposed by a program, whether or not a person read
    them after it. Texts with a source were `found` there.
    """
    people = counted.authors.get("submitted") or counted.statuses.keys() & {"agreed", "submitted"}
    readings = ["expert-generated"] if people else []
    if counted.authors.get("proposed") or "proposed" in counted.statuses:
        readings.append("machine-generated")
    languages = len(base_codes(counted.languages))
    found: dict[str, list[str]] = {
        "annotations_creators": readings,
        "language_creators": ["found"] if any(counted.origins) else [],
        "multilinguality": [["monolingual"], ["multilingual"]][languages > 1] if languages else [],
        "source_datasets": ["original"],
    }
    return {name: values for name, values in found.items() if values}
