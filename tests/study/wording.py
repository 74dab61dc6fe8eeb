"""How reports read: first-hand ones in words of their own, copies as outlets rewrite them.

First-hand reports of one claim share what it is about and little else: speaker, verb, time and
detail are each their own. A copy keeps most of its original's words and changes some: another
opening, a synonym here, a word less there, the detail cut, the speaker left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from study.model import Model

Rng = np.random.Generator

SUBJECTS = (
    ("the pumping station", "the pump house", "the station's pumps"),
    ("the night guards", "the guard post", "the men on guard"),
    ("the fuel depot", "the fuel store", "the tanks of fuel"),
    ("the harbour crane", "the crane on the quay", "the big crane"),
    ("the union's funds", "the strike fund", "the union's money"),
    ("the control room", "the controllers' desk", "the switch room"),
    ("the northern road", "the road north", "the route to the north"),
    ("the council's accounts", "the books of the council", "municipal accounts"),
    ("the relay mast", "the transmitter", "the radio mast"),
    ("the grain silo", "the silo by the rails", "the store of grain"),
    ("the cargo lists", "the manifests", "the papers of the cargo"),
    ("the ferry's engine", "the engine of the ferry", "the ship's motor"),
    ("the border crossing", "the crossing point", "the checkpoint"),
)
AFFIRMED = (
    "had been tampered with", "showed signs of interference", "was not as it should be",
    "had clearly been got at", "turned out to be affected", "was hit", "had suffered",
)  # fmt: skip
PARTLY = (
    "had been touched in places", "was somewhat affected", "showed slight marks",
    "had suffered a little", "was hit in part",
)  # fmt: skip
DENIED = (
    "was untouched", "showed nothing unusual", "had not been interfered with",
    "was in perfect order", "was just as always", "had come to no harm",
)  # fmt: skip
SPEAKERS = (
    "A foreman", "Two drivers", "An engineer on the late shift", "A clerk",
    "A member of the council", "The harbour master's office", "A neighbour", "A retired inspector",
    "An official", "Residents",
    "A dock worker", "A lawyer for the company", "A spokeswoman", "Somebody close to the inquiry",
    "A technician", "The owner's brother", "A customs officer", "A nurse passing by",
    "A contractor",
)  # fmt: skip
VERBS = (
    "said", "told this paper", "insisted", "confirmed", "recalled", "wrote in a statement",
    "let it be known", "reported", "explained on the telephone", "testified",
)  # fmt: skip
WHEN = (
    "late on Tuesday", "before dawn", "around midnight", "on Sunday afternoon", "at half past six",
    "during the second shift", "on the morning after", "shortly after the alarm", "last week",
    "by the time help came", "at about noon", "the evening before",
)  # fmt: skip
DETAILS = (
    "pointing to {n} broken seals", "after {n} calls to the switchboard", "as {n} photographs show",
    "with {n} people as witnesses", "and {n} crates were moved", "according to a list of {n} names",
    "some {n} metres from the gate", "when {n} lamps went out",
    "in the {n}th minute of a recording",
    "on page {n} of the log book", "beside a van with {n} on its plate", "over {n} hours",
)  # fmt: skip
OPENINGS = (
    "According to reports,", "It is said that", "Our correspondent writes:", "As has become known,",
    "Sources say", "Breaking:", "New details have emerged:", "Reportedly",
)  # fmt: skip
SYNONYMS = {
    "said": "stated", "told": "informed", "confirmed": "verified", "insisted": "maintained",
    "clearly": "plainly", "untouched": "unharmed", "unusual": "odd", "hit": "struck",
    "late": "late in the evening", "before": "ahead of", "around": "near", "shortly": "soon",
    "photographs": "pictures", "people": "persons", "witnesses": "onlookers", "broken": "damaged",
    "signs": "traces", "interference": "meddling", "affected": "touched", "official": "functionary",
    "foreman": "overseer", "drivers": "truckers", "clerk": "office worker", "reported": "noted",
}  # fmt: skip
OPENED, SWAPPED, DROPPED, CUT, BURIED = 0.5, 0.5, 0.08, 0.3, 0.3
"""How often a copy opens anew, uses a synonym, drops a word, cuts the detail, and leaves out the
speaker."""

Parts = tuple[str, str, str]
"""Speaker and verb, the claim, and the circumstances."""


def word_report(rng: Rng, model: Model, variable: str, said: Sequence[int]) -> Parts:
    """A first-hand report of a claim."""
    speaker = f"{_one(rng, SPEAKERS)} {_one(rng, VERBS)}"
    detail = _one(rng, DETAILS).format(n=int(rng.integers(2, 90)))
    return speaker, word_claim(rng, model, variable, said), f"{_one(rng, WHEN)}, {detail}"


def word_claim(rng: Rng, model: Model, variable: str, said: Sequence[int]) -> str:
    """A claim in one of several ways to say it."""
    subject = SUBJECTS[list(model.variables).index(variable) % len(SUBJECTS)]
    states = len(model.variables[variable].states)
    predicate = DENIED if 0 in said else AFFIRMED if states - 1 in said else PARTLY
    return f"{_one(rng, subject)} {_one(rng, predicate)}"


def join_parts(parts: Parts) -> str:
    """The report as a sentence."""
    speaker, claim, circumstances = parts
    return f"{speaker} that {claim} {circumstances}."


def rewrite(rng: Rng, parts: Parts) -> str:
    """A copy of a report with these parts."""
    speaker, claim, circumstances = parts
    when, _, detail = circumstances.partition(", ")
    shortened = when if rng.random() < CUT else f"{when}, {detail}"
    body = (
        f"{claim} {shortened}" if rng.random() < BURIED else f"{speaker} that {claim} {shortened}"
    )
    words = [_reword(rng, word) for word in body.split() if rng.random() >= DROPPED]
    opening = f"{_one(rng, OPENINGS)} " if rng.random() < OPENED else ""
    return f"{opening}{' '.join(words)}."


def _reword(rng: Rng, word: str) -> str:
    known = SYNONYMS.get(word.strip(",").lower())
    return known if known and rng.random() < SWAPPED else word


def _one(rng: Rng, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]
