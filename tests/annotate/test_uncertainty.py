"""How much there will be to mend: of what was proposed, of what was not, a word."""

import pytest

from curation.annotate.nesting import Nesting
from curation.annotate.protocol import reading
from curation.annotate.uncertainty import uncertainty
from curation.annotate.votes import Votes
from curation.errors import DataError
from curation.model import Annotation, Author, make_entity
from curation.store import load_schema
from tests.annotate.reading import pipeline, read

TEXT = "زار محمد الرباط"  # three words


def test_a_toss_up_is_half_a_correction_and_what_is_certain_none() -> None:
    assert uncertainty(TEXT, Annotation(Author("machine", "m"), "proposed")) == 0
    for score, corrections in ((0.5, 0.5), (0.9, 0.1), (0.1, 0.1), (1.0, 0.0)):
        found = reading("m", [make_entity(TEXT, 4, 8, "PERSON", score=score)])
        assert uncertainty(TEXT, found) == pytest.approx(corrections / 13, abs=1e-4)


def test_where_nobody_says_how_sure_it_is_unknown() -> None:
    assert uncertainty(TEXT, reading("m", [make_entity(TEXT, 4, 8, "PERSON")])) is None


def test_what_stayed_below_the_bar_may_be_missed() -> None:
    said = "a", reading("a", [make_entity(TEXT, 4, 8, "PERSON", score=0.4)])
    ballot = Votes(0.5).count([said], Nesting.of(load_schema()))
    nothing = reading("m")
    assert uncertainty(TEXT, nothing, ballot) == pytest.approx(0.4 / 13, abs=1e-4)


def test_a_length_of_plain_text_lowers_it() -> None:
    found = reading("m", [make_entity(TEXT, 4, 8, "PERSON", score=0.5)])
    assert uncertainty(TEXT + " ثم عاد" * 20, found) < uncertainty(TEXT, found)


def test_a_shipped_pipeline_says_it_of_every_reading() -> None:
    plain = read("هذا كتاب .", by=pipeline())
    hard = read("قال ابن ماء السماء في قصر غامدان بين آل ذي يزن .", by=pipeline())
    assert plain.uncertainty is not None
    assert hard.uncertainty is not None
    assert plain.uncertainty < hard.uncertainty


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_it_is_a_number_from_0_up(value: float) -> None:
    with pytest.raises(DataError, match="uncertainty"):
        Annotation(Author("machine", "m"), "proposed", uncertainty=value)
