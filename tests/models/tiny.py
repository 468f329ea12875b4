"""Small models made on the spot: a tokeniser and a BERT, trained until it knows four words."""

import random
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
PEOPLE = ("Omar Haddad", "بيني جانتس")
PLACES = ("Rabat", "الرباط")
WORDS = (
    "the minister went to and met with people in city on a day of May 2022 , . ( ) : 👍🏽 👨‍👩‍👧‍👦 "
    "وصل الوفد نحو ثم عاد من في يوم وَقّعَ اتفاقا مع كبير"
)
FILLER = WORDS.split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def tokenizer(longest: int) -> PreTrainedTokenizerFast:
    """A WordPiece tokeniser that cuts words after every third letter and drops Arabic marks, as
    BERT's does."""
    plain = normalizers.BertNormalizer(lowercase=False, strip_accents=True)
    pieces: dict[str, None] = dict.fromkeys(SPECIAL)
    for word in " ".join((*FILLER, *PEOPLE, *PLACES, "person loc")).split():
        said = plain.normalize_str(word)
        for at in range(len(said)):
            mark = "##" if at else ""
            pieces[mark + said[at]] = None
            if at % 3 == 0:
                pieces[mark + said[at : at + 3]] = None
    vocabulary = {piece: i for i, piece in enumerate(pieces)}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = plain
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(mark, made.token_to_id(mark)) for mark in ("[CLS]", "[SEP]")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        model_max_length=longest,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    )


def sentence(chance: random.Random, longest: int = 25) -> tuple[list[str], list[str]]:
    """Some words with their tags."""
    words: list[str] = []
    tags: list[str] = []
    for _ in range(chance.randint(3, longest)):
        pick = chance.random()
        name = chance.choice(PEOPLE if pick < 0.15 else PLACES if pick < 0.3 else FILLER).split()
        label = "PER" if pick < 0.15 else "LOC" if pick < 0.3 else ""
        words += name
        tags += [("B-" if i == 0 else "I-") + label if label else "O" for i in range(len(name))]
    return words, tags


def token_classifier(folder: Path, longest: int = 64, steps: int = 300) -> Path:
    """A BERT for token classification, saved with its tokeniser."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    chance = random.Random(0)
    cut = tokenizer(longest)
    config = BertConfig(
        vocab_size=len(cut),
        hidden_size=48,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=96,
        max_position_embeddings=longest,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        id2label=dict(enumerate(TAGS)),
        label2id={tag: i for i, tag in enumerate(TAGS)},
    )
    model = BertForTokenClassification(config)
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-3)
    for _ in range(steps):
        pairs = [sentence(chance) for _ in range(16)]
        batch = cut(
            [words for words, _ in pairs],
            is_split_into_words=True,
            padding=True,
            truncation=True,
            return_tensors="pt",
        )
        labels = torch.full_like(batch["input_ids"], -100)
        for row, (_, tags) in enumerate(pairs):
            seen: set[int] = set()
            for at, word in enumerate(batch.word_ids(row)):
                if word is not None and word not in seen:
                    seen.add(word)
                    labels[row, at] = TAGS.index(tags[word])
        loss = model(
            input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], labels=labels
        ).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.save_pretrained(folder)
    cut.save_pretrained(folder)
    return folder
