"""The numbers themselves: all of them as JSON, the labels' as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tagger.reports.tables import LEVELS

if TYPE_CHECKING:
    from tagger.evaluation import Evaluation, Figure


def report(evaluation: Evaluation) -> str:
    """Return the whole evaluation as JSON (schemas/evaluation.schema.json)."""
    return evaluation.dumps().rstrip("\n")


def labels_as_csv(evaluation: Evaluation) -> str:
    """Return a row for each level and label; empty where a figure cannot be told."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    measured = [f"{name}{part}" for name in ("precision", "recall", "f1") for part in ("", "_low", "_high")]
    writer.writerow(["level", "label", "cut", *measured, "average_precision", "support", "given", "warning"])
    for name in LEVELS:
        for one in evaluation.level(name).per_label:
            figures = [cell for figure in (one.precision, one.recall, one.f1) for cell in _cells(figure)]
            writer.writerow(
                [name, one.label, one.cut, *figures, one.average_precision, one.support, one.given, one.warning]
            )
    return out.getvalue().rstrip("\n")


def _cells(figure: Figure) -> tuple[float | None, ...]:
    return figure.value, figure.low, figure.high
