"""The part of a card that says what the labels mean and how often each was given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from curation.publish.card.charts import Chart, shown
from curation.publish.card.listing import listed
from curation.publish.card.markdown import cell, isolated, table
from curation.publish.counts.statistics import Statistics
from curation.publish.shelf.manifest import Manifest

_GONE = "no longer in the schema; it keeps its id"


def labels(manifest: Manifest, counted: Statistics, charts: dict[str, Chart]) -> Iterator[str]:
    """Its tables and pictures, and the guidelines of the schema."""
    schema, names = manifest.schema, manifest.labels
    entities, events = Counter(counted.entities), Counter(counted.events)
    roles, relations = Counter(counted.roles), Counter(counted.relations)
    about = {kind.name: kind.description for kind in schema.entities}
    yield f"## Labels (schema {cell(schema.name)} {cell(schema.version)})"
    yield table(
        ["id", "entity", "count", "what it is", "examples"],
        [
            [at, name, entities[name], about.get(name, _GONE), _examples(counted, name)]
            for at, name in enumerate(names.entities)
        ],
    )
    yield from shown(charts, "entities")
    if names.events:
        about = {kind.name: kind.description for kind in schema.events}
        yield table(
            ["id", "event", "count", "what it is", "triggers"],
            [
                [at, name, events[name], about.get(name, _GONE), _examples(counted, name, "event")]
                for at, name in enumerate(names.events)
            ],
        )
        yield from shown(charts, "events")
    if names.roles:
        about = {role.name: role.description for role in schema.roles}
        yield table(
            ["role in an event", "count", "what it is"],
            [[name, roles[name], about.get(name, _GONE)] for name in names.roles],
        )
    if names.relations:
        about = {kind.name: kind.description for kind in schema.relations}
        yield table(
            ["relation", "count", "what it is"],
            [[name, relations[name], about.get(name, _GONE)] for name in names.relations],
        )
    if counted.modalities:
        yield f"Modality of events: {cell(listed(counted.modalities))}."
    if schema.guidelines:
        yield "## Guidelines"
        yield "\n".join(f"> {cell(line)}" for line in schema.guidelines.strip().splitlines())


def _examples(counted: Statistics, name: str, kind: str = "entity") -> str:
    found = counted.examples.get(f"{kind} {name}", ())
    return " · ".join(isolated(text) for _, text in found)
