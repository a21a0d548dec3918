"""What ``tagger --version`` tells."""

from __future__ import annotations

import platform

from tagger import engine
from tagger._version import __version__


def version() -> str:
    """Return the version."""
    return f"tagger {__version__}"


def lines() -> str:
    """Return the version, the Python and the scoring path that runs here."""
    return "\n".join([version(), f"python {platform.python_version()}", f"engine {engine.chosen()}"])
