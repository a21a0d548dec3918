"""A small taxonomy, thirty texts and a model trained from them: what a user's first hour looks like."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

# A busy machine is no failure: no test is about time.
settings.register_profile("tagger", deadline=None)
settings.load_profile("tagger")

LABELS = """\
version: 1
labels:
  - id: gardening
    name: {en: Gardening}
    terms: {en: [garden, tomato, compost, seedling]}
  - id: cycling
    name: {en: Cycling}
    terms: {en: [bicycle, cyclist, pedal]}
  - id: chess
    name: {en: Chess}
    terms: {en: [chess, checkmate, grandmaster]}
"""

SENTENCES = {
    "gardening": (
        "She planted tomatoes along the south wall of the garden before the rain came.",
        "The compost heap steamed in the cold while he sowed beans under glass.",
        "Seedlings need light more than warmth, the old gardener told the class.",
        "A late frost blackened the roses and the first potatoes on the allotment.",
        "They dug the beds over and spread manure between the rows of leeks.",
        "Pruning the apple trees took three Saturdays and a borrowed ladder.",
        "Slugs ate the lettuces again, so the neighbours put out beer in saucers.",
        "The greenhouse was full of cuttings, each pot with its own wooden name.",
    ),
    "cycling": (
        "The cyclist changed a tyre by the roadside and caught the group on the climb.",
        "A new bicycle lane links the station with the university by way of the canal.",
        "He pedalled through the night with two lamps and a thermos of soup.",
        "The mechanic trued the wheel, oiled the chain and adjusted both brakes.",
        "On the descent she tucked in low and let the bike run to the bend.",
        "The peloton split in the crosswind forty kilometres from the line.",
        "Helmets are lent free of charge to children who ride to school.",
        "A saddle too high hurts the knees, the club's trainer warned newcomers.",
    ),
    "chess": (
        "The grandmaster gave up a rook and announced mate in four moves.",
        "She opened with the queen's pawn and castled early on the long side.",
        "A draw was agreed after the knights had left the board.",
        "The chess club meets on Tuesdays in the room above the bakery.",
        "He studied endgames with a bishop against three passed pawns.",
        "Her clock ran down to seconds while the king walked into a net.",
        "The champion defended with black and was never in trouble.",
        "Checkmate came on the back rank, unseen by either player.",
    ),
    "": (
        "The council meets on Thursday to discuss the budget for the coming year.",
        "Rain is expected from the west by evening, with gusts on the coast.",
        "The baker sold out of rye bread before nine in the morning.",
        "A power cut left the upper town in the dark for an hour.",
        "The library will be closed for stocktaking until Monday.",
        "Two ferries were cancelled because of the swell.",
    ),
}


class Tiny(NamedTuple):
    """Paths of the small project."""

    folder: Path
    labels: Path
    data: Path
    model: Path


@pytest.fixture(scope="session")
def tiny(tmp_path_factory) -> Tiny:
    """The small project with its trained model. Read only."""
    from tagger import train

    folder = tmp_path_factory.mktemp("tiny")
    labels, data = folder / "labels.yaml", folder / "texts.jsonl"
    labels.write_text(LABELS, encoding="utf-8")
    rows = [{"text": text, "labels": [label] if label else []} for label, texts in SENTENCES.items() for text in texts]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    train.train(labels, data, folder / "model", train.TrainOptions())
    return Tiny(folder, labels, data, folder / "model")
