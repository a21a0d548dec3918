"""Put the real output of the demo into the README: ``python bench/readme.py``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DEMO = ["tag", "--explain", "examples/sister-ports.txt"]


def main() -> None:
    """Run the demo and write what it prints between the marks."""
    run = subprocess.run(
        [sys.executable, "-m", "tagger", *DEMO], cwd=ROOT, capture_output=True, text=True, check=True,
        env={"COLUMNS": "100", "PATH": ""},
    )  # fmt: skip
    page = ROOT / "README.md"
    text = page.read_text(encoding="utf-8")
    block = f"<!-- demo -->\n```text\n{run.stdout.rstrip()}\n```\n<!-- /demo -->"
    page.write_text(re.sub(r"<!-- demo -->.*?<!-- /demo -->", lambda _: block, text, flags=re.DOTALL), encoding="utf-8")


if __name__ == "__main__":
    main()
