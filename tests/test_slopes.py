"""Slopes by judgement against the oracle's full enumeration, moved by an imaginary step.

Every factor of sections 3 and 4 is linear in each judgement: a table, a reliability, a story, a
statement. So the oracle's factor at the stated value, plus an imaginary multiple of the difference
between its two ends, is that factor moved along the judgement, and the sum over everything carries
the derivative in its imaginary part, to the last digits. Where the sum itself is linear, so where
the judgement stands in one factor only, the two ends are enumerated as well: with N = P(claim, e)
and D = P(e), the slope is (N' D - N D') / D^2. The larger shipped scenario is too large for
enumeration: there the engine's forward pass gives N and D at the ends.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import yaml

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import gates, silence, texts
from oracle.world import Factor, World
from plain_yaml import QuotingDumper
from rivals.batch import Batch
from rivals.factors import log_sum
from rivals.judgements import statements
from rivals.slopes import slopes
from test_agreement import asked, is_impossible

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 400 if BUDGET == "full" else 20
BLOCK = 10
CELLS = 6000
CLOSE = 1e-9  # of a slope, or of 1 where the slope is smaller
ENDS = 1e-8  # the same, from the two ends of a judgement
ROUGH = 1e-7  # the same, from extrapolated differences
STEP = 1e-30
KINDS = ("prior", "table", "noisy_or.leak", "noisy_or", "noisy_max.leak", "noisy_max")
KINDS += ("chance", "reliability", "accuracy", "spin", "fidelity", "grades")

INDEXED = ("table", "expected")
Error = tuple[float, str]
Plain = dict[str, Any]


# --- the judgements of a scenario, from its text ---


def judgements(scenario: Plain) -> Iterator[str]:
    """The names of all numbers that are drawn: those written, all leaks, all conventions."""
    for name, variable in scenario["variables"].items():
        yield from _of_variable(f"variables.{name}", variable)
    for name, source in scenario["sources"].items():
        if "reliability" in source:
            yield f"sources.{name}.reliability"
    for name in silence.expected(scenario):
        yield f"expected{'' if name.startswith('[') else '.'}{name}.chance"
    yield from ("settings.accuracy", "settings.spin")
    yield from (f"settings.fidelity.{d}" for d in texts.DEFAULTS["fidelity"])
    yield from (f"settings.grades.{g}" for g in texts.DEFAULTS["grades"])


def _of_variable(path: str, variable: Plain) -> Iterator[str]:
    yield from (f"{path}.prior.{state}" for state in variable.get("prior", {}))
    for i, row in enumerate(variable.get("table", ())):
        yield from (f"{path}.table[{i}].then.{state}" for state in row["then"])
    if "noisy_or" in variable:
        yield f"{path}.noisy_or.leak"
    if "noisy_max" in variable:
        yield from (f"{path}.noisy_max.leak.{s}" for s in variable["noisy_max"].get("leak", ()))
    for gate in ("noisy_or", "noisy_max"):
        for parent, link in variable.get(gate, {}).get("causes", {}).items():
            yield from _of_link(f"{path}.{gate}.causes.{parent}", link)


def _of_link(path: str, link: str | Plain) -> Iterator[str]:
    if isinstance(link, str):
        yield path
        return
    for state, given in link.items():
        yield from _of_link(f"{path}.{state}", given)


def moved(scenario: Plain, name: str, t: Fraction) -> Plain:
    """The scenario with a judgement at t, the others of its distribution keeping their ratios."""
    changed = copy.deepcopy(scenario)
    keys = [int(k) if k.isdigit() else k for k in re.split(r"\.|\[(?=\d)", name.replace("]", ""))]
    keys = [str(k) if i and keys[i - 1] not in INDEXED else k for i, k in enumerate(keys)]
    owner: Any = changed
    for key in keys[:-1]:
        owner = owner.setdefault(key, {}) if isinstance(owner, dict) else owner[key]
    if {"prior", "then", "noisy_max"} & set(map(str, keys)):
        states = gates.states_of(changed["variables"][keys[1]])
        if len(states) == 1:
            return changed  # it has nowhere to go
        scale = texts.settings(changed)["scale"]
        whole = dict(zip(states, texts.distribution(owner, states, scale), strict=True))
        rest = 1 - whole[str(keys[-1])]
        others = {s: p / rest if rest else Fraction(1, len(states) - 1) for s, p in whole.items()}
        owner |= {state: str((1 - t) * share) for state, share in others.items()}
    owner[keys[-1]] = str(t)
    return changed


# --- the oracle ---


class Sums(NamedTuple):
    """P(claim, evidence) and P(evidence)."""

    both: complex
    evidence: complex


class Enumerated:
    """A case, enumerated with its judgements as stated, or moved."""

    def __init__(self, made: Made, claim: tuple[str, list[str]]) -> None:
        self.world = World(made.texts, made.as_of, made.do, made.without)
        self.given, (variable, states) = made.given, claim
        held = [state in states for state in self.world.states(variable)]
        self.claim: Factor = (("variable", variable),), np.array(held, float)
        self.stated = self.world.scenario
        self.plain = self.factors(self.stated)

    def factors(self, scenario: Plain) -> list[Factor]:
        """Every factor of another scenario of the same shape."""
        world = self.world
        world.scenario, world.settings = scenario, texts.settings(scenario)
        world.gates = gates.build(scenario, world.settings["scale"])
        given = [world.seen(v, s) for v, s in self.given.items()]
        said = [factor for report in world.in_force() for factor in world.says(report)]
        return [*world.foundations(), *given, *said, *world.silent(self.given).values()]

    def sums(self, factors: list[Factor]) -> Sums:
        """The two sums over everything."""
        tensor = self.world.times(np.ones([1] * len(self.world.axes)), factors)
        return Sums(self.world.times(tensor, [self.claim]).sum(), tensor.sum())

    def slope(self, name: str) -> float:
        """The derivative of P(claim | evidence), by an imaginary step along a judgement."""
        low, high = (self.factors(moved(self.stated, name, Fraction(t))) for t in (0, 1))
        factors = [
            (axes, values + 1j * STEP * (top - bottom))
            for (axes, values), (_, bottom), (_, top) in zip(self.plain, low, high, strict=True)
        ]
        both, evidence = self.sums(factors)
        return float((both / evidence).imag / STEP)

    def slope_between_ends(self, name: str) -> float:
        """The same where both sums are linear: from their values at 0 and at 1."""
        both, evidence = self.sums(self.plain)
        low, high = (self.sums(self.factors(moved(self.stated, name, Fraction(t)))) for t in (0, 1))
        rise = (high.both - low.both) * evidence - both * (high.evidence - low.evidence)
        return float((rise / evidence**2).real)


def stands_once(name: str, world: World) -> bool:
    """Whether a judgement stands in one factor, so that all sums are linear in it."""
    section, owner, *_ = name.split(".")
    reliabilities = [axis for axis in world.axes if axis[:2] == ("reliable", owner)]
    single = section == "sources" and len(reliabilities) < 2
    return single or section == "variables" or section.startswith("expected")


def kind_of(name: str) -> str:
    """What sort of number a judgement is."""
    return next(kind for kind in KINDS if f".{kind}" in name)


def relative(found: float, expected: float) -> float:
    """The error of a slope; of 1 where the slope is smaller than that."""
    return abs(found - expected) / max(1.0, abs(expected))


class Tally:
    """How many slopes were compared, of which kinds, and the largest error."""

    def __init__(self) -> None:
        self.kinds, self.moving = Counter[str](), 0
        self.worst: Error = (0.0, "nothing")

    def add(self, found: float, expected: float, close: float, where: str) -> None:
        """One more slope; it must be close."""
        error = relative(found, expected)
        assert error <= close, f"{where}: {found} for {expected}"
        self.kinds[kind_of(where)] += 1
        self.moving += abs(expected) > 1e-6
        self.worst = max(self.worst, (error, where))

    def tell(self, record_property: Any, against: str) -> None:
        """Print it at the end of the run."""
        error, where = self.worst
        assert self.moving * 20 >= self.kinds.total()
        told = (error, f"{where}; there {self.kinds.total()} compared, {self.moving} not 0")
        record_property(f"largest error of slopes against {against}", told)


def is_open(case: Any, claim: Any) -> bool:
    """Whether the claim can be true; of one that cannot be, `slopes` gives 0."""
    marginal = case.variables()["posterior"][claim.variable]
    return bool(marginal[list(claim.states)].sum() > 0)


def compare(made: Made, case: Any, claim: Any, tallies: tuple[Tally, Tally], where: str) -> None:
    """All slopes of a claim, by an imaginary step and, where they are enough, by the two ends."""
    found = slopes(case.stated, claim)
    enumerated = Enumerated(made, (claim.variable, list(claim.states)))
    assert set(found) == set(judgements(enumerated.stated))
    fixed = {v for v, gate in enumerated.world.gates.items() if len(gate.states) == 1}
    for name, slope in found.items():
        if name.split(".")[1] in fixed:
            continue  # see below
        at = f"{where}: {claim.variable} by {name}"
        tallies[0].add(slope, enumerated.slope(name), CLOSE, at)
        if stands_once(name, enumerated.world):
            tallies[1].add(slope, enumerated.slope_between_ends(name), ENDS, at)


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_slopes_are_those_of_full_enumeration(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    tallies = Tally(), Tally()
    for seed in range(block, block + BLOCK):
        made = seeded(seed, cells=CELLS)
        case = asked(made, tmp_path / str(seed))
        if case is None or is_impossible(case):
            continue
        nouns = list(case.scenario.hypotheses.values())
        claim = nouns[seed % len(nouns)].claim
        if is_open(case, claim):
            compare(made, case, claim, tallies, f"seed {seed}")

    assert tallies[0].kinds.total() >= 100
    tallies[0].tell(record_property, "an imaginary step through full enumeration")
    tallies[1].tell(record_property, "the two ends of a judgement, enumerated")


def test_the_seeds_cover_every_kind_of_judgement() -> None:
    kinds = Counter[str]()
    for seed in range(40):
        kinds.update(map(kind_of, judgements(texts.load(seeded(seed, cells=CELLS).texts)[0])))

    for kind in KINDS:
        assert kinds[kind] >= 5, kinds


# --- the shipped scenarios ---


def test_slopes_of_the_warehouse_fire_are_those_of_full_enumeration(record_property: Any) -> None:
    folder, tallies = SHIPPED / "warehouse-fire", (Tally(), Tally())
    case = rivals.read(folder)
    made = Made(*((folder / f"{name}.yaml").read_text("utf-8") for name in ("scenario", "reports")))
    for name, noun in case.scenario.hypotheses.items():
        compare(made, case, noun.claim, tallies, f"warehouse-fire: {name}")

    assert tallies[0].kinds.total() >= 100
    tallies[0].tell(record_property, "an imaginary step through full enumeration")
    tallies[1].tell(record_property, "the two ends of a judgement, enumerated")


class Forward:
    """The engine's forward pass on a shipped case with one judgement elsewhere."""

    def __init__(self, folder: Path, claim: Any) -> None:
        self.case, self.claim = rivals.read(folder), claim
        self.stated = {s.path: s for s in statements(self.case.scenario)}

    def sums(self, name: str, t: float) -> tuple[float, float]:
        """log P(claim, e) and log P(e) with a judgement at t."""
        network = self.case.network
        batch = Batch(network, network.masks(None), {**self.case.values, **self.moved(name, t)})
        held = batch.indicate(self.claim.variable, self.claim.states)
        both = log_sum([*batch.factors([self.claim.variable]), held])
        return float(both.item()), float(log_sum(batch.factors([self.claim.variable])).item())

    def moved(self, name: str, t: float) -> dict[str, Any]:
        """The statement of a judgement with it at t, the others keeping their ratios."""
        if name in self.stated:
            return {name: np.array([t])}
        path, _, state = name.rpartition(".")
        whole = self.stated[path]
        at, p = whole.states.index(state), np.array(whole.stated)
        rest = 1 - p[at]
        others = p / rest if rest > 0 else np.full(len(p), 1 / (len(p) - 1))
        return {path: np.where(np.arange(len(p)) == at, t, (1 - t) * others)[:, np.newaxis]}

    def value(self, name: str) -> float:
        """Where a judgement stands."""
        if name in self.stated:
            return self.stated[name].stated[0]
        path, _, state = name.rpartition(".")
        return self.stated[path].stated[self.stated[path].states.index(state)]

    def slope_between_ends(self, name: str) -> float:
        """(N' D - N D') / D^2 with N and D linear."""
        (n, d), (n0, d0), (n1, d1) = (
            np.exp(np.array(self.sums(name, t)) - self.sums(name, self.value(name))[1])
            for t in (self.value(name), 0.0, 1.0)
        )
        return float((n1 - n0) * d - n * (d1 - d0)) / float(d) ** 2

    def slope_by_differences(self, name: str) -> float:
        """Central differences of two widths, extrapolated (Richardson)."""
        t = self.value(name)
        width = 2e-3 * min(t, 1 - t)

        def at(x: float) -> float:
            both, evidence = self.sums(name, x)
            return float(np.exp(both - evidence))

        wide, narrow = ((at(t + h) - at(t - h)) / (2 * h) for h in (width, width / 2))
        return (4 * narrow - wide) / 3


def test_slopes_of_a_large_scenario_are_those_of_forward_passes(record_property: Any) -> None:
    folder = SHIPPED / "cuba-venezuela"
    case, ends, differences = rivals.read(folder), Tally(), Tally()
    axes = Counter(node.source for node in case.network.reliabilities)
    chosen = None if BUDGET == "full" else 1
    for h, noun in list(case.scenario.hypotheses.items())[:chosen]:
        found, forward = slopes(case.stated, noun.claim), Forward(folder, noun.claim)
        for name, slope in list(found.items())[:: 1 if BUDGET == "full" else 3]:
            section, owner, *_ = name.split(".")
            where = f"cuba-venezuela: {h} by {name}"
            if section == "variables" or (section == "sources" and axes[owner] < 2):
                ends.add(slope, forward.slope_between_ends(name), ENDS, where)
            else:
                differences.add(slope, forward.slope_by_differences(name), ROUGH, where)

    assert ends.kinds.total() + differences.kinds.total() >= (200 if BUDGET == "full" else 60)
    ends.tell(record_property, "forward passes at the two ends")
    differences.tell(record_property, "forward passes, extrapolated")


PLAIN: Plain = {
    "title": "T",
    "question": "Q?",
    "hypotheses": {"h": "a=mid", "other": "a=top"},
    "variables": {"a": {"ask": "What?", "states": ["low", "mid", "top"]}},
    "sources": {"s": {"grade": "B"}},
}


# --- many claims ---


@pytest.mark.parametrize("fidelity", ["0.9", "1"])
@pytest.mark.parametrize("speakers", [1, 2])
def test_slopes_of_a_source_that_says_much_are_those_of_full_enumeration(
    speakers: int, fidelity: str, tmp_path: Path, record_property: Any
) -> None:
    """More claims than are multiplied in one block; with a fidelity of 1 cells of 0 among them."""
    rows = [{"when": {"b": "yes"}, "then": {"low": "0.2", "mid": "0.3"}}]
    scenario = {
        **PLAIN,
        "variables": {
            "a": {
                **PLAIN["variables"]["a"],
                "table": [*rows, {"then": {"mid": "0.6", "top": "0"}}],
            },
            "b": {"ask": "?", "prior": {"yes": "0.3"}},
        },
        "sources": {"s": {"grade": "B"}, "t": {"reliability": "0.6"}},
        "settings": {"fidelity": {"direct": fidelity}},
    }
    common = {"published": "2026-05-04", "directness": "direct"}
    log = [
        {
            **common,
            "id": f"r{n}",
            "source": "s",
            "claims": {"a": ["mid", "top"] if n % 4 else "mid"},
        }
        for n in range(40)
    ]
    log += [{**common, "id": "other", "source": "t", "claims": {"a": "low"}}] * (speakers - 1)
    made = Made(*(yaml.dump(d, Dumper=QuotingDumper, sort_keys=False) for d in (scenario, log)))
    case, tallies = rivals.read(made.write(tmp_path)), (Tally(), Tally())

    compare(made, case, case.scenario.hypotheses["h"].claim, tallies, "many claims")

    tallies[0].tell(record_property, "an imaginary step through full enumeration")


# --- what a move is ---


def plain(folder: Path, log: list[Plain] | None = None, **variables: Plain) -> Any:
    """A case of PLAIN with the given gates."""
    stated = copy.deepcopy(PLAIN)
    for name, gate in variables.items():
        stated["variables"].setdefault(name, {"ask": "What?"}).update(gate)
    data = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (stated, log or []))
    return rivals.read(Made(*data).write(folder))


def slopes_of(case: Any, hypothesis: str) -> dict[str, float]:
    """The slopes that are not 0, of the variables' judgements."""
    found = slopes(case.stated, case.scenario.hypotheses[hypothesis].claim)
    return {n.removeprefix("variables.a.prior."): s for n, s in found.items() if "variables" in n}


def test_the_other_states_of_a_moved_distribution_keep_their_ratios(tmp_path: Path) -> None:
    case = plain(tmp_path, a={"prior": {"low": "0.2", "mid": "0.3", "top": "0.5"}})

    assert slopes_of(case, "h") == pytest.approx({"low": -0.375, "mid": 1, "top": -0.6})


def test_only_numbers_that_were_written_are_judgements(tmp_path: Path) -> None:
    case = plain(tmp_path, a={"prior": {"low": "0.2", "mid": "0.3"}})

    assert slopes_of(case, "h") == pytest.approx({"low": -0.375, "mid": 1})


def test_the_others_share_equally_where_one_state_stood_at_1(tmp_path: Path) -> None:
    case = plain(tmp_path, a={"prior": {"low": "1"}})

    assert slopes_of(case, "h") == pytest.approx({"low": -0.5})


@pytest.mark.parametrize("b", [pytest.param("0"), "1", "0.5"])
def test_the_slope_at_an_end_is_one_sided(b: str, tmp_path: Path) -> None:
    """Here P(h) = P(b = yes), which is the judgement itself."""
    rows = [{"when": {"b": "yes"}, "then": {"mid": "1"}}, {"then": {"top": "1"}}]
    case = plain(tmp_path, b={"prior": {"yes": b}}, a={"table": rows})

    found = slopes(case.stated, case.scenario.hypotheses["h"].claim)

    assert found["variables.b.prior.yes"] == pytest.approx(1)


def test_the_others_share_equally_where_one_state_stands_at_1_and_the_claim_is_open(
    tmp_path: Path,
) -> None:
    rows = [{"when": {"b": "1"}, "then": {"mid": "0.9", "top": "0.1"}}]
    rows += [{"when": {"b": "2"}, "then": {"mid": "0.5", "top": "0.5"}}, {"then": {"mid": "0.3"}}]
    rows[-1]["then"] |= {"top": "0.7"}
    three = {"states": ["0", "1", "2"], "prior": {"0": "1"}}

    found = slopes_of(plain(tmp_path, b=three, a={"table": rows}), "h")

    assert found["variables.b.prior.0"] == pytest.approx(0.3 - (0.9 + 0.5) / 2)


def test_what_is_cut_off_by_do_moves_nothing(tmp_path: Path) -> None:
    rows = [{"when": {"b": "yes"}, "then": {"mid": "0.8", "low": "0.2"}}, {"then": {"top": "1"}}]
    case = plain(tmp_path, b={"prior": {"yes": "0.4"}}, a={"table": rows}).do(b="yes")

    found = slopes(case.stated, case.scenario.hypotheses["h"].claim)

    assert found["variables.b.prior.yes"] == 0
    assert found["variables.a.table[0].then.mid"] == pytest.approx(1)
    assert found["variables.a.table[1].then.top"] == 0


def test_what_bears_on_nothing_moves_nothing(tmp_path: Path) -> None:
    case = plain(tmp_path, a={"prior": {"mid": "0.3", "low": "0.7"}}, b={"prior": {"yes": "0.4"}})

    found = slopes(case.stated, case.scenario.hypotheses["h"].claim)

    assert found["variables.b.prior.yes"] == 0
    assert found["settings.grades.B"] == 0


def test_a_variable_of_one_state_cannot_move(tmp_path: Path) -> None:
    """Its distribution sums to 1 whatever happens; seed 17 has one with a row per parent state."""
    rows = [{"when": {"a": "mid"}, "then": {"only": "1"}}, {"then": {"only": "1"}}]
    case = plain(
        tmp_path,
        a={"prior": {"low": "0.2", "mid": "0.3", "top": "0.5"}},
        b={"states": ["only"], "table": rows},
    ).given(b="only")

    found = slopes(case.stated, case.scenario.hypotheses["h"].claim)

    assert found["variables.b.table[0].then.only"] == 0
    assert found["variables.b.table[1].then.only"] == 0
