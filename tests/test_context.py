"""The rest of the article beside the paragraph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tagger import context

SPECS = [
    {},
    {"weights": [0.2, 0.2]},
    {"pull": 2.0, "floor": -0.1},
    {"pull": 2.0, "floor": -0.1, "most": 0.8},
    {"pull": 1.0, "floor": 0.0, "weights": [0.1, 0.3]},
]


@pytest.mark.parametrize("spec", SPECS)
@given(arrays.arrays(np.float64, st.tuples(st.integers(1, 6), st.just(2)), elements=st.floats(-3, 3)))
def test_one_article_and_many_agree(spec, margins):
    """The plain-Python form that tags is the array form that learns."""
    plain = context.apply(spec, margins.tolist(), [True] * len(margins))
    np.testing.assert_allclose(plain, context.added(spec, margins, [7] * len(margins)), atol=1e-9)


def test_a_lone_paragraph_keeps_its_margins():
    """Without others there is no context."""
    assert context.apply({"pull": 2.0, "floor": 0.0}, [[0.5, -1.0]], [True]) == [[0.5, -1.0]]


def test_who_does_not_count_is_not_heard():
    """A repeated lead hears the others, but does not speak to them."""
    spec = {"weights": [1.0]}
    assert context.apply(spec, [[1.0], [5.0]], [True, False]) == [[1.0], [6.0]]


def test_an_article_of_no_topic_pulls_its_paragraphs_down():
    """One stray word among paragraphs that speak of nothing loses its tag; among topical ones it keeps it."""
    spec = {"pull": 2.0, "floor": -0.1}
    stray = context.apply(spec, [[0.3], [-0.9], [-0.8]], [True] * 3)[0][0]
    at_home = context.apply(spec, [[0.3], [0.9], [0.8]], [True] * 3)[0][0]
    assert stray < 0 < at_home == 0.3


def test_a_paragraph_beyond_doubt_keeps_its_tag():
    """However little the others say, they pull down by ``most`` at most."""
    spec = {"pull": 3.0, "floor": -0.1, "most": 0.8}
    assert context.apply(spec, [[1.5], [-2.0], [-2.0]], [True] * 3)[0][0] == pytest.approx(0.7)


def test_context_that_does_not_pay_is_not_learned():
    """Where the others say nothing about a paragraph, the parameters stay empty."""
    random = np.random.default_rng(0)
    Y = random.random((200, 2)) < 0.3
    margins = np.where(Y, 1.0, -1.0)
    assert context.fit_context(margins, list(range(200)), Y) == {}
    assert context.fit_context(margins, [i // 4 for i in range(200)], Y) == {}


def test_context_that_pays_is_learned():
    """Articles without a topic whose paragraphs look a little topical teach the pull."""
    random = np.random.default_rng(0)
    Y = np.zeros((600, 2), bool)
    Y[:300] = random.random((300, 2)) < 0.6
    margins = np.where(Y, 0.8, -0.8) + random.normal(0, 0.7, Y.shape)
    margins[300:] -= 0.6
    spec = context.fit_context(margins, [i // 6 for i in range(600)], Y)
    assert spec.get("pull", 0) > 0 or any(spec.get("weights", ()))
