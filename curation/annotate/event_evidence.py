"""How sure an event is: by the kind of evidence for it, as often as that was right before.

`event_scores.toml` says how often each kind was right on development data; it is made by
`python -m benchmarks.fit_events`. A language without the file takes the same share for all.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from curation.annotate.event_lexicon import Reading
from curation.annotate.knowledge import rules

#: What an event's score is where nothing was measured.
UNMEASURED = 0.5


def evidence(reading: Reading, roles: Collection[str]) -> str:
    """The kind of evidence: a verb or a noun, and who or what is with it.

    `two` is an actor and who it is done to, or two actors; `one` is one of them; `setting` is a
    place, a thing or a date alone.
    """
    kind = "verb" if reading.sense.verb else "noun"
    taking_part = sum(role in ("actor", "recipient") for role in roles)
    if taking_part:
        return f"{kind} with two" if taking_part > 1 else f"{kind} with one"
    return f"{kind} with a setting" if roles else f"{kind} alone"


class Scores:
    """The measured share of right events by kind of evidence."""

    def __init__(self, home: Path) -> None:
        path = home / "event_scores.toml"
        self._right: dict[str, float] = rules(path)["right"] if path.exists() else {}

    def of(self, kind: str) -> float:
        """The score of an event with this kind of evidence."""
        return self._right.get(kind, UNMEASURED)
