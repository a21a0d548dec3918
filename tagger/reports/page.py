"""One HTML file with everything in it: no outside request, no script, light or dark, wide or narrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tagger.errors import MissingExtraError
from tagger.reports import marking, numbers, plots, tables

if TYPE_CHECKING:
    from tagger.evaluation import Evaluation, Figure, Level

#: Labels drawn; with more, those with most support. The tables and the JSON inside hold them all.
MOST_DRAWN = 24


def report(evaluation: Evaluation) -> str:
    """Return the page.

    Raises:
        MissingExtraError: Jinja2 is not installed.

    """
    try:
        import jinja2  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError("the HTML report needs Jinja2.", "report") from None
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tagger.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": numbers.number,
        "span": numbers.span,
        "percent": numbers.percent,
        "stretches": lambda example: marking.stretches(example.text, example.words),
    }
    environment.globals["tables"] = tables
    return environment.get_template("page.html").render(
        evaluation=evaluation,
        pictures=_pictures(evaluation),
        drawn=_drawn(evaluation.paragraphs),
        data=_data(evaluation),
    )


def _pictures(evaluation: Evaluation) -> dict[str, Any]:
    """Return the drawings: SVG, every text in it escaped (`svg.Canvas`)."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2

    drawn = {
        "rivals": _rivals(evaluation) if evaluation.rivals else "",
        "curve": (
            plots.learning_curve(evaluation.learning_curve, "F1 against articles learned from")
            if evaluation.learning_curve
            else ""
        ),
    }
    for name in tables.LEVELS:
        level = evaluation.level(name)
        drawn[f"labels.{name}"] = _labels(level, name)
        drawn[f"reliability.{name}"] = plots.reliability(level.calibration, f"Reliability of the scores of {name}")
        small = 0 < len(evaluation.labels) <= plots.MATRIX
        for matrix, style, told in (
            ("together", "a", "{i} and {j}: {n}"),
            ("confusions", "b", "{i} missed, {j} given: {n}"),
        ):
            counts = getattr(level, matrix)
            title = f"{matrix.capitalize()}, {name}"
            drawn[f"{matrix}.{name}"] = (
                plots.matrix(counts, evaluation.labels, title, style, told=told) if small else ""
            )
    found: dict[str, Any] = {name: Markup(svg) for name, svg in drawn.items()}  # noqa: S704 - escaped by Canvas
    support = {one.label: one for one in evaluation.paragraphs.per_label}
    found["precision_recall"] = [
        Markup(plots.precision_recall(c, support[c.label].average_precision, support[c.label].support))  # noqa: S704
        for c in evaluation.paragraphs.curves
        if c.label in _drawn(evaluation.paragraphs)
    ]
    return found


def _drawn(level: Level) -> list[str]:
    """Return the labels to draw, in the taxonomy's order."""
    best = sorted(level.per_label, key=lambda one: -one.support)[:MOST_DRAWN]
    chosen = {one.label for one in best if one.support or one.given}
    return [one.label for one in level.per_label if one.label in chosen]


def _labels(level: Level, name: str) -> str:
    chosen = set(_drawn(level))
    rows = [
        plots.Row(one.label, (("a", "F1", one.f1),), f"{numbers.number(one.f1.value)}, {one.support:,} true")
        for one in level.per_label
        if one.label in chosen
    ]
    return plots.forest(rows, f"F1 of the labels on {name}")


def _rivals(evaluation: Evaluation) -> str:
    ours = evaluation.paragraphs

    def row(name: str, micro: Figure, macro: Figure) -> plots.Row:
        remark = f"{numbers.number(micro.value)} / {numbers.number(macro.value)}"
        return plots.Row(name, (("a", "micro F1", micro), ("b", "macro F1", macro)), remark)

    rows = [row(f"{evaluation.provenance.model} (this)", ours.micro.f1, ours.macro.f1)]
    rows += [row(rival.name, rival.micro.f1, rival.macro.f1) for rival in evaluation.rivals]
    return plots.forest(rows, "Micro and macro F1 beside others")


def _data(evaluation: Evaluation) -> Any:
    """Return the JSON for a script element: what could end the element is written as escapes."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja2

    text = json.dumps(evaluation.to_json(), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped just above
