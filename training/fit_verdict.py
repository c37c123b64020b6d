"""Fits the weights by which `index/answer/verdict.py` says yes or no. See README.md.

    python -m training.fit_verdict ARTICLES …

Trains on `reader/written/verdicts.jsonl`, as far as the articles are there, and prints how the verdicts on held-out
articles come out. Two logistic regressions, "yes" against the rest and "no" against the rest; knows nothing of how
sentences are found.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from index.answer.evidence import Sentence
from index.answer.reading import READ
from index.answer.verdict import says
from index.answer.verdict_signs import UNREAD, verdict_signs
from index.language import stem, words
from index.question import Question, analyse
from index.reader import Reader
from index.records import Passage
from index.support.entailment import Entailment
from index.support.units import Quote

from .fit_weights import WEIGHTS
from .reader.written import STORIES, WRITTEN_FOLDER, is_held_out, read_all

PENALTY = 3e-3
"""Of the squared weights of standardised signs, against the mean loss."""

Array = NDArray[np.float64]
Row = tuple[str, str, dict[str, float] | None]
"""Article, verdict, signs."""


class Words:
    """The words of some articles, each of which counts as a chunk."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._stems = [{stem(word) for word in words(text)} for text in texts]

    def chunk_count(self) -> int:
        """How many articles there are."""
        return len(self._stems)

    def document_frequency(self, asked: Iterable[str]) -> dict[str, int]:
        """In how many articles each word is."""
        return {word: sum(stem(word) in each for each in self._stems) for word in asked}

    def stems(self) -> frozenset[str]:
        """None: nothing is mended."""
        return frozenset()

    def examples(self, beginning: str, most: int) -> list[str]:
        """None: nothing is mended."""
        return []


def main() -> int:
    """Fits on what is not held out, measures on what is, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "articles", nargs="+", type=Path, help="articles.jsonl files of the sets of reader/README.md"
    )
    arguments = parser.parse_args()
    rows = list(_rows(read_all([*arguments.articles, STORIES]), WRITTEN_FOLDER / "verdicts.jsonl"))
    fitted = fit([row for row in rows if not is_held_out(row[0])])
    _report([row for row in rows if is_held_out(row[0])], fitted)
    weights = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    WEIGHTS.write_text(json.dumps({**weights, "verdict": fitted}, indent=2) + "\n", encoding="utf-8")
    return 0


def _rows(articles: Mapping[str, tuple[str, list[str]]], written: Path) -> Iterator[Row]:
    known = Words(" ".join([title, *sentences]) for title, sentences in articles.values())
    entailment = Entailment(Reader())
    for line in written.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["article"] in articles:
            title, sentences = articles[row["article"]]
            said = " ".join(sentences[number - 1] for number in sorted(row["sentences"]))
            question = analyse(row["question"], known)
            yield (
                row["article"],
                row["verdict"],
                signs_of(question, said, " ".join(sentences), title, entailment),
            )


def signs_of(
    question: Question, said: str, text: str, title: str, entailment: Entailment
) -> dict[str, float] | None:
    """The signs of a sentence, read beside what stands before it in its article."""
    read = entailment.log_odds(question.text, [Quote(said, text, title)])
    passage = Passage(1, "", title, None, None, None, text, 0, 1, ())
    return verdict_signs(question, Sentence(passage, 0, said, 0, len(said), {READ: read}, 0.0), entailment)


def fit(rows: Sequence[Row]) -> dict[str, Any]:
    """Weights and intercepts; what nobody read counts as the mean of what was."""
    known = [(verdict, signs) for _, verdict, signs in rows if signs]
    names = list(known[0][1])
    table = np.array([[signs[name] for name in names] for _, signs in known])
    fitted: dict[str, Any] = {
        "unread": {name: round(float(table[:, names.index(name)].mean()), 3) for name in UNREAD}
    }
    for verdict in ("yes", "no"):
        fitted[verdict] = _regress(table, np.array([1.0 if v == verdict else -1.0 for v, _ in known]), names)
    return fitted


def _regress(table: Array, labels: Array, names: Sequence[str]) -> dict[str, Any]:
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    rows = np.c_[(table - mean) / spread, np.ones(len(table))]

    def loss(at: Array) -> tuple[float, Array]:
        margin = rows @ at * labels
        slope = -(labels / (1 + np.exp(np.clip(margin, -50, 50)))) @ rows / len(rows)
        held = np.r_[at[:-1], 0.0]
        return float(np.logaddexp(0, -margin).mean() + PENALTY * (held**2).sum()), slope + 2 * PENALTY * held

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    weights = found[:-1] / spread
    return {
        "intercept": round(float(found[-1] - weights @ mean), 3),
        "weights": {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)},
    }


def _report(rows: Sequence[Row], fitted: Mapping[str, Any]) -> None:
    for verdict in ("yes", "no"):
        given = [asked for _, asked, signs in rows if signs and says(signs, fitted) == verdict]
        meant = sum(asked == verdict for _, asked, _ in rows)
        print(
            f"{verdict}: {sum(asked == verdict for asked in given)} of {len(given)} given are right, of {meant} meant"
        )


if __name__ == "__main__":
    sys.exit(main())
