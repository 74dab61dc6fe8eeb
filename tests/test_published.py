"""Numbers that others published, from the library and from the brute-force oracle.

Where a number is an exact fraction it must be met to 1e-12, elsewhere to the digits given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

import rivals
from oracle.brute import weigh

PUBLISHED = Path(__file__).parent / "published"


@dataclass(frozen=True)
class Figure:
    """P(variable = state) in a published case, after what is given and known by a date."""

    case: str
    asked: str
    value: float
    given: dict[str, str] = field(default_factory=dict)
    as_of: str | None = None
    within: float = 1e-6

    def __str__(self) -> str:
        known = ",".join(f"{v}={s}" for v, s in self.given.items())
        return " ".join(filter(None, [self.case, self.asked, known, self.as_of]))


ASIA_1 = {"asia": "yes", "smoker": "yes", "xray": "no", "dyspnoea": "yes"}
ASIA_2 = {"asia": "no", "smoker": "yes", "xray": "yes", "dyspnoea": "no"}
LATE, WET = "1999-12-31", "1988-01-01"
EXACT = 1e-12


def odds(prior: float, *weights: float) -> float:
    """The probability when weights multiply the prior odds."""
    found = prior / (1 - prior)
    for weight in weights:
        found *= weight
    return found / (1 + found)


def weight(r: float, a: float) -> float:
    """Bovens and Hartmann's weight of one positive report."""
    return (r + (1 - r) * a) / ((1 - r) * a)


WITNESS = "witness-of-unknown-reliability"
ANN, BEN, CLEO = weight(0.5, 0.4), weight(0.3, 0.4), weight(0.8, 0.4)
FIGURES = [
    Figure("taxi", "cab=blue", 12 / 29, within=EXACT),
    Figure("taxi", "cab=blue", 0.15, as_of="1971-12-31", within=EXACT),
    Figure("asia", "bronchitis=yes", 0.921596, ASIA_1),
    Figure("asia", "tuberculosis=yes", 0.0019306, ASIA_1, within=1e-7),
    Figure("asia", "cancer=yes", 0.0038611, ASIA_1, within=1e-7),
    Figure("asia", "either=yes", 0.0055986, ASIA_1, within=4e-7),
    Figure("asia", "bronchitis=yes", 0.289454, ASIA_2),
    Figure("asia", "tuberculosis=yes", 0.0434359, ASIA_2, within=1e-7),
    Figure("asia", "cancer=yes", 0.4343587, ASIA_2, within=1e-7),
    Figure("asia", "either=yes", 0.473451, ASIA_2),
    Figure("dna-and-witness", "guilty=yes", 0.94645754, within=1e-8),
    Figure("dna-and-witness", "guilty=yes", 70 / 73.96, within=EXACT),
    Figure(
        "dna-and-witness", "guilty=yes", 0.8347245, {"seen": "no"}, as_of="2000-01-01", within=1e-7
    ),
    Figure("dna-and-witness", "guilty=yes", 0, {"match": "no"}, as_of=LATE, within=EXACT),
    Figure("leaky-noisy-or", "effect=yes", 0.1, {"first": "no", "second": "no"}, within=EXACT),
    Figure("leaky-noisy-or", "effect=yes", 0.64, {"first": "no", "second": "yes"}, within=EXACT),
    Figure("leaky-noisy-or", "effect=yes", 0.82, {"first": "yes", "second": "no"}, within=EXACT),
    Figure("leaky-noisy-or", "effect=yes", 0.928, {"first": "yes", "second": "yes"}, within=EXACT),
    Figure("delay", "delay=yes", 0.6672, as_of="2019-12-31", within=EXACT),
    Figure("delay", "rain=yes", 0.892086, as_of="2020-01-01"),
    Figure("delay", "traffic=yes", 0.568345, as_of="2020-01-01"),
    Figure("delay", "traffic=yes", 0.516129),
    Figure("delay", "traffic=yes", 16 / 31, within=EXACT),
    Figure("wet-grass", "sprinkler=on", 0.338235, as_of=WET),
    Figure("wet-grass", "sprinkler=on", 23 / 68, as_of=WET, within=EXACT),
    Figure("wet-grass", "rain=yes", 0.735294, as_of=WET),
    Figure("wet-grass", "sprinkler=on", 0.160448),
    Figure("wet-grass", "rain=yes", 0.932836),
    Figure(WITNESS, "fact=yes", 0.1, as_of="2002-12-31", within=EXACT),
    Figure(WITNESS, "fact=yes", odds(0.1, ANN), as_of="2003-01-01", within=EXACT),
    Figure(WITNESS, "fact=yes", odds(0.1, ANN), as_of="2003-01-02", within=EXACT),
    Figure(WITNESS, "fact=yes", odds(0.1, ANN, BEN), as_of="2003-01-03", within=EXACT),
    Figure(WITNESS, "fact=yes", odds(0.1, ANN, BEN, CLEO), within=EXACT),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_the_library_gives_the_published_figure(figure: Figure) -> None:
    case = rivals.read(PUBLISHED / figure.case)
    if figure.as_of:
        case = case.as_of(figure.as_of)
    found = case.given(**figure.given).variables()["posterior"]

    assert found[tuple(figure.asked.split("="))] == pytest.approx(
        figure.value, rel=0, abs=figure.within
    )


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_the_oracle_gives_the_published_figure(figure: Figure) -> None:
    answer = weigh(PUBLISHED / figure.case, as_of=figure.as_of, given=figure.given)

    variable, state = figure.asked.split("=")
    assert answer.posteriors[variable][state] == pytest.approx(
        figure.value, rel=0, abs=figure.within
    )


def test_one_witness_who_says_it_twice_adds_exactly_nothing() -> None:
    trail = rivals.read(PUBLISHED / WITNESS).trail(draws=0)

    assert trail.loc["ann-again", ("report", "surprise")] == pytest.approx(0, abs=1e-12)
    assert trail.loc["ann-again", ("posterior", "so")] == pytest.approx(
        trail.loc["ann-yes", ("posterior", "so")], rel=0, abs=1e-12
    )


def test_each_further_witness_multiplies_the_odds_by_a_weight_of_its_own() -> None:
    after = rivals.read(PUBLISHED / WITNESS).trail(draws=0)["posterior"]["so"]
    so = after / (1 - after)

    assert so["ben-yes"] / so["ann-yes"] == pytest.approx(BEN, rel=1e-9)
    assert so["cleo-yes"] / so["ben-yes"] == pytest.approx(CLEO, rel=1e-9)


def test_rain_explains_the_traffic_away() -> None:
    trail = rivals.read(PUBLISHED / "delay").trail(draws=0)

    traffic = trail["posterior"]["traffic"]
    assert traffic["late"] > 0.4
    assert traffic["rained"] < traffic["late"]
