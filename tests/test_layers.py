"""Data flows one way: the import rules of pyproject.toml hold, and nothing is started by an import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import index
from index.settings import ROOT

ONLY_IN = {
    "gradio": {"web", "app.py"},
    "fastapi": {"web", "app.py"},
    "chromadb": {"index/store"},
    "sqlite3": {"index/catalog"},
    "openai": {"index/embed.py", "index/answer", "evaluation"},
}


def test_layers() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_library_is_used_in_its_place_only() -> None:
    for path in [ROOT / "app.py", *sorted(ROOT.glob("index/**/*.py")), *sorted(ROOT.glob("web/**/*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                modules = [node.module or ""]
            if isinstance(node, ast.ImportFrom) and name.startswith("index/"):
                assert node.level or not (node.module or "").startswith("index"), f"{name}: import relatively"
            for module in modules:
                allowed = ONLY_IN.get(module.split(".")[0])
                assert allowed is None or any(name.startswith(place) for place in allowed), (
                    f"{name}: {module}"
                )


def test_the_public_surface_is_what_it_says() -> None:
    for name in index.__all__:
        assert getattr(index, name) is not None
    assert index.__doc__
    assert "load → chunk → embed → catalog → store → retrieve → answer → cite" in index.__doc__


def test_heavy_libraries_are_imported_only_when_needed() -> None:
    code = (
        "import sys, index.__main__, index.catalog; "
        "print([m for m in ('llama_index', 'chromadb', 'gradio', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
