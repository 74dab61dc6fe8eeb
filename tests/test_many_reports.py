"""Two thousand reports, from many sources or from few, read from files, against exact fractions.

Design, section 4, for a truth with two states: each source's story is folded by hand, sources are
independent given the truth, so their weights multiply. The evidence is far less likely than the
smallest number that a float can hold.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rivals

REPORTS = 2000
STATES = ("no", "yes")
PRIOR = {"no": Fraction("0.7"), "yes": Fraction("0.3")}
OTHER = Fraction("0.2")  # of a second variable, of which nobody speaks
CHATTER = {"no": Fraction("0.6"), "yes": Fraction("0.4")}
ACCURACY, SPIN = Fraction("0.95"), Fraction("0.5")
FIDELITY = {"direct": Fraction("0.99"), "relayed": Fraction("0.95"), "inferred": Fraction("0.8")}
GRADES = {"A": "0.95", "B": "0.85", "C": "0.7", "D": "0.5", "E": "0.3", "F": "0.5"}
MIRROR = {"no": "yes", "yes": "no"}

Claim = tuple[str, str]  # a state, and how direct the statement is
ByTruth = dict[str, Fraction]


@dataclass(frozen=True)
class Voice:
    """A source: how likely it is to be reliable, whom it suits, and what it says."""

    reliable: Fraction
    wished: str | None
    grade: str | None
    claims: tuple[Claim, ...]

    @property
    def noun(self) -> dict[str, Any]:
        """As scenario.yaml says it."""
        worth = {"grade": self.grade} if self.grade else {"reliability": float(self.reliable)}
        return worth | ({"interest": {"cause": self.wished}} if self.wished else {})

    def told(self, claims: tuple[Claim, ...]) -> tuple[ByTruth, Fraction]:
        """P(claims | truth) of the source when it is reliable, and of one that is not."""
        story = {state: Fraction(1) for state in STATES}
        for (said, directness), times in Counter(claims).items():
            story[said] *= FIDELITY[directness] ** times
            story[MIRROR[said]] *= (1 - FIDELITY[directness]) ** times
        truthful = {x: ACCURACY * story[x] + (1 - ACCURACY) * story[MIRROR[x]] for x in STATES}
        spin = SPIN if self.wished else Fraction(0)
        made_up = sum(((1 - spin) * CHATTER[y] * story[y] for y in STATES), Fraction(0))
        return truthful, made_up + spin * story[self.wished or "no"]

    def weight(self, claims: tuple[Claim, ...]) -> ByTruth:
        """P(claims | truth)."""
        truthful, made_up = self.told(claims)
        return {x: self.reliable * truthful[x] + (1 - self.reliable) * made_up for x in STATES}


def made_voices(number: int) -> list[Voice]:
    """Sources of every worth; whom each contradicts is chosen so that neither side ever wins.

    Every fourth is torn: it takes back in its second half what it says in the first, so that one
    claim more or less tips it over. The others lean so far that one hardly matters.
    """
    rng = np.random.default_rng(REPORTS)
    size = REPORTS // number
    voices: list[Voice] = []
    log_odds = 0.0
    for i in range(number):
        grade = list(GRADES)[i // 2 % len(GRADES)] if i % 3 else None
        reliable = Fraction(GRADES[grade]) if grade else Fraction(int(rng.integers(5, 96)), 100)
        wished = str(rng.choice(STATES)) if i % 5 == 0 else None
        said = np.where(rng.random(size) < rng.choice([0.6, 0.75, 0.9]), "yes", "no").tolist()
        how = rng.choice(list(FIDELITY), size).tolist()
        claims = tuple(zip(said, how, strict=True))
        claims = (*claims[: size // 2], *mirror(claims[: size // 2])) if i % 4 == 1 else claims
        log_odds, voice = min(
            (
                (log_odds + log_ratio(own.weight(own.claims)), own)
                for own in (Voice(reliable, wished, grade, c) for c in (claims, mirror(claims)))
            ),
            key=lambda pair: abs(pair[0]),
        )
        voices.append(voice)
    return voices


def mirror(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The same, said of the other state."""
    return tuple((MIRROR[state], directness) for state, directness in claims)


def log(number: Fraction) -> float:
    """Its logarithm, however far the number is from what a float can hold."""
    return math.log(number.numerator) - math.log(number.denominator)


def log_ratio(weight: ByTruth) -> float:
    return log(weight["yes"] / weight["no"])


@dataclass(frozen=True)
class Log:
    """The sources, and the order in which their claims come in: (source, which of its claims)."""

    voices: list[Voice]
    order: list[tuple[int, int]]

    @classmethod
    def made(cls, sources: int) -> Log:
        voices = made_voices(sources)
        pairs = [(s, c) for s in range(sources) for c in range(REPORTS // sources)]
        mixed = np.random.default_rng(1).permutation(len(pairs)).tolist()
        return cls(voices, [pairs[i] for i in mixed])

    def write(self, folder: Path) -> Path:
        """Both files, as JSON, which is YAML too."""
        scenario = {
            "title": "Why is the harbour closed?",
            "question": "What closed the harbour on 1 January 2026?",
            "hypotheses": {"first": {"claim": "cause=yes"}, "second": {"claim": "other=yes"}},
            "variables": {
                "cause": {
                    "prior": {"yes": float(PRIOR["yes"])},
                    "chatter": {"yes": float(CHATTER["yes"])},
                },
                "other": {"prior": {"yes": float(OTHER)}},
            },
            "sources": {f"s{i}": voice.noun for i, voice in enumerate(self.voices)},
        }
        reports = []
        for i, (source, which) in enumerate(self.order):
            said, directness = self.voices[source].claims[which]
            reports.append(
                {
                    "id": f"r{i}",
                    "published": str(date(2026, 1, 1) + timedelta(days=i // 20)),
                    "source": f"s{source}",
                    "summary": f"It says {said}.",
                    "claims": {"cause": said},
                    "directness": directness,
                }
            )
        for name, data in (("scenario", scenario), ("reports", reports)):
            (folder / f"{name}.yaml").write_text(json.dumps(data, indent=1), encoding="utf-8")
        return folder

    def heard(self, *left_out: int) -> list[tuple[Claim, ...]]:
        """What is heard from each source when the reports at some places are left out."""
        silent = {self.order[i] for i in left_out}
        return [
            tuple(claim for c, claim in enumerate(voice.claims) if (s, c) not in silent)
            for s, voice in enumerate(self.voices)
        ]

    def joint(self, heard: list[tuple[Claim, ...]]) -> ByTruth:
        """P(truth, all that is heard)."""
        product = dict(PRIOR)
        for voice, claims in zip(self.voices, heard, strict=True):
            weight = voice.weight(claims)
            product = {x: product[x] * weight[x] for x in STATES}
        return product

    def prefixes(self) -> list[dict[str, float]]:
        """Log P(truth, the first n reports) for every n, sources summed anew each time."""
        so_far: list[tuple[Claim, ...]] = [() for _ in self.voices]
        logs = [dict.fromkeys(STATES, 0.0) for _ in self.voices]
        found = [{x: log(PRIOR[x]) for x in STATES}]
        for source, which in self.order:
            voice = self.voices[source]
            so_far[source] = (*so_far[source], voice.claims[which])
            weight = voice.weight(so_far[source])
            logs[source] = {x: log(weight[x]) for x in STATES}
            found.append({x: math.fsum([log(PRIOR[x]), *(one[x] for one in logs)]) for x in STATES})
        return found


@pytest.fixture(scope="module", params=[200, 10, 2], ids=lambda n: f"{n} sources")
def told(request: pytest.FixtureRequest) -> Log:
    return Log.made(request.param)


@pytest.fixture(scope="module")
def case(told: Log, tmp_path_factory: pytest.TempPathFactory) -> rivals.Case:
    return rivals.read(told.write(tmp_path_factory.mktemp("harbour")))


def check(case: rivals.Case, joint: ByTruth) -> tuple[float, float]:
    """How far log odds and log evidence are from the joint with the truth, relative to both."""
    posterior = case.variables()["posterior"]
    log_odds = math.log(posterior["cause", "yes"] / posterior["cause", "no"])
    log_evidence = log(sum(joint.values(), Fraction(0)))
    errors = log_odds / log_ratio(joint) - 1, case.log_evidence() / log_evidence - 1
    assert abs(errors[0]) <= 1e-10
    assert abs(errors[1]) <= 1e-12
    return abs(errors[0]), abs(errors[1])


def test_two_thousand_reports_weigh_what_exact_fractions_say(
    told: Log, case: rivals.Case, record_property: Any
) -> None:
    joint = told.joint(told.heard())
    share = joint["yes"] / sum(joint.values())

    log_odds, log_evidence = check(case, joint)
    beliefs = case.beliefs(draws=0)["posterior"]

    assert len(case.evidence.counted) == REPORTS
    assert 0.01 < share < 0.99
    assert abs(log_ratio(joint)) > 0.1  # or a relative error of it would ask for the impossible
    assert 10 * math.log(1e-308) < case.log_evidence() < 2 * math.log(1e-308)
    assert beliefs["first"] == pytest.approx(float(share), rel=1e-12)
    assert beliefs["second"] == pytest.approx(float(OTHER), rel=1e-12)
    record_property("largest error of 2,000 reports, log odds, relative", (log_odds, "all"))
    record_property("largest error of 2,000 reports, evidence, relative", (log_evidence, "all"))


def test_the_trail_of_two_thousand_reports_is_right_at_every_step(
    told: Log, case: rivals.Case, record_property: Any
) -> None:
    expected = told.prefixes()

    trail = case.trail(draws=0)

    assert list(trail.index) == [f"r{i}" for i in range(REPORTS)]
    posterior = trail["posterior", "first"].to_numpy()
    truth = np.array([1 / (1 + math.exp(one["no"] - one["yes"])) for one in expected])
    assert np.ptp(truth) > 0.5  # belief moves on the way
    error = np.abs(posterior - truth[1:])
    assert error.max() <= 1e-10
    assert np.allclose(trail["posterior", "second"], float(OTHER), rtol=1e-12, atol=0)
    assert posterior[-1] == pytest.approx(case.beliefs(draws=0)["posterior"]["first"], rel=1e-12)
    surprise = trail["report", "surprise"].to_numpy()
    bits = -np.array([np.logaddexp(one["no"], one["yes"]) for one in expected]) / math.log(2)
    assert np.allclose(surprise, np.diff(bits), rtol=0, atol=1e-9)
    assert surprise.sum() == pytest.approx(-case.log_evidence() / math.log(2), rel=1e-12)
    where = f"report {error.argmax()}"
    record_property("largest error of 2,000 reports, trail", (float(error.max()), where))


def moves(told: Log) -> list[float]:
    """By how much the log odds are other without the report at each place."""
    by_kind: dict[tuple[int, Claim], float] = {}
    for source, voice in enumerate(told.voices):
        whole = log_ratio(voice.weight(voice.claims))
        for claim in set(voice.claims):
            at = voice.claims.index(claim)
            others = (*voice.claims[:at], *voice.claims[at + 1 :])
            by_kind[source, claim] = abs(log_ratio(voice.weight(others)) - whole)
    return [by_kind[source, told.voices[source].claims[which]] for source, which in told.order]


def test_two_thousand_reports_without_one_weigh_what_exact_fractions_say(
    told: Log, case: rivals.Case, record_property: Any
) -> None:
    moved = moves(told)
    first, last, idlest = 0, REPORTS - 1, int(np.argmin(moved))
    weightiest = np.argsort(moved)[-2:].tolist()

    assert max(moved) > 0.5
    for place in (first, last, idlest, *weightiest):
        errors = check(case.without(f"r{place}"), told.joint(told.heard(place)))
        for error, what in zip(errors, ("log odds", "evidence"), strict=True):
            where = f"without report {place}"
            record_property(f"largest error of 2,000 reports, {what}, relative", (error, where))


def test_two_thousand_reports_without_a_source_weigh_what_exact_fractions_say(
    told: Log, case: rivals.Case
) -> None:
    silent = [i for i, (source, _) in enumerate(told.order) if source == 1]

    check(case.without("source:s1"), told.joint(told.heard(*silent)))

    assert len(silent) == REPORTS / len(told.voices)


def test_what_two_thousand_reports_say_of_their_sources_is_right(
    told: Log, case: rivals.Case, record_property: Any
) -> None:
    joint = told.joint(told.heard())
    total = sum(joint.values())

    found = case.sources()

    worst = 0.0
    for i, voice in enumerate(told.voices):
        truthful, _ = voice.told(voice.claims)
        weight = voice.weight(voice.claims)
        expected = sum(joint[x] / total * voice.reliable * truthful[x] / weight[x] for x in STATES)
        row = found.loc[(f"s{i}", "")]
        assert row["prior"] == pytest.approx(float(voice.reliable), rel=1e-12)
        worst = max(worst, abs(float(row["posterior"]) - float(expected)))
    assert len(found) == len(told.voices)
    assert worst <= 1e-10
    record_property("largest error of 2,000 reports, sources", (worst, "all"))
