"""One system in a process of its own: learns once, then scores texts whenever it is told to, the same as the others.

    python bench/speed_workers.py NAME CORPUS.json

Says in JSON lines what it did: first how it learned, then for each line on its standard input the CPU seconds of
scoring the next part of the test texts, which it has not seen before. Scores go to NAME.npy beside the corpus. Imports
of each system stay in its function, because no environment has them all.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

WORDS, CHARACTERS = ("word", (1, 2)), ("char_wb", (3, 5))


def tagger(train, Y, *, kinds):
    """TF-IDF with linear machines, from raw text: `engine.margins` of a packed model."""
    from tagger import coordinate, engine, features, store
    from tagger.linear import Calibration, LinearModel, NgramBlock
    from tagger.normalise import analysed
    from tagger.taxonomy import Taxonomy

    texts = [analysed(text) for text in train]
    learned = [features.learn(texts, features.View(*kind), min_df=2) for kind in kinds]
    L = Y.shape[1]
    blocks, intercept = [], np.zeros(L)
    for vocabulary, X in learned:
        solution = coordinate.fit(X, Y, tol=0.1)
        part = solution.weights / len(learned)
        blocks.append(
            NgramBlock(vocabulary.view.kind, vocabulary.view.ngram_range, vocabulary.features, vocabulary.idf, part)
        )
        intercept += solution.intercept / len(learned)
    ids = tuple(f"label-{k}" for k in range(L))
    flat = Calibration(np.ones(L), np.zeros(L), (None,) * L)
    model = LinearModel(ids, tuple(blocks), None, intercept, np.zeros(L), flat)
    running = engine.open(store.pack(model, taxonomy=Taxonomy.of(ids)))
    return lambda texts: running.margins(texts)[0]


def sklearn(train, Y, *, kinds):
    """TfidfVectorizer, one LinearSVC a label, their weights stacked to one matrix: the fastest it can be had."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    parts = []
    for analyzer, ngram_range in kinds:
        vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=ngram_range, sublinear_tf=True, min_df=2)
        X = vectorizer.fit_transform(train)
        machines = [LinearSVC(tol=0.1).fit(X, y) for y in Y.T]
        weights = np.concatenate([m.coef_ for m in machines]).T.copy()
        parts.append((vectorizer, weights, np.array([m.intercept_[0] for m in machines])))
    return lambda texts: sum(v.transform(texts) @ weights + bias for v, weights, bias in parts) / len(parts)


def fasttext(train, Y, *, subwords):
    """FastText, one-versus-all, word bigrams, with or without subwords of 3 to 5 characters."""
    import fasttext as library

    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for text, row in zip(train, Y, strict=True):
            file.write(" ".join([*(f"__label__{k}" for k in np.flatnonzero(row)), _line(text)]) + "\n")
        file.flush()
        more = {"minn": 3, "maxn": 5} if subwords else {}
        model = library.train_supervised(
            file.name, loss="ova", wordNgrams=2, epoch=15, lr=0.5, dim=50, bucket=500_000, thread=1, verbose=0, **more
        )
    L = Y.shape[1]

    def score(texts):
        out = np.zeros((len(texts), L))
        for row, text in zip(out, texts, strict=True):
            for label, p in model.f.predict(_line(text) + "\n", L, 0.0, "strict")[:L]:
                row[int(p[9:] if isinstance(p, str) else label[9:])] = label if isinstance(p, str) else p
        return out

    return score


def vowpalwabbit(train, Y, *, passes=6):
    """Vowpal Wabbit, one logistic machine a label over word bigrams (multilabel_oaa gives labels, not scores)."""
    from vowpalwabbit import Workspace

    L = Y.shape[1]
    model = Workspace(f"--multilabel_oaa {L} --ngram 2 -b 22 --loss_function logistic --quiet")
    for _ in range(passes):
        for text, row in zip(train, Y, strict=True):
            model.learn(",".join(map(str, np.flatnonzero(row))) + " | " + _tokens(text))

    def score(texts):
        out = np.zeros((len(texts), L))
        for row, text in zip(out, texts, strict=True):
            row[model.predict(" | " + _tokens(text))] = 1
        return out

    return score


def omikuji(train, Y):
    """Omikuji (Parabel) on scikit-learn's word TF-IDF, as Annif uses it."""
    import omikuji as library
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    X = vectorizer.fit_transform(train)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(f"{len(train)} {X.shape[1]} {Y.shape[1]}\n")
        for k in range(len(train)):
            row = X[k]
            pairs = " ".join(f"{i}:{v:.6f}" for i, v in zip(row.indices, row.data, strict=True))
            file.write(",".join(map(str, np.flatnonzero(Y[k]))) + " " + pairs + "\n")
        file.flush()
        model = library.Model.train_on_data(file.name, None, 1)
    L = Y.shape[1]

    def score(texts):
        out = np.zeros((len(texts), L))
        matrix = vectorizer.transform(texts)
        for k, row in enumerate(out):
            found = matrix[k]
            for label, p in model.predict(list(zip(found.indices.tolist(), found.data.tolist(), strict=True)), top_k=L):
                row[label] = p
        return out

    return score


def annif(train, Y, *, backend, settings):
    """Annif project in a folder of its own, asked by `project.suggest` in the batches that Annif makes."""
    from annif.corpus import Document, DocumentList, SubjectSet
    from annif.registry import AnnifRegistry
    from annif.vocab import VocabFileTSV

    home = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, home)  # not sooner: a project looks into its folder at every call
    labels, projects = Path(home, "labels.tsv"), Path(home, "projects.cfg")
    labels.write_text("".join(f"<http://example.org/{k}>\tlabel-{k}\n" for k in range(Y.shape[1])), encoding="utf-8")
    told = {"language": "en", "vocab": "labels", "analyzer": "simple", "backend": backend, **settings}
    projects.write_text("[bench]\n" + "".join(f"{key}={value}\n" for key, value in told.items()), encoding="utf-8")
    registry = AnnifRegistry(str(projects), home, init_projects=False)
    registry.get_vocab("labels").load_vocabulary(VocabFileTSV(str(labels), "en"))
    project = registry.get_project("bench")
    subjects = [SubjectSet(np.flatnonzero(row).tolist()) for row in Y]
    project.train(DocumentList([Document(*known) for known in zip(train, subjects, strict=True)]), jobs=1)

    def score(texts):
        batches = DocumentList([Document(text) for text in texts]).doc_batches
        return np.vstack([project.suggest(batch).array.toarray() for batch in batches])

    return score


def spacy(train, Y):
    """SpaCy's textcat_multilabel with the bag-of-words architecture."""
    import spacy as library
    from spacy.training import Example

    nlp = library.blank("xx")
    names = [f"label-{k}" for k in range(Y.shape[1])]
    bow = {"@architectures": "spacy.TextCatBOW.v3", "exclusive_classes": False, "ngram_size": 2}
    bow |= {"length": 262144, "no_output_layer": False}
    part = nlp.add_pipe("textcat_multilabel", config={"model": bow})
    for name in names:
        part.add_label(name)
    examples = [
        Example.from_dict(nlp.make_doc(t), {"cats": {n: float(v) for n, v in zip(names, row, strict=True)}})
        for t, row in zip(train, Y, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples[:200])
    for _ in range(4):
        for at in range(0, len(examples), 64):
            nlp.update(examples[at : at + 64], sgd=optimizer)
    return lambda texts: [[doc.cats[name] for name in names] for doc in nlp.pipe(texts, batch_size=64)]


def _line(text):
    return " ".join(text.lower().split())


def _tokens(text):
    return " ".join(re.findall(r"\w\w+", text.lower()))


#: name -> (what builds it, its options, the package whose version is told)
SYSTEMS = {
    "tagger words": (tagger, {"kinds": (WORDS,)}, "tagger"),
    "tagger characters": (tagger, {"kinds": (CHARACTERS,)}, "tagger"),
    "tagger words + characters": (tagger, {"kinds": (WORDS, CHARACTERS)}, "tagger"),
    "scikit-learn words": (sklearn, {"kinds": (WORDS,)}, "scikit-learn"),
    "scikit-learn characters": (sklearn, {"kinds": (CHARACTERS,)}, "scikit-learn"),
    "scikit-learn words + characters": (sklearn, {"kinds": (WORDS, CHARACTERS)}, "scikit-learn"),
    "fastText word bigrams": (fasttext, {"subwords": False}, "fasttext-numpy2"),
    "fastText bigrams + subwords": (fasttext, {"subwords": True}, "fasttext-numpy2"),
    "Vowpal Wabbit word bigrams": (vowpalwabbit, {}, "vowpalwabbit"),
    "Omikuji words": (omikuji, {}, "omikuji"),
    "Annif tfidf": (annif, {"backend": "tfidf", "settings": {}}, "annif"),
    "Annif Omikuji words": (annif, {"backend": "omikuji", "settings": {"ngram": 2, "min_df": 2}}, "annif"),
    "spaCy textcat_bow": (spacy, {}, "spacy"),
}


def main() -> None:
    name, path = sys.argv[1], Path(sys.argv[2])
    data = json.loads(path.read_text(encoding="utf-8"))
    Y = np.zeros((len(data["train"]), data["labels"]), bool)
    for row, labels in zip(Y, data["Y"], strict=True):
        row[labels] = True
    make, options, package = SYSTEMS[name]
    out = os.fdopen(os.dup(1), "w")  # libraries may chat: what they print goes elsewhere
    os.dup2(2, 1)
    started = time.process_time()
    score = make(data["train"], Y, **options)
    print(json.dumps({"version": version(package), "train": time.process_time() - started}), file=out, flush=True)
    score(data["train"][:400])  # what is loaded or kept at the first texts is not what a text takes
    scores = []
    for texts, _ in zip(data["test"], sys.stdin, strict=False):
        started = time.process_time()
        scores.append(np.asarray(score(texts), np.float32))
        spent = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": spent, "peak": peak}), file=out, flush=True)
    np.save(path.with_name(f"{name}.npy"), np.concatenate(scores))


if __name__ == "__main__":
    main()
