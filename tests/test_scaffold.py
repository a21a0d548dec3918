"""`tagger init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger import check, scaffold
from tagger.errors import TaggerError

if TYPE_CHECKING:
    from pathlib import Path


def test_what_it_writes_is_valid(tmp_path: Path) -> None:
    """The taxonomy and the article pass the check; only their small number is remarked on."""
    written = scaffold.create(tmp_path / "new" / "project")
    assert [path.is_file() for path in written] == [True, True]
    report = check.run(written[0], tmp_path / "new" / "project" / "seeds")
    assert not report.errors
    assert {finding.code for finding in report.findings} == {"T003"}
    assert report.counts.paragraphs == {"en": 3}


@pytest.mark.parametrize("place", scaffold.FILES.values())
def test_never_overwrites(tmp_path: Path, place: str) -> None:
    """A file that is there already stays, and nothing else is written."""
    mine = tmp_path / place
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    with pytest.raises(TaggerError, match="is there already"):
        scaffold.create(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    """A path that cannot be a folder is told in one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(TaggerError, match="cannot be written"):
        scaffold.create(tmp_path / "file")
