"""A conversation as a Markdown file, with its sources.

Knows nothing of the page. Text from the corpus is escaped, so that a title cannot become a heading, an
image that calls home, or a link in whatever shows the file.
"""

from __future__ import annotations

import re

from index.records import Answer, Citation

from .conversation import Conversation, Exchange
from .text import long_date, passage_address

# Everything that begins a construct of CommonMark or GFM, and what builds raw HTML. Autolinks need the `:`.
_LINE_END = re.compile(r"\r\n?|\n")
_SYNTAX = re.compile(r"[\\`*_{}\[\]<>#+!|~&$:@]|^\s*[-=.)]|(?<=\d)[.)](?=\s)|(?<=\bwww)\.", re.IGNORECASE)


def conversation_markdown(conversation: Conversation, base_url: str) -> str:
    """The whole file. `base_url` makes the addresses of passages whole, without a slash at its end."""
    parts = ["# Conversation with Dateline"]
    parts += [_exchange(exchange, base_url) for exchange in conversation.exchanges]
    parts.append("---\nQuotes are the articles' own words. Addresses work while the server runs.")
    return "\n\n".join(parts) + "\n"


def _exchange(exchange: Exchange, base_url: str) -> str:
    parts = [f"## {escape_markdown(_one_line(exchange.question))}"]
    if exchange.answer is not None:
        parts += _answer(exchange.answer, base_url)
    elif exchange.problem is not None:
        parts.append(f"*No answer:* {escape_markdown(exchange.problem)}")
    else:
        parts += [escape_markdown(exchange.text), "*Stopped before the end.*"]
    return "\n\n".join(part for part in parts if part)


def _answer(answer: Answer, base_url: str) -> list[str]:
    parts = [
        escape_markdown(answer.text),
        *(f"*{label}* {escape_markdown(said)}" for label, said in _cautions(answer)),
    ]
    if answer.citations:
        parts.append("### Sources")
        parts += [_citation(citation, base_url) for citation in answer.citations]
    if answer.related:
        parts.append("### Related, not evidence")
        parts += [
            f"{_quoted(related.quote)}\n>\n> — {escape_markdown(_one_line(related.title))}, "
            f"<{base_url}{passage_address(related.article_id, related.start, related.end)}>"
            for related in answer.related
        ]
    return parts


def _cautions(answer: Answer) -> list[tuple[str, str]]:
    """What a reader must know beside the text, as (label, words): cut short, made otherwise, not borne out."""
    found = []
    if answer.status == "incomplete":
        found.append(("Incomplete:", answer.reason or "the answer was cut short"))
    if answer.notice:
        found.append(("Note:", answer.notice))
    doubtful = [claim.text for claim in answer.claims if claim.support == "unverified"]
    return found + [("Not found in the articles:", _one_line(text)) for text in doubtful]


def _citation(citation: Citation, base_url: str) -> str:
    origin = [citation.title, citation.source, long_date(citation.published) or "undated"]
    line = ", ".join(escape_markdown(_one_line(part)) for part in origin if part)
    address = f"<{base_url}{passage_address(citation.article_id, citation.start, citation.end)}>"
    who = [part for part in (citation.speaker, long_date(citation.said_on)) if part]
    said = f"{escape_markdown(_one_line(', '.join(who)))}, in " if citation.speaker else ""
    return f"\\[{citation.n}\\] {said}{line}\n\n{_quoted(citation.quote)}\n\n{address}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in escape_markdown(text).split("\n"))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def escape_markdown(text: str) -> str:
    """Text that any Markdown renderer shows as it is: no emphasis, link, image, HTML or heading."""
    # Four spaces at the start of a line would make it code.
    return "\n".join(_SYNTAX.sub(_escaped, line.lstrip(" \t")) for line in _LINE_END.split(text))


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    return f"{found[:-1]}\\{found[-1]}"
