"""`inquire` and `inquire_through` against mutual information by brute force.

Joint distributions come from the oracle's full enumeration; what a source would add, from really
adding each report that it could make and asking the case anew. Every variable is made observable.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import exp, log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import texts
from oracle.world import World
from plain_yaml import QuotingDumper
from rivals.analysis.inquiry import inquire, inquire_through
from rivals.prose import plan_collection
from test_agreement import asked, is_impossible

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 600 if BUDGET == "full" else 40  # half of them with effects
THROUGH = 200 if BUDGET == "full" else 24
BLOCK = 8
CELLS = 20_000
CLOSE = 1e-9

Error = tuple[float, str]


def opened(made: Made) -> Made:
    """The same with every variable observable, at a cost of 2."""
    scenario, log = texts.load(made.texts)
    for variable in scenario["variables"].values():
        variable["observable"] = {"how": "look", "cost": "2"}
    dumped = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (scenario, log))
    return replace(made, scenario=next(dumped), reports=next(dumped))


def cases(start: int, stop: int, folder: Path) -> Iterator[tuple[int, Made, Any]]:
    """Made cases, none of them impossible."""
    for seed in range(start, stop):
        made = replace(opened(seeded(seed, explained=seed % 2 == 1, cells=CELLS)), without=())
        case = asked(made, folder / str(seed))
        if case is not None and not is_impossible(case):
            yield seed, made, case


def entropy(chances: Any) -> float:
    """In bits."""
    return -sum(float(p) * log2(p) for p in np.ravel(chances) if p > 0)


def mutual(joint: Any) -> float:
    """H(X) + H(Y) - H(X, Y), in bits."""
    return entropy(joint.sum(axis=0)) + entropy(joint.sum(axis=1)) - entropy(joint)


class Enumerated:
    """The joint of everything given all evidence, from the definitions."""

    def __init__(self, made: Made) -> None:
        self.world = World(made.texts, made.as_of, made.do, made.without)
        tensor = self.world.prior()
        for report in self.world.in_force():
            tensor = self.world.times(tensor, self.world.says(report))
        seen = [self.world.seen(v, s) for v, s in made.given.items()]
        tensor = self.world.times(tensor, [*seen, *self.world.silent(made.given).values()])
        self.tensor = tensor / np.broadcast_to(tensor, list(self.world.axes.values())).sum()
        stated = self.world.scenario["hypotheses"]
        self.claims = {h: texts.claim(one)[:2] for h, one in stated.items()}

    def joint(self, hypotheses: list[str], variable: str) -> Any:
        """P(which of the hypotheses hold, variable): one row a combination."""
        names = list(dict.fromkeys([*(self.claims[h][0] for h in hypotheses), variable]))
        table = self.world.onto(self.tensor, [("variable", v) for v in names])
        rows: dict[tuple[bool, ...], Any] = {}
        for cell in np.ndindex(table.shape):
            at = {v: self.world.states(v)[k] for v, k in zip(names, cell, strict=True)}
            held = tuple(at[self.claims[h][0]] in self.claims[h][1] for h in hypotheses)
            row = rows.setdefault(held, np.zeros(len(self.world.states(variable))))
            row[cell[names.index(variable)]] += table[cell]
        return np.stack(list(rows.values()))


def differences(made: Made, case: Any) -> Iterator[Error]:
    """How far each number of `inquire` is from brute force."""
    table, truth = inquire(case.stated), Enumerated(made)
    names = list(truth.claims)
    assert set(table.index) == set(case.scenario.variables)
    assert (np.diff(table["variable", "bits"]) <= 0).all()
    for variable, row in table.iterrows():
        joint = truth.joint(names, str(variable))
        bits, whole = mutual(joint), entropy(joint.sum(axis=1))
        yield abs(row["variable", "bits"] - bits), f"bits of {variable}"
        yield abs(row["variable", "bits_per_cost"] - bits / 2), f"bits by cost of {variable}"
        if whole > CLOSE:
            yield abs(row["variable", "share_of_entropy"] * whole - bits), f"share of {variable}"
        else:
            assert np.isnan(row["variable", "share_of_entropy"]) or whole > 0
        for h in names:
            alone = mutual(truth.joint([h], str(variable)))
            yield abs(row["bits", h] - alone), f"bits of {variable} on {h}"


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_bits_are_the_mutual_information_of_the_full_joint(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    for seed, made, case in cases(block, block + BLOCK, tmp_path):
        for error, what in differences(made, case):
            assert error <= CLOSE, f"seed {seed}: {what}"
            worst = max(worst, (float(error), f"seed {seed}: {what}"))

    record_property("largest error of inquiry against full enumeration", worst)


def through(case: Any, variable: str, source: str) -> float:
    """The bits of a claim: each that the source could make is added to the case and asked."""
    before = {
        tuple(row[h] for h in case.scenario.hypotheses): row["posterior"]
        for _, row in case.combinations(draws=0).iterrows()
    }
    bits = total = 0.0
    for state in case.scenario.variables[variable].states:
        more = case.with_report(source=source, claims={variable: state}, directness="direct")
        if is_impossible(more):
            continue
        chance = exp(more.log_evidence() - case.log_evidence())
        total += chance
        for _, row in more.combinations(draws=0).iterrows():
            held, after = tuple(row[h] for h in case.scenario.hypotheses), row["posterior"]
            if after > 0:
                bits += chance * after * log2(after / before[held])
    assert total == pytest.approx(1, abs=CLOSE)
    return bits


@pytest.mark.parametrize("block", range(0, THROUGH, BLOCK))
def test_bits_through_a_source_are_those_of_each_report_that_it_could_make(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    compared = 0
    for seed, made, case in cases(block, block + BLOCK, tmp_path):
        told = inquire_through(case.stated)["bits"]
        beliefs = case.variables()["posterior"]
        assert set(told.index) == {
            (v, s) for v in case.scenario.variables for s in case.scenario.sources
        }
        awaited = {silence.variable for silence in case.evidence.silences}
        for (variable, source), bits in told.items():
            if variable in awaited:  # one more report would end the silence; inquiry keeps it
                continue
            if variable in made.do or (beliefs[variable] > 0).sum() == 1:
                assert bits == 0
                continue
            error = abs(bits - through(case, variable, source))
            assert error <= CLOSE, (seed, variable, source)
            worst = max(worst, (float(error), f"seed {seed}: {variable} through {source}"))
            compared += 1

    assert compared >= BLOCK
    record_property("largest error of inquiry through a source against adding reports", worst)


@pytest.mark.parametrize("name", ["warehouse-fire", "cuba-venezuela"])
def test_bits_through_sources_of_a_shipped_scenario(name: str, record_property: Any) -> None:
    case = rivals.read(SHIPPED / name)
    told = inquire_through(case.stated)["bits"]

    chosen = [*told.index[:3], *told.index[:: max(1, len(told) // 4)]]
    errors = [abs(told[about] - through(case, *about)) for about in chosen]

    assert max(errors) <= CLOSE
    record_property(
        "largest error of inquiry through a source against adding reports", (max(errors), name)
    )


@pytest.mark.parametrize("name", ["warehouse-fire", "cuba-venezuela"])
def test_bits_of_a_shipped_scenario_are_those_of_supposing_each_answer(name: str) -> None:
    """H(hypotheses) less what is expected to be left of it, by `given`."""
    case = rivals.read(SHIPPED / name)
    table = inquire(case.stated)
    before = entropy(case.combinations(draws=0)["posterior"])

    assert len(table)
    for variable, row in table.iterrows():
        left = sum(
            p * entropy(case.given(**{variable: state}).combinations(draws=0)["posterior"])
            for state, p in case.variables()["posterior"][variable].items()
            if p > 0
        )
        assert row["variable", "bits"] == pytest.approx(before - left, abs=CLOSE)
        share = row["variable", "share_of_entropy"]
        assert share == pytest.approx((before - left) / before, abs=CLOSE)


# --- made by hand ---

LOOK = {"how": "look", "cost": "4"}
SMALL: dict[str, Any] = {
    "title": "T",
    "question": "Q?",
    "hypotheses": {"first": "a=yes", "second": "b=yes"},
    "variables": {
        "a": {"ask": "Was it a?", "prior": {"yes": "0.5"}, "observable": LOOK},
        "b": {"ask": "Was it b?", "prior": {"yes": "0.3"}},
        "apart": {"ask": "Did it rain?", "prior": {"yes": "0.37"}, "observable": LOOK},
        "sign": {
            "ask": "Was there a sign?",
            "noisy_or": {"leak": "0.1", "causes": {"a": "0.2"}},
            "observable": {"cost": "0.5"},
        },
    },
    "sources": {"s": {"grade": "B"}, "t": {"reliability": "0"}},
}


def written(folder: Path, log: list[dict[str, Any]], **changes: Any) -> Any:
    """A case of SMALL with other sections."""
    parts = ({**SMALL, **changes}, log)
    data = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in parts)
    return rivals.read(Made(*data).write(folder))


def said(**claims: str) -> dict[str, Any]:
    """A report of s."""
    return {"id": "r", "published": "2026-05-04", "source": "s", "claims": claims}


def test_a_hypothesis_itself_tells_all_of_its_own_entropy(tmp_path: Path) -> None:
    table = inquire(written(tmp_path, []).stated)

    row = table.loc["a"]
    assert list(row["variable"][["ask", "how", "cost"]]) == ["Was it a?", "look", 4]
    assert row["variable", "bits"] == pytest.approx(1)
    assert row["variable", "bits_per_cost"] == pytest.approx(0.25)
    assert row["variable", "share_of_entropy"] == pytest.approx(1 / (1 + entropy([0.3, 0.7])))
    assert row["bits", "first"] == pytest.approx(1)
    assert row["bits", "second"] == 0
    assert list(table.index) == ["a", "sign", "apart"]


def test_what_is_apart_tells_nothing_whatever_was_said_of_it(tmp_path: Path) -> None:
    weighed = {"id": "w", "published": "2026-05-04", "likelihood": {"b": {"no": "3", "yes": "1"}}}
    case = written(tmp_path, [said(apart="yes"), weighed])

    row = inquire(case.stated).loc["apart"]
    assert row["variable", "bits"] == 0
    assert row["variable", "share_of_entropy"] == 0
    assert (row["bits"] == 0).all()


def test_a_source_that_spoke_of_both_links_them(tmp_path: Path) -> None:
    case = written(tmp_path, [said(apart="yes", b="no")])

    assert inquire(case.stated).loc["apart", ("variable", "bits")] > 0.01


def test_what_is_apart_still_tells_how_far_to_believe_the_source(tmp_path: Path) -> None:
    case = written(tmp_path, [said(apart="yes", a="yes")])

    told = inquire_through(case.stated)["bits"]
    assert told["apart", "s"] == pytest.approx(through(case, "apart", "s"), abs=CLOSE)
    assert told["apart", "s"] > 1e-6
    assert told["apart", "t"] == 0


def test_a_source_that_knows_nothing_tells_nothing(tmp_path: Path) -> None:
    told = inquire_through(written(tmp_path, []).stated)["bits"]

    assert told["a", "t"] == 0
    assert told["a", "s"] > 0.1


def test_what_is_known_or_under_do_tells_nothing(tmp_path: Path) -> None:
    case = written(tmp_path, [said(a="yes", sign="no")])

    for supposed in (case.given(sign="yes"), case.do(sign="yes")):
        assert inquire(supposed.stated).loc["sign", ("variable", "bits")] == 0
        assert (inquire_through(supposed.stated)["bits"]["sign"] == 0).all()


def test_where_nothing_is_open_there_is_no_share(tmp_path: Path) -> None:
    table = inquire(written(tmp_path, [said(a="no")]).given(a="yes", b="no").stated)

    assert (table["variable", "bits"] == 0).all()
    assert table["variable", "share_of_entropy"].isna().all()


def test_without_anything_observable_the_tables_are_empty(tmp_path: Path) -> None:
    variables = dict.fromkeys(("a", "b"), SMALL["variables"]["b"])
    stated = written(tmp_path, [], variables=variables).stated

    assert inquire(stated).empty
    assert ("bits", "second") in inquire(stated).columns
    assert inquire_through(stated).empty
    assert plan_collection(inquire(stated)).startswith("No variable is marked as observable.")


def test_without_sources_nothing_is_told_through_any(tmp_path: Path) -> None:
    stated = written(tmp_path, [], sources={}).stated

    assert inquire_through(stated).empty
    assert len(inquire(stated)) == 3


def test_a_plan_names_what_tells_most_and_what_tells_most_for_its_cost(tmp_path: Path) -> None:
    variables = {**SMALL["variables"]}
    variables["sign"] = {**variables["sign"], "noisy_or": {"causes": {"a": "0.6"}}}
    plan = plan_collection(inquire(written(tmp_path, [], variables=variables).stated))

    assert plan.startswith("Ask first: “Was it a?” (look); the answer is expected to tell 1.00 bit")
    assert "For what it costs, most is told by “Was there a sign?”: 0.40 bits, 21%" in plan
    assert "The rest, 1 question, would tell next to nothing." in plan


def test_a_plan_says_when_one_question_is_best_in_both_ways(tmp_path: Path) -> None:
    variables = {n: v for n, v in SMALL["variables"].items() if n != "sign"}
    plan = plan_collection(inquire(written(tmp_path, [], variables=variables).stated))

    assert "Nothing tells more for what it costs." in plan


def test_a_plan_says_when_nothing_is_worth_asking(tmp_path: Path) -> None:
    variables = {**SMALL["variables"], "a": SMALL["variables"]["b"]}
    del variables["sign"]
    plan = plan_collection(inquire(written(tmp_path, [], variables=variables).stated))

    assert plan.startswith("Nothing that could be found out would tell much")
