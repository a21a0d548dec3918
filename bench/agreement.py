"""Measure how well the two labelling passes agree, and write the numbers into docs/labelling.md.

    python bench/agreement.py            # prints, and writes the section of docs/labelling.md
    python bench/agreement.py --dry      # only prints

The record is seeds/annotations.jsonl, one line a paragraph::

    {"article": "seeds/en/x.yaml", "paragraph": 0, "first": [...], "second": [...], "final": [...]}

Krippendorff's alpha (2004) over sets of labels, with the MASI distance (Passonneau 2006), both from nltk. MASI is
not defined for two empty sets, which are the commonest pair here: they agree, so their distance is 0. Of a single
label alpha is nominal. Intervals are 95% percentiles of a bootstrap over articles, because the paragraphs of one
article are not independent.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, masi_distance

from tagger import corpora, jsonl
from tagger.errors import CorpusError, nearest
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Distance = Callable[[frozenset[str], frozenset[str]], float]

ROOT = Path(__file__).parents[1]
START, END = "<!-- agreement: written by bench/agreement.py -->", "<!-- end of agreement -->"


@dataclass(frozen=True)
class Cell:
    """One paragraph as it was labelled twice, and what was decided."""

    article: str
    lang: str
    first: frozenset[str]
    second: frozenset[str]
    final: frozenset[str]


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    name: str
    paragraphs: int
    same: float  # share of paragraphs with the same set (or the same answer) in both passes
    alpha: float
    low: float
    high: float


def masi(a: frozenset[str], b: frozenset[str]) -> float:
    """MASI distance, 0 for two empty sets."""
    return 0.0 if a == b else float(masi_distance(a, b)) if a and b else 1.0


def read(path: Path, ids: Sequence[str], root: Path) -> list[Cell]:
    """Read the record; labels must be known, articles and paragraphs must exist."""
    corpus = {article.id: article for article in corpora.read(root / "seeds")}
    cells, seen = [], set()
    for number, data in jsonl.read(path):
        where = f"{path}:{number}"
        name = str(data["article"]).removeprefix("seeds/")
        if name not in corpus:
            raise CorpusError(f"no article '{name}'.", where=where)
        if not 0 <= data["paragraph"] < len(corpus[name].paragraphs):
            raise CorpusError(f"'{name}' has no paragraph {data['paragraph']}.", where=where)
        if (name, data["paragraph"]) in seen:
            raise CorpusError(f"paragraph {data['paragraph']} of '{name}' stands twice.", where=where)
        seen.add((name, data["paragraph"]))
        sets = []
        for key in ("first", "second", "final"):
            for label in data[key]:
                if label not in ids:
                    raise CorpusError(f"unknown label '{label}'.", where=where, hint=nearest(label, ids))
            sets.append(frozenset(data[key]))
        cells.append(Cell(name, corpus[name].lang or "und", *sets))
    return cells


def alpha(cells: Sequence[Cell], distance: Distance) -> float:
    """Krippendorff's alpha of the two passes, by nltk; 1 when both passes say one and the same thing throughout."""
    answers = [("first", i, cell.first) for i, cell in enumerate(cells)]
    answers += [("second", i, cell.second) for i, cell in enumerate(cells)]
    if len({answer for _, _, answer in answers}) == 1:
        return 1.0
    return float(AnnotationTask(answers, distance).alpha())


def interval(cells: Sequence[Cell], distance: Distance, rounds: int, seed: int) -> tuple[float, float]:
    """Bootstrap over articles: alpha from summed coincidence matrices (the same number as nltk's, in one product)."""
    kinds = sorted({s for cell in cells for s in (cell.first, cell.second)}, key=sorted)
    place = {kind: i for i, kind in enumerate(kinds)}
    apart = np.array([[distance(a, b) for b in kinds] for a in kinds])
    counts: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(apart.shape))
    for cell in cells:
        a, b = place[cell.first], place[cell.second]
        counts[cell.article][a, b] += 1
        counts[cell.article][b, a] += 1
    stack = np.stack(list(counts.values()))
    whole = _alpha(stack.sum(0), apart)
    if abs(whole - alpha(cells, distance)) > 1e-9:
        raise AssertionError("the bootstrap's alpha is not nltk's")
    rng = np.random.default_rng(seed)
    flat = stack.reshape(len(stack), -1)
    weights = rng.multinomial(len(stack), np.full(len(stack), 1 / len(stack)), size=rounds)
    values = [_alpha((row @ flat).reshape(apart.shape), apart) for row in weights]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def _alpha(coincidence: np.ndarray, apart: np.ndarray) -> float:
    margin = coincidence.sum(0)
    expected = margin @ apart @ margin
    return 1.0 if expected == 0 else float(1 - (margin.sum() - 1) * (coincidence * apart).sum() / expected)


def rows(cells: Sequence[Cell], ids: Sequence[str], rounds: int, seed: int) -> list[Row]:
    """Return the rows: all, each language, each label."""
    groups: list[tuple[str, Sequence[Cell], Distance]] = [("all", cells, masi)]
    languages = sorted({cell.lang for cell in cells})
    groups += [(lang, [cell for cell in cells if cell.lang == lang], masi) for lang in languages]
    for label in ids:
        only = frozenset([label])
        single = [Cell(c.article, c.lang, c.first & only, c.second & only, c.final & only) for c in cells]
        groups.append((f"`{label}`", single, binary_distance))
    result = []
    for name, group, distance in groups:
        low, high = interval(group, distance, rounds, seed)
        same = sum(cell.first == cell.second for cell in group) / len(group)
        result.append(Row(name, len(group), same, alpha(group, distance), low, high))
    return result


def section(cells: Sequence[Cell], ids: Sequence[str], table: Sequence[Row]) -> str:
    """Return the Markdown between the marks of docs/labelling.md."""
    decided = [cell for cell in cells if cell.first != cell.second]
    kept = sum(cell.final == cell.first for cell in decided)
    other = sum(cell.final == cell.second for cell in decided)
    summary = (
        f"{len(cells):,} paragraphs of {len({cell.article for cell in cells})} articles were labelled twice. "
        f"{len(decided):,} differed: {kept} were decided for the first pass, {other} for the second, "
        f"{len(decided) - kept - other} otherwise."
    )
    lines = [
        summary,
        "",
        "| | paragraphs | same | alpha | 95% interval |",
        "|---|---:|---:|---:|---|",
    ]
    lines += [
        f"| {r.name} | {r.paragraphs:,} | {r.same:.1%} | {r.alpha:.3f} | {r.low:.3f} to {r.high:.3f} |" for r in table
    ]
    lines += [
        "",
        "Answers that differed, by label:",
        "",
        "| | only in the first pass | only in the second |",
        "|---|---:|---:|",
    ]
    for label in ids:
        first = sum(label in cell.first - cell.second for cell in cells)
        second = sum(label in cell.second - cell.first for cell in cells)
        lines.append(f"| `{label}` | {first} | {second} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=Path, default=ROOT / "seeds" / "annotations.jsonl")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "labelling.md")
    parser.add_argument("--rounds", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dry", action="store_true", help="only print")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    options = parser.parse_args()
    ids = Taxonomy.load(ROOT / "labels.yaml").ids
    cells = read(options.record, ids, ROOT)
    table = rows(cells, ids, options.rounds, options.seed)
    text = section(cells, ids, table)
    print(json.dumps([vars(row) for row in table], indent=2) if options.json else text)
    if not options.dry:
        page = options.page.read_text(encoding="utf-8")
        mark = re.compile(f"{re.escape(START)}.*?{re.escape(END)}", re.DOTALL)
        options.page.write_text(mark.sub(lambda _: f"{START}\n{text}\n{END}", page), encoding="utf-8")


if __name__ == "__main__":
    main()
