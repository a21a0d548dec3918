"""Whether the compiled kernel runs, and what runs in its place.

The environment variable TAGGER_ENGINE chooses: ``c`` (an error where the kernel was not built), ``numpy`` or
``python``. Unset: the kernel where there is one, else Python for single texts and NumPy for batches.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tagger.errors import TaggerError

if TYPE_CHECKING:
    from types import ModuleType

try:
    from tagger import _kernel as _compiled  # type: ignore[attr-defined,unused-ignore]
except ImportError:  # built without a compiler: everything works, more slowly
    _compiled = None

CHOICES = ("c", "numpy", "python")


def choice() -> str:
    """Return what TAGGER_ENGINE asks for: one of CHOICES, or "" where nothing is asked.

    Raises:
        TaggerError: it asks for something else, or for a kernel that was not built.

    """
    asked = os.environ.get("TAGGER_ENGINE", "").strip().lower()
    if asked and asked not in CHOICES:
        hint = f"Choose one of {', '.join(CHOICES)}."
        raise TaggerError(f"no engine '{asked}'.", where="TAGGER_ENGINE", hint=hint)
    if asked == "c" and _compiled is None:
        hint = "Install a C compiler and install tagger again, or unset the variable."
        raise TaggerError("the kernel was not built.", where="TAGGER_ENGINE", hint=hint)
    return asked


def kernel() -> ModuleType | None:
    """Return the compiled kernel if it is there and not ruled out by TAGGER_ENGINE, else None."""
    return _compiled if choice() in ("", "c") else None


def name() -> str:
    """Return the engine that runs, for ``tagger --version -v``."""
    return choice() or ("c" if _compiled is not None else "python, numpy for batches")
