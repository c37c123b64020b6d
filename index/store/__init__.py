"""The vector index in Chroma, derived from the catalog: may be deleted at any time.

`VectorStore` is the door. Behind it: `snapshot` (folders that are written once and copied to be
read), `chroma` (the only importer of chromadb). Knows nothing of SQL, models or articles' text.
"""

from __future__ import annotations

from .source import VectorSource
from .store import VectorStore

__all__ = ["VectorSource", "VectorStore"]
