"""Does the index agree with itself, and how is it mended? What is derived is made anew from the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..catalog import Catalog, require_catalog
from ..errors import StorageError
from ..settings import Settings
from ..store import VectorStore
from .copies import signature
from .embedding import embed_missing
from .lock import write_lock
from .report import BuildReport, Progress


@dataclass(frozen=True)
class Problem:
    """`incomplete`: a build was stopped and can go on. `damaged`: something is not as it was stored."""

    kind: Literal["incomplete", "damaged"]
    message: str


def verify(settings: Settings, *, repair: bool = False, progress: Progress | None = None) -> list[Problem]:
    """What is wrong with the index; with `repair`, what still is after everything derived was made anew.

    Raises:
        BusyError: another process is writing, and `repair` is set.
        StorageError: there is no index, or it cannot be read.
    """
    if repair:
        with write_lock(settings.data, make_folder=False), Catalog.open(settings.data) as catalog:
            _repair(catalog, settings, progress or (lambda stage, done, total: None))
    with _open(settings) as catalog:
        return problems(catalog, deep=True)


def _open(settings: Settings) -> Catalog:
    """The catalog for writing if that can be, for SQLite checks its full text only then."""
    require_catalog(settings.data)
    try:
        return Catalog.open(settings.data)
    except StorageError:
        return Catalog.open(settings.data, read_only=True)


def problems(catalog: Catalog, *, deep: bool) -> list[Problem]:
    """What is wrong. Not `deep`: only what shows at once, whatever the size of the index."""
    found = [Problem("damaged", message) for message in (catalog.check() if deep else [])]
    status = catalog.status()
    if missing := status["chunks"] - status["embedded"]:
        message = (
            f"{missing} of {status['chunks']} chunks have no vector yet; `python -m index build` goes on"
        )
        found.append(Problem("incomplete", message))
    store = VectorStore(catalog.data_dir, catalog, read_only=True)
    if store.is_missing():
        found.append(Problem("incomplete", "the vector index is missing; `python -m index build` makes it"))
    found += [Problem("damaged", message) for message in store.check()]
    return found


def _repair(catalog: Catalog, settings: Settings, progress: Progress) -> None:
    from ..chunk import chunk_article
    from ..embed import open_chunk_embedder, token_counter

    catalog.rebuild_full_text()
    for article_id in catalog.broken_articles():
        if (article := catalog.article(article_id)) is not None:
            stored = catalog.stored_articles()[article_id]
            chunks = chunk_article(article, token_counter())
            catalog.put_article(
                article, chunks, path=stored.path, root=stored.root, outlet=stored.outlet,
                signature=signature(article.text),
            )  # fmt: skip
    another = catalog.embedding_model not in (None, open_chunk_embedder(settings).model_name)
    catalog.drop_vectors(only_damaged=not another)
    embed_missing(catalog, settings, BuildReport(), progress)
    store = VectorStore(settings.data, catalog)
    try:
        store.update_snapshot(force=True)
    finally:
        store.close()
    catalog.checkpoint()
