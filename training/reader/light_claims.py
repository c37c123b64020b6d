"""Articles → claims that keep the articles' words: borne out, or with one thing altered. By rules, without a parser.

    python -m training.reader.light_claims ARTICLES[:GOLD] … --out light.jsonl

People who write claims to train on reword what is true and spoil what is near: without these, the model takes
claims in the articles' own words for false. See `articles.read_articles` for ARTICLES and GOLD.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from .articles import read_articles
from .examples import Example, write_examples
from .wording import read_synonyms
from .written import CONTEXT, flat_sentences

SEED = 23
MOST_OF_AN_ARTICLE = 5
LEAST_WORDS, MOST_WORDS = 6, 38
BORNE_OUT, ALTERED = "light claim: borne out", "light claim: altered"

_DATELINE = re.compile(r"^[A-Z][^.!?]{0,60}?(?: — | – |\) - |\) – )")
_ASIDE = re.compile(r" \([^()]*\)|, (?:who|which|whose|where)\b[^,.;]*,")
_SAID = re.compile(
    r", (?:(?:he|she|they|it|officials|police|authorities) (?:said|added)|according to [^,.]*)\.$"
)
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|has|have|had|can|could|may|might|did|does|do)\b(?! (?:not|n't)\b)"
)
_NOT = re.compile(r" (?:not|never)\b")
_MODAL = re.compile(r"\b(may|might|could)\b")


def light_claims(title: str, sentences: Sequence[str], rng: random.Random) -> Iterator[Example]:
    """Some claims about an article: about one in two is altered."""
    fitting = [
        n for n, s in enumerate(sentences) if LEAST_WORDS <= len(s.split()) <= MOST_WORDS and s.endswith(".")
    ]
    for n in rng.sample(fitting, min(MOST_OF_AN_ARTICLE, len(fitting))):
        window = list(sentences[max(0, n - CONTEXT) : n + 1])
        claim = _light(sentences[n], rng)
        if rng.random() < 0.5:
            yield Example(BORNE_OUT, claim, title, window, len(window) - 1)
        elif altered := _altered(claim, sentences, rng):
            yield Example(ALTERED, altered, title, window, None)


def _light(sentence: str, rng: random.Random) -> str:
    """The sentence with a little taken off, and a word or two exchanged for words of like meaning."""
    said = _DATELINE.sub("", sentence)
    if rng.random() < 0.6:
        said = _SAID.sub(".", _ASIDE.sub("", said))
    synonyms = read_synonyms()
    words = said.split(" ")
    # The synonyms of short words are often of another meaning.
    places = [n for n, word in enumerate(words) if len(word) > 6 and word in synonyms]
    for n in rng.sample(places, min(len(places), rng.randint(0, 1))):
        words[n] = rng.choice(synonyms[words[n]])
    said = " ".join(words)
    return said[:1].upper() + said[1:]


def _altered(claim: str, sentences: Sequence[str], rng: random.Random) -> str | None:
    """The claim with one number, name, "not" or "may" exchanged, put in or taken out."""
    text = " ".join(sentences)
    ways = [_other_number, _other_name, _other_sense]
    rng.shuffle(ways)
    for way in ways:
        if (found := way(claim, text, rng)) and found != claim:
            return found
    return None


def _other_number(claim: str, text: str, rng: random.Random) -> str | None:
    found = list(_NUMBER.finditer(claim))
    if not found:
        return None
    match = rng.choice(found)
    others = [n for n in _NUMBER.findall(text) if n != match[0] and len(n) == len(match[0])]
    value = (
        rng.choice(others) if others else match[0][:-1] + str((int(match[0][-1]) + rng.randint(1, 8)) % 10)
    )
    return claim[: match.start()] + value + claim[match.end() :]


def _other_name(claim: str, text: str, rng: random.Random) -> str | None:
    found = list(_NAME.finditer(claim))
    others = sorted({n for n in _NAME.findall(text) if n not in claim})
    if not found or not others:
        return None
    match = rng.choice(found)
    return claim[: match.start()] + rng.choice(others) + claim[match.end() :]


def _other_sense(claim: str, text: str, rng: random.Random) -> str | None:
    del text
    if _NOT.search(claim):
        return _NOT.sub("", claim, count=1)
    if _MODAL.search(claim):
        return _MODAL.sub("will", claim, count=1)
    found = list(_AUXILIARY.finditer(claim))
    if not found:
        return None
    match = rng.choice(found)
    return claim[: match.end()] + " not" + claim[match.end() :]


def main(arguments: Sequence[str]) -> None:
    """Read the command line, make the claims, print how many of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("articles", nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    rng = random.Random(SEED)
    examples = [
        example
        for source in chosen.articles
        for article in read_articles(source)
        for example in light_claims(article.title, flat_sentences(article.text), rng)
    ]
    write_examples(chosen.out, examples)
    for kind, count in sorted(Counter(example.kind for example in examples).items()):
        print(f"{count}\t{kind}")


if __name__ == "__main__":
    main(sys.argv[1:])
