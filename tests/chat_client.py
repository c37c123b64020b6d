"""A visitor of the chat without a browser, who speaks the page's protocol and sees every byte of it. Holds no tests."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

import httpx

NO_FILTERS = ("", "", [], [], [])


class ChatVisitor:
    """One open page. `told` is all that the server sent to it.

    Args:
        base: the server's address.
        session: the name that the page gave itself; a new one if None.
    """

    def __init__(self, base: str, session: str | None = None) -> None:
        self.session = session or secrets.token_hex(8)
        self.client = httpx.Client(base_url=base, timeout=60)
        self.told = ""
        self.events = self.client.get("/config").json()["dependencies"]

    def __enter__(self) -> ChatVisitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def load(self) -> None:
        """What a browser asks for when the page opens."""
        for event in self._of("load"):
            self.run(event)

    def ask(self, question: str) -> str:
        """All that comes of a question typed into the box."""
        (submit,) = (event for event in self._of("submit") if event["queue"])
        return self.queued(submit, [question, None, *NO_FILTERS])

    def asking(self, question: str) -> Page:
        """A page that has asked, and can be closed in mid-answer."""
        (submit,) = (event for event in self._of("submit") if event["queue"])
        return Page(self, self._sent(submit, [question, None, *NO_FILTERS]))

    def export(self) -> str:
        """The file of the conversation, as the page gets it."""
        return self.run(self._of("click", output=self._component("dl-file"))[0])

    def run(self, event: dict[str, Any], data: list[Any] | None = None) -> str:
        """The reply to an event that waits in no queue."""
        reply = self.client.post("/gradio_api/run/predict", json=self._sent(event, data))
        return self._heard(reply.text)

    def queued(self, event: dict[str, Any], data: list[Any]) -> str:
        """All that comes of an event, to its end."""
        joined = self.client.post("/gradio_api/queue/join", json=self._sent(event, data))
        found = self._heard(joined.text)
        if joined.status_code != 200:
            return found
        with self.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": self.session}
        ) as reply:
            for line in reply.iter_lines():
                found += self._heard(line)
                if "close_stream" in line:
                    break
        return found

    @contextlib.contextmanager
    def heartbeat(self) -> Iterator[None]:
        """While this is open, the page is; ending it is closing the page."""
        with self.client.stream("GET", f"/gradio_api/heartbeat/{self.session}") as alive:
            lines = alive.iter_lines()  # kept: let go of, it would close the connection
            next(lines)
            yield

    def _sent(self, event: dict[str, Any], data: list[Any] | None) -> dict[str, Any]:
        return {
            "data": [None] * len(event["inputs"]) if data is None else data,
            "fn_index": event["id"],
            "trigger_id": event["targets"][0][0],
            "session_hash": self.session,
            "event_data": None,
        }

    def _of(self, kind: str, *, output: int | None = None) -> list[dict[str, Any]]:
        return [
            event
            for event in self.events
            if event["targets"][0][1] == kind and (output is None or output in event["outputs"])
        ]

    def _component(self, name: str) -> int:
        components = self.client.get("/config").json()["components"]
        return next(int(c["id"]) for c in components if c["props"].get("elem_id") == name)

    def _heard(self, text: str) -> str:
        self.told += text
        return text


class Page:
    """The two connections of an open page while it waits for an answer."""

    def __init__(self, visitor: ChatVisitor, sent: dict[str, Any]) -> None:
        self._open = contextlib.ExitStack()
        self._open.enter_context(visitor.heartbeat())
        visitor.client.post("/gradio_api/queue/join", json=sent)
        stream = visitor.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": visitor.session}
        )
        self._reading = self._open.enter_context(stream).iter_lines()
        next(self._reading)

    def close(self) -> None:
        self._open.close()
