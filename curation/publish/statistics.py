"""What the card says about the data, counted from the rows that were written."""

from __future__ import annotations

import datetime
from collections import Counter
from pathlib import PurePath
from urllib.parse import urlsplit

from curation.publish.rows import Row

#: How many different examples of a label the card shows.
EXAMPLES = 3


class Statistics:
    """Counts over rows of both views. Examples are the first different surface forms in the order
    of ids, so that they are the same on every machine."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.entities: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.relations: Counter[str] = Counter()
        self.roles: Counter[str] = Counter()
        self.modalities: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.origins: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.authors: Counter[tuple[str, str]] = Counter()
        self.losses: Counter[str] = Counter()
        self.examples: dict[str, list[str]] = {}
        self.first: datetime.date | None = None
        self.last: datetime.date | None = None
        self.newest: datetime.datetime | None = None

    def add_document(self, row: Row) -> None:
        """Count a row of the `documents` view."""
        self.counts["documents"] += 1
        self.counts["characters"] += len(row["text"])
        self.counts["empty"] += not (row["entities"] or row["relations"] or row["events"])
        self.languages[row["language"] or ""] += 1
        self.origins[origin(row["source"])] += 1
        self._date(row["published"])
        for entity in row["entities"]:
            self.entities[entity["label"]] += 1
            self.counts["values"] += entity["value"] is not None
            self._example(f"entity {entity['label']}", entity["text"])
        for relation in row["relations"]:
            self.relations[relation["label"]] += 1
        for event in row["events"]:
            self.events[event["type"]] += 1
            self.modalities[event["modality"]] += 1
            self._example(f"event {event['type']}", event["trigger"]["text"])
            for argument in event["arguments"]:
                self.roles[argument["role"]] += 1
        self._provenance(row["provenance"])

    def add_tokens(self, row: Row) -> None:
        """Count a row of the `tokens` view."""
        self.counts["tokens"] += len(row["tokens"])
        for loss in row["losses"]:
            self.losses[loss["reason"]] += 1

    def totals(self) -> dict[str, int]:
        """The counts that the manifest keeps."""
        return {
            "documents": self.counts["documents"],
            "characters": self.counts["characters"],
            "tokens": self.counts["tokens"],
            "entities": self.entities.total(),
            "relations": self.relations.total(),
            "events": self.events.total(),
            "arguments": self.roles.total(),
            "losses": self.losses.total(),
        }

    def _example(self, key: str, text: str) -> None:
        seen = self.examples.setdefault(key, [])
        if len(seen) < EXAMPLES and text not in seen:
            seen.append(text)

    def _date(self, day: datetime.date | None) -> None:
        if day is None:
            self.counts["undated"] += 1
            return
        self.first = min(day, self.first or day)
        self.last = max(day, self.last or day)

    def _provenance(self, row: Row) -> None:
        self.statuses[row["status"]] += 1
        times = [row["at"], *(reading["at"] for reading in row["readings"]), self.newest]
        self.newest = max((time for time in times if time is not None), default=None)
        for reading in row["readings"]:
            if reading["status"] in ("submitted", "proposed"):
                self.authors[reading["status"], reading["agent"]] += 1


def origin(source: str | None) -> str:
    """Where a source belongs: the host of an address, the folder of a file.

    >>> origin("https://www.aljazeera.net/news/1"), origin("seeds/documents/a.txt"), origin(None)
    ('www.aljazeera.net', 'seeds/documents', '')
    """
    if not source:
        return ""
    try:
        host = urlsplit(source).netloc
    except ValueError:
        host = ""
    if host:
        return host
    parent = str(PurePath(source).parent)
    return source if parent == "." else parent
