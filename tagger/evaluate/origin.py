"""What was measured: digests, versions, options."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from tagger import train
from tagger._version import __version__
from tagger.evaluation import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.records import LabelledArticle
    from tagger.taxonomy import Taxonomy


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
        corpus_digest=train.corpus_digest(articles),
        options=options,
        versions={
            "tagger": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in ("numpy", "scikit-learn")},
        },
    )
