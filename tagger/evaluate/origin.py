"""What was measured: digests, versions, options."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tagger._version import __version__
from tagger.evaluation import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.records import LabelledArticle
    from tagger.taxonomy import Taxonomy


def digest(articles: Sequence[LabelledArticle]) -> str:
    """Return the SHA-256 of what evaluation sees of a corpus, independent of files and layout."""
    summed = hashlib.sha256()
    for article in articles:
        row = [article.id, sorted(article.labels), [[p.text, sorted(p.labels)] for p in article.paragraphs]]
        summed.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        summed.update(b"\n")
    return summed.hexdigest()


def provenance(
    taxonomy: Taxonomy,
    articles: Sequence[LabelledArticle],
    options: dict[str, Any],
    *,
    model: str,
    model_digest: str | None = None,
) -> Provenance:
    """Collect what is needed to measure again."""
    return Provenance(
        model=model,
        model_digest=model_digest,
        taxonomy_digest=taxonomy.digest,
        corpus_digest=digest(articles),
        options=options,
        versions={
            "tagger": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scikit-learn")},
        },
    )
