"""A small GLiNER made on the spot, trained until it knows the names of `tiny.py`."""

import random
from itertools import count, islice
from pathlib import Path
from typing import Any

import torch
from gliner import GLiNER

from tests.models.tiny import sentence, tokenizer

#: How many pieces fit in the positions of BERT below, beside what it is asked for.
ROOM = 48 - 10
#: What it is trained to be asked for.
ASKED = {"PER": "person", "LOC": "loc"}
ENCODERS: dict[str, dict[str, Any]] = {
    "deberta-v2": {
        "relative_attention": True,
        "position_biased_input": False,
        "pos_att_type": ["p2c", "c2p"],
        "position_buckets": 32,
        "max_relative_positions": -1,
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
        "max_position_embeddings": 512,
    },
    "bert": {"max_position_embeddings": 48},
}


def gliner(folder: Path, encoder: str = "deberta-v2", longest: int = 10**30) -> Path:
    """A GLiNER over an encoder of this kind, saved with its tokeniser. It takes 24 words."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    chance = random.Random(0)
    cut = tokenizer(longest)
    cut.save_pretrained(folder)
    config = {
        "model_name": str(folder),
        "max_len": 24,
        "max_width": 3,
        "hidden_size": 32,
        "dropout": 0.0,
        "num_rnn_layers": 0,
        "span_mode": "markerV0",
        "encoder_config": {
            "model_type": encoder,
            "vocab_size": len(cut),
            "hidden_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 64,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
            **ENCODERS[encoder],
        },
    }
    model = GLiNER.from_config(config, backbone_from_pretrained=False)
    collate = model.data_collator_class(
        model.config, data_processor=model.data_processor, prepare_labels=True
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    model.train()
    for _ in range(500):
        pairs = (sentence(chance, 14) for _ in count())
        fitting = (pair for pair in pairs if len(cut.tokenize(" ".join(pair[0]))) <= ROOM)
        examples = [example(*pair) for pair in islice(fitting, 16)]
        batch = collate(examples, entity_types=[list(ASKED.values())] * len(examples))
        loss = model(**batch).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def example(words: list[str], tags: list[str]) -> dict[str, Any]:
    """Words with inclusive spans, as GLiNER is trained on them."""
    spans: list[tuple[int, int, str]] = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            spans.append((i, i, ASKED[tag[2:]]))
        elif tag.startswith("I-"):
            spans[-1] = (spans[-1][0], i, spans[-1][2])
    return {"tokenized_text": words, "ner": spans}
