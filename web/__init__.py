"""The front end for people and programs: the chat, the article page, and the HTTP API, in one app.

    guard.py         who may talk to the server, and the headers every response carries
    api.py           the JSON and Server-Sent Events routes of the contract
    leaving.py       what ends when a client hangs up
    receipts.py      who may change which feedback
    article_page.py  the page behind a citation's stable address
    status_page.py   what is indexed, in figures and a plot (timeline.py)
    conversation.py  one visitor's turns, kept on the server
    render.py        an answer as HTML that holds no markup but our own
    export.py        a conversation as a Markdown file
    chat.py          the Gradio page, put together
    sessions.py      how long what is kept of its visitors is kept
    memory.py        how little memory its threads hold on to
    server.py        all of it in one FastAPI app

Everything it shows comes through `Assistant`: it knows nothing of files, storage or models. Titles,
quotes, questions and article text are hostile until escaped. This is the only place that imports
gradio or fastapi; importing `web` itself imports neither.
"""

from __future__ import annotations

import os

from .contract import AssistantLike

# Here, so that they are set before any module imports Gradio. It would look up two outside hosts at launch,
# and sum up its last 10,000 events with pandas after every single one.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "10"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(10**9)

__all__ = ["AssistantLike"]
