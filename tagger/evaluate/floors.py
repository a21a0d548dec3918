"""``--fail-under micro=0.85``: named figures of an Evaluation, and the floors people set for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.errors import TaggerError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tagger.evaluation import Evaluation, Level

_AVERAGES = ("micro", "macro", "weighted", "samples")


def figures(evaluation: Evaluation) -> dict[str, float | None]:
    """Return every figure a floor can be set for.

    ``micro``, ``macro``, ``weighted``, ``samples`` are F1 of paragraphs; ``micro.precision`` and the like their
    parts; ``exact``, ``lrap``, ``map``; ``lang.fr``, ``genre.feature``, ``source.X`` micro F1 of a part;
    ``label.culture`` F1 of a label. The same of articles with ``article.`` before them.
    """
    found = _level(evaluation.paragraphs)
    return found | {f"article.{name}": value for name, value in _level(evaluation.articles).items()}


def parse(floors: Iterable[str]) -> dict[str, float]:
    """Return the figures named by floors such as ``micro=0.85``, and what they must not be below.

    Raises:
        TaggerError: a floor is no ``name=number`` with a number from 0 to 1.

    """
    return dict(_parse(floor) for floor in floors)


def misses(evaluation: Evaluation, floors: Mapping[str, float]) -> list[str]:
    """Return one line for each floor that its figure is below, or that cannot be told.

    Raises:
        TaggerError: a floor names no figure of this evaluation.

    """
    known = figures(evaluation)
    lines = []
    for name, wanted in floors.items():
        if name not in known:
            raise TaggerError(f"--fail-under: unknown figure '{name}'.", hint=nearest(name, known))
        value = known[name]
        if value is None:
            lines.append(f"{name} cannot be told (nothing to judge); the floor is {wanted:g}.")
        elif value < wanted:
            lines.append(f"{name} is {value:.4f}, below the floor of {wanted:g}.")
    return lines


def _parse(floor: str) -> tuple[str, float]:
    name, _, number = floor.partition("=")
    try:
        wanted = float(number)
    except ValueError:
        wanted = -1.0
    if not name or not 0 <= wanted <= 1:
        raise TaggerError(f"--fail-under: '{floor}' is not NAME=NUMBER.", hint="As in: micro=0.85 (from 0 to 1).")
    return name.strip(), wanted


def _level(level: Level) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for name in _AVERAGES:
        average = getattr(level, name)
        found[name] = average.f1.value
        found |= {f"{name}.{part}": getattr(average, part).value for part in ("precision", "recall", "f1")}
    found |= {"exact": level.exact.value, "lrap": level.lrap, "map": level.mean_average_precision}
    found |= {f"label.{one.label}": one.f1.value for one in level.per_label}
    for kind, groups in (("lang", level.languages), ("genre", level.genres), ("source", level.sources)):
        found |= {f"{kind}.{group.name}": group.micro.f1.value for group in groups}
    return found
