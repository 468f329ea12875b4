"""What the shipped pipelines read, in a form that a test can state in one line."""

import datetime
from functools import lru_cache

import msgspec

from curation.annotate import Pipeline, load_pipeline
from curation.annotate.pipelines import build, shipped_plans
from curation.model import Annotation, Document
from curation.store import load_schema

MODELS = ("encoder.v1", "crf.v1")


@lru_cache
def pipeline() -> Pipeline:
    """The shipped Arabic pipeline, made once."""
    return load_pipeline("news-ar", load_schema())


@lru_cache
def rules() -> Pipeline:
    """The lists and rules of the shipped Arabic pipeline, without its models and the votes."""
    (plan,) = (plan for plan in shipped_plans() if plan.name == "news-ar")
    steps = tuple(step for step in plan.annotators if step.name not in MODELS)
    return build(msgspec.structs.replace(plan, annotators=steps, votes=None), load_schema())


def read(text: str, published: str | None = None, by: Pipeline | None = None) -> Annotation:
    """The reading of one Arabic text, by the rules unless another pipeline is given."""
    day = datetime.date.fromisoformat(published) if published else None
    document = Document(id="d", text=text, language="ar", published=day)
    return (by or rules()).read([document])[0].annotation


def spans(text: str, *labels: str, published: str | None = None) -> list[str]:
    """`LABEL text` of every entity, or of those with these labels."""
    return [
        f"{entity.label} {entity.text}"
        for entity in read(text, published).entities
        if not labels or entity.label in labels
    ]


def values(text: str, label: str, published: str | None = None) -> list[tuple[str, str | None]]:
    """(text, value) of the entities with this label."""
    found = read(text, published).entities
    return [(entity.text, entity.value) for entity in found if entity.label == label]


def events(text: str) -> list[str]:
    """`TYPE trigger role=text …` of every event, with its modality if it is not asserted."""
    annotation = read(text)
    names = {entity.id: entity.text for entity in annotation.entities}
    return [
        " ".join(
            [
                event.type,
                event.trigger.text,
                *([] if event.modality == "asserted" else [event.modality]),
                *(f"{argument.role}={names[argument.entity]}" for argument in event.arguments),
            ]
        )
        for event in annotation.events
    ]
