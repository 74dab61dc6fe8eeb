"""Sensitivity against scenarios asked again with one judgement elsewhere.

Small scenarios are enumerated: every factor is linear in each judgement, so a factor at t lies
between its two ends, and the sum over everything is the oracle's. The larger shipped scenario is
asked for its marginals with the judgement in another place, which is another way through the
engine than the analysis takes; turning points are written into its file and read back.
"""

from __future__ import annotations

import copy
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.optimize import minimize_scalar
from scipy.stats import beta

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import texts
from plain_yaml import QuotingDumper
from rivals.analysis.curves import curve, grid
from rivals.analysis.sensitivity import examine
from rivals.batch import Batch
from rivals.errors import QuestionError
from rivals.judgements import statements
from test_agreement import asked, is_impossible
from test_slopes import PLAIN, Enumerated, Forward, moved, stands_once

SHIPPED = Path(__file__).parent.parent / "scenarios"
SEEDS = 100 if BUDGET == "full" else 10
BLOCK = 5
CELLS = 500
CLOSE = 1e-9
TIE = 1e-12
TWENTY_FIVE = np.linspace(0.0, 1.0, 25)

Plain = dict[str, Any]


# --- the oracles ---


class Along:
    """P(hypotheses | e) of a case by enumeration, with one judgement elsewhere."""

    def __init__(self, made: Made) -> None:
        claim = texts.claim(next(iter(texts.load(made.texts)[0]["hypotheses"].values())))
        self.enumerated = Enumerated(made, (claim[0], claim[1]))
        self.world, self.stated = self.enumerated.world, self.enumerated.stated
        hypotheses = self.stated["hypotheses"].items()
        self.claims = {h: texts.claim(stated)[:2] for h, stated in hypotheses}
        self.ends: dict[str, Any] = {}

    def at(self, name: str, t: float) -> tuple[np.ndarray, float]:
        """P(h, e) of all hypotheses, and P(e)."""
        if name not in self.ends:
            placed = (moved(self.stated, name, Fraction(end)) for end in (0, 1))
            self.ends[name] = [self.enumerated.factors(one) for one in placed]
        between = [
            (axes, (1 - t) * low + t * high)
            for (axes, low), (_, high) in zip(*self.ends[name], strict=True)
        ]
        return self.sums(between)

    def sums(self, factors: Any) -> tuple[np.ndarray, float]:
        """The same of any factors."""
        tensor = self.world.times(np.ones([1] * len(self.world.axes)), factors)
        held = []
        for variable, states in self.claims.values():
            marginal = self.world.onto(tensor, [("variable", variable)])
            held.append(sum(marginal[self.world.states(variable).index(s)] for s in states))
        return np.array(held), float(tensor.sum())

    def chances(self, name: str, ts: Any) -> np.ndarray:
        """P(h | e), (hypotheses, points); NaN where the evidence is impossible."""
        sums = [self.at(name, float(t)) for t in ts]
        return np.array([h / e if e > 0 else np.full(len(h), np.nan) for h, e in sums]).T


class Again:
    """The same for a case too large to enumerate: marginals with the judgement elsewhere."""

    def __init__(self, folder: Path) -> None:
        self.case = rivals.read(folder)
        nouns = self.case.scenario.hypotheses
        self.claims = {h: (n.claim.variable, n.claim.states) for h, n in nouns.items()}
        self.forward = Forward(folder, next(iter(nouns.values())).claim)

    def chances(self, name: str, ts: Any) -> np.ndarray:
        """P(h | e), (hypotheses, points)."""
        placed = [self.forward.moved(name, float(t)) for t in ts]
        values = {p: np.repeat(v, len(ts), axis=-1) for p, v in self.case.values.items()}
        (path,) = placed[0]
        values[path] = np.concatenate([one[path] for one in placed], axis=-1)
        network = self.case.network
        with np.errstate(invalid="ignore"):  # where the evidence is impossible
            found = Batch(network, network.masks(None), values).marginals()
        variables = self.case.scenario.variables
        return np.array(
            [
                sum(found[v][variables[v].states.index(s), 0] for s in states)
                for v, states in self.claims.values()
            ]
        )


def leader(chances: np.ndarray) -> int:
    """The first hypothesis of the file that nothing exceeds by more than a tie."""
    return next(h for h, p in enumerate(chances) if p >= chances.max() - TIE)


# --- what a row must say ---


class Check:
    """One row of the table against an oracle."""

    def __init__(self, oracle: Any, case: Any, row: Any, h: str, ends: Any) -> None:
        self.oracle, self.case, self.row, self.h, self.name = oracle, case, row, h, row.name
        self.which, self.value = list(case.scenario.hypotheses).index(h), row["value"]
        found = oracle.chances(self.name, [self.value, *ends, *TWENTY_FIVE])
        self.present, self.low_and_high, self.points = found[:, 0], found[:, 1:3], found[:, 3:]
        self.worst = 0.0

    def near(self, found: float, expected: float, close: float = CLOSE) -> None:
        """They are as good as the same."""
        error = abs(found - expected)
        assert error <= close, f"{self.h} by {self.name}: {found} for {expected}"
        self.worst = max(self.worst, error)

    def function(self) -> bool:
        """The curve, and a, b, c, d where they are given; whether they are."""
        t, possible = TWENTY_FIVE, np.isfinite(self.points[self.which])
        found = curve(self.case.stated, self.name, self.h, points=25)
        assert found.columns[0] == self.h
        for h, expected in zip(self.case.scenario.hypotheses, self.points, strict=True):
            assert (np.isfinite(found[h]) == possible).all()
            for one, other in zip(found[h][possible], expected[possible], strict=True):
                self.near(one, other)
        a, b, c, d = self.row[list("abcd")]
        if np.isnan([a, b, c, d]).any():
            return False
        for one, expected in zip(t[possible], self.points[self.which][possible], strict=True):
            lost = 4e-16 * max(abs(c), abs(d)) / (c * one + d)  # the digits of a nearly empty sum
            self.near((a * one + b) / (c * one + d), expected, CLOSE + lost)
        self.near(
            (a * d - b * c) / (c * self.value + d) ** 2 / self.scale(), self.derivative(), 1e-8
        )
        return True

    def scale(self) -> float:
        return max(1.0, abs(self.row["derivative"]))

    def derivative(self) -> float:
        return float(self.row["derivative"] / self.scale())

    def flip(self, threshold: float) -> bool:
        """It gives the threshold, and none is nearer; whether there is one."""
        flip, over = self.row["flip"], self.points[self.which] - threshold
        now = self.present[self.which] - threshold
        nearer = self.before(flip) & (np.abs(over) > 1e-10) & (abs(now) > 1e-10)
        assert (np.sign(over[nearer]) == np.sign(now)).all(), self.name
        if np.isnan(flip):
            return False
        self.near(self.oracle.chances(self.name, [flip])[self.which, 0], threshold)
        return True

    def lead(self) -> bool:
        """The leader changes there, and not before; whether there is such a place."""
        lead, now = self.row["lead"], leader(self.present)
        others = np.delete(self.points, now, axis=0)
        clear = np.abs(self.points[now] - others.max(axis=0, initial=-1.0)) > 1e-10
        for chances in self.points[:, self.before(lead) & clear].T:
            assert leader(chances) == now, self.name
        if np.isnan(lead):
            return False
        sides = np.sign(lead - self.value) or np.array([[1.0], [-1.0]])
        steps = np.ravel(
            sides * np.array([1e-9, 1e-7, 1e-5])
        )  # a tie is as wide as the gap is flat
        beyond = self.oracle.chances(self.name, np.clip(lead + steps, 0.0, 1.0)).T
        assert any(leader(chances) != now for chances in beyond), self.name
        return True

    def before(self, turn: float) -> np.ndarray:
        """Which of the points are clearly nearer to the value than a turn, or all."""
        far = np.inf if np.isnan(turn) else abs(turn - self.value) - 1e-9
        return (np.abs(TWENTY_FIVE - self.value) < far) & np.isfinite(self.points[self.which])

    def ends(self) -> None:
        """P(h | e) at both ends of the judgement's own uncertainty."""
        for name, expected in zip(("low", "high"), self.low_and_high[self.which], strict=True):
            self.near(self.row[name], expected)

    def distance(self) -> None:
        """The step in log odds, null at 0 and 1."""
        v, t = self.value, self.row["flip"]
        if v in (0, 1) or t in (0, 1) or np.isnan(t):
            assert np.isnan(self.row["log_odds_moved"])
        else:
            self.near(self.row["log_odds_moved"], abs(np.log(t / (1 - t) / v * (1 - v))), 1e-6)


def quantiles(p: float, statement: Any) -> Any:
    """The 5% and 95% ends of a judgement's own uncertainty."""
    stated = (*statement.stated, 1 - p) if statement.is_chance else statement.stated
    if statement.firmness is None or not 0 < p < 1:
        return [p, p]
    size = max(statement.firmness, 1 / min(q for q in stated if q > 0))
    return beta.ppf([0.05, 0.95], size * p, size * (1 - p))


class Tally:
    """What was checked of how many rows, and the largest error."""

    def __init__(self) -> None:
        self.rows = self.straight = self.flips = self.leads = 0
        self.worst = (0.0, "nothing")

    def check(self, oracle: Any, case: Any, h: str, threshold: float, where: str) -> Any:
        """Every row of a table."""
        table = examine(case.stated, case.dossier.places, h, threshold)
        by_name = {path: s for s in statements(case.scenario) for path, _ in s.judgements()}
        assert list(table.index) == list(by_name)
        for name, statement in by_name.items():
            check = Check(
                oracle, case, table.loc[name], h, quantiles(table["value"][name], statement)
            )
            self.rows += 1
            self.straight += check.function()
            self.flips += check.flip(threshold)
            self.leads += check.lead()
            check.ends()
            check.distance()
            self.worst = max(self.worst, (check.worst, f"{where}: {h} by {name}"))
        return table

    def tell(self, record_property: Any, against: str) -> None:
        """Print it at the end of the run."""
        error, where = self.worst
        told = f"{where}; {self.rows} rows, {self.straight} straight, {self.flips} flips, "
        told += f"{self.leads} leads"
        record_property(f"largest error of sensitivities against {against}", (error, told))


def is_straight(oracle: Along, name: str) -> bool:
    """Whether P(h, e) and P(e) are straight lines in a judgement, by enumeration."""
    sums = [np.append(*oracle.at(name, t)) for t in (0.0, 1.0, 0.25, 0.5, 0.81)]
    lines = [(1 - t) * sums[0] + t * sums[1] for t in (0.25, 0.5, 0.81)]
    misses = [np.abs(line - s).max() / s[-1] for line, s in zip(lines, sums[2:], strict=True)]
    return max(misses) < 1e-9


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_rows_are_those_of_full_enumeration(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    tally = Tally()
    for seed in range(block, block + BLOCK):
        made = seeded(seed, cells=CELLS)
        case = asked(made, tmp_path / str(seed))
        if case is None or is_impossible(case):
            continue
        oracle, names = Along(made), list(case.scenario.hypotheses)
        h, threshold = names[seed % len(names)], (0.5, 0.2, 0.8)[seed % 3]
        table = tally.check(oracle, case, h, threshold, f"seed {seed}")
        for name, a in table["a"].items():
            if stands_once(name, oracle.world):
                assert np.isfinite(a), name
            if np.isnan(a):
                assert not is_straight(oracle, name), name

    assert tally.rows >= 40
    tally.tell(record_property, "full enumeration")


@pytest.mark.parametrize("h", ["arson", "wiring", "neglect"])
def test_rows_of_the_warehouse_fire_are_those_of_full_enumeration(
    h: str, record_property: Any
) -> None:
    folder, tally = SHIPPED / "warehouse-fire", Tally()
    made = Made(*((folder / f"{name}.yaml").read_text("utf-8") for name in ("scenario", "reports")))

    tally.check(Along(made), rivals.read(folder), h, 0.5, "warehouse-fire")

    assert tally.flips
    assert tally.leads
    tally.tell(record_property, "full enumeration")


def test_rows_of_a_large_scenario_are_those_of_asking_again(record_property: Any) -> None:
    tally, oracle = Tally(), Again(SHIPPED / "cuba-venezuela")
    names = list(oracle.case.scenario.hypotheses)
    for h in names if BUDGET == "full" else names[1:2]:
        tally.check(oracle, oracle.case, h, 0.5, "cuba-venezuela")

    assert tally.flips
    assert tally.leads
    tally.tell(record_property, "asking again")


# --- turning points, written into the file ---


def spelled(plain: Any) -> Any:
    """Exact fractions as the numbers that one would write."""
    if isinstance(plain, dict):
        return {key: spelled(value) for key, value in plain.items()}
    if isinstance(plain, list):
        return [spelled(value) for value in plain]
    long = "/" in plain and len(plain) > 12 and plain.replace("/", "").isdigit()
    return repr(float(Fraction(plain))) if long else plain


def reread(folder: Path, name: str, t: float, to: Path) -> Any:
    """The case of a scenario in whose file a judgement stands at t."""
    scenario, _ = texts.load(folder)
    placed = spelled(moved(scenario, name, Fraction(t)))
    text = yaml.dump(placed, Dumper=QuotingDumper, sort_keys=False, allow_unicode=True)
    return rivals.read(Made(text, (folder / "reports.yaml").read_text("utf-8")).write(to))


def posteriors(case: Any) -> np.ndarray:
    return case.beliefs(draws=0)["posterior"].to_numpy()


@pytest.mark.parametrize(
    ("folder", "h"), [("warehouse-fire", "neglect"), ("cuba-venezuela", "havana_orders")]
)
def test_a_flip_written_into_the_file_gives_the_threshold(
    folder: str, h: str, tmp_path: Path
) -> None:
    case = rivals.read(SHIPPED / folder)
    flips = examine(case.stated, case.dossier.places, h)["flip"].dropna()

    assert len(flips) >= 5
    for i, (name, t) in enumerate(flips.items()):
        again = reread(SHIPPED / folder, name, t, tmp_path / str(i))
        assert again.beliefs(draws=0)["posterior"][h] == pytest.approx(0.5, abs=CLOSE), name


@pytest.mark.parametrize("h", ["arson", "wiring", "neglect"])
def test_every_flip_of_the_warehouse_fire_written_into_the_file_gives_the_threshold(
    h: str, tmp_path: Path, record_property: Any
) -> None:
    folder, worst = SHIPPED / "warehouse-fire", (0.0, "nothing")
    flips = {
        (name, threshold): t
        for threshold in (0.3, 0.5, 0.8)
        for name, t in rivals.read(folder).sensitivity(h, threshold)["flip"].dropna().items()
    }

    assert {threshold for _, threshold in flips} == {0.3, 0.5, 0.8}
    assert len(flips) >= 10
    for i, ((name, threshold), t) in enumerate(flips.items()):
        again = reread(folder, name, t, tmp_path / str(i))
        error = abs(again.beliefs(draws=0)["posterior"][h] - threshold)
        assert error <= CLOSE, (name, threshold)
        worst = max(worst, (error, f"{h} at {threshold} by {name}"))

    record_property("largest error of a flip written into the file", worst)


@pytest.mark.parametrize("folder", ["warehouse-fire", "cuba-venezuela"])
def test_a_lead_written_into_the_file_is_where_another_leads(folder: str, tmp_path: Path) -> None:
    case = rivals.read(SHIPPED / folder)
    h = next(iter(case.scenario.hypotheses))
    table = examine(case.stated, case.dossier.places, h).dropna(subset="lead")
    now = leader(posteriors(case))

    assert len(table) >= 5
    for i, (name, row) in enumerate(list(table.iterrows())[:2]):
        t, away = row["lead"], np.sign(row["lead"] - row["value"])
        nudge = 1e-6 * min(t, 1 - t)
        at, before, beyond = (
            posteriors(reread(SHIPPED / folder, name, t + step, tmp_path / f"{i}{k}"))
            for k, step in enumerate((0.0, -away * nudge, away * nudge))
        )
        first, second = sorted(at)[-2:]
        assert first == pytest.approx(second, abs=CLOSE), name
        assert leader(before) == now, name
        assert leader(beyond) != now, name


# --- curves that are no quotient of lines ---


RISE: Plain = {
    **PLAIN,
    "hypotheses": {"h": "a=yes", "other": "b=yes"},
    "variables": {
        "a": {"ask": "?", "prior": {"yes": "0.4"}},
        "b": {"ask": "?", "prior": {"yes": "0.05"}},
    },
    "sources": {"s": {"grade": "C", "interest": {"a": "no"}}, "t": {"grade": "C"}},
}
"""Two sources of one grade contradict each other: the curve rises from 0.4 and comes back to it."""

SAID = [
    {"id": "r1", "published": "2026-05-04", "source": "s", "claims": {"a": "yes"}},
    {"id": "r2", "published": "2026-05-04", "source": "t", "claims": {"a": "no"}},
]


def made(scenario: Plain, log: list[Plain]) -> Made:
    return Made(*(yaml.dump(d, Dumper=QuotingDumper, sort_keys=False) for d in (scenario, log)))


def of_grade(folder: Path, threshold: float, grade: str = "0.7") -> Any:
    """The row of the shared grade, with the grade elsewhere to start with."""
    scenario = {**RISE, "settings": {"grades": {"C": grade}}}
    case = rivals.read(made(scenario, SAID).write(folder))
    return examine(case.stated, case.dossier.places, "h", threshold).loc["settings.grades.C"]


@pytest.fixture(scope="module")
def top() -> tuple[float, float, Any]:
    """Where the curve is highest, how high, and the curve, by enumeration."""
    oracle = Along(made(RISE, SAID))

    def chance(t: float) -> float:
        return float(oracle.chances("settings.grades.C", [t])[0, 0])

    found = minimize_scalar(lambda t: -chance(t), (0.1, 0.5, 0.9), tol=1e-12)
    return found.x, -found.fun, chance


def test_the_curve_of_a_shared_grade_is_not_called_a_quotient_of_lines(tmp_path: Path) -> None:
    assert of_grade(tmp_path, 0.5)[list("abcd")].isna().all()


@pytest.mark.parametrize("fidelity", ["0.501", "0.500001"])
def test_a_curve_that_is_hardly_bent_is_not_called_so_either(fidelity: str, tmp_path: Path) -> None:
    scenario = {**RISE, "settings": {"fidelity": {"inferred": fidelity}}}
    files = made(scenario, [SAID[0], {**SAID[1], "directness": "inferred"}])
    case, oracle = rivals.read(files.write(tmp_path)), Along(files)

    row = examine(case.stated, {}, "h", 0.8).loc["settings.grades.C"]

    assert row[list("abcd")].isna().all()
    assert oracle.chances(row.name, [row["flip"]])[0, 0] == pytest.approx(0.8, abs=1e-12)


def test_a_curve_that_only_touches_the_threshold_flips_there(top: Any, tmp_path: Path) -> None:
    at, height, chance = top

    flip = of_grade(tmp_path, height)["flip"]

    assert flip == pytest.approx(at, abs=1e-5)
    assert chance(flip) == pytest.approx(height, abs=1e-12)


def test_a_curve_that_stays_below_the_threshold_does_not_flip(top: Any, tmp_path: Path) -> None:
    assert np.isnan(of_grade(tmp_path, top[1] + 1e-9)["flip"])


@pytest.mark.parametrize("below", [1e-10, 1e-6, 1e-3])
@pytest.mark.parametrize("grade", ["0.9", "0.02"])
def test_of_two_roots_near_each_other_the_nearer_one_is_the_flip(
    below: float, grade: str, top: Any, tmp_path: Path
) -> None:
    at, height, chance = top

    flip = of_grade(tmp_path, height - below, grade)["flip"]

    assert chance(flip) == pytest.approx(height - below, abs=1e-12)
    assert (flip < at) == (float(grade) < at)
    assert abs(flip - at) > 1e-6


def test_no_root_between_the_value_and_the_flip_is_missed() -> None:
    """On a grid of 1,001 points, for whatever is no quotient of lines in the larger scenario."""
    oracle = Again(SHIPPED / "cuba-venezuela")
    stated, places = oracle.case.stated, oracle.case.dossier.places
    h, threshold = "left_freely", 0.352
    table = examine(stated, places, h, threshold)
    which, ts = list(oracle.claims).index(h), np.linspace(0.0, 1.0, 1001)
    bent = table[table["a"].isna()]

    assert bent["flip"].notna().sum() >= 3
    for name, row in bent.iterrows():
        far = np.inf if np.isnan(row["flip"]) else abs(row["flip"] - row["value"]) - 1e-9
        over = oracle.chances(name, ts[np.abs(ts - row["value"]) < far])[which] - threshold
        assert (np.sign(over) == -1).all() or (np.sign(over) == 1).all(), name


# --- ends, ties, and what bears on nothing ---


def plain(folder: Path, log: list[Plain] | None = None, **variables: Plain) -> Any:
    stated = copy.deepcopy(PLAIN)
    for name, gate in variables.items():
        stated["variables"].setdefault(name, {"ask": "?"}).update(gate)
    return rivals.read(made(stated, log or []).write(folder))


def rows(case: Any, h: str = "h", threshold: float = 0.5) -> Any:
    return examine(case.stated, case.dossier.places, h, threshold)


def prior(low: str, mid: str, top: str) -> Plain:
    return {"prior": {"low": low, "mid": mid, "top": top}}


def test_what_is_d_separated_moves_nothing_and_turns_nothing(tmp_path: Path) -> None:
    log = [{"id": "r", "published": "2026-05-04", "source": "s", "claims": {"b": "yes"}}]
    case = plain(tmp_path, log, a=prior("0.2", "0.5", "0.3"), b={"prior": {"yes": "0.4"}})

    table = rows(case)

    apart = [name for name in table.index if not name.startswith("variables.a.")]
    assert {"variables.b.prior.yes", "settings.grades.B", "settings.accuracy"} <= {*apart}
    assert table.loc[apart, "derivative"].abs().max() <= 1e-15
    assert table.loc[apart, ["flip", "lead", "log_odds_moved"]].isna().all(axis=None)
    assert table.loc[apart, ["low", "high"]].to_numpy() == pytest.approx(0.5, abs=1e-12)


def test_turning_points_of_a_bare_prior_are_those_of_arithmetic(tmp_path: Path) -> None:
    """P(h) is mid. Low takes from mid : top = 3 : 5, so mid never leads through it."""
    table = rows(plain(tmp_path, a=prior("0.2", "0.3", "0.5")))

    low, mid, top = (table.loc[f"variables.a.prior.{s}"] for s in ("low", "mid", "top"))
    assert (mid["flip"], mid["lead"]) == pytest.approx((0.5, 5 / 12))
    assert mid["log_odds_moved"] == pytest.approx(np.log(7 / 3))
    assert (top["flip"], top["lead"]) == pytest.approx((1 / 6, 3 / 8))
    assert np.isnan([low["flip"], low["log_odds_moved"]]).all()
    assert list(mid[list("abcd")]) == pytest.approx([1, 0, 0, 1])


@pytest.mark.parametrize(("threshold", "flip"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_threshold_that_is_reached_only_at_an_end_flips_there(
    threshold: float, flip: float, tmp_path: Path
) -> None:
    table = rows(plain(tmp_path, a=prior("0.2", "0.3", "0.5")), threshold=threshold)

    assert table["flip"]["variables.a.prior.mid"] == flip
    assert np.isnan(table["log_odds_moved"]["variables.a.prior.mid"])


@pytest.mark.parametrize(("value", "flip"), [("0", 0.5), ("1", 0.5)])
def test_a_judgement_of_0_or_1_has_no_range_and_no_log_odds(
    value: str, flip: float, tmp_path: Path
) -> None:
    by_b = [{"when": {"b": "yes"}, "then": {"mid": "1"}}, {"then": {"top": "1"}}]
    table = rows(plain(tmp_path, b={"prior": {"yes": value}}, a={"table": by_b}))

    row = table.loc["variables.b.prior.yes"]
    assert row["flip"] == row["lead"] == pytest.approx(flip)
    assert row["low"] == row["high"] == float(value)
    assert np.isnan(row["log_odds_moved"])


def test_between_equals_the_lead_changes_where_it_stands(tmp_path: Path) -> None:
    table = rows(plain(tmp_path, a=prior("0.2", "0.4", "0.4")))

    assert table["lead"]["variables.a.prior.mid"] == pytest.approx(0.4)
    assert table["lead"]["variables.a.prior.top"] == pytest.approx(0.4)
    assert np.isnan(table["lead"]["variables.a.prior.low"])


@pytest.mark.parametrize(("mid", "top", "lead"), [("1/4", "3/4", 1.0), ("3/4", "1/4", np.nan)])
def test_only_the_first_of_the_file_takes_the_lead_by_a_tie_at_the_end(
    mid: str, top: str, lead: float, tmp_path: Path
) -> None:
    """With b certain both hypotheses stand at one half; the one of mid comes first."""
    even = {"when": {"b": "yes"}, "then": {"mid": "0.5", "top": "0.5"}}
    by_b = [even, {"then": {"mid": mid, "top": top}}]
    table = rows(plain(tmp_path, b={"prior": {"yes": "0.4"}}, a={"table": by_b}))

    assert table["lead"]["variables.b.prior.yes"] == pytest.approx(lead, nan_ok=True)


def test_what_the_evidence_excludes_is_left_blank(tmp_path: Path) -> None:
    """A thing observed cannot be said to have had no chance."""
    case = plain(tmp_path, a=prior("0.2", "0.3", "0.5")).given(a=["low", "mid"])

    found = curve(case.stated, "variables.a.prior.top", "h", points=5)

    assert np.isnan(found.loc[1.0]).all()
    assert list(found["h"][:4]) == pytest.approx([0.6] * 4)
    assert np.isnan(rows(case, threshold=0.6)["flip"]["variables.a.prior.top"])


def test_every_row_says_where_it_stands(tmp_path: Path) -> None:
    case = plain(tmp_path, a=prior("0.2", "0.3", "0.5"))

    expected = case.judgements()

    assert list(rows(case)["at"]) == list(expected["at"])
    assert list(rows(case)["value"]) == list(expected["value"])
    assert {"default"} < {*expected["at"]}


# --- two at once ---


PAIRS = [  # of two statements, of one variable's, of the settings, of one distribution
    ("variables.arson.prior.yes", "sources.owner.reliability"),
    ("variables.spread.table[2].then.hall", "variables.spread.table[1].then.none"),
    ("settings.accuracy", "settings.spin"),
    ("variables.sprinklers.table[0].then.working", "variables.sprinklers.table[0].then.off"),
]


def both_moved(scenario: Plain, names: Any, ts: tuple[Fraction, Fraction]) -> Plain | None:
    """The scenario with two judgements elsewhere; None where they do not fit together."""
    placed = moved(moved(scenario, names[0], ts[0]), names[1], ts[1])
    if "sprinklers" not in names[0]:
        return placed
    row = placed["variables"]["sprinklers"]["table"][0]
    row["then"] = dict(zip(("working", "off", "broken"), map(str, (*ts, 1 - sum(ts))), strict=True))
    return placed if sum(ts) <= 1 else None


@pytest.mark.parametrize(("path", "other"), PAIRS)
def test_a_two_way_table_is_that_of_enumeration(path: str, other: str) -> None:
    folder = SHIPPED / "warehouse-fire"
    files = Made(*((folder / f"{n}.yaml").read_text("utf-8") for n in ("scenario", "reports")))
    oracle, case = Along(files), rivals.read(folder)

    table = grid(case.stated, path, other, "wiring", points=4)

    assert (table.index.name, table.columns.name) == (path, other)
    for i, k in np.ndindex(4, 4):
        placed = both_moved(oracle.stated, (path, other), (Fraction(i, 3), Fraction(k, 3)))
        held, whole = oracle.sums(oracle.enumerated.factors(placed)) if placed else ((), 0.0)
        if whole > 0:
            assert table.iloc[i, k] == pytest.approx(held[1] / whole, abs=CLOSE)
        else:
            assert np.isnan(table.iloc[i, k])
    assert np.isfinite(table).sum(axis=None) >= 10


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    stated = plain(tmp_path, a=prior("0.2", "0.3", "0.5")).stated

    with pytest.raises(QuestionError, match=r"a judgement is expected.*did you mean"):
        curve(stated, "variables.a.prior.med", "h")
    with pytest.raises(QuestionError, match="a hypothesis is expected"):
        curve(stated, "variables.a.prior.mid", "nobody")
    with pytest.raises(QuestionError, match="a hypothesis is expected"):
        examine(stated, {}, "nobody")
    with pytest.raises(QuestionError, match="two different judgements"):
        grid(stated, "settings.spin", "settings.spin", "h")
