"""Small fitted models for tests: random weights on what scikit-learn's vectorizers find."""

from __future__ import annotations

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from tagger import store, terms
from tagger.linear import Calibration, ConceptBlock, LinearModel, NgramBlock
from tagger.normalise import analysed
from tagger.taxonomy import Label, Taxonomy

WORDS, CHARS = ("word", (1, 2)), ("char_wb", (3, 5))

CORPUS = [
    "Foreign direct investment rose to 12.4 billion dollars, the ministry said.",
    "Thousands of workers and engineers were trained; AI skills are wanted.",
    "L'État a annoncé un plan d'investissement étranger, évalué à 3 milliards.",
    "Đầu tư trực tiếp nước ngoài tăng mạnh; doanh nghiệp thuỷ sản hoà nhập.",
    "投資ファンドが半導体に投資する。外国からの投資が増えた。",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ λέει Σ και ΤΕΛΟΣ.",
    "İstanbul'da YATIRIM ve IŞIK arttı, İZMİR'de de.",
    "A Ministry of Planning and Investment official met foreign investors.",
]


def taxonomy() -> Taxonomy:
    """Three labels with terms in four scripts, stop terms and an acronym."""
    investment = Label(
        "investment",
        terms={"en": ("foreign direct investment", "investor"), "vi": ("đầu tư",), "ja": ("投資", "投資ファンド")},
        stop_terms={"en": ("Ministry of Planning and Investment",)},
    )
    workforce = Label("workforce", terms={"en": ("worker", "AI"), "fr": ("plan d'investissement étranger",)})
    return Taxonomy(
        (investment, workforce, Label("science", terms={"en": ("engineer", "investor"), "ja": ("半導体",)}))
    )


def block(kind, ngram_range, labels, random, texts=CORPUS):
    """Return the vectorizer that was fitted and the block of its features with random weights."""
    texts = [analysed(text) for text in texts]
    vectorizer = TfidfVectorizer(analyzer=kind, ngram_range=ngram_range, sublinear_tf=True).fit(texts)
    features = list(vectorizer.get_feature_names_out())
    idf = vectorizer.idf_.astype(np.float32)
    weights = random.normal(size=(len(features), labels)).astype(np.float32)
    return vectorizer, NgramBlock(kind, ngram_range, features, idf, weights)


def linear(kinds=(WORDS, CHARS), labels=None, *, concepts=True, seed=0, texts=CORPUS):
    """Return a model, its vectorizers and its taxonomy."""
    random = np.random.default_rng(seed)
    topics = taxonomy() if labels is None else Taxonomy.of([f"topic-{k}" for k in range(labels)])
    count = len(topics.ids)
    vectorizers, blocks = [], []
    for kind, ngram_range in kinds:
        vectorizer, made = block(kind, ngram_range, count, random, texts)
        vectorizers.append(vectorizer)
        blocks.append(made)
    table = terms.expand(topics)
    trust = random.uniform(0.2, 1, size=len(table.terms)).astype(np.float32)
    mixing = random.normal(size=(count, count)).astype(np.float32)
    model = LinearModel(
        topics.ids,
        tuple(blocks),
        ConceptBlock(table, trust, mixing) if concepts else None,
        random.normal(size=count),
        random.normal(size=count),
        Calibration(np.ones(count), np.zeros(count), (((-1.0, 0.5), (0.1, 0.9)), *[None] * (count - 1))),
    )
    return model, vectorizers, topics


def oracle(model, vectorizers, texts):
    """Return the margins by scikit-learn's vectorizers and `terms.hits`, in float64."""
    texts = [analysed(text) for text in texts]
    margins = np.tile(model.intercept, (len(texts), 1))
    for vectorizer, made in zip(vectorizers, model.ngrams, strict=True):
        margins += vectorizer.transform(texts) @ made.weights.astype(float)
    if model.concepts is not None:
        for row, text in enumerate(texts):
            sums = np.zeros(len(model.labels))
            for term, _, _ in terms.hits(model.concepts.table, text):
                sums[list(model.concepts.table.terms[term].labels)] += model.concepts.trust[term]
            margins[row] += np.log1p(sums) @ model.concepts.weights.astype(float)
    return margins


def stored(**options):
    """Return a packed model."""
    model, _, topics = linear(**options)
    return store.pack(model, taxonomy=topics, languages=("en", "fr", "ja", "vi"), name="small")
