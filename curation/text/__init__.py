"""Pure questions about text: words, sentences, normal forms, tokens. Offsets are code points."""

from curation.text.fold import Folded, fold, fold_key
from curation.text.tokens import Loss, Tagged, covered_words, tag_layers, tag_words, untag_words
from curation.text.words import LINE_ENDS, Span, Words, lines, sentences, split_words, words

__all__ = [
    "LINE_ENDS",
    "Folded",
    "Loss",
    "Span",
    "Tagged",
    "Words",
    "covered_words",
    "fold",
    "fold_key",
    "lines",
    "sentences",
    "split_words",
    "tag_layers",
    "tag_words",
    "untag_words",
    "words",
]
