"""An answer that is made for nobody is not made: whoever hangs up while a whole answer is awaited ends it.

Streams notice by themselves. Knows connections, nothing of what is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.types import Receive

from index.errors import DatelineError

T = TypeVar("T")


class LeftError(DatelineError):
    """The client has hung up: nobody will read what this says."""


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is cancelled if the client hangs up.

    Args:
        receive: of the request, whose body has been read.
        work: what the client waits for.

    Raises:
        LeftError: the client has gone.
    """
    tasks = (asyncio.ensure_future(work), asyncio.ensure_future(_hung_up(receive)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if tasks[0].done():
            return tasks[0].result()
        raise LeftError("The client hung up.")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
