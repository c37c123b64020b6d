"""The server: Gradio chat and HTTP API in one process. `python app.py` starts it; an import starts nothing.

Builds no index (`python -m index build` does) and knows nothing of what is served: only of addresses,
ports, and how to start and end.
"""

from __future__ import annotations

import errno
import logging
import socket
import sys

from index.errors import DatelineError
from index.settings import Settings, load_settings


def main() -> int:
    """Serves until it is stopped. Returns the exit code."""
    if sys.argv[1:]:
        return _fail(
            f"app.py takes no arguments, and was given {' '.join(sys.argv[1:])}. Address, port and all else are "
            "settings of the environment (DATELINE_PORT=8000): docs/configuration.md lists them."
        )
    _share_arenas()
    try:
        settings = load_settings()
        _require_safe_bind(settings)
        listener = listen(settings.host, settings.port)
    except DatelineError as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(_why_not(error, settings))
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        serve(settings, listener)
    except DatelineError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        pass  # Ctrl-C is how it is meant to be ended; uvicorn has closed everything by now
    finally:
        listener.close()
    return 0


def _require_safe_bind(settings: Settings) -> None:
    from web.access import require_safe_bind

    require_safe_bind(settings)


def _share_arenas() -> None:
    from web.memory import share_arenas

    share_arenas()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken first: a port in use shows at once, and an early browser only waits."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host.strip("[]"), port), family=family, backlog=256)


def serve(settings: Settings, listener: socket.socket) -> None:
    """Opens the assistant and answers on `listener` until interrupted."""
    # Seconds of imports, so after the socket.
    import uvicorn

    from index import open_assistant
    from index.answer.opening import how_to_use_the_model
    from web.connections import ImpatientProtocol
    from web.server import create_app

    assistant = open_assistant(settings)
    try:
        config = uvicorn.Config(
            lambda: create_app(assistant, settings),
            factory=True,  # made inside the event loop: outside of one, Gradio leaks loops
            log_level="warning",
            access_log=False,  # addresses hold what people read
            server_header=False,
            proxy_headers=False,
            http=ImpatientProtocol,
            ws="none",
            timeout_graceful_shutdown=3,
        )
        print(f"Dateline answers at {address(settings.host, listener)} (Ctrl-C ends it)", flush=True)
        print(f"Engine: {assistant.status()['engine']}", flush=True)
        if how := how_to_use_the_model(settings):
            print(how, flush=True)
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        assistant.close()


def address(host: str, listener: socket.socket) -> str:
    """The address to open in a browser."""
    port = listener.getsockname()[1]
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


def _why_not(error: OSError, settings: Settings) -> str:
    where = f"{settings.host}, port {settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} is in use, perhaps by another Dateline. Stop that one, or choose another port: "
            f"DATELINE_PORT={settings.port + 1 if settings.port < 65535 else 0}"
        )
    if error.errno == errno.EACCES:
        return f"No permission to listen on {where}. Choose a port above 1023 with DATELINE_PORT."
    return f"Cannot listen on {where}: {error.strerror or error}. Check DATELINE_HOST and DATELINE_PORT."


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
