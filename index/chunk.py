"""Article → Chunks: runs of whole sentences with exact offsets. Knows no model and no storage.

Sentences are found paragraph by paragraph. A chunk ends at a paragraph where it can, and never in
the middle of a sentence, unless one sentence alone is longer than a chunk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from .errors import InputError
from .records import Article, Chunk, Span
from .sentences import sentence_bounds

TokenCounter = Callable[[Sequence[str]], list[int]]

CHUNK_TOKENS = 190
"""Word pieces of text in a chunk: with its heading it stays below the 256 that MiniLM reads."""
HEADING_CHARACTERS = 160
MOST_SENTENCES = 300_000
_LONGEST_SENTENCE = 800
"""Characters; what is longer is no sentence (a table, a list) and is cut at white space."""
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*\s*$")


def chunk_article(article: Article, count_tokens: TokenCounter) -> list[Chunk]:
    """The article as chunks of whole sentences, in order, none overlapping.

    Args:
        article: the article; offsets refer to its text.
        count_tokens: the number of word pieces of each of a list of texts.

    Raises:
        InputError: it has far more sentences than any article: each of them takes memory.
    """
    paragraphs = []
    flat: list[Span] = []
    for paragraph in _paragraphs(article.text):
        paragraphs.append(list(_sentences(article.text, paragraph)))
        flat += paragraphs[-1]
        if len(flat) > MOST_SENTENCES:
            raise InputError(
                f"has more than {MOST_SENTENCES:,} sentences, which is no article; split it",
                path=article.origin,
            )
    counts = dict(zip(flat, count_tokens([article.text[a:b] for a, b in flat]), strict=True))
    heading = _heading(article)
    return [
        Chunk(article.id, position, run[0][0], run[-1][1], tuple(run), heading)
        for position, run in enumerate(_pack(_fit(paragraphs, counts, article.text), counts))
    ]


def sentence_spans(text: str) -> list[Span]:
    """Where the sentences of a text stand, in order; a line break ends one, unless lines are wrapped."""
    return [span for paragraph in _paragraphs(text) for span in _sentences(text, paragraph)]


def _heading(article: Article) -> str:
    title = article.title[:HEADING_CHARACTERS]
    return f"{title} ({article.published})" if article.published else title


def _paragraphs(text: str) -> Iterator[Span]:
    """Blocks between blank lines; single lines too, unless the text is wrapped at a fixed width."""
    pattern = _PARAGRAPH if _is_hard_wrapped(text) else _LINE
    return (match.span() for match in pattern.finditer(text))


def _is_hard_wrapped(text: str) -> bool:
    """Whether line breaks fall inside sentences: most lines that another follows do not end one."""
    inner = [line for block in _PARAGRAPH.findall(text) for line in block.split("\n")[:-1]]
    open_ended = sum(1 for line in inner if len(line) > 30 and not _SENTENCE_END.search(line))
    return bool(inner) and open_ended > len(inner) / 2


def _sentences(text: str, paragraph: Span) -> Iterator[Span]:
    start, end = paragraph
    for low, high in sentence_bounds(text[start:end]):
        a, b = _trim(text, start + low, start + high)
        while b - a > _LONGEST_SENTENCE:
            cut = max(text.rfind(" ", a + _LONGEST_SENTENCE // 2, a + _LONGEST_SENTENCE), a)
            cut = a + _LONGEST_SENTENCE if cut == a else cut
            yield _trim(text, a, cut)
            a, b = _trim(text, cut, b)
        if a < b:
            yield a, b


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _fit(paragraphs: list[list[Span]], counts: dict[Span, int], text: str) -> list[list[Span]]:
    """Halves what is still longer than a chunk (scripts that need many word pieces a character)."""
    fitted = []
    for paragraph in paragraphs:
        pieces: list[Span] = []
        for span in paragraph:
            pieces.extend(_halves(span, counts, text))
        fitted.append(pieces)
    return fitted


def _halves(span: Span, counts: dict[Span, int], text: str) -> list[Span]:
    start, end = span
    if counts[span] <= CHUNK_TOKENS or end - start < 2:
        return [span]
    middle = (start + end) // 2
    space = text.rfind(" ", start + 1, middle)
    middle = space if space > start else middle
    halves = [_trim(text, start, middle), _trim(text, middle, end)]
    share = [max(1, counts[span] * (b - a) // (end - start)) for a, b in halves]
    counts.update(zip(halves, share, strict=True))
    return [piece for half in halves if half[0] < half[1] for piece in _halves(half, counts, text)]


def _pack(paragraphs: list[list[Span]], counts: dict[Span, int]) -> Iterator[list[Span]]:
    """Whole paragraphs while they fit; a paragraph that does not fit alone is cut between sentences."""
    run: list[Span] = []
    size = 0
    for paragraph in paragraphs:
        whole = sum(counts[span] for span in paragraph)
        if run and size + whole > CHUNK_TOKENS and (whole <= CHUNK_TOKENS or size > CHUNK_TOKENS // 2):
            yield run
            run, size = [], 0
        for span in paragraph:
            if run and size + counts[span] > CHUNK_TOKENS:
                yield run
                run, size = [], 0
            run.append(span)
            size += counts[span]
    if run:
        yield run
