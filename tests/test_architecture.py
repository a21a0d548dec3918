"""The house: imports go to a lower floor only, and the two middle wings never meet below the estimator."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "tagger"

#: Module (or folder) -> floor. Two modules of one floor may import each other only within one wing and without
#: a cycle; a module that is in no row fails the test, so that every new room gets its place.
FLOORS: dict[str, float] = {
    "_version": 0, "errors": 0, "records": 0, "evaluation": 0, "_kernel": 0, "patterns": 0,
    "normalise": 1, "native": 1, "compressed": 1, "jsonl": 1, "taxonomy": 1, "terms": 1,
    "clean": 1, "paragraphs": 1, "language": 1,
    "near_duplicates": 1, "characters": 1, "yaml_nodes": 1, "linear": 1,
    "readers": 2.1, "corpora": 2.1,
    "counting": 2.2, "coordinate": 2.2, "coordinate_blocks": 2.2, "coordinate_numpy": 2.2,
    "features": 2.2, "classifiers": 2.2,
    "calibration": 2.2, "folds": 2.2, "rollup": 2.2, "context": 2.2,
    "ensemble": 2.2, "stacking": 2.2, "indicators": 2.2, "prior": 2.2, "metrics": 2.2,
    "estimator": 3,
    "flat": 4, "decide": 4, "store": 4, "engine": 4,
    "evidence": 5, "written": 5, "tag": 5,
    "train": 6, "batch": 6, "evaluate": 6, "check": 6, "scaffold": 6,
    "reports": 7,
    "about": 5, "cli": 8, "__main__": 9, "__init__": 9,
}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The rooms of the package that a module imports at run time, lazily or not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for part in node.body
        for inner in ast.walk(part)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names if a.name.startswith("tagger."))
        elif isinstance(node, ast.ImportFrom) and node.module == "tagger":
            found.update(f"tagger.{a.name}" for a in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tagger."):
            found.add(node.module or "")
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
    return {name.split(".")[1] for name in found} - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path):
    """A module imports rooms of a lower floor, or of its own wing."""
    here = room(path)
    for other in imports(path) - {here}:
        assert other in FLOORS, f"{other} has no floor"
        assert FLOORS[other] <= FLOORS[here], f"{path.name} (floor {FLOORS[here]}) imports {other}"
        if {int(FLOORS[other]), int(FLOORS[here])} == {2}:
            assert FLOORS[other] == FLOORS[here], f"{path.name} reaches into the other wing: {other}"


def test_every_room_has_a_floor():
    """No module stands outside the plan."""
    assert {room(p) for p in modules()} <= FLOORS.keys()


def test_no_cycles():
    """Rooms never import each other in a circle."""
    graph: dict[str, set[str]] = {}
    for path in modules():
        graph.setdefault(room(path), set()).update(imports(path) - {room(path)})
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name not in done:
            for other in graph.get(name, ()):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("name", ["utils", "common", "base", "helpers", "manager"])
def test_no_rooms_without_a_subject(name: str):
    """A module is named for what it is about."""
    assert not [p for p in modules() if name in p.stem]
