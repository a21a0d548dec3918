"""Documents that cannot rot: blocks run, links lead somewhere, commands exist."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = {"tag", "train", "eval", "check", "init", "model"}


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def test_the_readmes_python_runs(capsys):
    """The Python of the README runs and prints a tag."""
    (code,) = blocks(ROOT / "README.md", "python")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own text
    assert "cycling" in capsys.readouterr().out


def test_the_readmes_taxonomy_is_valid():
    """The YAML of the README is a taxonomy."""
    (text,) = blocks(ROOT / "README.md", "yaml")
    assert Taxonomy.parse(text).ids == ("cycling",)


def test_the_readmes_line_is_json():
    """The JSON of the README can be read."""
    (text,) = blocks(ROOT / "README.md", "json")
    assert set(json.loads(text)) >= {"schema", "id", "tags", "paragraphs", "model"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_commands_exist(page):
    """Every ``tagger ...`` in a console block is a command that exists, with options that exist."""
    from typer.testing import CliRunner

    from tagger import cli

    for block in blocks(page, "(?:console|sh|bash)"):
        for line in block.splitlines():
            found = re.match(r"(?:\$ )?(?:.*[|&] )?tagger (\S+)(.*)", line)
            if found is None or found[1].startswith("-"):
                continue
            assert found[1] in COMMANDS, line
            shown = CliRunner().invoke(cli.app, [found[1], "--help"]).output
            for word in shlex.split(found[2].partition("#")[0]):
                if word.startswith("--"):
                    assert word.partition("=")[0] in shown, line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    """A relative link points at a file of the repository."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_public_names_are_sorted_and_true():
    """``__all__`` is sorted, and each name can be had."""
    import tagger

    assert tagger.__all__ == sorted(tagger.__all__, key=str.lower) or tagger.__all__ == sorted(tagger.__all__)
    for name in tagger.__all__:
        assert getattr(tagger, name) is not None
