"""The HTTP API against a real server: the contract of each route, errors, headers, and who is let in."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.catalog import Catalog
from tests.web_serving import (
    HOSTILE_QUESTION,
    HOSTILE_SENTENCE,
    PAYLOADS,
    ROOT,
    build,
    served,
    write_hostile_corpus,
)

QUESTION = "Did Iraq allow Russian planes to use its airspace?"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    folder = tmp_path_factory.mktemp("api")
    build(folder / "data", ROOT / "seeds", write_hostile_corpus(folder))
    with served(folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def client(server: tuple[str, Any]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server[0], timeout=60) as found:
        yield found


@pytest.fixture(scope="module")
def answer(client: httpx.Client) -> dict[str, Any]:
    response = client.post("/api/ask", json={"question": QUESTION})
    assert response.status_code == 200
    found = response.json()
    assert found["status"] == "answered"
    assert found["citations"]
    return found


@pytest.fixture(scope="module")
def hostile(client: httpx.Client) -> dict[str, Any]:
    found = client.post("/api/ask", json={"question": HOSTILE_QUESTION}).json()
    assert found["citations"], found
    return found


def events(text: str) -> list[tuple[str, Any]]:
    frames = [frame.split("\n") for frame in text.strip().split("\n\n")]
    return [(f[0].removeprefix("event: "), json.loads(f[1].removeprefix("data: "))) for f in frames]


def assert_error(response: httpx.Response, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["code"] == code
    assert error["message"]
    assert "Traceback" not in response.text
    return str(error["message"])


# The contract of each route


def test_answer_has_every_field_and_quotes_verbatim(client: httpx.Client, answer: dict[str, Any]) -> None:
    fields = "question standalone_question status reason verdict confidence text claims citations related"
    assert set(answer) == {*fields.split(), "engine", "timings_ms", "notice", "usage"}
    for citation in answer["citations"]:
        article = client.get(f"/api/articles/{citation['article_id']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_stream_ends_with_the_answer_its_deltas_spell(client: httpx.Client) -> None:
    response = client.post("/api/ask", json={"question": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    got = events(response.text)
    names = [name for name, _ in got]
    assert names[0] == "passages"
    assert names[-1] == "answer"
    assert set(names[1:-1]) == {"delta"}
    assert "".join(data["text"] for name, data in got if name == "delta") == got[-1][1]["text"]
    assert got[0][1][0]["article_id"]


def test_history_makes_a_follow_up_understood(client: httpx.Client, answer: dict[str, Any]) -> None:
    body = {"question": "And under what conditions?", "history": [[QUESTION, answer["text"]]]}
    followed = client.post("/api/ask", json=body).json()
    assert "airspace" in followed["standalone_question"]


def test_filters_are_applied(client: httpx.Client, answer: dict[str, Any]) -> None:
    article = answer["citations"][0]["article_id"]
    body = {"question": QUESTION, "filters": {"exclude": [article]}}
    filtered = client.post("/api/ask", json=body).json()
    assert all(citation["article_id"] != article for citation in filtered["citations"])


def test_status_and_health(client: httpx.Client) -> None:
    status = client.get("/api/status").json()
    assert status["articles"] == 2
    assert status["engine"] == "quotes"
    assert client.get("/healthz").status_code == 200


def test_feedback_is_kept(client: httpx.Client, answer: dict[str, Any]) -> None:
    body = {"question": QUESTION, "answer": answer, "rating": "up", "comment": "right"}
    first = client.post("/api/feedback", json=body).json()
    second = client.post("/api/feedback", json=body | {"rating": "down"}).json()
    assert second["id"] != first["id"]


def test_whoever_holds_the_receipt_may_change_feedback(
    server: tuple[str, Any], client: httpx.Client, answer: dict[str, Any]
) -> None:
    body = {"question": QUESTION, "answer": answer, "rating": "up"}
    kept = client.post("/api/feedback", json=body).json()
    changed = {**body, "rating": "down", "comment": "too short", "receipt": kept["receipt"]}
    assert client.post("/api/feedback", json=changed).json() == kept
    with Catalog.open(server[1].settings.data, read_only=True) as catalog:
        rows = {row["id"]: (row["rating"], row["comment"]) for row in catalog.feedback()}
    assert rows[kept["id"]] == ("down", "too short")
    signature = kept["receipt"].partition(".")[2]
    for forged in (
        str(kept["id"]),
        f"{kept['id']}.{'0' * 64}",
        f"{kept['id'] - 1}.{signature}",
        "x",
        "1.",
        None,
    ):
        other = client.post("/api/feedback", json={**body, "receipt": forged}).json()
        assert other["id"] > kept["id"], forged


def test_article_tells_no_server_path(client: httpx.Client, answer: dict[str, Any]) -> None:
    article = client.get(f"/api/articles/{answer['citations'][0]['article_id']}").json()
    assert article["title"].startswith("Russian Federation hits back")
    assert "origin" not in article


# Errors


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"question": "  "}, 400, "bad_request"),
        ({"question": "why " * 2500}, 400, "bad_request"),
        ({"question": "x" * 30_000}, 422, "invalid"),
        ({}, 422, "invalid"),
        ({"question": 7}, 422, "invalid"),
        ({"question": "Who?", "filter": {}}, 422, "invalid"),
        ({"question": "Who?", "history": [["q", "a"]] * 21}, 422, "invalid"),
        ({"question": "Who?", "history": [["q", "a" * 30_000]]}, 422, "invalid"),
        ({"question": "Who?", "history": ["q"]}, 422, "invalid"),
        ({"question": "Who?", "filters": {"after": "yesterday"}}, 400, "bad_request"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_wrong_questions(
    client: httpx.Client, body: dict[str, Any], status: int, code: str, stream: bool
) -> None:
    assert_error(client.post("/api/ask", json=body | {"stream": stream}), status, code)


def test_half_a_character_is_refused(client: httpx.Client) -> None:
    response = client.post(
        "/api/ask", content=b'{"question": "\\ud800?"}', headers={"content-type": "application/json"}
    )
    assert_error(response, 422, "invalid")


def test_broken_json(client: httpx.Client) -> None:
    response = client.post("/api/ask", content=b"{", headers={"content-type": "application/json"})
    assert_error(response, 422, "invalid")


def test_unknown_addresses(client: httpx.Client) -> None:
    assert_error(client.get("/api/articles/none"), 404, "not_found")
    assert_error(client.get("/api/nothing"), 404, "not_found")
    page = client.get("/articles/none")
    assert page.status_code == 404
    assert "No such article" in page.text


@pytest.mark.parametrize("chunked", [False, True])
def test_large_bodies_are_refused(client: httpx.Client, chunked: bool) -> None:
    body = b'{"question": "' + b"x" * 2_000_000 + b'"}'
    content: Any = iter([body[:1_200_000], body[1_200_000:]]) if chunked else body
    response = client.post("/api/ask", content=content, headers={"content-type": "application/json"})
    assert_error(response, 413, "too_large")


def test_unexpected_error_tells_nothing(
    server: tuple[str, Any], client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(server[1], "status", broken)
    message = assert_error(client.get("/api/status"), 500, "internal")
    assert "secret" not in message


def test_error_in_mid_stream_is_an_event(
    server: tuple[str, Any], client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = server[1].ask

    def breaking(*arguments: Any) -> Iterator[Any]:
        yield next(ask(*arguments))
        raise RuntimeError("secret detail")

    monkeypatch.setattr(server[1], "ask", breaking)
    response = client.post("/api/ask", json={"question": QUESTION, "stream": True})
    name, data = events(response.text)[-1]
    assert name == "error"
    assert data["error"]["code"] == "internal"
    assert "secret" not in response.text


# Who is let in, and what every response carries

EVERYWHERE = ["/", "/api/status", "/healthz", "/articles/none", "/ui/chat.js", "/api/nothing", "/theme.css"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_headers_on_every_response(client: httpx.Client, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://evil.example"}).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("127.0.0.1:7860", True),
        ("localhost:7860", True),
        ("LOCALHOST", True),
        ("[::1]:7860", True),
        ("evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("localhost.evil.example", False),
        ("evil.example:127", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_only_loopback_names_are_answered(client: httpx.Client, host: str, allowed: bool) -> None:
    response = client.get("/api/status", headers={"Host": host})
    if allowed:
        assert response.status_code == 200
    else:
        assert response.status_code == 400


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://", ""])
@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", "/gradio_api/queue/join", "/gradio_api/reset"])
def test_other_sites_cannot_post(client: httpx.Client, origin: str, path: str) -> None:
    response = client.post(path, json={"question": QUESTION}, headers={"Origin": origin})
    assert_error(response, 403, "cross_origin")


def test_preflight_from_another_site_is_refused(client: httpx.Client) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    response = client.options("/gradio_api/queue/join", headers=headers)
    assert_error(response, 403, "cross_origin")
    assert not [name for name in response.headers if name.startswith("access-control-")]


def test_own_origin_may_post(client: httpx.Client) -> None:
    origin = str(client.base_url).rstrip("/")
    response = client.post("/api/ask", json={"question": QUESTION}, headers={"Origin": origin})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "upload",
        "file=/etc/passwd",
        "proxy=http://127.0.0.1:1/",
        "call/x",
        "run/x/../../upload",
        "runs",
        "vibe-code",
        "info",
        "../gradio_api/upload",
    ],
)
def test_gradio_doors_that_nobody_needs_are_shut(client: httpx.Client, path: str) -> None:
    for method in ("GET", "POST"):
        response = client.request(
            method, f"/gradio_api/{path}", files={"files": b"x"} if method == "POST" else None
        )
        assert response.status_code in {404, 405, 422}, (method, path, response.text)
        assert not response.text.startswith("[")


# The article page


def marked(page: str) -> str:
    found = re.search(r'<mark id="passage" tabindex="-1">(.*?)</mark>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def test_article_page_marks_exactly_the_quote(
    client: httpx.Client, answer: dict[str, Any], hostile: dict[str, Any]
) -> None:
    for citation in answer["citations"] + hostile["citations"]:
        address = f"/articles/{citation['article_id']}?start={citation['start']}&end={citation['end']}"
        page = client.get(address)
        assert page.status_code == 200
        assert marked(page.text) == citation["quote"]


def test_article_page_has_a_stricter_policy(client: httpx.Client, answer: dict[str, Any]) -> None:
    page = client.get(f"/articles/{answer['citations'][0]['article_id']}")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=", page.text)


def test_article_page_survives_any_offsets(client: httpx.Client, answer: dict[str, Any]) -> None:
    identity = answer["citations"][0]["article_id"]
    text = client.get(f"/api/articles/{identity}").json()["text"]

    def page(query: str) -> str:
        response = client.get(f"/articles/{identity}?{query}")
        assert response.status_code == 200
        return response.text

    assert marked(page("start=20&end=5")) == text[5:20]
    assert marked(page("start=-9&end=5")) == text[:5]
    assert marked(page(f"start=10&end={10**30}")) == text[10:]
    for query in ("start=5&end=5", "start=9999999&end=99999999", "start=a&end=b", "start=5", "start=&end="):
        found = page(query)
        assert "<mark" not in found
        assert "no passage" in found
    assert "no passage" not in page("")


@pytest.mark.parametrize("span", [(0, 400), (400, 420), (20, 90)])
def test_hostile_article_stays_text(
    client: httpx.Client, hostile: dict[str, Any], span: tuple[int, int]
) -> None:
    identity = hostile["citations"][0]["article_id"]
    page = client.get(f"/articles/{identity}?start={span[0]}&end={span[1]}").text
    text = client.get(f"/api/articles/{identity}").json()["text"]
    body = page.split("<body>")[1]
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)", body))
    assert tags <= {"header", "a", "main", "h1", "p", "time", "div", "mark", "body", "html"}
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', page))
    shown = re.sub(r"</?mark[^>]*>", "", page.split('<div class="article-text">')[1].split("</div>")[0])
    assert html.unescape(shown) == text
    assert HOSTILE_SENTENCE in text
    assert all(payload in text for payload in PAYLOADS)


def test_static_files_stay_inside_their_folder(client: httpx.Client) -> None:
    for path in ("/ui/../chat.py", "/ui/%2e%2e/chat.py", "/ui/..%2fchat.py"):
        assert "AssistantLike" not in client.get(path).text


def test_nothing_is_built_at_import() -> None:
    source = (ROOT / "app.py").read_text(encoding="utf-8")
    assert not re.search(r"^(import|from) (gradio|uvicorn|web)", source, re.MULTILINE)
    assert Path(ROOT / "app.py").exists()


def test_arguments_are_refused_not_ignored() -> None:
    done = subprocess.run(
        [sys.executable, "app.py", "--port", "8000"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: app.py takes no arguments, and was given --port 8000.")
    assert "DATELINE_PORT" in done.stderr
