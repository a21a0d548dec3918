"""Figures of merit for tags: sets, rankings, scores, intervals. Arrays only.

Everywhere ``truth`` and ``given`` are boolean (n, L), ``scores`` are floats in [0, 1] of the same shape, and
the columns are the taxonomy's ids in its order: a label that nobody used still has its column, so a wrong
tag can never vanish from a precision.

What is 0/0 is settled once, here:

* a label that is neither true nor given anywhere is left out of the macro averages (nothing to judge);
* any other 0/0 (precision of a label never given, recall of one never true) counts as 0 in an average and is
  NaN where it stands alone;
* a text that bears no label and gets none is right: it counts 1 in the averages over texts;
* rankings are judged on texts with at least one label (scikit-learn's LRAP would count the others as 1).
"""

from tagger.metrics.bootstrap import Interval, Tally, interval, intervals, paired, weights
from tagger.metrics.pairs import confusions, cooccurrence
from tagger.metrics.ranking import average_precision, curve, lrap, ndcg_at, precision_at
from tagger.metrics.reliability import Bin, brier, expected_calibration_error, reliability
from tagger.metrics.sets import Averages, SetFigures, judged_labels, set_figures

__all__ = [
    "Averages",
    "Bin",
    "Interval",
    "SetFigures",
    "Tally",
    "average_precision",
    "brier",
    "confusions",
    "cooccurrence",
    "curve",
    "expected_calibration_error",
    "interval",
    "intervals",
    "judged_labels",
    "lrap",
    "ndcg_at",
    "paired",
    "precision_at",
    "reliability",
    "set_figures",
    "weights",
]
