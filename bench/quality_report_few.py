"""Few labels as Markdown: tables of means over draws, and paired differences."""

from __future__ import annotations

from itertools import pairwise

import quality_draws
from quality_draws import MINE, NEURAL

HEAD = """## Few labels

![F1 against labelled texts a label](img/few-labels.svg)

Ten draws of {sizes} texts a label, every system on the same draws; means, in brackets Student's 95% interval of the
mean over draws (the test texts stay the same). A smaller draw lies within the larger ones of its seed, but for a text
or two. `tagger, with terms` reads a table of terms (`labels.yaml`; for Reuters `bench/reuters_topics.yaml`, written
from general knowledge of the trade, unseen by the others, not changed after the first figures); `tagger, without terms`
is `TopicClassifier()` without options, which reads the words of the labels' names where there are no terms (*grain*,
*culture*); `tagger, texts alone` has `label_words=False` and nothing that its peers have not.
"""

#: Tagging every text with every label gives the figure said here.
WHY = (
    "Why: of five or ten texts a label all that weigh words rank much alike, and what is left is a cut learned from "
    "some fifty texts. Where those share hardly a word, as in four languages, the best a cut can do is to tag nearly "
    "everything (micro-F1 .34 on the seed corpus), and the peer ahead comes down to that."
)

SETS = {
    "reuters90": (
        "Reuters' ten largest topics",
        "{tested:,} test texts that bear one of the {labels} topics; texts of the same kind to draw from.",
    ),
    "corpus": (
        "The seed corpus",
        (
            "{tested:,} paragraphs of a third of the articles to test on, drawn from the other two thirds "
            "(near-duplicate articles on one side); with each label's paragraphs as many that bear none. Four "
            "languages; MiniLM knows English."
        ),
    ),
}


def few(kept: dict) -> str:
    """Return the section; a table a set and figure."""
    sizes = list(next(iter(kept.values()))["points"])
    parts = [HEAD.format(sizes=", ".join(sizes[:-1]) + " and " + sizes[-1])]
    for name, (title, about) in SETS.items():
        if name in kept:
            found = kept[name]
            parts.append(f"### {title}\n\n{about.format(**found)}\n")
            parts += [_table(found, figure) for figure in ("micro", "macro")]
            parts.append(_differences(found))
    return "\n".join(parts)


def _table(found: dict, figure: str) -> str:
    points = found["points"]
    last = points[list(points)[-1]]
    lines = [f"| {figure} F1 | {' | '.join(points)} |", "|---" * (len(points) + 1) + "|"]
    order = [name for name in MINE if name in last]
    order += sorted((name for name in last if name not in MINE), key=lambda name: -sum(last[name][figure]))
    for name in order:
        cells = [bracket(quality_draws.mean(by[name][figure])) if name in by else "–" for by in points.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines.append(f"| any term is in the text | {' | '.join([three(found['rule'][figure][0])] * len(points))} |")
    return "\n".join(lines) + "\n"


def _differences(found: dict) -> str:
    """Return ours less the best peer that is not neural, by size and figure."""
    lines = [
        "| texts a label | figure | best peer, not neural | with terms less it | without terms less it | texts alone |",
        "|---:|---|---|---|---|---|",
    ]
    behind = []
    for size, systems in found["points"].items():
        for figure in ("micro", "macro"):
            best = quality_draws.best_peer(systems, figure)
            if best is None:
                continue
            cells = []
            for mine in MINE:
                told = (
                    quality_draws.difference(systems[mine][figure], systems[best][figure]) if mine in systems else None
                )
                cells.append(signed(told))
                if told and told[1] <= 0:
                    what = "behind" if told[0] <= 0 else "ahead by less than the draws can tell"
                    behind.append(f"{mine.removeprefix('tagger, ')} at {size}, {figure}: {what} ({signed(told)})")
            lines.append(f"| {size} | {figure} | {best} | {' | '.join(cells)} |")
    if behind:
        lines += ["", "**Not surely ahead of the best peer:**", "", *(f"* {line}" for line in behind), "", WHY]
    else:
        lines += ["", "Ahead of every peer that is not neural at each size, with and without terms."]
    neural = _neural(found)
    return "\n".join([*lines, *neural]) + "\n"


def _neural(found: dict) -> list[str]:
    said = []
    for size, systems in found["points"].items():
        for name in systems:
            if name.startswith(NEURAL):
                theirs = systems[name]["micro"]
                for mine in MINE:
                    if mine in systems:
                        told = signed(quality_draws.difference(systems[mine]["micro"], theirs))
                        said.append(f"{mine.removeprefix('tagger, ')} at {size} {told}")
    return ["", f"Ours less MiniLM, micro: {'; '.join(said)}."] if said else []


def curve(found: dict) -> str:
    """Return the curve's section."""
    points = found["points"]
    drawn = max(len(values["micro"]) for systems in points.values() for values in systems.values())
    columns = ("tagger, with terms", "tagger, without terms", "plain TF-IDF")
    lines = [
        "## Few labelled paragraphs\n",
        "![F1 against labelled paragraphs](img/curve.svg)\n",
        (
            "The seed corpus: paragraphs drawn from two thirds of the articles whatever they bear, "
            f"{found['tested']:,} paragraphs of the last third to test on; means of {drawn} draws, in brackets "
            "Student's 95% interval. "
            "Plain TF-IDF is scikit-learn as it comes: words, a logistic regression a label, cut at .5, which tags "
            "nothing while positives are few; *without terms* and the tables above are the fairer comparison.\n"
        ),
        "| paragraphs | with terms: micro | macro | without terms: micro | macro | plain TF-IDF: micro | macro |",
        "|---:|---|---|---|---|---|---|",
    ]
    for size, systems in points.items():
        cells = [
            bracket(quality_draws.mean(systems[name][key])) if name in systems else "–"
            for name in columns
            for key in ("micro", "macro")
        ]
        lines.append(f"| {int(size):,} | {' | '.join(cells)} |")
    rule = {key: found["rule"][key][0] for key in ("micro", "macro")}
    lines.append(f"\nTagging whenever any term is in the text gives {three(rule['micro'])} / {three(rule['macro'])}.\n")
    lines += [_course(points, key, rule[key]) for key in ("micro", "macro")]
    return "\n".join(lines) + "\n"


def _course(points: dict, key: str, rule: float) -> str:
    """Tell whether the curve with terms starts at the rule and ever falls by more than its interval."""
    told = {size: systems[MINE[0]][key] for size, systems in points.items() if MINE[0] in systems}
    sizes = list(told)
    start = quality_draws.mean(told[sizes[0]])[0]
    said = [f"starts {'at the rule or above' if start >= rule else f'**{rule - start:.3f} below the rule**'}"]
    for before, after in pairwise(sizes):
        if len(told[before]) == len(told[after]):  # the same seeds: the larger draw holds the smaller
            step = quality_draws.difference(told[after], told[before])
        else:  # a single fit stands on one side
            fixed = told[before] * len(told[after]) if len(told[before]) == 1 else told[before]
            other = told[after] * len(told[before]) if len(told[after]) == 1 else told[after]
            step = quality_draws.difference(other, fixed)
        if step[0] < 0:
            sure = "**more than its interval**" if step[2] < 0 else "within its interval"
            said.append(f"falls from {before} to {after} by {-step[0]:.3f}, {sure} {signed(step)}")
    return f"* {key}, with terms: {'; '.join(said)}{'' if len(said) > 1 else '; never falls'}."


def bracket(values: list[float | None] | None) -> str:
    """Return value [low, high]."""
    if values is None or values[0] is None:
        return "–"
    value, low, high = values
    if low is None or high is None or low == value == high:
        return three(value)
    return f"{three(value)} [{three(low)}, {three(high)}]"


def signed(values: list[float] | None) -> str:
    """Return a difference and its interval, with signs."""
    if values is None:
        return ""
    value, low, high = (f"{'−' if round(v, 3) < 0 else '+'}{abs(v):.3f}".replace("0.", ".") for v in values)
    return f"{value} [{low}, {high}]"


def three(value: float | None) -> str:
    """Return three digits, no leading zero; an interval of F1 ends at 0."""
    return "–" if value is None else f"{max(value, 0.0):.3f}".replace("0.", ".", 1)
