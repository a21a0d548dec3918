"""What is not loaded, which is steadier than a stopwatch."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ["numpy", "scipy", "sklearn", "nltk", "joblib", "matplotlib", "trafilatura", "py3langid", "yaml", "jinja2"]

PROBE = """
import sys
{code}
print(*[name for name in {heavy!r} if name in sys.modules])
"""


def loaded_after(code: str, *, cwd=None) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", PROBE.format(code=code, heavy=HEAVY)],
        capture_output=True, text=True, check=True, cwd=cwd,
    )  # fmt: skip
    return run.stdout.splitlines()[-1].split()


def test_import_is_light():
    """``import tagger`` loads nothing heavy."""
    assert loaded_after("import tagger") == []


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["tag", "--help"], ["train", "--help"]])
def test_help_is_light(arguments):
    """Asking for help loads nothing heavy."""
    code = f"sys.argv = ['tagger', *{arguments!r}]\nfrom tagger.cli import main\ntry: main()\nexcept SystemExit: pass"
    assert loaded_after(code) == []


def test_tagging_a_text_file_is_light(tmp_path):
    """Tagging one plain text loads nothing heavy (with the C kernel or the pure Python path)."""
    (tmp_path / "a.txt").write_text(
        "The port authority of Zarnow signed a loan of 40 million dollars with a foreign bank on Monday.\n",
        encoding="utf-8",
    )
    code = "sys.argv = ['tagger', 'tag', 'a.txt']\nfrom tagger.cli import main\ntry: main()\nexcept SystemExit: pass"
    assert loaded_after(code, cwd=tmp_path) == []
