"""The scripts that measure quality, on small made-up figures and texts; no public set is needed."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest

BENCH = Path(__file__).parents[1] / "bench"
SCRIPTS = sorted(path.stem for path in [*BENCH.glob("quality*.py"), BENCH / "gate.py"])
VERSIONS = {"python": "3", "numpy": "2", "scipy": "1", "scikit-learn": "1"}


@pytest.fixture
def bench(monkeypatch):
    """Import a script of bench/ by name."""
    monkeypatch.syspath_prepend(str(BENCH))
    return importlib.import_module


def row(micro: float, less: float | None = None) -> dict:
    told = {name: [micro, micro - 0.01, micro + 0.01] for name in ("micro", "macro", "samples")}
    told |= {"seconds": 2.0, "version": "made up 1", "date": "2000-01-01"}
    return told | (
        {"ours_less": {name: [less, less - 0.01, less + 0.01] for name in ("micro", "macro")}} if less else {}
    )


def draws(*systems: str) -> dict:
    sizes = {"5": 0.4, "50": 0.6}
    return {
        "digest": "d",
        "taxonomy": "t",
        "labels": 2,
        "tested": 7,
        "rule": {"micro": [0.3], "macro": [0.2]},
        "points": {
            size: {
                name: {key: [value - at / 10, value - at / 10 + 0.02] for key in ("micro", "macro")}
                for at, name in enumerate(systems)
            }
            for size, value in sizes.items()
        },
    }


@pytest.fixture
def kept() -> dict:
    """As much as bench/quality.json holds of everything."""
    mine = ("tagger, with terms", "tagger, without terms", "tagger, texts alone")
    entry = {"files": {"reuters90/train.jsonl.gz": "a"}, "train": 9, "test": 5, "labels": 2}
    entry["systems"] = {"tagger": row(0.8), "Omikuji (Parabel), one cut": row(0.7, 0.1), "napkinXC": row(0.81, -0.02)}
    level = {name: [0.8, 0.7, 0.9] for name in ("micro", "macro", "samples")} | {"calibration_error": 0.01}
    curve = draws(*mine, "plain TF-IDF")
    curve["points"] = {"0": {mine[0]: {"micro": [0.5], "macro": [0.5]}}} | curve["points"]
    return {
        "versions": VERSIONS,
        "sets": {"reuters90": entry},
        "times": {"rounds": 2, "seconds": {"tagger": [3.0, 3.2], "LibMultiLabel 1vsrest": [1.0, 1.1]}},
        "few": {
            "corpus": draws(*mine, "Omikuji (Parabel), one cut", "MiniLM embeddings + LogisticRegression, one cut")
        },
        "curve": curve,
        "corpus": {
            "digest": "c",
            "taxonomy": "t",
            "size": {"articles": 3, "paragraphs": 9},
            "levels": {"paragraphs": level},
            "fast": {"paragraphs": level},
            "rivals": {"seed terms": [[0.5, 0.4, 0.6], [0.5, 0.4, 0.6]]},
            "languages": {"en": [0.8, 0.7, 0.9]},
            "left_out": {"en": [[0.7, 0.6, 0.8], 0.8]},
            "off_topic": [0.1, 0.0, 0.2],
        },
    }


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_can_be_imported(bench, script):
    """A script of the quality bench imports with the project's own dependencies."""
    assert bench(script)


def test_the_page_says_where_ours_is_not_ahead(bench, kept):
    """A peer with a better figure is named as one we are not ahead of, with the paired difference."""
    page = bench("quality_report").page(kept)
    assert "**Not ahead of napkinXC**" in page
    assert "tagger less it is −.020 [−.030, −.010]" in page
    assert "| tagger | .800 [.790, .810] |" in page


def test_the_page_says_what_training_costs(bench, kept):
    """The ratio to LibMultiLabel's training time stands beside its target."""
    assert "under twice LibMultiLabel's 1vsrest: **missed** (2.95)" in bench("quality_report").page(kept)


def test_few_labels_are_compared_with_peers_that_are_not_neural(bench, kept):
    """The best peer of few labels is never the neural one."""
    page = bench("quality_report").page(kept)
    less = " | ".join(f"+.{n}00 [+.{n}00, +.{n}00]" for n in (3, 2, 1))
    assert f"| 5 | micro | Omikuji (Parabel), one cut | {less} |" in page
    assert "Ahead of every peer that is not neural" in page


def test_a_page_of_nothing_can_be_made(bench):
    """Parts that were not measured are left out."""
    assert bench("quality_report").page({"versions": VERSIONS}).startswith("# Quality")


def test_pictures_are_svg_with_every_line_named(bench, kept):
    """Both pictures are well-formed, and each line's name stands in its panels."""
    pictures = bench("quality_pictures")
    for svg, names in (
        (pictures.few(kept["few"]), ("Omikuji (Parabel)", "MiniLM")),
        (pictures.curve(kept["curve"]), ("plain TF-IDF",)),
    ):
        texts = [one.text for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
        for name in ("with terms", "without terms", "any term there", *names):
            assert texts.count(name) == 2, name


def test_a_mean_comes_with_students_interval(bench):
    """Two draws a and b: half the width is 12.7 times the standard error; one draw has no interval."""
    mean = bench("quality_draws").mean
    assert mean([0.4]) == [0.4, 0.4, 0.4]
    middle, low, high = mean([0.4, 0.6])
    assert (middle, high - middle) == pytest.approx((0.5, 12.706 * 0.1), rel=1e-3)
    assert middle - low == pytest.approx(high - middle)


def test_draws_hold_enough_of_each_label_and_nest(bench):
    """Each label has at least as many texts as asked, or all it has; of one label, a smaller draw is in a larger."""
    Y = np.random.default_rng(1).random((300, 4)) < (0.5, 0.2, 0.1, 0.02)
    drawn = bench("quality_few").drawn
    small, large = (drawn(Y, size, 3, unlabelled=True) for size in (5, 20))
    assert (Y[large].sum(axis=0) >= np.minimum(Y.sum(axis=0), 20)).all()
    assert (~Y[large].any(axis=1)).sum() == 20
    assert len(set(large)) == len(large)
    assert set(drawn(Y[:, :1], 5, 3, unlabelled=False)) < set(drawn(Y[:, :1], 20, 3, unlabelled=False))
    assert len(small) < len(large)


def test_an_answer_is_computed_once(bench, tmp_path):
    """An answer comes from the folder when task, version and recipe are the same, and is made anew when one is not."""
    systems = bench("quality_systems")
    asked = []

    def learn(train, Y):
        asked.append(len(train))
        return lambda texts: np.ones((len(texts), Y.shape[1]), bool)

    task = systems.Task(("a", "b"), ["one", "two"], np.eye(2, dtype=bool), ["three"])
    answers = systems.Answers(tmp_path)
    for version in ("1", "1", "2"):
        (answer,) = answers.of(systems.local("made up", version, "recipe", learn), [task])
        assert systems.tags(answer, 2).tolist() == [[True, True]]
    assert asked == [2, 2]


def test_ours_depends_on_terms_and_groups(bench):
    """Our answer to the same texts has another name when groups differ; a peer's has not, it does not see them."""
    systems = bench("quality_systems")
    plain, grouped = (
        systems.Task(("a",), ["x", "y"], np.array([[True], [False]]), ["z"], groups) for groups in (None, (0, 1))
    )
    ours, other = systems.ours("tagger"), systems.local("peer", "1", "", lambda *_: None)
    assert ours.key(plain) != ours.key(grouped)
    assert other.key(plain) == other.key(grouped)


def test_scikit_learns_systems_tag_what_is_plain(bench):
    """With cuts from folds, the machines tag texts whose words decide."""
    words = ("apple pear plum fig", "chess rook pawn king")
    texts = [" ".join(np.random.default_rng(i).permutation(words[i % 2].split())[:3]) for i in range(40)]
    Y = np.array([[i % 2 == 0, i % 2 == 1] for i in range(40)])
    for name, learn in bench("quality_sklearn").SYSTEMS.items():
        given = learn(texts, Y)(["apple fig", "rook king"])
        if "LogisticRegression at" not in name:
            assert given.tolist() == [[True, False], [False, True]], name


def test_a_python_tells_which_peers_it_has():
    """The worker answers with JSON, whatever is installed."""
    run = subprocess.run([sys.executable, str(BENCH / "quality_peers.py"), "--have"], capture_output=True, check=True)
    assert isinstance(json.loads(run.stdout), dict)


def pinned() -> dict:
    return {
        "digests": {"corpus": "c", "sample of Reuters": "r"},
        "floors": {"default": {"micro_f1": 0.8}, "sample of Reuters": {"micro_f1": 0.9}},
        "tolerance": 0.01,
    }


def test_the_gate_passes_over_what_was_left_out(bench):
    """A sample that was not measured misses no floor and has not changed; one below its floor is told."""
    gate = bench("gate")
    found = {"digests": {"corpus": "other"}, "floors": {"default": {"micro_f1": 0.795}}}
    assert gate.misses(found, pinned(), 0.01) == []
    assert [line.split()[1] for line in gate.drift(found, pinned())] == ["corpus"]
    found["floors"]["sample of Reuters"] = {"micro_f1": 0.85}
    assert "sample of Reuters: micro_f1 is 0.8500" in gate.misses(found, pinned(), 0.01)[0]


def test_an_update_keeps_the_floors_of_what_was_left_out(bench, tmp_path, monkeypatch):
    """Pinning without the public sets keeps the sample's floor, and no floor falls unasked."""
    gate = bench("gate")
    monkeypatch.setattr(gate, "ROOT", tmp_path)
    monkeypatch.setattr(gate, "FLOORS", tmp_path / "floors.json")
    found = {"digests": {"corpus": "new"}, "floors": {"default": {"micro_f1": 0.82}}, "tolerance": 0.01}
    assert gate.update(found, pinned(), allowed=False) == []
    written = json.loads((tmp_path / "floors.json").read_text(encoding="utf-8"))
    assert written["floors"] == {"default": {"micro_f1": 0.82}, "sample of Reuters": {"micro_f1": 0.9}}
    assert written["digests"] == {"corpus": "new", "sample of Reuters": "r"}
    found["floors"]["default"]["micro_f1"] = 0.7
    assert gate.update(found, pinned(), allowed=False)


def test_a_planted_mistake_is_the_first_suspect(bench):
    """Among paragraphs that all speak of chess, the one that is said to speak of cycling is doubted first."""
    from tagger.records import LabelledArticle, LabelledParagraph
    from tagger.taxonomy import Label, Taxonomy

    labels = tuple(Label(name, {"en": name}) for name in ("chess", "cycling"))
    texts = {
        "chess": "The grandmaster castled and won game {}.",
        "cycling": "The cyclist oiled the chain of bicycle {}.",
    }
    articles = [
        LabelledArticle(
            id=f"{name}-{i}",
            paragraphs=(
                LabelledParagraph(text=text.format(f"number {i} of {name}"), labels=(name,), where=f"{name}:{i}"),
            ),
            labels=(name,),
            lang="en",
        )
        for i in range(12)
        for name, text in texts.items()
    ]
    wrong = LabelledParagraph(text="The grandmaster castled at last.", labels=("cycling",), where="wrong:1")
    articles.append(LabelledArticle(id="wrong", paragraphs=(wrong,), labels=("cycling",), lang="en"))
    found = bench("suspects").suspects(Taxonomy(labels), articles)
    assert {(one.where, one.label) for one in found[:2]} == {("wrong:1", "chess"), ("wrong:1", "cycling")}
