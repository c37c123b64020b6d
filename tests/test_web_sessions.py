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
from web import server, sessions
from web.sessions import CLOSED, CROWDED, IDLE, MOST_SESSIONS, Sessions

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


def test_of_many_closed_pages_the_latest_may_come_back_for_longer(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "MOST_CLOSED", 1)
    with ChatVisitor(served.base) as earlier, ChatVisitor(served.base) as latest:
        for visitor in (earlier, latest):
            with visitor.heartbeat():
                visitor.ask(f"What of {MARK}?")
            closed(served, visitor)
        served.after(CROWDED - timedelta(minutes=1))
        assert {earlier.session, latest.session} <= set(served.held)
        served.after(CROWDED + timedelta(minutes=1))
        assert earlier.session not in served.held
        assert said(latest)


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


def test_parts_that_look_alike_are_kept_once_and_go_on_working(served: Served) -> None:
    with (
        ChatVisitor(served.base) as one,
        ChatVisitor(served.base) as other,
        one.heartbeat(),
        other.heartbeat(),
    ):
        for visitor in (one, other):
            visitor.load()
            visitor.ask("What of it?")
        served.after(timedelta(0))
        original = served._sessions._page.default_config.blocks
        parts = [served.held[visitor.session].blocks_config.blocks for visitor in (one, other)]
        assert all(set(blocks) == set(original) for blocks in parts)
        assert all(parts[0][number] is parts[1][number] for number in original)
        assert any(parts[0][number] is not original[number] for number in original)
        one.ask(f"What of {MARK}?")
        assert said(one)
        assert not said(other)
        other.ask("And then?")
        assert "And then" in other.export()


def test_how_many_there_may_be(served: Served) -> None:
    assert served._sessions._page.state_holder.capacity == MOST_SESSIONS


def closed(served: Served, visitor: ChatVisitor) -> None:
    """Waits until the server has noticed."""
    for _ in range(500):
        if served.held[visitor.session].is_closed:
            return
        visitor.client.get("/healthz")
    pytest.fail("the server did not notice that the page was closed")
