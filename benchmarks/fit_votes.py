"""Fit the votes of an Arabic pipeline: `python -m benchmarks.fit_votes news-ar --corpora PATH`.

Each span that an annotator proposes on the development sentences is a case of a logistic regression
(`curation/annotate/votes.py` says which), with an L2 penalty; NewsFANE's and ANERcorp's answer both
count for a span of newswire, `--coarse` says how much ANERcorp's. The figures printed are
cross-validated: each tenth of the sentences is voted on with weights that were fitted on the rest.
Then the weights are fitted on all and written to `seeds/models/PIPELINE/votes.toml`.

The models must not have been trained on the development sentences: `--crf FILE` takes one of
`news-ar-fast` that `benchmarks.train_news_ar_fast` left for that.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from benchmarks.news_ar import scoring
from benchmarks.news_ar.calibration import curve
from benchmarks.news_ar.corpora import Sentence, split
from curation.annotate.combine import combine
from curation.annotate.nearby import Nearby
from curation.annotate.nesting import Nesting, rivals
from curation.annotate.pipeline import Pipeline, Plan, Said, Step
from curation.annotate.pipelines import build, shipped_plans
from curation.annotate.votes import Votes, logit, score_of
from curation.model import Document, Entity, entity_id
from curation.store import load_schema, shipped

#: Labels with fewer right cases than this in the development sentences keep their highest score.
CASES = 8
#: What the corpora mark by other rules than our schema (adjectives of nationality are NORP): not
#: fitted.
UNFITTED = ("NORP", "WEAPON", "PRODUCT")
FOLDS = 10
Sources = list[Said]


class Case(Struct):
    """A proposed span, what is known about it, and (answer, weight) of those who can tell."""

    sentence: int
    entity: Entity
    inputs: dict[tuple[str, ...], float]
    answers: list[tuple[float, float]]


def main() -> None:
    """Read, fit, print the figures, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipeline", choices=("news-ar", "news-ar-fast"))
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--crf", type=Path, help="a CRF that has not seen the sentences")
    parser.add_argument("--encoder", type=Path, help="a folder; the shipped one without it")
    parser.add_argument("--coarse", type=float, default=0.6, help="what ANERcorp's answer counts")
    parser.add_argument("--penalty", type=float, default=1.0)
    parser.add_argument("--bar", type=float, default=0.4)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    _, _, news, wojood = split(given.corpora)
    sentences = [*news, *wojood]
    plan = plan_of(given.pipeline, given.crf, given.encoder)
    nesting = Nesting.of(load_schema(), plan.absorbs)
    heard = sources(build(msgspec.structs.replace(plan, votes=None), load_schema()), sentences)
    cases = [
        case
        for i, (one, said) in enumerate(zip(sentences, heard, strict=True))
        for case in cases_of(i, one, said, given.coarse, nesting)
    ]
    fitted = fitted_labels(cases)

    def fit(some: Sequence[Case]) -> Votes:
        return votes_of(some, fitted, given.penalty, given.bar)

    by_fold = [fit([case for case in cases if case.sentence % FOLDS != n]) for n in range(FOLDS)]
    spans = [read(plan, said, by_fold[number % FOLDS]) for number, said in enumerate(heard)]
    result = scoring.summary(
        list(zip(news, spans[: len(news)], strict=True)),
        list(zip(wojood, spans[len(news) :], strict=True)),
    )
    blind = [by_fold[number % FOLDS].chances(said, nesting) for number, said in enumerate(heard)]
    for name, score in result.items():
        print(f"\n{name}\n{'label':10} {'gold':>6} {'ours':>6} {'P':>6} {'R':>6} {'F1':>6}")
        print(score.line())
        for label in sorted(score.gold | score.ours, key=lambda label: -score.gold[label]):
            print(score.line(label))
    print("\nreliability: mean score, part right, spans (each answer a span)")
    for score, right, count in curve(
        (blind[case.sentence][case.entity.id], bool(answer))
        for case in cases
        if case.entity.label in fitted
        for answer, _ in case.answers
    ):
        print(f"{score:6.2f} {right:6.2f} {count:6}")
    target = given.output or shipped("seeds", "models") / given.pipeline / "votes.toml"
    write(target, fit(cases))
    print(f"\nwrote {target.name}")


def plan_of(name: str, crf: Path | None, encoder: Path | None) -> Plan:
    """The shipped plan, with other models where given, and the encoder's least likely spans."""
    plan = next(plan for plan in shipped_plans() if plan.name == name)
    models = {"crf.v1": crf, "encoder.v1": encoder}
    steps = tuple(
        Step(step.name, {**step.options, "model": str(models[step.name])})
        if models.get(step.name)
        else step
        for step in plan.annotators
        if step.name != "events.v1"
    )
    return msgspec.structs.replace(plan, annotators=steps)


def sources(pipeline: Pipeline, sentences: Sequence[Sentence]) -> list[Sources]:
    """What each annotator proposes for each sentence."""
    documents = [
        Document(id=str(i), text=one.text, language="ar") for i, one in enumerate(sentences)
    ]
    return [said for said, _ in pipeline.hear(documents)]


def cases_of(
    number: int, one: Sentence, said: Sources, coarse: float, nesting: Nesting
) -> Iterable[Case]:
    """The spans proposed in a sentence, with the inputs of the regression."""
    near = {name: Nearby(annotation.entities) for name, annotation in said}
    own: dict[str, dict[str, Entity]] = {
        name: {entity_id(e.start, e.end, e.label): e for e in annotation.entities}
        for name, annotation in said
    }
    spans = {ident: entity for mine in own.values() for ident, entity in mine.items()}
    for ident, entity in spans.items():
        if any(score_of(mine[ident]) == 1 for mine in own.values() if ident in mine):
            continue  # not put to the vote
        inputs: dict[tuple[str, ...], float] = {("start", ""): 1.0, ("start", entity.label): 1.0}
        for name in own:
            mine = own[name].get(ident)
            if mine is not None:
                inputs["says", name, ""] = inputs["says", name, entity.label] = 1.0
                inputs["sure", name] = logit(score_of(mine))
            else:
                others = near[name].meeting(entity.start, entity.end)
                against = denial(entity, others, nesting)
                if against:
                    inputs["denies", name, ""] = inputs["denies", name, entity.label] = against
        entity = msgspec.structs.replace(entity, id=ident)
        yield Case(number, entity, inputs, answers(one, entity, coarse))


def denial(entity: Entity, others: Sequence[Entity], nesting: Nesting) -> float:
    """The highest score among those that overlap an entity and can not be right beside it."""
    against = (score_of(o) for o in others if rivals(entity, o) or nesting.swallows(o, entity))
    return max(against, default=0.0)


def answers(one: Sentence, entity: Entity, coarse: float) -> list[tuple[float, float]]:
    """(right or not, weight) by each annotation of the sentence that knows the label."""
    if entity.label not in one.annotated or entity.label in UNFITTED:
        return []
    fine = float((entity.start, entity.end, entity.label) in one.gold)
    if "~PER" not in one.annotated or entity.label not in scoring.COARSE:
        return [(fine, 1.0)]
    theirs = (entity.start, entity.end, scoring.COARSE[entity.label])
    return [(float(theirs in one.coarse), coarse), (fine, 1 - coarse)]


def fitted_labels(cases: Sequence[Case]) -> frozenset[str]:
    """The labels that enough is known about."""
    counts = Counter(
        case.entity.label for case in cases if any(answer for answer, _ in case.answers)
    )
    return frozenset(label for label, count in counts.items() if count >= CASES)


def votes_of(cases: Sequence[Case], labels: frozenset[str], penalty: float, bar: float) -> Votes:
    """The weights with the least penalised log loss, by Newton's method."""
    known = [case for case in cases if case.answers and case.entity.label in labels]
    names = sorted({name for case in known for name in case.inputs})
    column = {name: at for at, name in enumerate(names)}
    rows: list[tuple[Any, float, float]] = []
    for case in known:
        row = np.zeros(len(names))
        for name, value in case.inputs.items():
            row[column[name]] = value
        rows += [(row, answer, weight) for answer, weight in case.answers if weight]
    inputs = np.stack([row for row, _, _ in rows])
    right, weight = (np.array([row[i] for row in rows]) for i in (1, 2))
    weak = np.array([penalty if name[-1] else penalty / 4 for name in names])
    fitted, bend = np.zeros(len(names)), np.diag(weak)
    for _ in range(25):
        guess = 1 / (1 + np.exp(-inputs @ fitted))
        slope = inputs.T @ (weight * (right - guess)) - weak * fitted
        curved = (inputs * (weight * guess * (1 - guess))[:, None]).T @ inputs + bend
        fitted = fitted + np.linalg.solve(curved, slope)
    return votes(dict(zip(names, fitted.tolist(), strict=True)), bar)


def votes(fitted: Mapping[tuple[str, ...], float], bar: float) -> Votes:
    """The weights as votes: what holds for all labels is added to what holds for one."""

    def total(*name: str) -> float:
        return round(fitted.get(name, 0.0) + fitted.get((*name[:-1], ""), 0.0), 3)

    found: dict[str, Any] = {"start": {}, "says": {}, "sure": {}, "denies": {}}
    for kind, *rest in fitted:
        if kind == "sure":
            found[kind][rest[0]] = round(fitted[kind, *rest], 3)
        elif kind == "start" and rest[0]:
            found[kind][rest[0]] = total(kind, *rest)
        elif kind != "start" and rest[1]:
            found[kind].setdefault(rest[0], {})[rest[1]] = total(kind, *rest)
    return Votes(bar, **found)


def read(plan: Plan, said: Sources, votes: Votes) -> scoring.Spans:
    """What the pipeline makes of what its annotators say."""
    nesting = Nesting.of(load_schema(), plan.absorbs)
    found = combine(said, nesting, plan.priority, votes.count(said, nesting))
    return {(entity.start, entity.end, entity.label) for entity in found.entities}


def write(path: Path, votes: Votes) -> None:
    """Write the weights as a votes file."""
    text = "# Written by benchmarks.fit_votes; curation/annotate/votes.py says what it means.\n"
    path.write_bytes(text.encode() + msgspec.toml.encode(votes))


if __name__ == "__main__":
    main()
