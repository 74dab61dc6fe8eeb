"""`turning_points`: what it says would change the leader does, and nothing smaller does.

Sets are compared with every set tried through `case.without`; reliabilities are put into the
oracle's full enumeration (and listing of mechanisms); decibels are logged as a likelihood.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import texts
from oracle.mechanisms import Twins
from oracle.world import Factor, World
from plain_yaml import QuotingDumper
from rivals.analysis.causes import why
from rivals.analysis.comparison import decibels
from rivals.analysis.turning import TurningPoints, turning_points
from rivals.batch import Batch
from rivals.twin import contrast_all
from test_agreement import asked, is_impossible

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 400 if BUDGET == "full" else 20  # half of them with effects
RACES = 200 if BUDGET == "full" else 30
BLOCK = 10
CELLS, MECHANISMS = 5000, 20_000
MOST = 7  # counted reports whose sets are all tried
TIE = 1e-12
CLOSE = 1e-9


def lead(numbers: Sequence[float]) -> int:
    """The first in the file of those within 1e-12 of the highest."""
    return next(h for h, p in enumerate(numbers) if p >= max(numbers) - TIE)


def numbers(case: Any) -> list[float]:
    """The headline's number of each hypothesis."""
    if case.effect is None:
        return list(case.beliefs(draws=0)["posterior"])
    scenario, stated = case.scenario, case.stated
    effect = scenario.effects[case.effect].claim
    contrasts = [why(scenario, effect, [h]) for h in scenario.hypotheses]
    return [0.0 if c is None else float(contrast_all(stated, [c])[0][0, 0]) for c in contrasts]


def counted(case: Any) -> list[str]:
    """The ids of the counted reports, in order."""
    statuses = case.reports()["status"]
    return list(statuses.index[statuses == "counted"])


def origins(case: Any) -> list[str]:
    """What the counted reports go back to, in order."""
    table = case.reports().loc[counted(case)]
    return [f"origin:{o}" for o in dict.fromkeys(o for own in table["origin"] for o in own)]


def cases(start: int, stop: int, folder: Path) -> Iterator[tuple[int, Made, Any]]:
    """Made cases, none of them impossible."""
    for seed in range(start, stop):
        made = seeded(seed, explained=seed % 2 == 1, cells=CELLS)
        case = asked(made, folder / str(seed))
        if case is not None and not is_impossible(case):
            yield seed, made, case


def tried(case: Any, names: list[str]) -> dict[tuple[str, ...], list[float]]:
    """Every smallest set whose leaving out changes the lead, up to three, and the numbers then."""
    leader = lead(numbers(case))
    for size in range(1, 4):
        found = {}
        for some in combinations(names, size):
            then = numbers(case.without(*some))
            if lead(then) != leader:
                found[some] = then
        if found:
            return found
    return {}


def check_sets(table: pd.DataFrame, what: str, case: Any, names: list[str]) -> str:
    """A table of sets against all sets; how it was found."""
    hypotheses, now = list(case.scenario.hypotheses), numbers(case)
    exact = tried(case, names)
    if exact:
        assert set(table[what]) == set(exact)
        assert set(table["how"]) == {"exact"}
    for _, row in table.iterrows():
        then = exact[row[what]] if exact else numbers(case.without(*row[what]))
        assert lead(then) != lead(now)
        assert row["leader"] == hypotheses[lead(then)]
        assert row["size"] == len(row[what])
        assert row["chance"] == pytest.approx(then[lead(then)], abs=CLOSE)
        assert row["before"] == pytest.approx(then[lead(now)], abs=CLOSE)
    clear = table["chance"] - table["before"]
    assert (np.diff(clear) <= CLOSE).all()
    if not exact and len(table):
        [[found, how]] = table[[what, "how"]].to_numpy()
        assert how == "greedy"
        assert len(found) > 3
        for fewer in combinations(found, len(found) - 1):
            assert lead(numbers(case.without(*fewer))) == lead(now)
    return "exact" if exact else "greedy" if len(table) else "none"


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_the_smallest_sets_are_those_that_trying_all_of_them_finds(
    block: int, tmp_path: Path
) -> None:
    for _, _, case in cases(block, block + BLOCK, tmp_path):
        if len(counted(case)) > MOST:
            continue

        found = turning_points(case.stated)

        assert found.leader == list(case.scenario.hypotheses)[lead(numbers(case))]
        check_sets(found.sets, "reports", case, counted(case))
        check_sets(found.origins, "origins", case, origins(case))


def race(seed: int) -> Made:
    """A close race of three, with reports that speak of one of them or of two; half explain."""
    rng = np.random.default_rng(seed)
    names = ["a", "b", "c"]
    flags = {n: {"prior": {"yes": f"{rng.uniform(0.3, 0.5):.3f}"}} for n in names}
    causes = {n: f"{rng.uniform(0.5, 0.7):.3f}" for n in names}
    flags["e"] = {"noisy_or": {"leak": "0.05", "causes": causes}}
    scenario = {
        "title": "A race",
        "question": "Why?",
        "effects": {"it": "e=yes"},
        "hypotheses": {f"of_{n}": f"{n}=yes" for n in names},
        "variables": {n: {"ask": "Was it so?", **flag} for n, flag in flags.items()},
        "sources": {n: {"reliability": f"{rng.uniform(0.4, 0.9):.3f}"} for n in ("s", "t", "u")},
    }
    if seed % 2:
        del scenario["effects"]
    log = []
    for n in range(MOST):
        about = rng.choice(names, 1 + (rng.random() < 0.3), replace=False).tolist()
        report = {"id": f"r{n}", "published": "2026-02-01", "source": rng.choice([*"stu"]).item()}
        if rng.random() < 0.4:
            report["origin"] = rng.choice(["wire", "call"]).item()
        if rng.random() < 0.2:
            heavy = {"no": "1", "yes": f"{rng.uniform(0.5, 3):.3f}"}
            log.append({**report, "likelihood": dict.fromkeys(about, heavy)})
        else:
            said = {v: "yes" if rng.random() < 0.8 else "no" for v in about}
            log.append({**report, "claims": said})
    parts = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (scenario, log))
    return Made(*parts)


def test_the_smallest_sets_in_close_races_are_those_that_trying_all_finds(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    for seed in range(RACES):
        case = rivals.read(race(seed).write(tmp_path / str(seed)))

        found = turning_points(case.stated)

        ways = check_sets(found.sets, "reports", case, counted(case))
        check_sets(found.origins, "origins", case, origins(case))
        seen.update([f"{size} {ways}" for size in set(found.sets["size"])] or [ways])
        seen.update(f"{size} origins" for size in set(found.origins["size"]))
        check_needed(case, found)

    for what in ("1 exact", "2 exact", "3 exact", "1 origins", "2 origins"):
        assert seen[what] >= 1, (what, seen)


# --- reliabilities, by the oracle ---


class Relying(World):
    """The oracle's world with one reliability of one source on one topic set otherwise."""

    relied: tuple[tuple[str, ...], float] | None = None

    def foundations(self) -> Iterator[Factor]:
        """As in any world, but for that reliability."""
        for axes, values in super().foundations():
            if self.relied and axes == (self.relied[0],):
                yield axes, np.array([1 - self.relied[1], self.relied[1]])
            else:
                yield axes, values


class Oracle:
    """The headline's numbers by full enumeration, for any value of one reliability."""

    def __init__(self, made: Made) -> None:
        self.made = made
        self.world = Relying(made.texts, made.as_of, made.do, made.without)
        stated = self.world.scenario["hypotheses"]
        self.claims = [texts.claim(one) for one in stated.values()]
        self.effect = next(iter(self.world.scenario.get("effects", {}).values()), None)
        if self.effect is not None:
            self.twins = Twins(made.texts, made.as_of, made.do, made.without)
            self.twins.world = self.world

    @property
    def feasible(self) -> bool:
        """Whether there are few enough mechanisms to list."""
        return self.effect is None or self.twins.size <= MECHANISMS

    def __call__(self, axis: tuple[str, str, str], value: float) -> list[float]:
        """The numbers with that reliability at the value."""
        self.world.relied = (axis, value)
        return self._presence() if self.effect is None else self._reasons()

    def _presence(self) -> list[float]:
        world = self.world
        tensor = world.prior()
        for report in world.in_force():
            tensor = world.times(tensor, world.says(report))
        tensor = world.times(tensor, [world.seen(v, s) for v, s in self.made.given.items()])
        tensor = world.times(tensor, world.silent(self.made.given).values())
        found = []
        for variable, states, _ in self.claims:
            belief = world.onto(tensor, [("variable", variable)])
            chosen = [world.states(variable).index(s) for s in states]
            found.append(float(belief[chosen].sum() / belief.sum()))
        return found

    def _reasons(self) -> list[float]:
        twins = self.twins
        if not hasattr(twins, "weights"):
            twins.enumerate()
        weights = twins.weights * twins.evidence(self.made.given)
        variable, states, _ = texts.claim(self.effect)
        happened = twins.holds(variable, states, twins.actual)
        found = []
        for own, held, off in self.claims:
            others = [s for s in twins.gates[own].states if s not in held]
            fails = ~twins.holds(variable, states, twins.under({own: off or others[0]}))
            why = happened & fails & twins.holds(own, held, twins.actual)
            found.append(float(weights[why].sum() / weights.sum()))
        return found


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_a_reliability_put_in_makes_a_tie_and_none_nearer_changes_the_lead(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst, near = (0.0, "nothing"), range(block, block + BLOCK, 2)
    compared = 0
    races = ((n, race(n), rivals.read(race(n).write(tmp_path / f"race {n}"))) for n in near)
    for seed, made, case in (*cases(block, block + BLOCK, tmp_path), *races):
        oracle, names = Oracle(made), list(case.scenario.hypotheses)
        if not oracle.feasible:
            continue
        found = turning_points(case.stated)
        leader = names.index(found.leader)
        assert set(found.sources.index) == set(case.sources().index)
        for (source, topic), row in found.sources.iterrows():
            axis, falls_to = ("reliable", str(source), str(topic)), row["falls_to"]
            assert row["value"] == case.sources().loc[(source, topic), "prior"]
            end = 0.0 if np.isnan(falls_to) else falls_to
            for r in np.linspace(row["value"], end, 5)[:-1]:
                assert lead(oracle(axis, float(r))) == leader, (seed, source, r)
            if np.isnan(falls_to):
                assert row["leader"] == ""
                if row["value"] > 0 and is_possible(oracle, axis):
                    assert lead(oracle(axis, 0.0)) == leader, (seed, source)
                continue
            other, at = names.index(row["leader"]), oracle(axis, falls_to)
            error = abs(at[leader] - at[other])
            assert error <= CLOSE, (seed, source)
            if falls_to > 1e-6:
                beyond = oracle(axis, falls_to * (1 - 1e-4))
                assert beyond[other] > beyond[leader] - TIE
            worst = max(worst, (error, f"seed {seed}: {source}"))
            compared += 1

    assert compared >= 1
    record_property("largest error of a reliability that makes a tie", worst)


def is_possible(oracle: Oracle, axis: tuple[str, str, str]) -> bool:
    """Whether the evidence is, with the source not reliable."""
    with np.errstate(invalid="ignore"):
        return bool(np.isfinite(oracle(axis, 0.0)).all())


# --- one more report ---


def weighed(case: Any, claim: Any, db: float) -> list[float]:
    """The numbers after one more report of so many dB for a claim."""
    states = case.scenario.variables[claim.variable].states
    weights = {s: 10 ** (db / 10) if s in claim.states else 1.0 for s in states}
    return numbers(case.with_report(likelihood={claim.variable: weights}))


def check_needed(case: Any, found: TurningPoints) -> float:
    """Every rise and fall makes a tie, and where there is none no report changes the lead."""
    names = list(case.scenario.hypotheses)
    now, leader = numbers(case), names.index(found.leader)
    own = case.scenario.hypotheses[found.leader].claim
    assert sorted(found.needed.index) == sorted(set(names) - {found.leader})
    assert (np.diff(found.needed["chance"]) <= 0).all()
    worst = 0.0
    for rival, row in found.needed.iterrows():
        other, claim = names.index(str(rival)), case.scenario.hypotheses[str(rival)].claim
        assert row["chance"] == pytest.approx(now[other], abs=CLOSE)
        for about, db, sign in ((claim, row["rise"], 1), (own, row["fall"], -1)):
            if about.variable in case.what_if.do:
                assert np.isnan(db)
            elif np.isnan(db):
                then = weighed(case, about, sign * 30)
                assert then[other] <= then[leader] + CLOSE
            else:
                assert db >= -CLOSE
                then = weighed(case, about, sign * db)
                worst = max(worst, abs(then[other] - then[leader]))
                more = weighed(case, about, sign * (db + 1))
                assert more[other] >= more[leader] - TIE
    assert worst <= CLOSE
    return worst


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_so_many_decibels_logged_as_a_likelihood_make_a_tie(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    for seed, _, case in cases(block, block + BLOCK, tmp_path):
        error = check_needed(case, turning_points(case.stated))
        record_property("largest error of decibels that make a tie", (error, f"seed {seed}"))


def check_supply(case: Any, found: TurningPoints, rows: slice) -> float:
    """What a claim carries is how far the odds move when it is logged, any silence ended."""
    worst = 0.0
    expected = {(h, s) for h in case.scenario.hypotheses for s in case.scenario.sources}
    assert set(found.supply.index) == expected
    for (rival, source), row in found.supply.iloc[rows].iterrows():
        claim = case.scenario.hypotheses[rival].claim
        states, sign, least = claim.states, 1, found.needed["rise"].get(rival)
        if rival == found.leader:
            known = case.scenario.variables[claim.variable].states
            states, sign = [s for s in known if s not in claim.states], -1
            least = found.needed["fall"].min()
        assert row["enough"] == bool(row["dB"] >= least)
        if claim.variable in case.what_if.do:
            assert np.isnan(row["dB"])
            continue
        said = {claim.variable: list(states)}
        every = case.scenario.variables[claim.variable].states
        ended = case.with_report(likelihood={claim.variable: dict.fromkeys(every, 1)})
        before = ended.beliefs(draws=0)["posterior"]
        more = case.with_report(source=source, claims=said, directness="direct")
        moved = np.nan
        if not is_impossible(more):
            after = more.beliefs(draws=0)["posterior"]
            moved = sign * decibels(before[rival], after[rival])
        if min(before[rival], 1 - before[rival]) < CLOSE:
            continue
        assert np.isnan(row["dB"]) == np.isnan(moved)
        worst = max(worst, 0.0 if np.isnan(moved) else abs(row["dB"] - moved))
    assert worst <= CLOSE
    return worst


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_a_claim_carries_what_it_moves_when_it_is_logged(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    for seed, made, _ in cases(block, block + BLOCK, tmp_path):
        case = asked(replace(made, without=()), tmp_path / f"{seed} whole")
        if case is None or is_impossible(case):
            continue
        error = check_supply(case, turning_points(case.stated), slice(None))
        record_property("largest error of the dB that a claim carries", (error, f"seed {seed}"))


# --- the shipped scenarios ---


def test_the_sets_of_the_teaching_case_are_those_that_trying_all_finds() -> None:
    case = rivals.read(SHIPPED / "warehouse-fire")
    found = turning_points(case.stated)

    assert check_sets(found.sets, "reports", case, counted(case)) == "exact"
    assert check_sets(found.origins, "origins", case, origins(case)) == "exact"


@pytest.mark.parametrize("name", ["warehouse-fire", "cuba-venezuela"])
def test_a_report_as_heavy_as_told_makes_a_tie_in_a_shipped_scenario(name: str) -> None:
    case = rivals.read(SHIPPED / name)

    found = turning_points(case.stated)
    check_needed(case, found)
    check_supply(case, found, slice(None, None, 9))


def test_sets_of_three_of_the_real_case_are_told_from_larger_ones() -> None:
    """One in seven of all 59,640 again, on their masks and by the contrasts themselves."""
    case = rivals.read(SHIPPED / "cuba-venezuela")
    found, names = turning_points(case.stated), counted(case)
    stated, scenario = case.stated, case.scenario
    effect = scenario.effects[case.effect].claim
    contrasts = [why(scenario, effect, [h]) for h in scenario.hypotheses]
    assert check_sets_of_three(stated, contrasts, found.leader) == (set(found.sets["size"]) <= {3})
    [row] = found.sets.iloc[:1].to_dict("records")
    assert lead(numbers(case.without(*row["reports"]))) != lead(numbers(case))
    assert set(row["reports"]) <= set(names)


def check_sets_of_three(stated: Batch, contrasts: list[Any], leader: str) -> bool:
    """Whether one of every seventh set of three changes the lead."""
    network = stated.network
    sets = list(combinations(network.items, 3))[::7]
    place = list(network.scenario.hypotheses).index(leader)
    for start in range(0, len(sets), 500):
        kept = [set(network.items) - set(one) for one in sets[start : start + 500]]
        batch = stated.over(network.masks(*kept))
        found = np.stack([batch.fill(one)[:, 0] for one in contrast_all(batch, contrasts)])
        if any(lead(column) != place for column in found.T.tolist()):
            return True
    return False


def asked_again(stated: Batch, sets: list[set[str]]) -> np.ndarray:
    """The numbers without the reports of each set, forwards on masks: (hypotheses, sets)."""
    network, scenario = stated.network, stated.network.scenario
    effect = scenario.effects[scenario.effect].claim
    contrasts = [why(scenario, effect, [h]) for h in scenario.hypotheses]
    columns = []
    for start in range(0, len(sets), 500):
        kept = [set(network.items) - one for one in sets[start : start + 500]]
        batch = stated.over(network.masks(*kept))
        columns.append(np.stack([batch.fill(n)[:, 0] for n in contrast_all(batch, contrasts)]))
    return np.concatenate(columns, axis=1)


@pytest.mark.parametrize("what", ["reports", "origins"])
@pytest.mark.parametrize(("moment", "some_do"), [("2026-02-22", False), ("2026-02-20", True)])
def test_none_and_no_two_of_the_real_case_change_the_lead_unless_told(
    moment: str, some_do: bool, what: str
) -> None:
    """All of them on masks; those that come nearest once more as cases of their own."""
    case = rivals.read(SHIPPED / "cuba-venezuela").as_of(moment)
    table, leader = case.reports().loc[counted(case), "origin"], lead(numbers(case))
    units = {r: {r} for r in counted(case)}
    if what == "origins":
        units = {o: {r for r, own in table.items() if o[7:] in own} for o in origins(case)}
    sets = [some for size in (1, 2) for some in combinations(units, size)]

    found = turning_points(case.stated)
    told = found.sets if what == "reports" else found.origins

    without = asked_again(case.stated, [set().union(*(units[u] for u in one)) for one in sets])
    changing = [i for i, then in enumerate(without.T.tolist()) if lead(then) != leader]
    least = min((len(sets[i]) for i in changing), default=3)
    assert bool(changing) == some_do
    expected = {sets[i] for i in changing if len(sets[i]) == least}
    assert {one for one in told[what] if len(one) < 3} == expected
    ahead = np.delete(without, leader, axis=0).max(axis=0) - without[leader]
    for i in np.argsort(-ahead)[:3].tolist():
        then = numbers(case.without(*sets[i]))
        assert then == pytest.approx(without[:, i].tolist(), abs=CLOSE), sets[i]
        assert (lead(then) != leader) == (i in changing), sets[i]


# --- made by hand ---

EVEN = {"ask": "Was it so?", "prior": {"yes": "0.5"}}
SMALL: dict[str, Any] = {
    "title": "T",
    "question": "Q?",
    "hypotheses": {"first": "a=yes", "second": "b=yes"},
    "variables": {"a": {**EVEN, "prior": {"yes": "0.9"}}, "b": EVEN},
    "sources": {"s": {"reliability": "0.8"}, "t": {"grade": "C"}},
}


def written(folder: Path, log: list[dict[str, Any]], **changes: Any) -> Any:
    """A case of SMALL with other sections."""
    parts = ({**SMALL, **changes}, log)
    data = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in parts)
    return rivals.read(Made(*data).write(folder))


def twice(number: int, **fields: Any) -> dict[str, Any]:
    """A report that is twice as likely if b."""
    likelihood = {"b": {"no": "1", "yes": "2"}}
    return {"id": f"r{number}", "published": "2026-05-04", "likelihood": likelihood, **fields}


def test_six_of_nine_equal_reports_must_go_and_are_found_greedily(tmp_path: Path) -> None:
    case = written(tmp_path, [twice(n) for n in range(9)])  # 8 to 9 once six are gone

    [row] = turning_points(case.stated).sets.to_dict("records")

    assert (row["size"], row["how"], row["leader"]) == (6, "greedy", "first")
    assert row["chance"] == pytest.approx(0.9)
    assert row["before"] == pytest.approx(8 / 9)


def test_where_there_are_too_many_sets_the_search_says_that_it_was_greedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.analysis.discredit.MOST_SETS", 5)
    case = written(tmp_path, [twice(n) for n in range(5)])  # 8 to 9 once two are gone

    [row] = turning_points(case.stated).sets.to_dict("records")

    assert (row["size"], row["how"], row["leader"]) == (2, "greedy", "first")


def test_an_origin_goes_with_all_that_names_it(tmp_path: Path) -> None:
    reports = [twice(n, origin=["wire", "call"] if n < 3 else "memo") for n in range(1)]
    other = [
        {**twice(n), "likelihood": {"c": {"no": "1", "yes": "2"}}, "origin": "wire"}
        for n in range(1, 2)
    ]
    strong = {**twice(5), "likelihood": {"b": {"no": "1", "yes": "9"}}}
    variables = {**SMALL["variables"], "c": EVEN}
    case = written(tmp_path, [*reports, *other, strong], variables=variables)

    found = turning_points(case.stated).origins

    assert found["origins"].tolist() == [("origin:r5",), ("origin:wire",), ("origin:call",)]
    assert found["how"].tolist() == ["exact"] * 3


def test_where_nothing_counts_nothing_can_be_discredited(tmp_path: Path) -> None:
    found = turning_points(written(tmp_path, []).stated)

    assert found.leader == "first"
    assert found.sets.empty
    assert found.origins.empty
    assert found.sources.empty
    assert found.needed.loc["second"].tolist() == pytest.approx(
        [0.5, 10 * np.log10(9), 10 * np.log10(9)]
    )


def test_what_is_given_is_not_discredited(tmp_path: Path) -> None:
    case = written(tmp_path, [twice(0)]).given(b="yes")

    assert turning_points(case.stated).sets.empty


def test_a_source_must_fall_to_where_its_word_is_worth_the_rest(tmp_path: Path) -> None:
    """Here P(b | s says so) is r + (1 - r) / 2, and the other has 0.9."""
    log = [{"id": "r", "published": "2026-05-04", "source": "s", "claims": {"b": "yes"}}]
    settings = {"accuracy": "1", "fidelity": {"relayed": "1"}}
    sources = {"s": {"reliability": "0.95"}}
    case = written(tmp_path, log, sources=sources, settings=settings)

    row = turning_points(case.stated).sources.loc[("s", "")]

    assert row["value"] == 0.95
    assert row["falls_to"] == pytest.approx(0.8)  # r + (1-r)/2 = 0.9
    assert row["leader"] == "first"


def test_a_report_on_what_is_under_do_supplies_nothing(tmp_path: Path) -> None:
    found = turning_points(written(tmp_path, []).do(b="no").stated)

    assert np.isnan(found.needed.loc["second", "rise"])
    assert found.supply.loc["second", "dB"].isna().all()
    assert not found.supply["enough"].any()
