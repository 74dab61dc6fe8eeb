"""`case.robustness()` against its definition, asked way by way.

The ways are nothing left out and each counted report left out, through `case.without`. On draws,
each way is a case of its own, asked on the same draws; on the judgements as stated it is the
oracle's full enumeration (and, for what was why, its listing of mechanisms).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import rivals
from conftest import BUDGET, FOLDERS
from generate import Made, scenarios, seeded
from oracle.brute import Impossible, weigh
from oracle.mechanisms import Twins, causes
from plain_yaml import QuotingDumper
from rivals.analysis.causes import because, why
from rivals.analysis.robustness import DRAWS as KEPT
from rivals.batch import Batch
from rivals.engine import Array
from test_agreement import asked, is_impossible

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 600 if BUDGET == "full" else 20  # half of them with effects
BLOCK = 20
CELLS = 5000
MECHANISMS = 20_000
DRAWS = 7  # doubled to 112 as they are worth fewer than 400
TIE = 1e-12
CLOSE = 1e-9


@dataclass(frozen=True)
class Ways:
    """What each way finds: who leads and whether the ranking is the stated one, (ways, draws)."""

    order: list[NDArray[np.int64]]  # a way: (hypotheses, draws), the leader first
    weights: list[Array]  # a way: (draws,), summing to 1
    stated: NDArray[np.int64]  # (hypotheses,)

    def leads(self) -> Array:
        """The weighted share in which each hypothesis leads: (ways, hypotheses)."""
        count = len(self.stated)
        return np.array(
            [
                [weights[order[0] == h].sum() for h in range(count)]
                for order, weights in zip(self.order, self.weights, strict=True)
            ]
        )

    def ranking(self) -> Array:
        """The weighted share in which the whole order is the stated one: (ways,)."""
        same = [(order == self.stated[:, np.newaxis]).all(axis=0) for order in self.order]
        return np.array([w[s].sum() for w, s in zip(self.weights, same, strict=True)])


def ranked(chances: Sequence[float]) -> list[int]:
    """The leader, the leader of the rest, and so on; of those within 1e-12 the first leads."""
    left, found = list(range(len(chances))), list[int]()
    while left:
        top = max(chances[h] for h in left)
        leader = next(h for h in left if chances[h] >= top - TIE)
        left.remove(leader)
        found.append(leader)
    return found


def ranked_all(chances: Array) -> NDArray[np.int64]:
    """The same for many draws: (hypotheses, draws)."""
    return np.array([ranked(column) for column in chances.T.tolist()]).T


def headline(batch: Batch) -> Array:
    """P(hypothesis | evidence), or `because` for the first effect: (hypotheses, draws)."""
    scenario = batch.network.scenario
    if scenario.effect is None:
        claims = [noun.claim for noun in scenario.hypotheses.values()]
        found = [batch.chance([batch.indicate(c.variable, c.states)]) for c in claims]
    else:
        effect = scenario.effects[scenario.effect].claim
        found = list(because(batch, [why(scenario, effect, [h]) for h in scenario.hypotheses]))
    return np.stack([np.nan_to_num(batch.fill(one)[0]) for one in found])


def ways_of(case: Any, values: Any, boost: Array | None = None) -> Ways:
    """Every way, each a case of its own, on the same draws; `boost`: how many each stands for."""
    cases = [case, *(case.without(report) for report in counted(case))]
    batches = [Batch(c.network, c.network.masks(None), values) for c in cases]
    weights = [np.exp(b.log_evidence[0] - b.log_evidence[0].max()) for b in batches]
    weights = [w if boost is None else w * boost for w in weights]
    stated = ranked(headline(case.stated)[:, 0].tolist())
    return Ways(
        [ranked_all(headline(batch)) for batch in batches],
        [w / w.sum() for w in weights],
        np.array(stated),
    )


def counted(case: Any) -> list[str]:
    """The ids of the counted reports, in order."""
    statuses = case.reports()["status"]
    return list(statuses.index[statuses == "counted"])


def check(table: pd.DataFrame, case: Any, ways: Ways, close: float = CLOSE) -> float:
    """Every number of a table and of its attrs is the definition's; the largest error."""
    names, reports = list(case.scenario.hypotheses), counted(case)
    leads, ranking = ways.leads(), ways.ranking()
    told = table.attrs["reports"]
    assert list(table.index) == names
    assert list(told.index) == reports
    pairs = [
        (table["leads"], leads.mean(axis=0)),
        (table["whole"], leads[0]),
        (table["worst"], leads.min(axis=0)),
        (told["share"], leads[1:, ways.stated[0]]),
        (told["ranking"], ranking[1:]),
        (table.attrs["ranking"], ranking.mean()),
    ]
    errors = [np.abs(np.asarray(a) - b).max(initial=0.0) for a, b in pairs]
    assert max(errors) <= close, errors
    led = names[ways.stated[0]] if headline(case.stated).max() > 0 else None
    assert table.attrs["leader"] == led
    for row, leader in zip(leads[1:], told["leader"], strict=True):
        assert row[names.index(leader)] >= row.max() - close
    for h, (_, row) in enumerate(table.iterrows()):
        if row["report"]:
            share = leads[1 + reports.index(row["report"]), h]
            assert share <= leads[1:, h].min() + close
        else:
            assert (leads[1:, h] >= leads[0, h] - close).all()
    return float(max(errors))


def made_of(seed: int) -> Made:
    """Every second one has effects."""
    return seeded(seed, explained=seed % 2 == 1, cells=CELLS)


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_shares_of_draws_are_those_of_each_way_asked_anew(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst = (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        case = asked(made_of(seed), tmp_path / str(seed))
        if case is None or is_impossible(case):
            continue
        spread = case.spread(DRAWS, seed)

        table = case.robustness(draws=DRAWS, seed=seed)

        assert table.attrs["draws"] == {"n": spread.size, "effective": spread.effective}
        worst = max(worst, (check(table, case, ways_of(case, spread.values)), f"seed {seed}"))

    record_property("largest error of robustness against each way asked anew", worst)


def enumerated(made: Made, names: list[str], effect: str | None, left: str | None) -> list[float]:
    """The headline's numbers by the oracle, perhaps with one more report left out."""
    what_if = {**made.what_if, "without": (*made.without, *([left] if left else []))}
    if effect is not None:
        rows = causes(made.texts, **what_if)[effect].hypotheses
        return [rows[name].because for name in names]
    found = weigh(made.texts, **what_if).combinations
    return [sum(after for held, (_, after) in found.items() if held[h]) for h in range(len(names))]


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_who_leads_as_stated_is_who_leads_by_full_enumeration(block: int, tmp_path: Path) -> None:
    compared = 0
    for seed in range(block, block + BLOCK):
        made = made_of(seed)
        case = asked(made, tmp_path / str(seed))
        if case is None or is_impossible(case):
            continue
        if case.effect and Twins(made.texts, made.as_of, made.do, made.without).size > MECHANISMS:
            continue
        names, reports = list(case.scenario.hypotheses), counted(case)
        try:
            chances = [enumerated(made, names, case.effect, r) for r in (None, *reports)]
        except Impossible:
            continue
        order = [np.array(ranked(row))[:, np.newaxis] for row in chances]
        ways = Ways(order, [np.ones(1)] * len(order), order[0][:, 0])

        table = case.robustness(draws=0)

        assert table.attrs["draws"] is None
        check(table, case, ways)
        compared += 1

    assert compared >= BLOCK // 2


# --- the shipped scenarios ---


@pytest.mark.parametrize(("name", "draws"), [("warehouse-fire", 500), ("cuba-venezuela", 5)])
def test_shares_of_a_shipped_scenario_are_those_of_each_way_asked_anew(
    name: str, draws: int, record_property: Any
) -> None:
    case = rivals.read(SHIPPED / name)
    kept, boost = case.spread(draws, 3).thin(KEPT)

    error = check(case.robustness(draws=draws, seed=3), case, ways_of(case, kept, boost))

    record_property("largest error of robustness against each way asked anew", (error, name))


def test_of_many_draws_those_that_are_kept_stand_for_all() -> None:
    case = rivals.read(SHIPPED / "warehouse-fire")
    spread = case.spread(3000, 1)
    kept, boost = spread.thin(KEPT)

    table = case.robustness(draws=3000, seed=1)

    assert abs(len(kept.numbers) - KEPT) <= 1
    check(table, case, ways_of(case, kept, boost))
    check(table, case, ways_of(case, spread.values), close=0.08)  # four standard errors


def test_the_same_seed_gives_the_same_table_and_another_another() -> None:
    case = rivals.read(SHIPPED / "warehouse-fire")
    first, again, other = (case.robustness(draws=400, seed=seed) for seed in (1, 1, 2))

    pd.testing.assert_frame_equal(first, again)
    pd.testing.assert_frame_equal(first.attrs["reports"], again.attrs["reports"])
    assert (first["leads"] != other["leads"]).any()


# --- laws ---


def assert_lawful(case: Any, table: pd.DataFrame) -> None:
    """What holds of any answer."""
    told = table.attrs["reports"]
    shares = table[["leads", "whole", "worst"]].to_numpy()
    assert ((shares >= 0) & (shares <= 1 + TIE)).all()
    assert table["leads"].sum() == pytest.approx(1, abs=CLOSE)
    assert table["whole"].sum() == pytest.approx(1, abs=CLOSE)
    assert -TIE <= table.attrs["ranking"] <= 1 + TIE
    led = table.attrs["leader"]
    assert led in table.index if headline(case.stated).max() > 0 else led is None
    led = led or table.index[0]
    assert told[["share", "ranking"]].stack().between(-TIE, 1 + TIE).all()
    assert (told["ranking"] <= told["share"] + CLOSE).all()  # a ranking that stands has its leader
    assert list(told.index) == counted(case)
    assert set(table["report"]) <= {"", *told.index}
    mean = (table.loc[led, "whole"] + told["share"].sum()) / (1 + len(told))
    assert table.loc[led, "leads"] == pytest.approx(mean, abs=CLOSE)


@pytest.mark.parametrize("explained", [False, True])
@given(data=st.data())
def test_shares_are_shares_and_leads_sum_to_1(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, *, explained: bool
) -> None:
    made = data.draw(scenarios(explained=explained, cells=2000))
    case = asked(made, tmp_path_factory.mktemp("made"))
    if case is None or is_impossible(case):
        return

    assert_lawful(case, case.robustness(draws=3))
    assert_lawful(case, case.robustness(draws=0))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_laws_hold_of_what_is_shipped_and_published(folder: Path) -> None:
    case = rivals.read(folder)

    assert_lawful(case, case.robustness(draws=10))


# --- made by hand ---

EVEN = {"ask": "Was it so?", "prior": {"yes": "0.5"}}
SMALL: dict[str, Any] = {
    "title": "T",
    "question": "Q?",
    "hypotheses": {"first": "a=yes", "second": "b=yes"},
    "variables": {"a": EVEN, "b": EVEN},
    "sources": {"s": {"grade": "B"}, "t": {"reliability": "0.4"}},
}


def written(folder: Path, log: list[dict[str, Any]], **changes: Any) -> Any:
    """A case of SMALL with other sections."""
    data = ({**SMALL, **changes}, log)
    return rivals.read(
        Made(*(yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in data)).write(folder)
    )


def said(name: str, **claims: str) -> dict[str, Any]:
    """A report."""
    return {"id": name, "published": "2026-05-04", "source": "s", "claims": claims}


def test_ties_go_to_the_first_in_the_file(tmp_path: Path) -> None:
    table = written(tmp_path, []).robustness(draws=0)

    assert table["whole"].tolist() == [1, 0]
    assert table.attrs["leader"] == "first"


def test_two_that_always_hold_together_are_a_tie_in_every_draw(tmp_path: Path) -> None:
    """Their numbers come by different sums, so they differ by rounding: that decides nothing."""
    same = [{"when": {"a": "yes"}, "then": {"yes": "1"}}, {"then": {"no": "1"}}]
    rows = [{"when": {"b": "yes"}, "then": {"yes": "0.7"}}, {"then": {"yes": "0.2"}}]
    gates: dict[str, Any] = {
        "z": {"prior": {"yes": "0.3"}},
        "a": {"noisy_or": {"leak": "0.2", "causes": {"z": "0.6"}}},
        "b": {"table": same},
        "c": {"table": rows},
        "d": {"noisy_or": {"leak": "0.1", "causes": {"a": "0.6", "b": "0.2"}}},
    }
    variables = {name: {"ask": "Was it so?", **gate} for name, gate in gates.items()}
    log = [{**said(f"r{n}", **{"cadb"[n % 4]: "yes"}), "source": "st"[n % 2]} for n in range(8)]

    case = written(tmp_path, log, variables=variables)

    for seed in range(4):
        leads = case.robustness(draws=4000, seed=seed)["leads"]
        assert leads.tolist() == pytest.approx([1, 0], abs=TIE)


def test_one_report_is_the_worst_that_can_be_left_out(tmp_path: Path) -> None:
    table = written(tmp_path, [said("only", b="yes")]).robustness(draws=0)

    assert table["whole"].tolist() == [0, 1]
    assert table["leads"].tolist() == [0.5, 0.5]
    assert table["worst"].tolist() == [0, 0]
    assert table["report"].tolist() == ["", "only"]
    assert table.attrs["leader"] == "second"
    assert table.attrs["reports"].loc["only"].tolist() == ["first", 0, 0]
    assert table.attrs["ranking"] == 0.5


@pytest.mark.parametrize("draws", [0, 50])
def test_where_nothing_counts_there_is_only_the_whole(draws: int, tmp_path: Path) -> None:
    background = {"id": "news", "published": "2026-05-04", "source": "s"}
    table = written(tmp_path, [background]).robustness(draws=draws)

    assert (table["worst"] == table["whole"]).all()
    assert (table["leads"] == table["whole"]).all()
    assert set(table["report"]) == {""}
    assert len(table.attrs["reports"]) == 0


def test_an_echo_is_not_left_out_and_does_not_step_in(tmp_path: Path) -> None:
    log = [{**said(name, b="yes"), "origin": "call"} for name in ("said", "echo")]

    table = written(tmp_path, log).robustness(draws=0)

    assert list(table.attrs["reports"].index) == ["said"]
    assert table.attrs["reports"].loc["said", "leader"] == "first"


def test_what_is_given_is_never_left_out(tmp_path: Path) -> None:
    case = written(tmp_path, [said("only", a="yes")]).given(a="no")

    table = case.robustness(draws=30)

    assert list(table.attrs["reports"].index) == ["only"]
    assert table["leads"].tolist() == pytest.approx([0, 1])


def test_a_report_on_what_is_under_do_costs_nothing(tmp_path: Path) -> None:
    table = written(tmp_path, [said("only", b="yes")]).do(b="no").robustness(draws=0)

    assert table["leads"].tolist() == [1, 0]
    assert table["report"].tolist() == ["", ""]


def test_what_can_never_be_why_never_leads(tmp_path: Path) -> None:
    """`second` is likelier, but nothing that happens hangs on it."""
    variables = {"a": EVEN, "b": {**EVEN, "prior": {"yes": "0.9"}}}
    effects = {"fire": "c=yes"}
    variables["c"] = {"ask": "Did it burn?", "noisy_or": {"leak": "0.1", "causes": {"a": "0.5"}}}
    log = [{"id": "seen", "published": "2026-05-04", "source": "s", "observes": {"c": "yes"}}]

    table = written(tmp_path, log, variables=variables, effects=effects).robustness(draws=60)

    assert table["leads"].tolist() == pytest.approx([1, 0])


def test_where_nothing_can_be_why_the_first_leads(tmp_path: Path) -> None:
    """The effect covers every state: without any cause it is there all the same."""
    effects = {"all": "b=no|yes"}

    table = written(tmp_path, [said("only", b="yes")], effects=effects).robustness(draws=20)

    assert table["leads"].tolist() == pytest.approx([1, 0])
    assert table.attrs["ranking"] == pytest.approx(1)


def test_no_report_is_named_that_costs_nothing_but_rounding(tmp_path: Path) -> None:
    variables = {"a": {**EVEN, "prior": {"yes": "1"}}, "b": EVEN}
    cases = [
        written(
            tmp_path / str(size), [said(f"r{n}", b="no") for n in range(size)], variables=variables
        )
        for size in range(1, 12)
    ]

    for case in cases:
        table = case.robustness(draws=50)
        assert table["leads"].tolist() == pytest.approx([1, 0], abs=CLOSE)
        assert table["report"].tolist() == ["", ""]
