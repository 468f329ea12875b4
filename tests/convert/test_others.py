"""What we write of any record, by readers that others wrote (spaCy's converter and DocBin), and by
the shapes that DyGIE++ and OneIE document where their readers can not be installed."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from spacy.cli.convert import convert as spacy_convert
from spacy.language import Language
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.vocab import Vocab

from curation.convert import FORMATS, Losses
from curation.model import Record
from curation.quality import reading
from tests.convert.trips import there_and_back
from tests.strategies import records


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("others")


@pytest.mark.parametrize("name", ["conll2003", "iob2"])
@given(record=records())
def test_spacy_convert_reads_the_same_words_and_entities(
    folder: Path, name: str, record: Record
) -> None:
    (back,), _ = there_and_back(folder, name, [record])
    path = folder / f"out.{name}"
    spacy_convert(path, folder, file_type="spacy", converter="ner", n_sents=0, silent=True)
    docs = list(DocBin().from_disk(folder / f"{path.stem}.spacy").get_docs(Vocab()))
    # It takes only `-DOCSTART- -X- O O` for the beginning of a document, else for a word.
    words = [t.text for doc in docs for t in doc if t.text != "-DOCSTART-"]
    assert words == back.document.text.split()
    theirs = [(re.sub(r"\s+", " ", e.text), e.label_) for doc in docs for e in doc.ents]
    ours = [(re.sub(r"\s+", " ", e.text), e.label) for e in back.annotations[0].entities]
    assert theirs == ours


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.blank("ar")


@given(record=records())
def test_spacy_trains_on_what_the_docbin_says(folder: Path, nlp: Language, record: Record) -> None:
    path = folder / "train.spacy"
    FORMATS["spacy"].write(path, [record], Losses("-"), None)
    (doc,) = DocBin().from_disk(path).get_docs(nlp.vocab)
    assert doc.text == record.document.text
    found = reading(record)
    spans = [(e.start_char, e.end_char, e.label_) for e in doc.spans.get("sc", ())]
    assert spans == [(e.start, e.end, e.label) for e in (found.entities if found else ())]
    if len(doc):
        Example(nlp.make_doc(doc.text), doc).get_aligned_ner()


@given(record=records())
def test_dygie_takes_every_line_by_its_documented_shape(folder: Path, record: Record) -> None:
    """https://github.com/dwadden/dygiepp/blob/master/doc/data.md: lists with an item for each
    sentence, no field of another name, spans within their sentence, triggers of one token."""
    FORMATS["dygie"].write(folder / "out.dygie", [record], Losses("-"), None)
    (line,) = (json.loads(one) for one in (folder / "out.dygie").read_bytes().splitlines())
    allowed = re.compile("doc_key|dataset|sentences|weight|ner|relations|clusters|events|_.*")
    assert all(allowed.fullmatch(name) for name in line)
    lists = {name: said for name, said in line.items() if name not in ("doc_key", "dataset")}
    assert {len(said) for said in lists.values()} == {len(line["sentences"])}
    end = 0
    for at, tokens in enumerate(line["sentences"]):
        inside = range(end, end + len(tokens))
        end = inside.stop
        assert all(token and not re.search(r"\s", token) for token in tokens)
        for first, last, label in line.get("ner", [[]] * (at + 1))[at]:
            assert first in inside and last in inside and first <= last and label
        for *ends, label in line.get("relations", [[]] * (at + 1))[at]:
            assert len(ends) == 4 and all(token in inside for token in ends) and label
        for (trigger, kind), *arguments in line.get("events", [[]] * (at + 1))[at]:
            assert trigger in inside and kind
            for first, last, role in arguments:
                assert first in inside and last in inside and first <= last and role


@given(record=records())
def test_oneie_takes_every_line_by_its_documented_shape(folder: Path, record: Record) -> None:
    """The lines of OneIE's data.py: mentions of the sentence, links to its own entities."""
    FORMATS["oneie"].write(folder / "out.oneie", [record], Losses("-"), None)
    content = (folder / "out.oneie").read_bytes().decode()
    sentences: Counter[str] = Counter()
    for line in content.split("\n")[:-1]:
        one: dict[str, Any] = json.loads(line)
        sentences[one["sent_id"]] += 1
        tokens: list[str] = one["tokens"]
        known: set[str] = set()
        for mention in one.get("entity_mentions", ()):
            assert {"id", "start", "end", "entity_type", "mention_type", "text"} <= mention.keys()
            assert 0 <= mention["start"] < mention["end"] <= len(tokens)
            covered = tokens[mention["start"] : mention["end"]]
            assert "".join(mention["text"].split()) == "".join(covered)
            assert mention["id"] not in known
            known.add(mention["id"])
        for mention in one.get("relation_mentions", ()):
            assert [link["role"] for link in mention["arguments"]] == ["Arg-1", "Arg-2"]
            assert {link["entity_id"] for link in mention["arguments"]} <= known
        for mention in one.get("event_mentions", ()):
            trigger = mention["trigger"]
            assert 0 <= trigger["start"] < trigger["end"] <= len(tokens)
            assert {link["entity_id"] for link in mention["arguments"]} <= known
    assert not sentences or max(sentences.values()) == 1
