"""One peer, run by its own Python: texts and label numbers as JSON on stdin -> tags of the test texts on stdout.

Each peer has its own defaults, fastText those its documentation gives for multi-label text. Where it gives scores and
no tags, one cut is chosen on a tenth of the training texts that it did not see, and it then learns from all.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np


def fasttext(train, Y, test):
    """One against all, 25 epochs, word pairs."""
    import fasttext as library

    library.FastText.eprint = lambda *_: None

    def scores(texts, Y, asked):
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
            for text, row in zip(texts, Y, strict=True):
                file.write(" ".join([f"__label__{j}" for j in np.flatnonzero(row)] + _words(text)) + "\n")
            file.flush()
            options = {"loss": "ova", "epoch": 25, "lr": 0.5, "wordNgrams": 2, "thread": 1, "seed": 0, "verbose": 0}
            model = library.train_supervised(file.name, **options)
        out = np.zeros((len(asked), Y.shape[1]))
        for at, text in enumerate(asked):
            for label, score in zip(*model.predict(" ".join(_words(text)), k=-1), strict=True):
                out[at, int(label.removeprefix("__label__"))] = score
        return out

    return _with_cut(scores, train, Y, test)


def omikuji(train, Y, test):
    """Parabel trees on TF-IDF."""
    from omikuji import Model

    def scores(texts, Y, asked):
        X, Z = _vectors(texts, asked)
        known = np.diff(X.indptr) > 0  # it refuses a file with a text of no known word
        X, Y = X[known], Y[known]
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(f"{X.shape[0]} {X.shape[1]} {Y.shape[1]}\n")
            for at, row in enumerate(Y):
                pairs = " ".join(f"{i}:{v:.6f}" for i, v in _pairs(X, at))
                file.write(f"{','.join(map(str, np.flatnonzero(row)))} {pairs}\n")
            file.flush()
            hyper = Model.default_hyper_param()
            model = Model.train_on_data(file.name, hyper_param=hyper, n_threads=1)
        out = np.zeros((len(asked), Y.shape[1]))
        for at in range(len(asked)):
            for label, score in model.predict(_pairs(Z, at), beam_size=100, top_k=Y.shape[1]):
                out[at, label] = score
        return out

    return _with_cut(scores, train, Y, test)


def napkinxc(train, Y, test):
    """Probabilistic label tree on TF-IDF, at .5."""
    from napkinxc.models import PLT

    X, Z = _vectors(train, test)
    with tempfile.TemporaryDirectory() as folder:
        model = PLT(folder, verbose=False, threads=1, seed=0)
        model.fit(X, [np.flatnonzero(row).tolist() for row in Y])
        out = np.zeros((len(test), Y.shape[1]), bool)
        for at, labels in enumerate(model.predict(Z, top_k=0, threshold=0.5)):
            out[at, list(labels)] = True
    return out


def _words(text):
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def _vectors(train, test):
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32)
    return vectorizer.fit_transform(train), vectorizer.transform(test)


def _pairs(X, at):
    part = slice(X.indptr[at], X.indptr[at + 1])
    return [(int(i), float(v)) for i, v in zip(X.indices[part], X.data[part], strict=True)]


def _with_cut(scores, train, Y, test):
    held = np.random.default_rng(0).random(len(train)) < 0.1
    apart = [text for text, out in zip(train, held, strict=True) if out]
    seen = [text for text, out in zip(train, held, strict=True) if not out]
    said, true = scores(seen, Y[~held], apart).ravel(), Y[held].ravel()
    order = np.argsort(-said, kind="stable")
    f1 = 2 * np.cumsum(true[order]) / (np.arange(1, len(order) + 1) + true.sum())
    return scores(train, Y, test) >= said[order[int(f1.argmax())]]


#: Name -> (package, function).
SYSTEMS = {
    "fastText one against all, one cut": ("fasttext-numpy2", fasttext),
    "Omikuji (Parabel), one cut": ("omikuji", omikuji),
    "napkinXC PLT at .5": ("napkinxc", napkinxc),
}


def main():
    given = json.load(sys.stdin)
    package, system = SYSTEMS[given["system"]]
    Y = np.zeros((len(given["train"]), given["labels"]), bool)
    for at, row in enumerate(given["Y"]):
        Y[at, row] = True
    answer = os.dup(1)
    os.dup2(2, 1)  # libraries print what they like; the answer alone goes to stdout
    began = time.process_time()
    out = system(given["train"], Y, given["test"])
    seconds = time.process_time() - began
    tags = [np.flatnonzero(row).tolist() for row in np.asarray(out)]
    with os.fdopen(answer, "w") as file:
        json.dump({"tags": tags, "seconds": seconds, "version": f"{package} {version(package)}"}, file)


if __name__ == "__main__":
    sys.path[:] = [p for p in sys.path if Path(p or ".").resolve() != Path(__file__).resolve().parent]
    main()
