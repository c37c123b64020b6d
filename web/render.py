"""An exchange as HTML for the chat's message renderer. Only our own markup, ever.

All that comes from the corpus, the visitor or a model passes `markdown_proof`. The page's script finds
citations by class and address, because the renderer takes `data-` and `aria-` attributes off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from index.records import Answer, Citation, Claim, Day, Related
from index.relative_days import written

from .conversation import Conversation, Exchange
from .filtering import in_words
from .text import escape, long_date, markdown_proof, passage_address

_MARKER = re.compile(r"\[(\d{1,3})\]")
_DOUBTFUL = "(not found in the articles)"
_UNCHECKED = "Not checked against the articles yet."


def messages(conversation: Conversation) -> list[dict[str, Any]]:
    """The conversation in the shape of `gr.Chatbot`: a question and an answer for each exchange."""
    shown: list[dict[str, Any]] = []
    for number, exchange in enumerate(conversation.exchanges):
        edit = f'<a class="dl-edit" href="#edit-{number}">Edit</a>'  # static/chat.js acts on it
        question = f'<div class="dl-question">{_lines(exchange.question)}</div>{edit}'
        limits = in_words(exchange.filters)
        question += f'<p class="dl-limits">{markdown_proof(limits)}</p>' if limits else ""
        shown.append({"role": "user", "content": question})
        shown.append({"role": "assistant", "content": exchange_html(exchange)})
    return shown


def exchange_html(exchange: Exchange) -> str:
    """What stands below a question: the answer, or how far it has come, or what went wrong."""
    if exchange.problem is not None:
        return _box("dl-problem", f"<p>{_lines(exchange.problem)}</p>")
    if exchange.answer is not None:
        return _answer_html(exchange.answer)
    so_far = _paragraph(exchange.text, exchange.passages.values())
    unchecked = "" if exchange.checked else f'<p class="dl-note">{_UNCHECKED}</p>'
    if exchange.stopped:
        return _box("dl-stopped", f'{so_far}{unchecked}<p class="dl-note">Stopped.</p>')
    if exchange.text:
        return _box("dl-running", so_far + unchecked)
    return _box("dl-running", f'<p class="dl-progress">{markdown_proof(exchange.progress)}</p>')


def _answer_html(answer: Answer) -> str:
    notes = f'<p class="dl-note dl-notice">{markdown_proof(answer.notice)}</p>' if answer.notice else ""
    if answer.status == "not_in_corpus":
        return _box("dl-silence", _paragraph(answer.text, ()) + notes + _related(answer.related))
    if answer.status == "incomplete":
        reason = answer.reason or "The answer was cut short."
        notes += f'<p class="dl-note dl-incomplete">Incomplete: {markdown_proof(reason)}</p>'
    if answer.verdict == "disputed":
        notes += '<p class="dl-note">The articles do not settle it.</p>'
    body = _paragraph(answer.text, answer.citations, answer.claims) + notes
    return _box(f"dl-{answer.status}", body + _sources(answer) + _related(answer.related))


def _paragraph(text: str, citations: Iterable[Citation], claims: Iterable[Claim] = ()) -> str:
    """The answer's text with each marker that has a citation made a link, and what is not borne out marked."""
    doubtful = [claim.text for claim in claims if claim.support == "unverified" and claim.text.strip()]
    by_number = {citation.n: citation for citation in citations}
    paragraphs = []
    for block in re.split(r"\n\s*\n", text.strip()):
        parts, last = [], 0
        for match in _MARKER.finditer(block):
            citation = by_number.get(int(match[1]))
            if citation is not None:
                parts += [_marked(block[last : match.start()], doubtful), _marker(citation)]
                last = match.end()
        paragraphs.append(f"<p>{''.join(parts)}{_marked(block[last:], doubtful)}</p>")
    return "".join(paragraphs) if text.strip() else ""


def _marker(citation: Citation) -> str:
    return f'<a class="dl-cite" href="{_address(citation)}">&#91;{citation.n}&#93;</a>'


def _sources(answer: Answer) -> str:
    if not answer.citations:
        return ""
    items = []
    for citation in answer.citations:
        shown = "dl-told" if citation.quote in answer.text else "dl-quote"
        said = [part for part in (citation.speaker, long_date(citation.said_on)) if part]
        speaker = f"{', '.join(said)}: " if citation.speaker else ""
        items.append(
            f'<li><a class="dl-source" href="{_address(citation)}">'
            f'<span class="dl-n">{citation.n}</span> '
            f'<span class="dl-title">{markdown_proof(citation.title)}</span></a>'
            f'{_origin(citation)}<span class="{shown}">{markdown_proof(speaker)}'
            f"<q>{_lines(citation.quote)}</q></span>{_days(citation.days)}</li>"
        )
    return f'<div class="dl-sources"><h3>Sources</h3><ol>{"".join(items)}</ol></div>'


def _days(days: tuple[Day, ...]) -> str:
    """What "on Tuesday" in the quote means: beside it, for the quote's own words stay as they are."""
    said = "; ".join(f"{day.words}: {written(day.date)}" for day in days)
    return f'<span class="dl-days">{markdown_proof(said)}</span>' if said else ""


def _origin(citation: Citation) -> str:
    parts = [part for part in (citation.source, long_date(citation.published) or "undated") if part]
    return f' <span class="dl-origin">{markdown_proof(" · ".join(parts))}</span>'


def _related(related: tuple[Related, ...]) -> str:
    if not related:
        return ""
    items = "".join(
        f'<li><a class="dl-related-link" href="{escape(passage_address(r.article_id, r.start, r.end))}">'
        f'<span class="dl-title">{markdown_proof(r.title)}</span></a>'
        f'<span class="dl-passage">{_lines(r.quote)}</span></li>'
        for r in related
    )
    return f'<div class="dl-related"><h3>Related, not evidence</h3><ul>{items}</ul></div>'


def _marked(text: str, doubtful: list[str]) -> str:
    """The text, each doubtful statement in it followed by words that say so, and taken off the list."""
    for claim in doubtful:
        before, found, after = text.partition(claim)
        if found:
            doubtful.remove(claim)
            said = (
                f'<span class="dl-doubt">{_lines(found)}</span> <span class="dl-doubtful">{_DOUBTFUL}</span>'
            )
            return _marked(before, doubtful) + said + _marked(after, doubtful)
    return _lines(text)


def _address(citation: Citation) -> str:
    return escape(passage_address(citation.article_id, citation.start, citation.end))


def _lines(text: str) -> str:
    """Text with its line breaks kept. A raw newline would end the renderer's HTML block."""
    return "<br>".join(markdown_proof(line) for line in text.split("\n"))


def _box(kind: str, inner: str) -> str:
    return f'<div class="dl-box {kind}">{inner}</div>'
