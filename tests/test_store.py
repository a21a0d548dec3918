"""The model folder: what is saved is what is loaded, damage is told, swaps are whole."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import models
from tagger import engine, store
from tagger.errors import ModelError
from tagger.store import folder as folders
from tagger.store import layout, reading
from tagger.tag import Tagger


@pytest.fixture(scope="module")
def packed():
    """Return a packed model."""
    return models.stored()


@pytest.fixture(scope="module")
def other():
    """Return a second, different model."""
    return models.stored(seed=1)


@pytest.fixture
def saved(packed, tmp_path):
    """Return the folder of a saved model."""
    store.save(packed, tmp_path / "default")
    return tmp_path / "default"


def test_what_is_saved_is_loaded(packed, saved):
    """Numbers, taxonomy, terms and n-grams come back; the scores are the same."""
    loaded = store.load(saved)
    for part in ("digest", "labels", "languages", "intercept", "cuts", "calibration", "context", "rollup", "taxonomy"):
        assert getattr(loaded, part) == getattr(packed, part)
    assert loaded.name == "default"
    assert loaded.term_table() == packed.term_table()
    assert loaded.vocabulary() == packed.vocabulary()
    assert len(loaded.vocabulary()[0]) == loaded.blocks[0].features
    assert engine.open(loaded).margins(models.CORPUS) == engine.open(packed).margins(models.CORPUS)


def test_the_same_model_gives_the_same_bytes(packed, saved):
    """Packing twice gives the same files."""
    again = models.stored()
    for file in (layout.MANIFEST, *packed.manifest["files"]):
        assert again.files(file) == (saved / file).read_bytes()


def test_facts_stand_in_the_manifest():
    """What the trainer tells of itself is kept, and changes no digest of the numbers."""
    model, _, topics = models.linear()
    told = store.pack(model, taxonomy=topics, facts={"seed": 3, "quality": {"micro": 0.9}}, labels_yaml="version: 1\n")
    assert told.manifest["quality"] == {"micro": 0.9}
    assert told.content(layout.LABELS) == b"version: 1\n"
    with pytest.raises(ModelError, match="labels"):
        store.pack(model, taxonomy=type(topics).of(["else"]))


def test_loading_runs_no_numeric_library(saved):
    """A model is loaded and a text scored without NumPy, and nothing that could run code is imported."""
    code = (
        "import sys; from tagger import engine, store; e = engine.open(store.load(sys.argv[1]))\n"
        "e.margins(['Foreign investors came.']); e.contributions('Foreign investors came.', 0)\n"
        "print([m for m in ('numpy', 'scipy', 'sklearn', 'nltk', 'yaml', 'pickle', 'filelock') if m in sys.modules])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "TAGGER_ENGINE"}
    found = subprocess.run(
        [sys.executable, "-c", code, saved], capture_output=True, text=True, env=environment, check=True
    )
    assert found.stdout.strip() == "[]"


def edit(folder: Path, **changes) -> None:
    """Change a manifest as one would who knows how its digest is made."""
    manifest = json.loads((folder / layout.MANIFEST).read_bytes())
    manifest.update(changes)
    manifest["digest"] = changes.get("digest", reading.model_digest(manifest["files"]))
    (folder / layout.MANIFEST).write_text(json.dumps(manifest))


def test_a_newer_format_says_what_to_do(saved):
    """A model of a newer format is refused with the way out."""
    edit(saved, format_version=99)
    with pytest.raises(ModelError, match=r"newer .* pip install --upgrade"):
        store.load(saved)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "sub/arrays.bin", "model.pkl", "..", ""])
def test_foreign_file_names_are_refused(saved, name):
    """A manifest cannot name a file outside its folder, nor one that no model has."""
    manifest = json.loads((saved / layout.MANIFEST).read_bytes())
    edit(saved, files={**manifest["files"], name: {"sha256": "0" * 64, "bytes": 3}})
    with pytest.raises(ModelError, match="no model has"):
        store.load(saved)


@pytest.mark.parametrize("file", [layout.MANIFEST, *layout.NEEDED, layout.VOCABULARY])
def test_damage_is_told_in_one_line(saved, file):
    """A flipped byte, a cut file, a missing file: one line that names the file and the way out."""
    good = (saved / file).read_bytes()
    for bad in (
        good[:-20],
        good[: len(good) // 2] + bytes([good[len(good) // 2] ^ 1]) + good[len(good) // 2 + 1 :],
        b"",
    ):
        (saved / file).write_bytes(bad)
        if file == layout.MANIFEST and bad[-20:] == good[-20:]:
            continue  # a flipped byte of the manifest may be one of a fact
        with pytest.raises(ModelError) as raised:
            store.load(saved)
        assert "\n" not in str(raised.value)
        assert str(saved) in str(raised.value)
    (saved / file).unlink()
    with pytest.raises(ModelError, match="missing"):
        store.load(saved)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("context", {"pull": "much", "floor": 0.0}),
        ("context", {"weights": [0.1]}),
        ("context", [1]),
        ("rollup", {"kind": "vote"}),
        ("rollup", {"kind": "ordered", "top": [1.0]}),
        ("rollup", None),
    ],
)
def test_parameters_that_do_not_fit_are_refused(packed, part, value):
    """What tagging would fall over is refused when the model is loaded."""
    files = {name: packed.files(name) for name in (layout.MANIFEST, *packed.manifest["files"])}
    content = json.loads(files[layout.SCORING])
    content[part] = value
    files[layout.SCORING] = json.dumps(content).encode()
    with pytest.raises(ModelError):
        reading.from_files(files, name="hostile")


HOSTILE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=4)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)),
    max_leaves=5,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_lying_manifests_are_refused_or_harmless(packed, data):
    """Whatever stands at any place of manifest and scoring: a ModelError, or a model that scores."""
    files = {name: packed.files(name) for name in (layout.MANIFEST, *packed.manifest["files"])}
    target = data.draw(st.sampled_from([layout.MANIFEST, layout.SCORING]))
    content = json.loads(files[target])
    spot = content if target == layout.SCORING else content["arrays"]
    while isinstance(spot, (dict, list)) and spot:
        keys = sorted(spot) if isinstance(spot, dict) else range(len(spot))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(spot[key], (dict, list)) or not spot[key] or data.draw(st.booleans()):
            spot[key] = data.draw(HOSTILE)
            break
        spot = spot[key]
    files[target] = json.dumps(content).encode()
    with contextlib.suppress(ModelError):
        loaded = reading.from_files(files, name="hostile")
        Tagger(loaded).score([["Foreign investors came.", "They left."]])
        engine.Engine(loaded)._pure().margins(["Foreign investors came."])


def test_the_previous_model_is_kept(packed, other, saved):
    """Saving again keeps the model before; rollback changes the two, and back again."""
    store.save(other, saved)
    assert store.load(saved).digest == other.digest
    assert store.load(folders.previous(saved)).digest == packed.digest
    assert packed.digest[:12] in store.rollback(saved)
    assert store.load(saved).digest == packed.digest
    store.rollback(saved)
    assert store.load(saved).digest == other.digest
    assert sorted(p.name for p in saved.parent.iterdir() if p.is_dir()) == [".default.previous", "default"]


def test_the_same_again_keeps_what_can_be_gone_back_to(packed, other, saved):
    """Saving the model that stands there changes nothing: the one before it is still the previous one."""
    store.save(other, saved)
    store.save(other, saved)
    assert store.load(folders.previous(saved)).digest == packed.digest


def test_a_damaged_model_names_its_own_way_back(other, saved):
    """Rolling back is advised where something is kept, and for that model."""
    (saved / "arrays.bin").write_bytes(b"")
    with pytest.raises(ModelError) as alone:
        store.load(saved)
    assert "rollback" not in str(alone.value)
    store.save(other, saved)
    (saved / "arrays.bin").write_bytes(b"")
    with pytest.raises(ModelError, match=f"tagger model rollback {saved}"):
        store.load(saved)


def test_without_an_exchange_two_renames_serve(packed, other, saved, monkeypatch):
    """Where the system cannot exchange folders the result is the same."""
    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    store.save(other, saved)
    store.rollback(saved)
    assert store.load(saved).digest == packed.digest
    assert store.load(folders.previous(saved)).digest == other.digest
    saved.rename(saved.parent / "gone")  # as a writer that died between its two renames leaves it
    assert store.load(saved).digest == other.digest


def test_rollback_needs_a_previous_model(saved):
    """There is nothing to go back to after the first save."""
    with pytest.raises(ModelError, match="previous"):
        store.rollback(saved)


def test_nothing_but_a_model_is_overwritten(packed, tmp_path):
    """A folder that holds something else is left alone."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("mine")
    with pytest.raises(ModelError, match="no model"):
        store.save(packed, tmp_path / "texts")
    assert (tmp_path / "texts" / "a.txt").read_text() == "mine"


def test_readers_see_one_model_or_the_other(packed, other, saved):
    """While two models take turns in one place, every load gives one of them, whole."""
    stop = threading.Event()
    failures, seen = [], set()

    def read():
        while not stop.is_set():
            try:
                seen.add(store.load(saved).digest)
            except ModelError as error:
                failures.append(str(error))

    reader = threading.Thread(target=read)
    reader.start()
    for k in range(12):
        store.save((packed, other)[k % 2], saved)
    stop.set()
    reader.join()
    assert not failures
    assert seen <= {packed.digest, other.digest}


def test_a_killed_writer_leaves_a_loadable_model(packed, other, saved):
    """Kill -9 at any moment of saving: the old model or the new one."""
    second = saved.parent / "source"
    store.save(other, second)
    code = (
        "import sys; from tagger import store\n"
        "models = [store.load(p) for p in sys.argv[2:]]; print('ready', flush=True)\n"
        "while True:\n    for model in models: store.save(model, sys.argv[1])"
    )
    first = saved.parent / "first"
    store.save(packed, first)
    for k in range(8):
        writer = subprocess.Popen([sys.executable, "-c", code, saved, first, second], stdout=subprocess.PIPE)
        writer.stdout.readline()
        time.sleep(0.003 * k)
        writer.kill()
        writer.communicate()
        assert store.load(saved).digest in {packed.digest, other.digest}
    store.save(packed, saved)  # the lock is free and what was left behind is swept up
    left = [p.name for p in saved.parent.iterdir() if p.name.startswith(".default.new") or ".old-" in p.name]
    assert not left


def test_names_find_models(packed, saved, monkeypatch):
    """A name means models/NAME; unknown ones are told with what there is."""
    monkeypatch.chdir(saved.parent)
    store.save(packed, Path("models/mine"))
    assert store.find("mine") == Path("models/mine")
    assert store.find(saved) == saved
    for name in ("mein", "../x", "a/b"):
        with pytest.raises(ModelError, match="no such model"):
            store.find(name)
    assert "mine" in store.listing()
    assert packed.digest in store.describe("mine")


def test_difference_tells_what_changed(packed, other, saved):
    """Two models are compared by facts, labels and cuts."""
    second = saved.parent / "second"
    store.save(other, second)
    assert "cut of investment" in store.difference(saved, second)
    assert store.difference(saved, saved) == "the models are the same."
