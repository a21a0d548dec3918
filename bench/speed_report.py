"""The figures of bench/speed.py as Markdown, and growth as one picture."""

from __future__ import annotations

from math import log10
from statistics import median

HEAD = """# Speed

Made by `python bench/speed.py --peers ENV/bin/python` ({machine}). Texts are made by
`bench/synthetic.py`: news-like, in English prose's proportions, accents and curly quotes included. Processor time of
one core unless wall time is said; systems took turns; the middle is the median and the brackets are the range of
ratios of runs that stood beside each other. Quality stands beside speed: micro-F1 on texts that no system had seen, at
the single threshold that is best for it. Annif is a project with its `simple` analyzer and its own Omikuji or tfidf
backend, asked by `project.suggest` in the batches of 32 it makes; NLTK cuts its words.
"""


def page(machine: str, figures: dict, paired) -> str:
    """Return docs/speed.md."""
    parts = [HEAD.format(machine=machine)]
    for name in SECTIONS:
        if name in figures:
            parts.append(section(name, figures[name], paired))
            parts.append(f"({figures[name]['minutes']} minutes; load of the machine {figures[name]['load']})\n")
    parts.append("![Growth: time against size, both logarithmic](speed.svg)\n")
    return "\n".join(parts)


def section(name: str, part: dict, paired) -> str:
    """Return one part as Markdown."""
    return SECTIONS[name](part, paired)


def _scoring(part: dict, paired) -> str:
    systems = part["systems"]
    ours = {kind: systems[f"tagger {kind}"]["micros"] for kind in ("words", "words + characters")}
    lines = [
        f"## Raw text to scores, {part['labels']} labels\n",
        (
            f"{part['train']:,} texts to learn from; each round scores {part['test']} not seen before, "
            f"{part['bytes']:,} bytes each. scikit-learn is `TfidfVectorizer.transform` and one product with its "
            "stacked `LinearSVC` weights.\n"
        ),
        "| system | us a text | / tagger words | / tagger words + characters | micro-F1 | peak MB |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, facts in systems.items():
        cells = ["1" if ours[kind] is facts["micros"] else _range(paired(facts["micros"], ours[kind])) for kind in ours]
        lines.append(
            f"| {name} {facts['version']} | {median(facts['micros']):,.0f} | {cells[0]} | {cells[1]} "
            f"| {facts['f1']:.3f} | {facts['peak']:,.0f} |"
        )
    if part["missing"]:
        lines.append(f"\nNot installed there: {', '.join(part['missing'])}.")
    return "\n".join(lines) + "\n"


def _threads(part: dict, paired) -> str:
    return (
        "## Two threads\n\n3,000 texts, words and characters, wall time: two threads are "
        f"{_range(paired(part['one'], part['two']))} times as fast as one.\n"
    )


def _path(part: dict, paired) -> str:
    ours, bare = median(part["ours"]), median(part["bare"])
    return (
        f"## From files to JSON lines\n\n`tagger tag FOLDER -o out.jsonl`, {part['files']:,} files, six labels, words "
        "and characters: reading, decoding, cleaning, language, scores, JSON.\n\n"
        f"{1e3 * ours:.2f} ms an article, **{1 / ours:,.0f} articles a second** of one core. Reading the same "
        f"files and writing them as JSON lines takes {1e3 * bare:.2f} ms: "
        f"a ratio of {_range(paired(part['ours'], part['bare']))}.\n"
    )


def _cold(part: dict, paired) -> str:
    return (
        "## A cold start\n\nThe whole process of `tagger tag one.txt`, against a Typer program that prints one line "
        f"({1e3 * median(part['typer']):.0f} ms):\n\n"
        f"* with the C kernel {_range(paired(part['c'], part['typer']))} times as long;\n"
        f"* without it {_range(paired(part['python'], part['typer']))} times.\n"
    )


def _training(part: dict, paired) -> str:
    del paired
    ours = median(part["ours"])
    runs = ", ".join(f"{s:.1f}" for s in part["ours"])
    return (
        f"## Training: {part['texts']:,} texts, {part['labels']} labels\n\n"
        f"`TopicClassifier(fast=True, C=1)`, words, {part['features'][0]:,} n-grams; out-of-fold margins, cuts "
        f"and calibration included: {ours:.1f} s ({runs}). scikit-learn, `TfidfVectorizer` and `LinearSVC`, six fits a "
        f"label for cuts of 5 folds, no calibration: {part['vectors']:.0f} s and {part['a_label']:.2f} s a label, "
        f"measured on {part['few']} labels and multiplied: {part['theirs']:.0f} s."
        f" **{part['theirs'] / ours:.1f} times as fast.**\n\n"
        f"On those {part['few']} labels, micro-F1 and macro-F1 on unseen texts: ours {part['f1'][0]:.3f} and "
        f"{part['f1'][1]:.3f}, theirs {part['their_f1'][0]:.3f} and {part['their_f1'][1]:.3f} (ours on all: "
        f"{part['all_f1'][0]:.3f} and {part['all_f1'][1]:.3f}). Peak memory {part['peak']:,.0f} MB.\n"
    )


def _growth(part: dict, paired) -> str:
    del paired
    lines = ["## Growth\n", "| what grows | from | to | seconds | exponent |", "|---|---:|---:|---:|---:|"]
    for name, curve in part["curves"].items():
        (low, first), (high, last) = curve["points"][0], curve["points"][-1]
        lines.append(f"| {name} | {low:,} | {high:,} | {first:.3f} to {last:.3f} | {curve['exponent']:.2f} |")
    return "\n".join(lines) + "\n"


SECTIONS = {
    "six": _scoring,
    "hundred": _scoring,
    "threads": _threads,
    "path": _path,
    "cold": _cold,
    "training": _training,
    "growth": _growth,
}


def _range(three: tuple[float, float, float]) -> str:
    digits = 2 if three[0] < 10 else 1
    middle, low, high = (f"{value:.{digits}f}" for value in three)
    return f"{middle} ({low} to {high})"


def picture(growth: dict) -> str:
    """Return the curves of growth, each from the lower left corner, as an SVG."""
    side, gap = 200, 40
    width = len(growth) * (side + gap) + gap
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {side + 90}" font-family="sans-serif" '
            'font-size="12" fill="#444"><title>Growth of time, both axes logarithmic</title>'
        )
    ]
    for number, (name, curve) in enumerate(growth.items()):
        left, points = gap + number * (side + gap), curve["points"]
        reach = log10(points[-1][0] / points[0][0])
        places = [
            (left + side * log10(x / points[0][0]) / reach, 30 + side * (1 - log10(y / points[0][1]) / reach))
            for x, y in points
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#1f77b4"/>' for x, y in places)
        parts.append(
            f'<text x="{left}" y="20">{name}: {curve["exponent"]:.2f}</text>'
            f'<path d="M{left},30V{30 + side}H{left + side}" fill="none" stroke="#999"/>'
            f'<path d="M{left},{30 + side}L{left + side},30" stroke="#ccc" stroke-dasharray="4"/>'
            f'<polyline points="{path}" fill="none" stroke="#1f77b4" stroke-width="2"/>{dots}'
            f'<text x="{left}" y="{side + 48}">{points[0][0]:,}</text>'
            f'<text x="{left + side}" y="{side + 48}" text-anchor="end">{points[-1][0]:,}</text>'
        )
    caption = "Time against size, both logarithmic; the dashed line is proportional growth. Exponents beside the names."
    parts.append(f'<text x="{gap}" y="{side + 74}">{caption}</text></svg>\n')
    return "\n".join(parts)
