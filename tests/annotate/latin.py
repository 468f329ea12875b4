"""What the English and French pipelines read, in a form that a test can state in one line."""

import datetime
from functools import lru_cache

from curation.annotate import Pipeline, load_pipeline
from curation.model import Annotation, Document
from curation.store import load_schema


@lru_cache
def pipeline(language: str) -> Pipeline:
    """The shipped pipeline of a language, made once."""
    return load_pipeline(f"news-{language}", load_schema())


def read(language: str, text: str, published: str | None = None) -> Annotation:
    """The reading of one text."""
    day = datetime.date.fromisoformat(published) if published else None
    document = Document(id="d", text=text, language=language, published=day)
    return pipeline(language).read([document])[0].annotation


def spans(language: str, text: str, *labels: str) -> list[str]:
    """`LABEL text` of every entity, or of those with these labels."""
    return [
        f"{entity.label} {entity.text}"
        for entity in read(language, text).entities
        if not labels or entity.label in labels
    ]


def values(
    language: str, text: str, label: str, published: str | None = None
) -> list[tuple[str, str | None]]:
    """(text, value) of the entities with this label."""
    found = read(language, text, published).entities
    return [(entity.text, entity.value) for entity in found if entity.label == label]
