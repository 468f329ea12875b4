"""What a document, an annotation and a schema are. The struct on disk is the struct in memory."""

from curation.model.ids import (
    document_id,
    entity_id,
    event_id,
    make_entity,
    relation_id,
)
from curation.model.json_schema import record_schema
from curation.model.ledger import Decision, LedgerEntry, Said
from curation.model.record import Annotation, Author, Document, Record, unstorable
from curation.model.schema import EntityType, EventType, RelationType, Role, Schema
from curation.model.spans import Argument, Entity, Event, Modality, Relation, Trigger
from curation.model.violations import violations

__all__ = [
    "Annotation",
    "Argument",
    "Author",
    "Decision",
    "Document",
    "Entity",
    "EntityType",
    "Event",
    "EventType",
    "LedgerEntry",
    "Modality",
    "Record",
    "Relation",
    "RelationType",
    "Role",
    "Said",
    "Schema",
    "Trigger",
    "document_id",
    "entity_id",
    "event_id",
    "make_entity",
    "record_schema",
    "relation_id",
    "unstorable",
    "violations",
]
