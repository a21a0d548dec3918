"""The article from its paragraphs: a rule learned once, applied in plain Python."""

import numpy as np

from tagger import rollup


def test_any_paragraph_serves_without_article_labels():
    """Without a learned rule an article bears its paragraphs' tags, with their highest scores."""
    assert rollup.apply({}, [[0.2, 0.9], [0.4, 0.1]], [[False, True], [False, False]]) == ([0.4, 0.9], [False, True])


def test_rollup_is_learned_from_article_labels():
    """A rule that asks for more than one weak paragraph is found, beats "any", and is plain JSON."""
    import json

    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(200), 5)
    Y = rng.random((200, 2)) < 0.4
    scores = np.clip(rng.beta(1, 4, (1000, 2)) + 0.45 * Y[groups] * rng.random((1000, 2)), 0.01, 0.99)
    flags = scores >= 0.4
    rule = json.loads(json.dumps(rollup.fit_rollup(scores, flags, groups, Y, range(200))))
    assert rule["kind"] == "ordered"
    given = np.array([rollup.apply(rule, scores[groups == a], flags[groups == a])[1] for a in range(200)])
    some = np.array([flags[groups == a].any(axis=0) for a in range(200)])
    assert (given == Y).mean() > (some == Y).mean()


def test_rollup_of_one_paragraph_and_of_few_articles():
    """One paragraph is enough to apply a rule; a handful of articles are too few to learn one."""
    rule = {"kind": "ordered", "top": [1.0], "second": [0.3], "offset": [0.0], "cuts": [0.5]}
    assert rollup.apply(rule, [[0.9]], [[True]])[1] == [True]
    assert (
        rollup.fit_rollup(np.ones((2, 1)), np.ones((2, 1), bool), [0, 1], np.ones((2, 1), bool), [0, 1]) == rollup.ANY
    )
