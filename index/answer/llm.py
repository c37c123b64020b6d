"""The engine that lets a model write: prompt → streamed text → draft claims, checked before they count.

Whatever the model says or fails to say, there is a draft: of its claims, of the quotes engine, or none.
Knows neither retrieval nor storage, nor how an endpoint is asked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace

from ..cite import cite
from ..records import Delta, Draft, DraftClaim, Evidence, Passage, Related, Turn, Usage
from ..settings import Settings
from ..support import Meaning
from .endpoint import Endpoint, Reply
from .engine import QuotesEngine, Task, Work
from .failures import Failure
from .followup import StandAlone, stand_alone
from .markers import Markers, without_thoughts
from .model_claims import MOST_STATEMENTS, ModelDraft, model_draft
from .prompt import Prompt, answer_prompt, standalone_prompt
from .rewriting import MOST_REWRITTEN_TOKENS, rewritten
from .second_opinion import MOST_OPINION_TOKENS, doubted, opinion_prompt

STRONG_EVIDENCE = 0.6
"""Confidence of the quotes engine from which its answer is given where the model has none that holds; a verdict of
its own, which it gives rarely, is as strong."""
_MADE_WITHOUT = "This answer was made without it, from the articles' own sentences."
_DECLINED = "The model found no answer in the articles. These are the sentences that come closest to one."
_NOT_BORNE_OUT = "The articles do not bear out what the model wrote, so it is not shown."
_INSTEAD = f"{_NOT_BORNE_OUT} {_MADE_WITHOUT}"
_NO_OPINION = "The model's second opinion could not be had: {words}"
_LEFT_OUT = "Only the first {most} of the model's {all} statements were checked; the rest is left out."
_MOST_RELATED = 3
_ENDS_SENTENCE = re.compile(r"[.!?…。؟][\"'”’)]*$")


class ModelEngine:
    """A model behind an endpoint. Threads may share it."""

    def __init__(
        self,
        settings: Settings,
        endpoint: Endpoint,
        quotes: QuotesEngine,
        *,
        name: str,
        meaning: Meaning | None = None,
        closing: Sequence[Callable[[], None]] = (),
    ) -> None:
        self.name = name
        self.problem: str | None = None
        self.settings = settings
        self.endpoint = endpoint
        self.quotes = quotes
        self.meaning = meaning
        self._closing = (endpoint.close, *closing)

    def begin(self) -> Work:
        return _ModelWork(self)

    def close(self) -> None:
        """Ends what runs, and lets go of the endpoint."""
        for close in self._closing:
            close()


class _ModelWork:
    """One question: its deadline, and the tokens it has cost so far."""

    def __init__(self, engine: ModelEngine) -> None:
        self._engine = engine
        self._settings = engine.settings
        self._until = time.monotonic() + engine.settings.model_seconds
        self._usage: Usage | None = None
        self._first_word: float | None = None

    def stand_alone(self, question: str, history: Sequence[Turn]) -> Generator[Delta, None, StandAlone]:
        by_rule = stand_alone(question, history)
        if not history:
            return by_rule
        prompt = standalone_prompt(question, history, self._settings.history_tokens)
        reply = yield from self._asked(prompt, MOST_REWRITTEN_TOKENS)
        found = None if reply.failure else rewritten(reply.text, question, history)
        return by_rule if found is None else replace(by_rule, text=found, last=None)

    def draft(self, task: Task) -> Generator[Delta, None, Draft]:
        quoted = self._engine.quotes.quotes(task)
        if not task.passages or quoted.reason == "nothing_found":
            return quoted  # nothing to show a model: it could only answer from what it knows itself
        room = self._settings.model_context - self._settings.answer_tokens
        prompt, shown = answer_prompt(task.about.text, task.passages, room)
        reply = yield from self._shown(prompt, shown)
        said = model_draft(
            without_thoughts(reply.text), task.question, shown, task.articles, self._engine.meaning
        )
        if reply.failure and not said.claims:
            made = _noticed(quoted, f"{reply.failure.words} {_MADE_WITHOUT}")
        else:
            made = yield from self._checked(said, reply.failure, task, quoted)
        return replace(made, usage=self._usage, first_word=self._first_word)

    def _checked(
        self, said: ModelDraft, failure: Failure | None, task: Task, quoted: Draft
    ) -> Generator[Delta, None, Draft]:
        """The draft that the model's claims come to, or what is given in their place."""
        draft = Draft(
            confidence=max(quoted.confidence, self._settings.answer_threshold),
            verdict=said.verdict,
            claims=_whole(said.claims) if failure else said.claims,
            cut=failure.words if failure else None,
            engine=self._engine.name,
            notice=_left_out(said),
        )
        silence = replace(
            draft,
            confidence=quoted.confidence,
            claims=(),
            notice=None,
            reason=quoted.reason or "related_only",
            related=quoted.related or _related(quoted, task.passages),
        )
        strong = quoted.claims and (quoted.verdict or quoted.confidence >= STRONG_EVIDENCE)
        if said.declined or not said.claims:
            return _noticed(quoted, _DECLINED) if strong else silence
        if draft.cut is None and not _verified(draft, task, self._engine.meaning):
            return _noticed(quoted, _INSTEAD) if strong else replace(silence, notice=_NOT_BORNE_OUT)
        if self._settings.verify == "model":
            draft = yield from self._second_opinion(draft, task)
            if draft.cut is None and not _verified(draft, task, self._engine.meaning):
                return replace(silence, notice=_NOT_BORNE_OUT)
        return _with_accounts(draft, quoted)

    def _second_opinion(self, draft: Draft, task: Task) -> Generator[Delta, None, Draft]:
        cited = cite(draft.claims, task.articles, self._engine.meaning)
        prompt = opinion_prompt(cited)
        if prompt is None:
            return draft
        reply = yield from self._asked(prompt, MOST_OPINION_TOKENS)
        if reply.failure:
            failed = _NO_OPINION.format(words=reply.failure.words)
            return replace(draft, notice=" ".join(filter(None, [draft.notice, failed])))
        doubts = doubted(reply.text, cited)
        # Without evidence a claim cannot count as verified: a second opinion takes away, and gives nothing.
        claims = tuple(replace(c, evidence=()) if i in doubts else c for i, c in enumerate(draft.claims))
        return replace(draft, claims=claims, verdict=None if doubts else draft.verdict)

    def _shown(self, prompt: Prompt, shown: Sequence[Passage]) -> Generator[Delta, None, Reply]:
        markers = Markers(shown)
        pieces = self._engine.endpoint.stream(
            prompt, most_tokens=self._settings.answer_tokens, until=self._until
        )
        reply = yield from self._told(pieces, markers)
        if rest := markers.rest():
            yield rest
        return self._noted(reply)

    def _told(self, pieces: Generator[str, None, Reply], markers: Markers) -> Generator[Delta, None, Reply]:
        try:
            while True:
                try:
                    piece = next(pieces)
                except StopIteration as end:
                    return end.value  # type: ignore[no-any-return]  # typing has no type for it
                delta = markers.add(piece) if piece else None
                if delta and self._first_word is None:
                    self._first_word = time.perf_counter()
                yield delta or Delta("")
        finally:
            pieces.close()

    def _asked(self, prompt: Prompt, most_tokens: int) -> Generator[Delta, None, Reply]:
        """A reply that is not shown."""
        pieces = self._engine.endpoint.stream(prompt, most_tokens=most_tokens, until=self._until)
        try:
            while True:
                try:
                    next(pieces)
                except StopIteration as end:
                    return self._noted(end.value)
                yield Delta("")
        finally:
            pieces.close()

    def _noted(self, reply: Reply) -> Reply:
        self._engine.problem = reply.failure.words if reply.failure and not reply.text else None
        if reply.usage:
            before = self._usage or Usage(0, 0)
            self._usage = Usage(
                before.prompt_tokens + reply.usage.prompt_tokens,
                before.completion_tokens + reply.usage.completion_tokens,
            )
        return reply


def _left_out(said: ModelDraft) -> str | None:
    every = MOST_STATEMENTS + said.left_out
    return _LEFT_OUT.format(most=MOST_STATEMENTS, all=every) if said.left_out else None


def _noticed(quoted: Draft, notice: str) -> Draft:
    """The quotes engine's draft, with why it is given beside what it notes itself."""
    return replace(quoted, notice=" ".join(filter(None, [notice, quoted.notice])))


def _with_accounts(draft: Draft, quoted: Draft) -> Draft:
    """The draft and, where articles give different answers, each answer that the model left out, as a quote."""
    if not quoted.accounts or draft.cut:
        return draft
    told = [evidence for claim in draft.claims for evidence in claim.evidence]
    left_out = tuple(account for account in quoted.accounts if not _is_told(account, told))
    notice = " ".join(filter(None, [quoted.notice, draft.notice]))
    return replace(draft, claims=draft.claims + left_out, verdict=quoted.verdict, notice=notice)


def _is_told(account: DraftClaim, told: Sequence[Evidence]) -> bool:
    return any(
        one.article_id == mine.article_id and one.start < mine.end and mine.start < one.end
        for mine in account.evidence
        for one in told
    )


def _whole(claims: tuple[DraftClaim, ...]) -> tuple[DraftClaim, ...]:
    """The claims of a text that was cut, the last without evidence if it is no whole sentence."""
    if not claims or _ENDS_SENTENCE.search(claims[-1].text):
        return claims
    return (*claims[:-1], replace(claims[-1], evidence=()))


def _verified(draft: Draft, task: Task, meaning: Meaning | None) -> bool:
    return any(c.support == "verified" for c in cite(draft.claims, task.articles, meaning).claims)


def _related(quoted: Draft, passages: Sequence[Passage]) -> tuple[Related, ...]:
    """What the quotes engine would have cited, as what came nearest."""
    titles = {passage.article_id: passage.title for passage in passages}
    return tuple(
        Related(e.article_id, titles[e.article_id], e.quote, e.start, e.end, round(quoted.confidence, 4))
        for e in [e for claim in quoted.claims for e in claim.evidence][:_MOST_RELATED]
    )
