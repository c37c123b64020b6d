"""What somebody wrote about articles → examples to train on: questions, and claims that are borne out or not.

    python -m training.reader.written ARTICLES … --out written.jsonl [--held-out]

`written/` holds what was written (its README says how); ARTICLES are the files of the articles it is about. A
claim stands where a question stands: "none" then means that the sentences do not bear it out. One article in ten
is held out: not trained on, but measured with (`--held-out`).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.sentences import sentence_bounds

from .examples import MOST_WORDS, WRITTEN, Example, write_examples

WRITTEN_FOLDER = Path(__file__).parent / "written"
STORIES = WRITTEN_FOLDER / "stories.jsonl"
SEED = 17
WINDOWS = 3
"""Windows that are made round the place of a question, each begun and ended elsewhere."""
CONTEXT = 2
"""Sentences before those that a claim is held against, as when it is checked."""


def flat_sentences(text: str) -> list[str]:
    """The sentences that `written/` counts, from 1: those of the text with each run of white space as one space."""
    flat = " ".join(text.split())
    found = (flat[start:end].strip() for start, end in sentence_bounds(flat))
    return [sentence for sentence in found if len(sentence) > 1]


def read_all(paths: Sequence[Path]) -> dict[str, tuple[str, list[str]]]:
    """Title and sentences of each article, by its id."""
    found = {}
    for path in paths:
        for row in _rows(path):
            found[row["id"]] = (row.get("title") or "", flat_sentences(row["text"]))
    return found


def question_examples(
    row: Mapping[str, Any], title: str, sentences: Sequence[str], rng: random.Random
) -> Iterator[Example]:
    """Windows round the sentence that answers, or round the one that only comes near."""
    places = [number - 1 for number in row["sentences"]]
    for _ in range(WINDOWS):
        first, last = _grown(places[0], sentences, rng)
        if not row["answered"]:
            yield Example(
                f"{WRITTEN} near miss", row["question"], title, list(sentences[first : last + 1]), None
            )
            continue
        gold, *also = (place - first for place in places if first <= place <= last)
        window = list(sentences[first : last + 1])
        answer = tuple(row["answer"]) if row["answer"] else None
        yield Example(f"{WRITTEN} question", row["question"], title, window, gold, answer, tuple(also))


def verdict_example(
    row: Mapping[str, Any], title: str, sentences: Sequence[str], rng: random.Random
) -> Example:
    """A window with the sentences that say yes, no or neither."""
    places = sorted(number - 1 for number in row["sentences"])
    first, last = _grown(places[0], sentences, rng)
    golds = [place - first for place in places if first <= place <= last]
    window = list(sentences[first : last + 1])
    kind = f"{WRITTEN} verdict: {row['verdict']}"
    return Example(kind, row["question"], title, window, golds[0], None, tuple(golds[1:]), row["verdict"])


def elsewhere(
    row: Mapping[str, Any], title: str, sentences: Sequence[str], rng: random.Random
) -> Iterator[Example]:
    """A window of the same article, if it is long enough, that does not hold what answers."""
    places = {number - 1 for number in row["sentences"]}
    far = [n for n in range(len(sentences)) if all(abs(n - place) > 2 for place in places)]
    if row["answered"] and far:
        first, last = _grown(rng.choice(far), sentences, rng, without=places)
        yield Example(f"{WRITTEN} elsewhere", row["question"], title, list(sentences[first : last + 1]), None)


def claim_example(row: Mapping[str, Any], title: str, sentences: Sequence[str]) -> Example:
    """The sentences that a claim is held against, with what stands before the first."""
    places = sorted(number - 1 for number in row["sentences"])
    shown = [*range(max(0, places[0] - CONTEXT), places[0]), *places]
    window = [sentences[place] for place in shown]
    golds = [shown.index(row["sentences"][0] - 1)]
    golds += [shown.index(place) for place in places if shown.index(place) not in golds]
    kind = f"{WRITTEN} claim: {row['judged']}"
    if row["judged"] != "borne out":
        return Example(kind, row["claim"], title, window, None)
    return Example(kind, row["claim"], title, window, golds[0], None, tuple(golds[1:]))


def is_held_out(article: str) -> bool:
    """Whether what was written about an article is for measuring."""
    return zlib.crc32(article.encode()) % 10 == 0


def claim_elsewhere(
    row: Mapping[str, Any], title: str, sentences: Sequence[str], rng: random.Random
) -> Iterator[Example]:
    """A claim that is borne out, held against sentences of its article that do not bear it out."""
    places = {number - 1 for number in row["sentences"]}
    far = [n for n in range(len(sentences)) if all(abs(n - place) > CONTEXT for place in places)]
    if row["judged"] == "borne out" and far:
        last = rng.choice(far)
        first = max(last - rng.randint(0, CONTEXT), 0)
        window = [sentences[n] for n in range(first, last + 1) if n not in places]
        yield Example(f"{WRITTEN} claim elsewhere", row["claim"], title, window, None)


def make_examples(articles: Mapping[str, tuple[str, list[str]]], rng: random.Random) -> Iterator[Example]:
    """All examples about the articles that are there."""
    for row in _rows(WRITTEN_FOLDER / "questions.jsonl"):
        if row["article"] in articles:
            yield from question_examples(row, *articles[row["article"]], rng)
            yield from elsewhere(row, *articles[row["article"]], rng)
    for row in _rows(WRITTEN_FOLDER / "verdicts.jsonl"):
        if row["article"] in articles:
            yield verdict_example(row, *articles[row["article"]], rng)
    for row in _rows(WRITTEN_FOLDER / "claims.jsonl"):
        if row["article"] in articles:
            yield claim_example(row, *articles[row["article"]])
            yield from claim_elsewhere(row, *articles[row["article"]], rng)


def _grown(
    place: int, sentences: Sequence[str], rng: random.Random, without: set[int] | frozenset[int] = frozenset()
) -> tuple[int, int]:
    """First and last sentence of a window round a place, of at most MOST_WORDS words if it has more than one."""
    first = last = place
    words = len(sentences[place].split())
    most = rng.choice((MOST_WORDS, MOST_WORDS, MOST_WORDS, MOST_WORDS // 2))
    sides = [-1, 1]
    while sides:
        side = rng.choice(sides)
        other = first - 1 if side < 0 else last + 1
        more = len(sentences[other].split()) if 0 <= other < len(sentences) else most
        if other in without or words + more > most:
            sides.remove(side)
            continue
        words += more
        first, last = min(first, other), max(last, other)
    return first, last


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def main(arguments: Sequence[str]) -> None:
    """Read the command line, make the examples, print how many of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="*")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held-out", action="store_true")
    chosen = parser.parse_args(arguments)
    articles = read_all([STORIES, *chosen.articles])
    taken = {id_: of for id_, of in articles.items() if is_held_out(id_) == chosen.held_out}
    examples = list(make_examples(taken, random.Random(SEED)))
    write_examples(chosen.out, examples)
    for kind, count in sorted(Counter(example.kind for example in examples).items()):
        print(f"{count}\t{kind}")


if __name__ == "__main__":
    main(sys.argv[1:])
