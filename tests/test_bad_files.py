"""Bad files among good ones: a row each, and not one good record lost."""

from __future__ import annotations

import collections
import json
import os
import subprocess
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


def test_a_tree_deeper_than_the_stack(tmp_path, monkeypatch):
    """A folder in a folder, 1,500 times, is walked; where the system gives up on the path, that is a row."""
    from tagger import readers

    monkeypatch.chdir(tmp_path)
    for _ in range(1500):
        Path("d").mkdir()
        os.chdir("d")
    Path("a.txt").write_text("word", encoding="utf-8")
    os.chdir(tmp_path)
    try:
        found = list(readers.walk("."))
    finally:
        subprocess.run(["rm", "-rf", "d"], check=True)  # shutil, and so pytest, cannot remove so deep a tree
    assert found == ["./" + "d/" * 1500 + "a.txt"]


def test_order_of_the_walk(tmp_path):
    """Paths come as their bytes sort, whatever they hold, and the folder's entries are kept as names only."""
    from tagger import readers

    for name in (b"a.txt", b"a/b.txt", b"a-b/c.txt", b"B.txt", "é.txt".encode(), b"\xff.txt", "😀.txt".encode()):
        path = tmp_path / os.fsdecode(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text("word", encoding="utf-8")
    found = [os.fsencode(path) for path in readers.walk(tmp_path)]
    assert found == sorted(found)
    assert len(found) == 7
