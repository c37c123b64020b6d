"""What the chat keeps of its visitors' sessions, let go of in time.

Gradio by itself keeps a copy of the page for each of the last 10,000 visits, with the conversation as it was
last shown in it: about 100 kB each, for links that restore a page, which are shut here. Knows nothing of what
is said in a conversation.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

import gradio as gr

log = logging.getLogger("dateline.web")

MOST_SESSIONS = 5_000
IDLE = timedelta(hours=6)
"""A conversation that nobody came back to is forgotten after this."""
CLOSED = timedelta(hours=1)
"""One whose page was closed, or lost its connection, is forgotten after this; if nothing was said, at once."""
_TIDYING_SECONDS = 60.0


class Sessions:
    """The sessions of one page. Use from the event loop that serves it."""

    def __init__(self, page: gr.Blocks) -> None:
        self._page = page
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
        for name, session in list(holder.session_data.items()):
            session.config_values.clear()
            closed = CLOSED if session.state_data else timedelta(0)
            if now - holder.time_last_used.get(name, now) > (closed if session.is_closed else IDLE):
                holder.session_data.pop(name, None)
                holder.time_last_used.pop(name, None)
        pending = self._page._queue.pending_event_ids_session
        for name in [name for name, events in pending.items() if not events]:
            del pending[name]
