"""Fits `index/answer/weights.json` on folders of articles and gold questions. See README.md.

Uses the pipeline as users get it, up to the features; knows nothing of how an answer is worded.
"""

from __future__ import annotations

import argparse
import json
import string
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from index.answer import evidence
from index.answer.evidence import Sentence, confidence_features, score_sentences
from index.assistant import Assistant, open_assistant
from index.build import build
from index.question import Question
from index.records import Filters
from index.settings import ROOT, load_settings

WEIGHTS = ROOT / "index" / "answer" / "weights.json"
HARDEST = 20
"""Sentences that do not answer, kept per question: the best-scored ones teach the most."""


@dataclass(frozen=True)
class Example:
    """A question with its sentences; `good[i]` tells whether sentence i holds the answer."""

    question: Question
    sentences: list[Sentence]
    good: NDArray[np.bool_]
    answerable: bool


def main() -> int:
    """Fits on the folders given and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    examples = [list(_examples(folder)) for folder in parser.parse_args().folders]
    _fit_sentence(examples)
    # The confidence reads the sentence score, so the sentences are scored anew in between.
    _fit_confidence([_rescore(each) for each in examples])
    return 0


def _examples(folder: Path) -> Iterator[Example]:
    with tempfile.TemporaryDirectory() as data:
        settings = load_settings(data=Path(data))
        build([folder / "articles.jsonl"], settings)
        lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        with open_assistant(settings) as assistant:
            for number, line in enumerate(lines, start=1):
                if number % 2:
                    gold = json.loads(line)
                    yield _example(assistant, gold, Filters())
                    if gold["answerable"] and gold.get("gold_article_ids"):
                        yield _example(assistant, gold, Filters(exclude=tuple(gold["gold_article_ids"])))
        print(f"{folder.name}: read", file=sys.stderr)


def _example(assistant: Assistant, gold: dict[str, Any], filters: Filters) -> Example:
    found = assistant.retriever.search(gold["question"], filters or None)
    sentences = score_sentences(found.question, found.passages)
    answerable = bool(gold["answerable"]) and not filters
    good = np.array([answerable and holds_answer(s, gold) for s in sentences], dtype=bool)
    return Example(found.question, sentences, good, answerable)


def holds_answer(sentence: Sentence, gold: dict[str, Any]) -> bool:
    """Whether the sentence is a gold passage, or stands in a gold article and has a short answer."""
    own = _normal(sentence.text)
    passages = gold.get("gold_passages") or []
    if passages:
        gold_texts = [_normal(p["text"]) for p in passages if p["article_id"] == sentence.passage.article_id]
        return any(own in text or text in own for text in gold_texts if text and own)
    inside = sentence.passage.article_id in gold["gold_article_ids"]
    return inside and any(f" {_normal(a)} " in f" {own} " for a in gold["answers"] if _normal(a))


def _normal(text: str) -> str:
    kept = "".join(c if c not in string.punctuation + "’‘“”" else " " for c in text.casefold())
    return " ".join(kept.split())


def _fit_sentence(sets: list[list[Example]]) -> None:
    names = list(evidence._weights()["sentence"])
    differences, weights = [], []
    for examples in sets:
        usable = [e for e in examples if e.good.any() and not e.good.all()]
        for example in usable:
            table = np.array([[s.features[n] for n in names] for s in example.sentences])
            wrong = table[~example.good][:HARDEST]
            for right in table[example.good][:3]:
                differences.append(right - wrong)
                weights.append(np.full(len(wrong), 1 / len(wrong) / len(usable)))
    pairs, weight = np.concatenate(differences), np.concatenate(weights)
    labels = np.r_[np.ones(len(pairs)), np.zeros(len(pairs))]
    model = LogisticRegression(C=30.0, fit_intercept=False, max_iter=2000)
    weight = np.r_[weight, weight] / weight.mean()
    model.fit(np.r_[pairs, -pairs], labels, sample_weight=weight)
    _store("sentence", {n: round(float(w), 3) for n, w in zip(names, model.coef_[0], strict=True)})


def _rescore(examples: list[Example]) -> list[Example]:
    weights = evidence._weights()["sentence"]
    found = []
    for e in examples:
        scores = np.array([sum(weights[n] * v for n, v in s.features.items()) for s in e.sentences])
        order = np.argsort(-scores, kind="stable")
        sentences = [
            Sentence(s.passage, s.number, s.text, s.start, s.end, s.features, float(scores[i]))
            for i in order
            for s in [e.sentences[i]]
        ]
        found.append(Example(e.question, sentences, e.good[order], e.answerable))
    return found


def _fit_confidence(sets: list[list[Example]]) -> None:
    rows: list[dict[str, float]] = []
    labels: list[bool] = []
    weights: list[float] = []
    for examples in sets:
        usable = [e for e in examples if e.sentences]
        share = {kind: sum(e.answerable is kind for e in usable) for kind in (True, False)}
        for example in usable:
            rows.append(confidence_features(example.question, example.sentences))
            labels.append(example.answerable)
            # Every set, and in it answerable and not, counts the same.
            weights.append(1 / max(share[example.answerable], 1))
    names = list(rows[0])
    table = np.array([[row[n] for n in names] for row in rows])
    spread = table.std(axis=0) + 1e-9
    weight = np.array(weights) / np.mean(weights)
    model = LogisticRegression(C=0.3, max_iter=5000).fit(table / spread, labels, sample_weight=weight)
    fitted = {n: round(float(w / s), 3) for n, w, s in zip(names, model.coef_[0], spread, strict=True)}
    _store("confidence", {"intercept": round(float(model.intercept_[0]), 3), "weights": fitted})


def _store(part: str, weights: dict[str, Any]) -> None:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    stored[part] = weights
    WEIGHTS.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    evidence._weights.cache_clear()
    print(json.dumps({part: weights}, indent=1))


if __name__ == "__main__":
    sys.exit(main())
