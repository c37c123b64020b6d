"""What the widget costs a page before anyone clicks it: `python -m benchmarks.widget`.

A page on one origin loads the script from another, in a real Chromium whose trace says how much of the main
thread's time the script took: CPU time, so that a busy machine changes little. Prints the figures, and exits
with 1 if they are past what README and docs promise: a long task, or 20 kB.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import shutil
import statistics
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from web.widget import widget_script

LONG_TASK_MS = 50.0
"""What counts as blocking: the excess over this of a task of the main thread."""
LARGEST = 20_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CATEGORIES = ["devtools.timeline", "v8"]
PAGE = (
    '<!doctype html><html lang="en"><title>A page</title><p>The publisher\'s own text.</p>'
    '<script src="{}/widget.js" data-lang="de" data-accent="#0a5" data-examples="a|b" async></script>'
)


@contextlib.contextmanager
def serving(name: str, kind: str, body: str) -> Iterator[str]:
    """Serves the same body at every address of an origin of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{name}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def trace(browser: Browser, address: str) -> list[dict[str, Any]]:
    """The events of loading the page until the launcher is there, and a while after."""
    context = browser.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended = threading.Event()
    session.on("Tracing.dataCollected", lambda found: events.extend(found["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.set())
    wanted = {"includedCategories": CATEGORIES}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": wanted})
    page.goto(address)
    page.locator(".launcher").wait_for()
    page.wait_for_timeout(200)  # for what would come late: timers, idle callbacks
    session.send("Tracing.end")
    while not ended.is_set():
        page.wait_for_timeout(10)
    context.close()
    return events


def script_ms(events: list[dict[str, Any]]) -> list[float]:
    """CPU time of each run of the widget's script: its evaluation, and every later call into it."""
    ours = [e for e in events if e.get("ph") == "X" and "widget.js" in json.dumps(e.get("args", {}))]
    return [e.get("tdur", 0) / 1000 for e in ours if e["name"] in {"EvaluateScript", "FunctionCall"}]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=10, help="of the page, each in a new context")
    options = parser.parse_args()
    script = widget_script()
    size = len(gzip.compress(script.encode(), 9))
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with (
        sync_playwright() as playwright,
        serving("127.0.0.1", "text/javascript", script) as dateline,
        serving("localhost", "text/html", PAGE.format(dateline)) as publisher,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        runs = [script_ms(trace(browser, publisher)) for _ in range(options.loads)]
        browser.close()
    totals = [sum(run) for run in runs]
    longest = statistics.median(max(run) for run in runs)
    blocking = max(0.0, longest - LONG_TASK_MS)
    print(
        f"widget.js: {size:,} bytes compressed; before a click, on the main thread: {statistics.median(totals):.1f} ms "
        f"CPU (median of {len(runs)} loads; {min(totals):.1f} to {max(totals):.1f}), blocking time {blocking:.0f} ms"
    )
    return 1 if blocking or size >= LARGEST else 0


if __name__ == "__main__":
    sys.exit(main())
