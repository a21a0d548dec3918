"""tagger: topics for articles and their paragraphs, from a taxonomy you own.

Names load on first use, so that ``import tagger`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagger._version import __version__

if TYPE_CHECKING:
    from tagger.estimator import TopicClassifier
    from tagger.tag import Tagger
    from tagger.taxonomy import Taxonomy

__all__ = ["Tagger", "Taxonomy", "TopicClassifier", "__version__"]

_HOME = {
    "Tagger": "tagger.tag",
    "Taxonomy": "tagger.taxonomy",
    "TopicClassifier": "tagger.estimator",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'tagger' has no attribute {name!r}")
    import importlib  # noqa: PLC0415 - paid for only when a name is used

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
