"""TopicClassifier: texts and label sets -> one linear model, with cuts and scores, as scikit-learn has it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from tagger import calibration, ensemble, features, folds, prior, stacking, terms
from tagger.errors import TaggerError
from tagger.indicators import indicators
from tagger.linear import Calibration, ConceptBlock, LinearModel, NgramBlock
from tagger.normalise import analysed
from tagger.taxonomy import Taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tagger.ensemble import Trained
    from tagger.terms import TermTable

#: Texts from which -> texts that an n-gram of words, and of characters, has to stand in. The rarest n-grams are most
#: of a vocabulary and cannot help another text; in a small set, rare words are most of what there is.
_LEAST = ((4000, 3, 5), (400, 2, 3), (0, 1, 2))
#: Texts of a label from which the words of its name add nothing (five sets of labels).
_NAMES_HELP_BELOW = 50
#: How much the cut of a label with terms leans on scores; fully, Reuters' ten topics and six emotions lose.
_LEAN_WITH_TERMS = 0.5
#: Positives, of all labels, at which the cuts they lead to count as much as even odds, where there are terms.
_EVEN_ODDS = 1.0


class TopicClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Multi-label text classifier: an ensemble of linear machines that is one matrix.

    Args:
        terms: seed terms (`tagger.terms.expand`); their hits become concept columns, and a prior for labels
            with few examples. Its labels have to be those of Y.
        label_words: where there are no ``terms``, let the words of the names of labels that few texts bear count as
            such, as far as the texts bear them out.
        fast: one view and one learner.
        classifier: a row of `tagger.classifiers.CLASSIFIERS`.
        C: inverse strength of regularisation; None: chosen out of fold.
        min_df: leave out n-grams of fewer texts; None: 3 (words) and 5 (characters) of 4,000 texts or more,
            2 and 3 of 400 or more, 1 and 2 of fewer.
        max_features: n-grams of a view to keep, the most frequent; None: all.
        concept_weight: length of a concept column's unit beside an n-gram block's vector, which has length 1.
        folds: of the out-of-fold margins.
        labels: names of the columns where Y is a matrix; their order where Y is lists of names.
        random_state: seed of folds and solver.
        threads: None: as many as there are cores.

    Attributes:
        classes_: (L,), the labels.
        linear_: the fitted `LinearModel`; its margins are those of :meth:`decision_function`.
        mixture_: what the learned margins and the terms count (`tagger.prior.Mixture`).
        oof_margins_: (n, L), the margin of each training text from a model that has not seen it.
        folds_: (n,), the fold of each training text.
        report_: what was chosen, and the out-of-fold micro-F1 and macro-F1 of tags and cuts.

    Texts with no known word and no term get no tag. A label without a positive text is tagged by its terms,
    or never when it has none. Y may hold any mixture: all texts positive, one
    label only; no label at all where ``labels`` or ``terms`` name them.

    """

    def __init__(
        self,
        *,
        terms: TermTable | None = None,
        label_words: bool = True,
        fast: bool = False,
        classifier: str = "coordinate",
        C: float | None = None,
        min_df: int | None = None,
        max_features: int | None = None,
        concept_weight: float = 0.12,
        folds: int = 5,
        labels: Sequence[str] | None = None,
        random_state: int = 0,
        threads: int | None = None,
    ) -> None:
        self.terms = terms
        self.label_words = label_words
        self.fast = fast
        self.classifier = classifier
        self.C = C
        self.min_df = min_df
        self.max_features = max_features
        self.concept_weight = concept_weight
        self.folds = folds
        self.labels = labels
        self.random_state = random_state
        self.threads = threads

    def fit(self, texts: Iterable[str], Y: Any, *, groups: Sequence[Any] | None = None) -> TopicClassifier:
        """Learn from texts and their labels.

        Args:
            texts: n texts.
            Y: (n, L) indicators (dense or sparse), or n collections of label names.
            groups: n values; texts of one group (an article's paragraphs) are never on both sides of a fold.

        Raises:
            TaggerError: lengths differ, a name is not among ``labels``, or there is nothing to learn from.

        """
        texts = _texts(texts)
        indicators, names = self._indicators(Y)
        if len(indicators) != len(texts):
            raise TaggerError(f"{len(texts)} texts, but {len(indicators)} sets of labels.")
        if groups is not None and len(groups) != len(texts):
            raise TaggerError(f"{len(texts)} texts, but {len(groups)} groups.")
        if self.terms is not None and tuple(self.terms.labels) != tuple(str(n) for n in names):
            raise TaggerError(
                "the term table has other labels than the training data.", hint="Give labels=terms.labels."
            )
        if len(names) == 0:
            raise TaggerError("there is no label to learn.")
        self.classes_ = names
        if not len(texts) and self.terms is None:
            raise TaggerError("no texts to learn from, and no terms.", hint="Give labelled texts or seed terms.")
        self.seen_groups_ = None if groups is None else len(set(map(str, groups)))
        self._learn([analysed(t) for t in texts], indicators, groups)
        return self

    def decision_function(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return the margins, (n, L); a text bears a label whose margin reaches `linear_.cuts`."""
        check_is_fitted(self, "linear_")
        return self._margins([analysed(t) for t in _texts(texts)])[0]

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return the calibrated scores, (n, L): each is the probability of its own label."""
        return calibration.scores(self.linear_.calibration, self.decision_function(texts))

    def predict(self, texts: Iterable[str]) -> NDArray[np.int64]:
        """Return the tags, (n, L) of 0 and 1. Labels at or above their cut; none where nothing is known."""
        check_is_fitted(self, "linear_")
        margins, known = self._margins([analysed(t) for t in _texts(texts)])
        return ((margins >= self.linear_.cuts) & known[:, None]).astype(np.int64)

    def predict_labels(self, texts: Iterable[str]) -> list[tuple[Any, ...]]:
        """Return the names of each text's tags."""
        return [tuple(self.classes_[np.flatnonzero(row)].tolist()) for row in self.predict(texts)]

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn that X is texts and Y may have many columns."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.classifier_tags.multi_label = True
        tags.target_tags.multi_output = True
        return tags

    def score(self, X: Iterable[str], y: Any, sample_weight: Any = None) -> float:
        """Return micro-F1 (scikit-learn's default for label sets, exact match, says little)."""
        del sample_weight
        return calibration.f1(indicators(y, self.classes_)[0], self.predict(X).astype(bool))[0]

    def _learn(self, texts: list[str], Y: NDArray[np.bool_], groups: Sequence[Any] | None) -> None:
        L = Y.shape[1]
        self.table_ = self._table(Y)
        found = features.term_hits(self.table_, texts) if self.table_ is not None else None
        concepts, armed = self._concepts(found, Y)
        if not len(texts) or not Y.any():
            self._from_prior(len(texts), L, concepts, armed)
            return
        units = folds.tied(texts, groups)
        k = max(2, min(self.folds, len(np.unique(units))))
        self.folds_ = folds.assign(Y, k, units=units, random_state=self.random_state)
        if self.table_ is not None:
            concepts = self._trusted(found, Y, self.table_)
        words, characters = next(least for enough, *least in _LEAST if len(texts) >= enough)
        vocabularies, matrices = [], []
        for view in (features.WORDS,) if self.fast else (features.WORDS, features.CHARACTERS):
            least = words if view is features.WORDS else characters
            vocabulary, X = features.learn(texts, view, min_df=self.min_df or least, max_features=self.max_features)
            vocabularies.append(vocabulary)
            if concepts is not None:
                X = sp.hstack([X, sp.csr_matrix(concepts * self.concept_weight)], format="csr", dtype=np.float32)
            matrices.append(X)
        trainer = ensemble.Trainer(
            matrices,
            Y,
            self.folds_,
            concepts=0 if concepts is None else L,
            name=self.classifier,
            threads=self.threads or os.cpu_count() or 1,
            random_state=self.random_state,
        )
        members = ensemble.train(trainer, self.C)
        margins = ensemble.mean(members)
        stacked = stacking.learn(margins, Y, self.folds_)
        if stacked is not None:
            stack, margins = stacked
            stack.turn(members)
        self.mixture_ = prior.learned_only(L)
        if self.table_ is not None and concepts is not None and armed.any():
            chosen = armed & ~self._named(self.table_)
            self.mixture_, margins = prior.learn(margins, concepts, Y, armed, self.folds_)
            self.mixture_ = self.mixture_._replace(steady=chosen)
        self.oof_margins_ = margins
        self.linear_ = decided(self._assembled(members, vocabularies), margins, Y, self.mixture_)
        given = margins >= self.linear_.cuts
        micro, macro = calibration.f1(Y, given)
        self.report_ = {
            "texts": len(texts),
            "positives": Y.sum(axis=0).tolist(),
            "learners": [{"view": m.learner.view, "power": m.learner.power, "C": m.C} for m in members],
            "stacked": stacked is not None,
            "features": [len(v.features) for v in vocabularies],
            "micro_f1": micro,
            "macro_f1": macro,
        }

    def _table(self, Y: NDArray[np.bool_]) -> TermTable | None:
        """Return the terms, or the words of the names of labels that few texts bear; None where there is neither."""
        if self.terms is not None or not self.label_words:
            return self.terms
        taxonomy = Taxonomy.of([str(name) for name in self.classes_])
        table = with_names_of_few(terms.expand(taxonomy), taxonomy, Y)
        return table if table.terms else None

    def _named(self, table: TermTable) -> NDArray[np.bool_]:
        """Return which labels have no terms but the words of their names, (L,)."""
        return np.isin(np.arange(len(self.classes_)), list(table.named))

    def _concepts(self, found: Any, Y: NDArray[np.bool_]) -> tuple[NDArray[np.float32] | None, NDArray[np.bool_]]:
        """Return the concept columns of the training texts, and which labels have terms."""
        armed = np.zeros(Y.shape[1], bool)
        if self.table_ is None:
            return None, armed
        for term in self.table_.terms:
            armed[list(term.labels)] = True
        armed &= Y.any(axis=0) | ~self._named(self.table_)  # no author said that a name alone makes a tag
        self.trust_ = np.ones(len(self.table_.terms), np.float32)
        return features.concepts(found, self.table_, self.trust_), armed

    def _trusted(self, found: Any, Y: NDArray[np.bool_], table: TermTable) -> NDArray[np.float32]:
        """Learn how far each term is trusted, and return the concept columns with those of the other folds.

        A text's own label must not speak for the terms it holds, or rare terms would look sure.
        """
        columns = np.zeros((found.shape[0], Y.shape[1]), np.float32)
        for fold in np.unique(self.folds_):
            held = self.folds_ == fold
            trust = features.trust(found, table, Y, ~held)
            columns[held] = features.concepts(found[held], table, trust)
        self.trust_ = features.trust(found, table, Y, np.ones(len(Y), bool))
        return columns

    def _from_prior(self, n: int, L: int, concepts: NDArray[np.float32] | None, armed: NDArray[np.bool_]) -> None:
        """Make the model of the terms alone: no labelled text, or none with a label."""
        self.mixture_ = prior.alone(armed)
        self.folds_ = np.zeros(n, np.int64)
        self.oof_margins_ = self.mixture_.margins(0.0, np.zeros((n, L), np.float32) if concepts is None else concepts)
        self.linear_ = self._assembled([], [])
        self.report_ = {"texts": n, "positives": [0] * L, "learners": [], "features": [], "prior_only": True}

    def _assembled(self, members: list[Trained], vocabularies: list[features.Vocabulary]) -> LinearModel:
        """Add the learners and the terms up: one matrix a block, one intercept; cuts and scores are the terms' own."""
        L, mixture = len(self.classes_), self.mixture_
        blocks = [np.zeros((len(v.features), L), np.float32) for v in vocabularies]
        concept = np.zeros((L, L), np.float32)
        intercept = np.zeros(L)
        for member in members:
            block = blocks[member.learner.view]
            rows = len(block)
            block += member.full.weights[:rows]
            concept += member.full.weights[rows:] * self.concept_weight if len(member.full.weights) > rows else 0
            intercept += member.full.intercept
        share = (mixture.learned / max(len(members), 1)).astype(np.float32)
        used = {member.learner.view for member in members}
        self._vocabularies = [v for i, v in enumerate(vocabularies) if i in used]
        concepts = None
        if self.table_ is not None:
            weights = concept * share + np.diag(mixture.hits).astype(np.float32)
            concepts = ConceptBlock(self.table_, self.trust_, weights)
        slope, offset = prior.SIGMOID
        return LinearModel(
            labels=tuple(str(name) for name in self.classes_),
            ngrams=tuple(
                NgramBlock(v.view.kind, v.view.ngram_range, v.features, v.idf, block * share)
                for i, (v, block) in enumerate(zip(vocabularies, blocks, strict=True))
                if i in used
            ),
            concepts=concepts,
            intercept=mixture.learned * intercept / max(len(members), 1) + mixture.offset,
            cuts=mixture.cut,
            calibration=Calibration(np.full(L, slope), np.full(L, offset), (None,) * L),
        )

    def _margins(self, texts: list[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return the margins (n, L) of analysed texts, and which texts have anything the model knows (n,)."""
        model = self.linear_
        margins = np.tile(model.intercept, (len(texts), 1))
        known = np.zeros(len(texts), bool)
        for vocabulary, block in zip(self._vocabularies, model.ngrams, strict=True):
            X = vocabulary.transform(texts)
            margins += X.astype(np.float64) @ block.weights
            known |= np.diff(X.indptr) > 0
        if model.concepts is not None:
            found = features.term_hits(model.concepts.table, texts)
            margins += features.concepts(found, model.concepts.table, model.concepts.trust) @ model.concepts.weights
            known |= np.diff(found.indptr) > 0
        return margins, known

    def _indicators(self, Y: Any) -> tuple[NDArray[np.bool_], NDArray[Any]]:
        """Return Y as booleans (n, L) and the names of the columns."""
        names = self.terms.labels if self.labels is None and self.terms is not None else self.labels
        return indicators(Y, names)


def with_names_of_few(table: TermTable, taxonomy: Taxonomy, Y: NDArray[np.bool_]) -> TermTable:
    """Return the table with the words of the names of labels that have no terms and few texts.

    Args:
        table: the taxonomy's terms.
        taxonomy: whose labels are the columns of Y.
        Y: (n, L); where no text bears a label, there is nothing to tell what the words are worth, and none are taken.

    """
    few = np.flatnonzero(Y.any() & (Y.sum(axis=0) < _NAMES_HELP_BELOW))
    return terms.with_names(table, taxonomy, few.tolist())


def decided(
    model: LinearModel, margins: NDArray[np.floating[Any]], Y: NDArray[np.bool_], mixture: prior.Mixture
) -> LinearModel:
    """Return the model with cuts and scores learned from margins out of fold.

    Args:
        model: whose weights and intercept stay, and the scores of a label that has terms, but no text.
        margins: (n, L), such as :attr:`TopicClassifier.oof_margins_` with the context added.
        Y: (n, L).
        mixture: :attr:`TopicClassifier.mixture_`.

    """
    positives, steady = Y.sum(), mixture.steady
    cuts = calibration.learn_cuts(margins, Y, lean=np.where(steady, _LEAN_WITH_TERMS, 1.0))
    steadied = (positives * cuts + _EVEN_ODDS * mixture.cut) / (positives + _EVEN_ODDS)
    kept = steady & ~Y.any(axis=0)
    curves, before = calibration.learn_scores(margins, Y), model.calibration
    curves = Calibration(
        np.where(kept, before.slope, curves.slope), np.where(kept, before.offset, curves.offset), curves.knots
    )
    return replace(model, cuts=np.where(kept, mixture.cut, np.where(steady, steadied, cuts)), calibration=curves)


def _texts(texts: Iterable[str]) -> list[str]:
    if isinstance(texts, str):
        raise TaggerError("expected a list of texts, not one text.", hint="Put it in a list: [text].")
    found = [str(t) if isinstance(t, np.str_) else t for t in texts]
    for i, text in enumerate(found):
        if not isinstance(text, str):
            raise TaggerError(f"text {i} is {type(text).__name__}, not str.")
    return found
