"""Fits `index/answer/weights.json` on articles and gold questions. See README.md.

Uses the pipeline as users get it, up to the features; knows nothing of how an answer is worded.
Two logistic regressions, each weight held to the sign that sense demands: a feature that speaks for
an answer can never come to speak against one because of an accident of the data.
"""

from __future__ import annotations

import argparse
import json
import math
import string
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.answer.confidence import confidence_features
from index.answer.evidence import REREAD, Sentence, Words, fitted_weights, reread, score_sentences, words_of
from index.answer.reading import READ, read_sentences
from index.assistant import Assistant, open_assistant
from index.build import build
from index.question import Question
from index.reader import Reader
from index.records import Filters
from index.settings import ROOT, load_settings

WEIGHTS = ROOT / "index" / "answer" / "weights.json"
SPEAKS_AGAINST = frozenset({"missing_near", "missing_anywhere", "missing_names", "lacks_kind"})
NEAR_MISSES = "0.4"
"""Share of the unanswerable examples' weight that near misses have; the set's own have the rest."""
PRIOR = 0.6
"""Share of the readers' questions that have an answer: what the confidence is calibrated to."""
PENALTY = 1e-3
"""Of the squared weights, against the mean loss."""
MOST = 50.0

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question with its sentences; `good[i]` tells whether sentence i holds the answer."""

    question: Question
    sentences: list[Sentence]
    good: NDArray[np.bool_]
    answerable: bool
    near_miss: bool
    articles: dict[str, Words]
    alone: dict[str, float]
    """The cosine of the best sentences with the question, read by themselves."""


@dataclass(frozen=True)
class ExampleSet:
    """The examples of one file of gold questions, and what they count in fitting the confidence."""

    examples: list[Example]
    weight: float
    near_misses: float
    """Share, 0..1, of the weight of the unanswerable examples."""


def main() -> int:
    """Fits on the sets given and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "sets",
        nargs="+",
        metavar="ARTICLES:GOLD[:WEIGHT[:NEAR]]",
        help="articles, or the folder of an index of them; gold questions; what the set counts (1), "
        f"and its near misses among what has no answer ({NEAR_MISSES})",
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--confidence-only", action="store_true", help="leave the weights of the sentences as they are"
    )
    arguments = parser.parse_args()
    sets = [_example_set(*each.split(":")) for each in arguments.sets]
    if arguments.confidence_only:
        sentence = fitted_weights()["sentence"]
    else:
        sentence = _fit_sentence([each.examples for each in sets])
    reader = Reader()
    rescored = [
        replace(each, examples=[_rescored(e, sentence, reader) for e in each.examples]) for each in sets
    ]
    fitted = {**fitted_weights(), "sentence": sentence, "confidence": _fit_confidence(rescored)}
    arguments.out.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=1))
    return 0


def _example_set(articles: str, gold: str, weight: str = "1", near_misses: str = NEAR_MISSES) -> ExampleSet:
    if (Path(articles) / "catalog.sqlite").exists():
        return ExampleSet(list(_examples(Path(articles), Path(gold))), float(weight), float(near_misses))
    with tempfile.TemporaryDirectory() as data:
        build([Path(articles)], load_settings(data=Path(data)))
        return _example_set(data, gold, weight, near_misses)


def _examples(data: Path, gold_file: Path) -> Iterator[Example]:
    with open_assistant(load_settings(data=data)) as assistant:
        for number, line in enumerate(gold_file.read_text(encoding="utf-8").splitlines(), start=1):
            gold = json.loads(line)
            if number % 2 and not gold.get("history"):
                yield _example(assistant, gold, Filters())
                if gold["answerable"] and gold.get("gold_article_ids"):
                    yield _example(assistant, gold, Filters(exclude=tuple(gold["gold_article_ids"])))


def _example(assistant: Assistant, gold: dict[str, Any], filters: Filters) -> Example:
    found = assistant.retriever.search(gold["question"], filters or None)
    sentences = score_sentences(found.question, found.passages)
    answerable = bool(gold["answerable"]) and not filters
    good = np.array([answerable and holds_answer(s, gold) for s in sentences], dtype=bool)
    words = {}
    for passage in found.passages:
        article = assistant.article(passage.article_id)
        if article is not None:
            words[article.id] = words_of(article.text) | words_of(article.title)
    best = [s.text for s in sentences[: 3 * REREAD]]
    alone = dict(zip(best, assistant.retriever.similar_alone(found, best), strict=True))
    return Example(found.question, sentences, good, answerable, bool(filters), words, alone)


def holds_answer(sentence: Sentence, gold: dict[str, Any]) -> bool:
    """Whether the sentence is what the gold asks to be cited: a string, a passage, or a short answer."""
    if must_cite := gold.get("must_cite"):
        return any(text in sentence.text for text in must_cite)
    own = _normal(sentence.text)
    passages = [p for p in gold.get("gold_passages") or [] if p["article_id"] == sentence.passage.article_id]
    if gold.get("gold_passages"):
        return any(own in text or text in own for p in passages if (text := _normal(p["text"])) and own)
    inside = sentence.passage.article_id in gold["gold_article_ids"]
    return inside and any(f" {_normal(a)} " in f" {own} " for a in gold["answers"] if _normal(a))


def _normal(text: str) -> str:
    kept = "".join(c if c not in string.punctuation + "’‘“”" else " " for c in text.casefold())
    return " ".join(kept.split())


def _fit_sentence(sets: Sequence[Sequence[Example]]) -> dict[str, float]:
    """Weights under which sentences that answer come before those of the same question that do not."""
    names = list(next(e for examples in sets for e in examples if e.sentences).sentences[0].features)
    differences, weights = [], []
    for examples in sets:
        usable = [e for e in examples if e.good.any() and not e.good.all()]
        for example in usable:
            table = np.array([[s.features[n] for n in names] for s in example.sentences])
            pairs = np.concatenate([right - table[~example.good] for right in table[example.good][:3]])
            differences.append(pairs)
            weights.append(np.full(len(pairs), 1 / len(pairs) / len(usable)))
    table = np.concatenate(differences)
    fitted, _ = _regress(table, np.ones(len(table)), np.concatenate(weights), names, intercept=False)
    return fitted


def _rescored(example: Example, weights: dict[str, float], reader: Reader) -> Example:
    """The example with its sentences in the order that the pipeline would put them in."""
    scored = [
        replace(s, score=s.score + sum((weights[n] - old[n]) * v for n, v in s.features.items()))
        for old in [fitted_weights()["sentence"]]
        for s in example.sentences
    ]
    scored.sort(key=lambda sentence: -sentence.score)
    again = reread(scored, lambda texts: [example.alone.get(t, 0.0) for t in texts])
    return replace(example, sentences=read_sentences(example.question, again, reader) if again else [])


def _fit_confidence(sets: Sequence[ExampleSet]) -> dict[str, Any]:
    """Weights that tell answerable questions from others: both kinds count alike, in each set and in all.

    The intercept is then moved from one half to `PRIOR`. `unread` is what the reader says on average: where
    there is none, it speaks neither for an answer nor against one.
    """
    rows, labels, weights = [], [], []
    for each in sets:
        usable = [e for e in each.examples if e.sentences]
        count = Counter((e.answerable, e.near_miss) for e in usable)
        near_misses = each.near_misses if count[False, False] else 1.0
        for e in usable:
            article = e.articles[e.sentences[0].passage.article_id]
            rows.append(confidence_features(e.question, e.sentences, article))
            labels.append(1.0 if e.answerable else -1.0)
            share = 1.0 if e.answerable else near_misses if e.near_miss else 1 - near_misses
            weights.append(each.weight * share / count[e.answerable, e.near_miss])
    names = list(rows[0])
    table = np.array([[row[n] for n in names] for row in rows])
    fitted, intercept = _regress(table, np.array(labels), np.array(weights), names, intercept=True)
    unread = float(np.average(table[:, names.index(READ)], weights=weights))
    return {
        "intercept": round(intercept + math.log(PRIOR / (1 - PRIOR)), 3),
        "unread": round(unread, 3),
        "weights": fitted,
    }


def _regress(
    table: Array, labels: Array, weights: Array, names: Sequence[str], *, intercept: bool
) -> tuple[dict[str, float], float]:
    """Logistic regression with bounded weights; `labels` are 1 and -1. Returns weights and intercept."""
    mean = table.mean(axis=0) if intercept else np.zeros(table.shape[1])
    spread = table.std(axis=0) + 1e-9
    rows = np.c_[(table - mean) / spread, np.full(len(table), float(intercept))]
    weights = weights / weights.sum()

    def loss(at: Array) -> tuple[float, Array]:
        margin = rows @ at * labels
        slope = -(labels * weights / (1 + np.exp(np.clip(margin, -50, 50)))) @ rows
        held = np.r_[at[:-1], 0.0]
        total = float((weights * np.logaddexp(0, -margin)).sum() + PENALTY * (held**2).sum())
        return total, slope + 2 * PENALTY * held

    bounds = [(-MOST, 0.0) if name in SPEAKS_AGAINST else (0.0, MOST) for name in names] + [(-MOST, MOST)]
    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    fitted = found[:-1] / spread
    by_name = {name: round(float(w), 3) for name, w in zip(names, fitted, strict=True)}
    return by_name, round(float(found[-1] - fitted @ mean), 3)


if __name__ == "__main__":
    sys.exit(main())
