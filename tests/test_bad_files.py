"""Bad files among good ones: a row each, and not one good record lost."""

from __future__ import annotations

import collections
import json
import sys
from pathlib import Path

import pytest

from tagger import batch

FAKES = Path(__file__).parent / "fakes"
sys.path.insert(0, str(FAKES))
import bad_files  # noqa: E402 - stands beside the other stand-ins


@pytest.mark.parametrize("more", [{"engine": "here"}, {"jobs": 2}], ids=str)
def test_bad_files_among_good(tmp_path, monkeypatch, more):
    """A hundred good files and every kind of bad one: as many records, as many rows, each with the right code."""
    monkeypatch.syspath_prepend(str(FAKES))
    monkeypatch.chdir(tmp_path)
    expected = bad_files.make(Path("in/bad"))
    assert len(expected) >= 30
    for i in range(100):
        Path(f"in/good{i:03d}.txt").write_text(f"word{i}\n", encoding="utf-8")
    options = batch.BatchOptions(module="fake_tag", max_bytes=bad_files.MAX_BYTES, **more)
    summary = batch.run(["in"], Path("out.jsonl"), options)
    rows = [json.loads(row) for row in Path("out.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
    told = {Path(row["path"]).name: row["error"] for row in rows if "error" in row}
    assert {name: error["code"] for name, error in told.items()} == expected
    assert all("\n" not in error["message"] and "Traceback" not in error["message"] for error in told.values())
    assert (summary.done, summary.failed) == (100, len(expected))
    assert summary.failed_by_code == collections.Counter(expected.values())
