"""Which files' checks are taken out, and which files' tests are asked, the quick ones first. Holds no tests."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

_WEB = tuple(
    f"web/{name}.py"
    for name in "access guard limits tickets origins answering streams connections errors".split()
)
_ANSWER = tuple(sorted(str(path.relative_to(ROOT)) for path in (ROOT / "index/answer").glob("*.py")))
_SUPPORT = tuple(sorted(str(path.relative_to(ROOT)) for path in (ROOT / "index/support").glob("*.py")))

GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cite": (
        ("index/cite.py", "index/composing.py"),
        (
            "test_cite", "test_composing", "test_relative_days", "test_copies", "test_attribution",
            "test_model_answers", "test_assistant",
        ),
    ),
    "web": (
        (*_WEB, "app.py"),
        (
            "test_web_answering",
            "test_web_guard", "test_web_access", "test_web_api", "test_proxies", "test_web_protocols",
            "hostile/test_connections", "test_web_status", "test_web_memory",
        ),
    ),
    "answer": (
        _ANSWER,
        (
            "test_model_text", "test_answer", "test_comparison", "test_dispute", "test_differing", "test_confidence",
            "test_conversation", "test_parts", "test_model_claims", "test_model_endpoint", "test_model_answers",
            "test_assistant", "test_model_local",
        ),
    ),
    "support": (
        _SUPPORT,
        ("test_support", "test_cite", "test_model_claims", "test_model_answers"),
    ),
}  # fmt: skip
"""By name: the files, and the tests."""
