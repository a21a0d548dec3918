"""Features are scikit-learn's, and concepts count the hits of their terms."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from tagger import features
from tagger.terms import Term, TermTable

TEXTS = ["The port was built.", "A port, a loan; a port!", "", "loan loan loan", "Été à Đà Nẵng, naïve"]
TABLE = TermTable(("x", "y"), (Term("port", "en", (0,)), Term("loan", "en", (0, 1))), {"port": 0, "loan": 1})


@pytest.mark.parametrize("view", [features.WORDS, features.CHARACTERS], ids=lambda v: v.kind)
def test_tfidf_is_scikit_learns(view):
    """Both views give TfidfVectorizer's numbers, in training and on other texts."""
    pattern = {"token_pattern": r"\w\w+"} if view.kind == "word" else {}
    oracle = TfidfVectorizer(sublinear_tf=True, analyzer=view.kind, ngram_range=view.ngram_range, **pattern)
    expected = oracle.fit_transform(TEXTS)
    vocabulary, found = features.learn(TEXTS, view)
    columns = [oracle.vocabulary_[f] for f in vocabulary.features]
    np.testing.assert_allclose(found.toarray(), expected.toarray()[:, columns], atol=1e-6)
    others = ["a port of loans", "zzz"]
    np.testing.assert_allclose(
        vocabulary.transform(others).toarray(), oracle.transform(others).toarray()[:, columns], atol=1e-6
    )


def test_concepts_are_logarithms_of_hits():
    """A concept column is ln(1 + sum of what hits count); a term of two labels counts for both."""
    found = features.term_hits(TABLE, ["port and loan", "loan, loan", "nothing"])
    got = features.concepts(found, TABLE, np.array([1.0, 0.5], np.float32))
    np.testing.assert_allclose(got, np.log1p([[1.5, 0.5], [1, 1], [0, 0]]), rtol=1e-6)


def test_no_terms_no_hits():
    """A table without terms gives empty columns."""
    table = TermTable(("x",), (), {})
    assert features.concepts(features.term_hits(table, ["a"]), table, np.zeros(0, np.float32)).tolist() == [[0.0]]


def test_trust_is_learned_and_shrunk():
    """A term that is right counts more than one that is wrong; one never seen counts as its label's terms do."""
    table = TermTable(("a",), (Term("good", "en", (0,)), Term("bad", "en", (0,)), Term("new", "en", (0,))), {})
    found = sp.csr_matrix(np.array([[1, 0, 0]] * 10 + [[0, 1, 0]] * 10, np.float32))
    Y = np.array([[True]] * 10 + [[False]] * 10)
    good, bad, new = features.trust(found, table, Y, np.ones(20, bool))
    assert good > new > bad
    assert features.trust(found, table, Y, np.zeros(20, bool)).tolist() == [1.0, 1.0, 1.0]
