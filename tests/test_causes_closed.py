"""`causes` of one noisy-or cause against the closed form, at many random numbers.

The cause has prior p and brings the effect about with probability q, a leak does with l. What
happened would have failed without the cause where it is present, its link works and nothing leaks:
p q (1 - l), by the probability of the evidence.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
import yaml

import rivals
from conftest import BUDGET
from generate import Made
from plain_yaml import QuotingDumper

TIMES = 300 if BUDGET == "full" else 50
CLOSE = 1e-12


class Numbers(NamedTuple):
    """The prior of the cause, its link and the leak."""

    p: float
    q: float
    leak: float

    @property
    def happens(self) -> tuple[float, float]:
        """P(effect | cause absent, present)."""
        return self.leak, 1 - (1 - self.leak) * (1 - self.q)

    @property
    def why(self) -> float:
        """P(cause, effect, and none without the cause), before any evidence."""
        return self.p * self.q * (1 - self.leak)

    def joint(self) -> dict[tuple[bool, bool], float]:
        """P(cause, effect)."""
        absent, present = self.happens
        return {
            (False, False): (1 - self.p) * (1 - absent),
            (False, True): (1 - self.p) * absent,
            (True, False): self.p * (1 - present),
            (True, True): self.p * present,
        }


class Expected(NamedTuple):
    """What the closed form says."""

    effect: float
    posterior: float
    because: float
    but_for: float
    sufficient: float


def solve(
    numbers: Numbers, on_cause: tuple[float, ...] = (1, 1), on_effect: tuple[float, ...] = (1, 1)
) -> Expected:
    """The closed form, given how likely the evidence is by the state of cause and of effect."""
    weights = {
        (cause, effect): chance * on_cause[cause] * on_effect[effect]
        for (cause, effect), chance in numbers.joint().items()
    }
    evidence = sum(weights.values())
    because = numbers.why * on_cause[True] * on_effect[True] / evidence
    both = weights[True, True] / evidence
    return Expected(
        (weights[True, True] + weights[False, True]) / evidence,
        (weights[True, True] + weights[True, False]) / evidence,
        because,
        because / both,
        numbers.q,
    )


def draw(seed: int, *, leaks: bool) -> Iterator[tuple[int, Numbers, np.random.Generator]]:
    """Random numbers in [0.001, 0.999], and a generator for more."""
    for n in range(TIMES):
        generator = np.random.default_rng([seed, n])
        p, q, leak = generator.uniform(0.001, 0.999, 3).tolist()
        yield n, Numbers(p, q, leak if leaks else 0.0), generator


def ask(folder: Path, numbers: Numbers, *reports: dict[str, Any]) -> rivals.Case:
    """A case with one cause, its effect, and something else that bears on neither."""
    gate: dict[str, Any] = {"causes": {"cause": repr(numbers.q)}}
    if numbers.leak:
        gate = {"leak": repr(numbers.leak), **gate}
    scenario = {
        "title": "One cause",
        "question": "Why?",
        "effects": {"it": "effect=yes"},
        "hypotheses": {"this": "cause=yes", "that": "other=yes"},
        "variables": {
            "cause": {"ask": "Was it so?", "prior": {"yes": repr(numbers.p)}},
            "other": {"ask": "Was it so?", "prior": {"yes": "0.3"}},
            "effect": {"ask": "Was it so?", "noisy_or": gate},
        },
        "sources": {"s": {"reliability": "0.7"}},
        "settings": {"accuracy": "0.9", "fidelity": {"relayed": "0.8"}},
    }
    log = [{"id": f"r{i}", "published": "2026-05-04", **r} for i, r in enumerate(reports)]
    parts = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (scenario, log))
    return rivals.read(Made(*parts).write(folder))


def find_error(case: rivals.Case, expected: Expected) -> float:
    """The largest distance of the cause's row from the closed form; the other is no reason."""
    table = case.causes(draws=0)
    assert table.loc[("it", "that"), "because"] == 0
    columns = ["posterior", "because", "but_for", "sufficient"]
    found = [table.attrs["effects"]["it"], *table.loc[("it", "this"), columns]]
    errors = np.abs(np.array(found, float) - np.array(expected))
    assert errors.max() <= CLOSE, (found, expected)
    return float(errors.max())


with_and_without_leak = pytest.mark.parametrize("leaks", [False, True], ids=["no leak", "leak"])


@with_and_without_leak
def test_a_single_cause_is_why_as_often_as_the_closed_form_says(
    leaks: bool, tmp_path: Path, record_property: Any
) -> None:
    worst = (0.0, "nothing")
    for n, numbers, _ in draw(1, leaks=leaks):
        case = ask(tmp_path / str(n), numbers)

        seen = case.given(effect="yes")
        worst = max(worst, (find_error(case, solve(numbers)), f"{numbers}"))
        error = find_error(seen, solve(numbers, on_effect=(0, 1)))
        worst = max(worst, (error, f"{numbers}, effect given"))

    record_property("largest error against the closed form", worst)


@with_and_without_leak
def test_an_effect_that_is_given_makes_the_form_that_of_the_textbooks(
    leaks: bool, tmp_path: Path
) -> None:
    """Written out once more: p (1 - l) q / (1 - (1 - l) (1 - p q)), and (1 - l) q of its row."""
    for n, numbers, _ in draw(2, leaks=leaks):
        p, q, leak = numbers

        case = ask(tmp_path / str(n), numbers).given(effect="yes")
        row = case.causes(draws=0).loc[("it", "this")]

        happens = 1 - (1 - leak) * (1 - p * q)
        assert row["because"] == pytest.approx(p * (1 - leak) * q / happens, rel=0, abs=CLOSE)
        needed = (1 - leak) * q / (leak + q - leak * q)
        assert row["but_for"] == pytest.approx(needed, rel=0, abs=CLOSE)
        assert row["sufficient"] == pytest.approx(q, rel=0, abs=CLOSE)
        if not leaks:  # nothing else could have brought it about
            assert row[["because", "but_for"]].tolist() == pytest.approx([1, 1], rel=0, abs=CLOSE)


@with_and_without_leak
@pytest.mark.parametrize("about", ["cause", "effect"])
def test_a_report_of_known_weight_enters_the_closed_form(
    about: str, leaks: bool, tmp_path: Path, record_property: Any
) -> None:
    worst = (0.0, "nothing")
    for n, numbers, generator in draw(3, leaks=leaks):
        no, yes = generator.uniform(0.01, 1, 2).tolist()
        weighed = {"likelihood": {about: {"no": repr(no), "yes": repr(yes)}}}
        case = ask(tmp_path / str(n), numbers, weighed)

        on_cause, on_effect = ((no, yes), (1, 1)) if about == "cause" else ((1, 1), (no, yes))
        error = find_error(case, solve(numbers, on_cause, on_effect))
        on_effect = (0, on_effect[1])
        again = find_error(case.given(effect="yes"), solve(numbers, on_cause, on_effect))
        worst = max(worst, (max(error, again), f"{numbers}, {no} and {yes} on the {about}"))

    record_property("largest error against the closed form", worst)


@with_and_without_leak
def test_the_word_of_a_source_enters_the_closed_form(leaks: bool, tmp_path: Path) -> None:
    """Of a source it is known how often it says yes: truth -> story -> statement, by hand."""
    story = 0.7 * 0.9 + 0.3 * 0.5  # a reliable one's is the truth nine times in ten
    says = (story * 0.2 + (1 - story) * 0.8, story * 0.8 + (1 - story) * 0.2)
    for n, numbers, _ in draw(4, leaks=leaks):
        said = {"source": "s", "claims": {"cause": "yes"}}

        case = ask(tmp_path / str(n), numbers, said)

        find_error(case, solve(numbers, says))
        find_error(case.given(effect="yes"), solve(numbers, says, (0, 1)))


@with_and_without_leak
def test_an_effect_that_did_not_happen_has_no_reason(leaks: bool, tmp_path: Path) -> None:
    for n, numbers, _ in draw(5, leaks=leaks):
        case = ask(tmp_path / str(n), numbers).given(effect="no")
        row = case.causes(draws=0).loc[("it", "this")]

        assert row["because"] == 0
        assert pd.isna(row["but_for"])
        assert row["sufficient"] == pytest.approx(numbers.q, rel=0, abs=CLOSE)


def test_a_cause_of_several_states_is_why_by_each_of_those_that_its_claim_names(
    tmp_path: Path,
) -> None:
    """Sufficient is asked of the first state of the claim; none is the state that is off."""
    for n in range(TIMES):
        generator = np.random.default_rng([6, n])
        none, some, much = generator.dirichlet([1, 1, 1]).tolist()
        by_some, by_much, leak = generator.uniform(0.001, 0.999, 3).tolist()
        links = {"some": repr(by_some), "much": repr(by_much)}
        shares = {"some": repr(some), "much": repr(much)}
        gate = {"leak": repr(leak), "causes": {"cause": links}}
        states = {"ask": "How much?", "states": ["none", "some", "much"]}
        scenario = {
            "title": "One cause",
            "question": "Why?",
            "effects": {"it": "effect=yes"},
            "hypotheses": {"either": "cause=some|much", "most": "cause=much"},
            "variables": {
                "cause": {**states, "prior": shares},
                "effect": {"ask": "Was it so?", "noisy_or": gate},
            },
        }
        text = yaml.dump(scenario, Dumper=QuotingDumper, sort_keys=False)
        case = rivals.read(Made(text, "[]").write(tmp_path / str(n))).given(effect="yes")

        table = case.causes(draws=0).loc["it"]

        fails = [none, some * (1 - by_some), much * (1 - by_much)]
        happens = 1 - (1 - leak) * sum(fails)
        by_state = {"some": some * by_some, "much": much * by_much}
        why = {state: (1 - leak) * share / happens for state, share in by_state.items()}
        expected = [why["some"] + why["much"], why["much"]]
        assert table["because"].tolist() == pytest.approx(expected, rel=0, abs=CLOSE)
        assert table["sufficient"].tolist() == pytest.approx([by_some, by_much], rel=0, abs=CLOSE)
