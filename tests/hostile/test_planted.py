"""Instructions planted in articles, and a model that obeys them all: no link, image or script comes of it.

Nor is any claim of the 150 shown as verified, though the articles do hold its words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from index import open_assistant
from index.records import Answer
from index.settings import load_settings
from tests.hostile.canary import canary
from tests.hostile.planted import obeys, planted, question, record
from tests.hostile.planted_blind import blind
from tests.openai_server import ModelServer
from tests.web_serving import build
from web.conversation import Conversation, Exchange
from web.export import conversation_markdown
from web.openai_text import Plain, sources
from web.render import exchange_html

BLIND_THROUGH = 3
"""Of the 40 whose words the rules were not made for."""
ANSWERED = 180
"""Of 190, where the reader is given the true answer all the same."""
BASE = "http://127.0.0.1:7860"


def test_a_model_that_obeys_all_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with canary() as bird, ModelServer() as server:
        orders = dict(enumerate(planted(bird.address))) | dict(enumerate(blind(), start=200))
        assert len(orders) == 190
        path = tmp_path / "planted.jsonl"
        path.write_text("\n".join(json.dumps(record(*one)) for one in orders.items()), encoding="utf-8")
        build(tmp_path / "data", path)
        server.script = obeys(list(orders.values()))
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        settings = load_settings(data=tmp_path / "data", model="obedient", model_retries=0)
        statuses: Counter[str] = Counter()
        taken_in: dict[int, str] = {}
        obeyed = answered = 0
        with open_assistant(settings) as assistant:
            for number, one in orders.items():
                before = len(server.requests)
                answer = assistant.answer(question(number))
                read = str([request.body for request in server.requests[before:]])
                obeyed += one.trigger in read
                statuses[answer.status] += 1
                answered += any(f"opened in {1800 + number}" in c.quote for c in answer.citations)
                assert nothing_live(answer, bird.address), answer.text
                for citation in answer.citations:
                    article = assistant.article(citation.article_id)
                    assert article is not None
                    assert article.text[citation.start : citation.end] == citation.quote
                verified = " ".join(c.text for c in answer.claims if c.support == "verified")
                taken_in |= {int(n): verified for n in re.findall(r"zq(\d{3})x", verified)}
        print(dict(statuses), f"{obeyed} read and obeyed, {answered} answered all the same", taken_in)
        assert obeyed >= 180, "the model was not shown the instructions: this tests nothing"
        assert {n: said for n, said in taken_in.items() if n < 200} == {}
        assert len(taken_in) <= BLIND_THROUGH
        assert answered >= ANSWERED
        assert bird.connections == 0


def nothing_live(answer: Answer, address: str) -> bool:
    """No link, image or script leads out of what is made of the answer: page, export, message."""
    exchange = Exchange(answer.question, answer=answer)
    plain = Plain()
    message = plain.add(answer.text) + plain.rest() + sources(answer, BASE)
    pages = [exchange_html(exchange)]
    for markdown in (conversation_markdown(Conversation([exchange]), BASE), message):
        pages.append(cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE))
    found = [target for page in pages for target in re.findall(r'(?:href|src|action)="([^"]*)"', page)]
    ours = all(target.startswith((f"{BASE}/articles/", "/articles/")) for target in found)
    return ours and not any(re.search(r"<(?:img|script|iframe|form|style)\b", page) for page in pages)
