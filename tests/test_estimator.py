"""TopicClassifier keeps scikit-learn's contract, and its model is one matrix."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from tagger import TopicClassifier, ensemble, features, prior
from tagger.errors import TaggerError
from tagger.normalise import analysed
from tagger.terms import Term, TermTable

WORDS = {
    "money": ["loan", "bank", "fund", "capital", "investor", "bond", "share", "market", "trade", "tariff"],
    "works": ["port", "bridge", "railway", "road", "airport", "power", "grid", "dam", "tunnel", "canal"],
    "arts": ["music", "festival", "concert", "museum", "theatre", "dance", "poem", "film", "opera", "heritage"],
}
NAMES = sorted(WORDS)
TABLE = TermTable(
    tuple(NAMES),
    tuple(Term(w, "en", (j,)) for j, n in enumerate(NAMES) for w in WORDS[n][:5]),
    {w: 5 * j + i for j, n in enumerate(NAMES) for i, w in enumerate(WORDS[n][:5])},
)


def sample(n, seed=0):
    rng = np.random.default_rng(seed)
    texts, sets = [], []
    for _ in range(n):
        names = [name for name in NAMES if rng.random() < 0.35]
        words = [w for name in names for w in rng.choice(WORDS[name], 3)]
        words += list(rng.choice(["the", "a", "minister", "said", "monday", "visit", "officials"], 6))
        rng.shuffle(words)
        texts.append(" ".join(words) + ".")
        sets.append(names)
    return texts, sets


def matrix(sets):
    return np.array([[name in names for name in NAMES] for names in sets])


@pytest.fixture(scope="module")
def data():
    return sample(160)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "terms"])
def fitted(request, data):
    return TopicClassifier(terms=TABLE if request.param else None).fit(*data)


def test_learns(fitted):
    """Tags of unseen texts are mostly right, names and matrix alike."""
    texts, sets = sample(100, seed=1)
    found = fitted.predict(texts)
    assert (found == matrix(sets)).mean() > 0.9
    assert fitted.predict_labels(texts)[3] == tuple(n for n, y in zip(NAMES, found[3], strict=True) if y)
    assert fitted.score(texts, sets) > 0.9
    assert list(fitted.classes_) == NAMES


def test_scores_agree_with_margins(fitted):
    """Scores rise with margins and lie in [0, 1]; tags are margins at or above the cut."""
    texts, _ = sample(50, seed=2)
    margins, scores = fitted.decision_function(texts), fitted.predict_proba(texts)
    assert ((scores >= 0) & (scores <= 1)).all()
    for j in range(3):
        assert (np.diff(scores[np.argsort(margins[:, j]), j]) >= -1e-12).all()
    np.testing.assert_array_equal(fitted.predict(texts), margins >= fitted.linear_.cuts)


@pytest.mark.parametrize("terms", [None, TABLE], ids=["plain", "terms"])
def test_the_stored_form_is_the_ensemble(data, monkeypatch, terms):
    """The one matrix gives the mean of the learners' own margins (mixed with the prior) to 1e-6."""
    kept = {}
    train, learn = ensemble.train, prior.learn

    def spy(trainer, C):
        kept["trainer"], kept["members"] = trainer, train(trainer, C)
        return kept["members"]

    def spy_on_mixture(*arguments):
        kept["mixture"], margins = learn(*arguments)
        return kept["mixture"], margins

    monkeypatch.setattr(ensemble, "train", spy)
    monkeypatch.setattr(prior, "learn", spy_on_mixture)
    model = TopicClassifier(terms=terms).fit(*data)
    by_hand = np.mean(
        [
            kept["trainer"].views[m.learner.view].astype(np.float64) @ m.full.weights.astype(np.float64)
            + m.full.intercept
            for m in kept["members"]
        ],
        axis=0,
    )
    if terms is not None:
        concepts = features.concepts(features.term_hits(TABLE, [analysed(t) for t in data[0]]), TABLE, model.trust_)
        learned, hits, offset, *_ = kept["mixture"]
        assert (hits > 0).all()
        by_hand = learned * by_hand + hits * concepts + offset
    np.testing.assert_allclose(model.decision_function(data[0]), by_hand, atol=1e-6)


def test_out_of_fold_margins_are_honest(data):
    """Margins out of fold are worse than those of texts the model has seen, and folds keep groups whole."""
    texts, sets = data
    groups = np.arange(len(texts)) // 4
    model = TopicClassifier().fit(texts, sets, groups=groups)
    assert model.oof_margins_.shape == (len(texts), 3)
    assert all(len(set(model.folds_[groups == g])) == 1 for g in set(groups))
    noise = np.random.default_rng(0).random((len(texts), 3)) < 0.5
    lost = TopicClassifier().fit(texts, noise)
    seen = ((lost.decision_function(texts) > 0) == noise).mean()
    assert seen > ((lost.oof_margins_ > 0) == noise).mean() + 0.2


def test_same_seed_same_model(data):
    """Fitting is a function of the data and the seed, whatever the number of threads."""
    one = TopicClassifier(threads=1).fit(*data)
    two = TopicClassifier(threads=2).fit(*data)
    np.testing.assert_array_equal(one.decision_function(data[0]), two.decision_function(data[0]))
    np.testing.assert_array_equal(one.linear_.cuts, two.linear_.cuts)


def test_parameters_round_trip():
    """A clone and get_params keep every parameter."""
    model = TopicClassifier(fast=True, C=0.5, folds=3, labels=["a", "b"], random_state=7)
    assert clone(model).get_params() == model.get_params()
    assert TopicClassifier().set_params(C=2.0).C == 2.0
    assert "C=0.5" in repr(model)


def test_not_fitted():
    """Asking an unfitted model is scikit-learn's own error."""
    with pytest.raises(NotFittedError):
        TopicClassifier().predict(["a"])


def test_in_a_pipeline_and_a_grid(data):
    """It works inside Pipeline and GridSearchCV."""
    texts, sets = data
    Y = matrix(sets).astype(int)
    pipe = Pipeline([("lower", FunctionTransformer(lambda ts: [t.lower() for t in ts])), ("tag", TopicClassifier())])
    assert pipe.fit(texts, Y).predict(texts[:3]).shape == (3, 3)
    grid = GridSearchCV(TopicClassifier(fast=True), {"C": [0.1, 1.0]}, cv=2).fit(texts, Y)
    assert grid.best_score_ > 0.8


def test_forms_of_y_agree(data):
    """Names, booleans, numbers, lists and sparse matrices give the same model."""
    import scipy.sparse as sp

    texts, sets = data
    Y = matrix(sets)
    plain = TopicClassifier(fast=True, label_words=False)  # not all forms know the names
    first = plain.fit(texts, sets).decision_function(texts)
    for form in (Y, Y.astype(float), Y.astype(int).tolist(), sp.csr_matrix(Y.astype(int)), [set(s) for s in sets]):
        np.testing.assert_array_equal(plain.fit(texts, form).decision_function(texts), first)


@pytest.mark.parametrize(
    ("texts", "Y", "options", "message"),
    [
        ("one text", [["a"]], {}, "list of texts"),
        (["a"], [["a"], ["b"]], {}, "1 texts, but 2 sets"),
        (["a"], ["sport"], {}, "lists of names"),
        (["a"], [["sporr"]], {"labels": ["sport"]}, "Did you mean 'sport'"),
        (["a"], [[0.5, 0.2]], {}, "other numbers"),
        ([1], [["a"]], {}, "text 0 is int"),
        ([], [], {}, "no label"),
        ([], [], {"labels": ["a"]}, "no texts"),
        (["a"], [["a"]], {"labels": ["a"], "terms": TABLE}, "other labels"),
        (["a"], [["a"]], {"classifier": "forest"}, "unknown classifier"),
    ],
)
def test_errors_teach(texts, Y, options, message):
    """What is wrong with the input is told in one line."""
    with pytest.raises(TaggerError, match=message):
        TopicClassifier(**options).fit(texts, Y)


def test_unknown_text_has_no_tag(fitted):
    """A text with no known word and no term gets no tag, and no text no row."""
    assert fitted.predict(["", "   ", "ЖЖЖЖ ЩЩЩЩ"]).sum() == 0
    assert fitted.predict([]).shape == (0, 3)
    assert fitted.predict_proba([]).shape == (0, 3)


@pytest.mark.parametrize("texts", [["one"], ["one", "one"], ["", ""], ["a b c", "d e f", "g h i"]])
@pytest.mark.parametrize("terms", [None, TABLE])
def test_tiny_sets(texts, terms):
    """One text, twins, empty texts: a model comes out."""
    sets = [["money"], [], ["arts"]][: len(texts)]
    model = TopicClassifier(labels=NAMES, terms=terms).fit(texts, sets)
    assert np.isfinite(model.decision_function([*texts, "loan"])).all()
    assert np.isfinite(model.predict_proba([*texts, "loan"])).all()


def test_one_label_all_positive_none_positive(data):
    """One label works; a label that all bear is given to all, one that none bears to none."""
    texts, sets = data
    Y = matrix(sets)
    assert TopicClassifier().fit(texts, Y[:, :1]).predict(texts).mean() > 0.1
    edge = np.column_stack([np.ones(len(Y), bool), np.zeros(len(Y), bool), Y[:, 0]])
    found = TopicClassifier().fit(texts, edge).predict(sample(40, seed=3)[0])
    assert found[:, 0].all()
    assert not found[:, 1].any()


def test_terms_alone_tag():
    """Without any labelled text the terms are the model."""
    model = TopicClassifier(terms=TABLE).fit([], [])
    assert model.predict_labels(["A loan for the port", "music", "nothing here"]) == [("money", "works"), ("arts",), ()]
    scores = model.predict_proba(["a loan", "a minister"])
    assert scores[0, NAMES.index("money")] > 0.5 > scores[1].max()


def test_first_labels_do_not_hurt_the_terms():
    """A few labelled texts leave a tagger at least about as good as its terms alone."""
    texts, sets = sample(300, seed=5)
    alone = TopicClassifier(terms=TABLE).fit([], []).score(texts, sets)
    for n in (2, 6, 12, 25):
        few = TopicClassifier(terms=TABLE).fit(*sample(n, seed=n))
        assert few.score(texts, sets) >= alone - 0.06, n


def table_of(*words):
    """One term a label, in the order of NAMES."""
    return TermTable(
        tuple(NAMES), tuple(Term(w, "en", (j,)) for j, w in enumerate(words)), dict(zip(words, range(3), strict=True))
    )


def test_terms_that_never_hit_do_not_keep_quiet_what_was_learned():
    """With terms that stand in no text, a few labelled texts tag about as well as without terms."""
    texts, sets = sample(300, seed=5)
    for n in (12, 30, 60):
        plain = TopicClassifier(labels=NAMES).fit(*sample(n, seed=n)).score(texts, sets)
        useless = TopicClassifier(terms=table_of("xylem", "phloem", "stoma")).fit(*sample(n, seed=n))
        assert useless.score(texts, sets) > plain - 0.05, n


def test_neither_margins_nor_hits_speak_against_their_label():
    """Where either misleads, it counts nothing: with few texts that is chance."""
    rng = np.random.default_rng(0)
    Y = rng.random((60, 3)) < 0.4
    misleading, folds = -2.0 * Y + rng.normal(0, 0.1, Y.shape), np.arange(60) % 5
    noise = rng.normal(0, 1, Y.shape)
    armed = np.ones(3, bool)
    wrong_terms, _ = prior.learn(noise, np.maximum(2 + misleading, 0), Y, armed, folds)
    assert (wrong_terms.hits <= 0.1).all()
    wrong_margins, _ = prior.learn(misleading, np.zeros(Y.shape), Y, armed, folds)
    assert (wrong_margins.learned >= 0).all()
    doubtful = np.log1p(Y ^ (rng.random(Y.shape) < 0.2))
    right, margins = prior.learn(2.0 * Y + noise, doubtful, Y, armed, folds)
    assert (right.learned > 0.5).all()
    assert (right.hits > 0.3).all()
    assert margins[Y].mean() > margins[~Y].mean() + 2


def test_few_terms_and_few_texts_are_better_together():
    """One term a label, and few texts: the mixture is better than either alone."""
    texts, sets = sample(400, seed=5)
    table = table_of("music", "loan", "port")
    alone = TopicClassifier(terms=table).fit([], []).score(texts, sets)
    draws = [sample(16, seed=seed) for seed in range(6)]
    plain = np.mean([TopicClassifier(labels=NAMES).fit(*draw).score(texts, sets) for draw in draws])
    both = np.mean([TopicClassifier(terms=table).fit(*draw).score(texts, sets) for draw in draws])
    assert both > max(alone, plain) + 0.01


def test_names_of_labels_help_where_texts_are_few():
    """With five texts a label, a name that stands in texts is worth something; False leaves it unread."""
    texts, sets = sample(400, seed=5)
    names = {"money": "loan", "works": "port", "arts": "music"}
    read, unread = [], []
    for seed in range(8):
        few, found = sample(16, seed=seed)
        told, labels = [[names[n] for n in s] for s in found], [names[n] for n in NAMES]
        wanted = [[names[n] for n in s] for s in sets]
        read.append(TopicClassifier(labels=labels).fit(few, told).score(texts, wanted))
        model = TopicClassifier(labels=labels, label_words=False).fit(few, told)
        assert model.linear_.concepts is None
        unread.append(model.score(texts, wanted))
    assert np.mean(read) > np.mean(unread) + 0.01


def test_a_name_alone_makes_no_tag(data):
    """A label that no text bears is not tagged by its name: no author has said that it should be."""
    texts, sets = data
    model = TopicClassifier(labels=[*NAMES, "minister"]).fit(texts, sets)
    assert "minister" in model.linear_.concepts.table.surfaces
    assert not model.predict(["A minister said."])[0, NAMES.index("works") + 1]


def test_a_label_without_positives_lives_on_its_terms(data):
    """A label that no text bears is tagged by its terms, where it has some."""
    texts, sets = data
    without = [[name for name in names if name != "arts"] for names in sets]
    model = TopicClassifier(terms=TABLE).fit(texts, without)
    assert "arts" in model.predict_labels(["music"])[0]


def test_fast_has_one_view(data):
    """The fast tier is one view and one learner."""
    model = TopicClassifier(fast=True).fit(*data)
    assert len(model.linear_.ngrams) == 1
    assert len(model.report_["learners"]) == 1


@pytest.mark.parametrize("name", ["linear-svc", "logistic-regression", "dummy"])
def test_other_classifiers(data, name):
    """Every classifier of the table makes a model."""
    model = TopicClassifier(classifier=name).fit(*data)
    assert np.isfinite(model.decision_function(data[0])).all()
    if name != "dummy":
        assert model.score(*sample(50, seed=9)) > 0.8
