"""What the chat keeps of its visitors' sessions, let go of in time.

Gradio by itself keeps a copy of the page for each of the last 10,000 visits, with the conversation as it was
last shown in it: about 100 kB each, for links that restore a page, which are shut here. It also makes a part of
the page anew for each visitor to whom it shows it changed. Knows nothing of what is said in a conversation.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import gradio as gr
from gradio.blocks import Block

log = logging.getLogger("dateline.web")

MOST_SESSIONS = 5_000
IDLE = timedelta(hours=6)
"""A conversation that nobody came back to is forgotten after this."""
CLOSED = timedelta(hours=1)
"""One whose page was closed, or lost its connection, is forgotten after this; if nothing was said, at once."""
MOST_CLOSED = 100
CROWDED = timedelta(minutes=10)
"""Of those only the latest `MOST_CLOSED` are kept for so long, the others for this."""
_TIDYING_SECONDS = 60.0


class Sessions:
    """The sessions of one page. Use from the event loop that serves it."""

    def __init__(self, page: gr.Blocks) -> None:
        self._page = page
        self._parts: WeakValueDictionary[tuple[int, str], Block] = WeakValueDictionary()
        page.state_session_capacity = MOST_SESSIONS

    async def keep_tidy(self) -> None:
        """Tidies again and again, until it is cancelled."""
        while True:
            await asyncio.sleep(_TIDYING_SECONDS)
            try:
                self.tidy(datetime.now())
            except Exception:
                log.exception("Old conversations could not be let go of")

    def tidy(self, now: datetime) -> None:
        """Forgets what is over, and the copies of the page of what is not. `now` is local, as Gradio's times."""
        holder = self._page.state_holder
        closed = 0
        for name, session in reversed(list(holder.session_data.items())):  # the latest first
            if session.config_values:  # something was shown since the last time
                session.config_values.clear()
                self._share(session.blocks_config.blocks)
            kept = IDLE
            if session.is_closed:
                closed += bool(session.state_data)
                kept = CLOSED if closed <= MOST_CLOSED else CROWDED
                kept = kept if session.state_data else timedelta(0)
            if now - holder.time_last_used.get(name, now) > kept:
                holder.session_data.pop(name, None)
                holder.time_last_used.pop(name, None)
        pending = self._page._queue.pending_event_ids_session
        for name in [name for name, events in pending.items() if not events]:
            del pending[name]

    def _share(self, parts: dict[int, Block]) -> None:
        """Of the parts that were made anew, those that are alike are kept once for all sessions.

        Gradio keeps them a second time under numbers of their own, and does so again when it needs to.
        """
        original = self._page.default_config.blocks
        for number, part in list(parts.items()):
            if number not in original:
                del parts[number]
            elif part is not original[number]:
                parts[number] = self._parts.setdefault((number, repr(part.constructor_args)), part)
