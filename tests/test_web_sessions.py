"""How long the server keeps what was said in the chat, with a real page and a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from index.settings import load_settings
from tests.chat_client import ChatVisitor
from tests.hostile.parrot import Parrot
from tests.web_serving import running
from web import server
from web.sessions import CLOSED, IDLE, MOST_SESSIONS, Sessions

MARK = "confidential-zx81"


class Served:
    """A server's address, its sessions, and a way to look into the future."""

    def __init__(self, base: str, sessions: Sessions, loop: asyncio.AbstractEventLoop) -> None:
        self.base = base
        self._sessions = sessions
        self._loop = loop

    def after(self, time: timedelta) -> None:
        """Tidies as it will be done then."""

        async def tidy() -> None:
            self._sessions.tidy(datetime.now() + time)

        asyncio.run_coroutine_threadsafe(tidy(), self._loop).result()

    @property
    def held(self) -> dict[str, Any]:
        return dict(self._sessions._page.state_holder.session_data)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    found: list[Any] = []

    def noting(*arguments: Any) -> Sessions:
        found.extend([mount_chat(*arguments), asyncio.get_running_loop()])
        return found[0]

    mount_chat = server.mount_chat
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "mount_chat", noting)
        with running(Parrot([]), load_settings()) as base:
            yield Served(base, *found)


def said(visitor: ChatVisitor) -> bool:
    return MARK.replace("-", "&#45;") in visitor.export()


def test_a_conversation_lasts_while_its_page_is_open(served: Served) -> None:
    with ChatVisitor(served.base) as visitor, visitor.heartbeat():
        visitor.load()
        visitor.ask(f"What of {MARK}?")
        served.after(IDLE - timedelta(minutes=1))
        assert said(visitor)
        served.after(IDLE + timedelta(minutes=1))
        assert not said(visitor)


def test_a_closed_page_may_come_back_for_a_while(served: Served) -> None:
    with ChatVisitor(served.base) as visitor:
        with visitor.heartbeat():
            visitor.ask(f"What of {MARK}?")
        closed(served, visitor)
        served.after(CLOSED - timedelta(minutes=1))
        assert said(visitor)
        served.after(CLOSED + timedelta(minutes=1))
        assert visitor.session not in served.held


def test_a_page_that_was_only_looked_at_is_forgotten_with_it(served: Served) -> None:
    with ChatVisitor(served.base) as visitor:
        with visitor.heartbeat():
            visitor.load()
            served.after(timedelta(minutes=1))
            assert visitor.session in served.held
        closed(served, visitor)
        served.after(timedelta(minutes=1))
        assert visitor.session not in served.held


def test_no_copy_of_the_page_is_kept(served: Served) -> None:
    with ChatVisitor(served.base) as visitor, visitor.heartbeat():
        visitor.load()
        visitor.ask(f"What of {MARK}?")
        served.after(timedelta(0))
        assert not served.held[visitor.session].config_values
        assert said(visitor)


def test_how_many_there_may_be(served: Served) -> None:
    assert served._sessions._page.state_holder.capacity == MOST_SESSIONS


def closed(served: Served, visitor: ChatVisitor) -> None:
    """Waits until the server has noticed."""
    for _ in range(500):
        if served.held[visitor.session].is_closed:
            return
        visitor.client.get("/healthz")
    pytest.fail("the server did not notice that the page was closed")
