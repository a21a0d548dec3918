"""The Spark example of docs/scale.md does what it says, on frames without Spark."""

from __future__ import annotations

import json
import re
import sys
import types
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs/scale.md"


class Frame(dict):
    """As much of a pandas frame as the example needs."""


def test_the_spark_example(monkeypatch):
    """Frames in, frames out: an id and a line for each row, one model for all frames."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent / "fakes"))
    pandas = types.ModuleType("pandas")
    pandas.DataFrame = Frame
    monkeypatch.setitem(sys.modules, "pandas", pandas)
    source = re.search(r"```python\n(import pandas.*?)\n\n\ntagged = ", DOCS.read_text(encoding="utf-8"), re.DOTALL)[1]
    space: dict = {}
    exec(compile(source, str(DOCS), "exec"), space)  # noqa: S102 - our own example
    tag_texts = space["tag_texts"]
    space["tag_texts"] = lambda ids, texts: tag_texts(ids, texts, module="fake_tag")
    frames = [Frame(id=["a", "b"], text=["red one", None]), Frame(id=["c"], text=["blue two"])]
    found = list(space["tag_frames"](iter(frames)))
    assert [list(frame["id"]) for frame in found] == [["a", "b"], ["c"]]
    lines = [json.loads(line) for frame in found for line in frame["line"]]
    assert [line.get("tags", [{}])[0].get("label") for line in lines] == ["red", None, "blue"]
    assert lines[1]["error"]["code"] == "empty"
