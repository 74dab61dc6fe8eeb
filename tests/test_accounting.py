"""Who accounts for what moved, by definition: every order, each coalition a case of its own.

A coalition is written as the scenario of its model, with a report for what counts of each report
in it, and asked for its beliefs and causes. What counts is the oracle's reading of the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import rivals
from conftest import BUDGET
from generate import Made, seeded
from generate_choices import Seeded
from generate_claims import what_if
from oracle import silence, texts
from oracle.log import weigh_log
from plain_yaml import PlainDumper, QuotingDumper
from rivals import Case
from rivals.analysis import shapley
from rivals.analysis.accounting import COARSE, Change, play, share_change
from rivals.engine import Array
from test_agreement import asked, is_impossible
from test_impact import Held, Worth, every_order, finite, force_sampling, odds_of, remembering

SEEDS = 400 if BUDGET == "full" else 20
BLOCK = 20
CELLS = 1500
ORDERS = 6 if BUDGET == "full" else 5  # the items whose orders are all listed: 720, or 120
CLOSE = 1e-9

MODEL = "model:"
Pieces = dict[str, Any]
"""All that a case rests on as plain data, by kind and name: `report:x`, `given:v`, `do:v`, model"""


def write_out(made: Made) -> Pieces:
    """What of each report counts, the what-ifs, and the text of the model."""
    scenario, log = texts.load(made.texts)
    zone = texts.settings(scenario)["timezone"]
    found = {MODEL: made.scenario}
    for report in weigh_log(log, zone, made.as_of, made.without):
        if report.status == "counted":
            found[f"report:{report.id}"] = cut_down(report.fields, report.counts)
    found |= {f"given:{v}": s for v, s in made.given.items()}
    silences = silence.settled(scenario, log, made.as_of)
    found |= {f"silence:{name}": one for name, one in silences.items()}
    return found | {f"do:{v}": s for v, s in made.do.items()}


def meet(one: Made, other: Made) -> Made:
    """A scenario with the other's sources too: whoever is new comes with reports."""
    scenario, others = (texts.parsed(made.scenario) for made in (one, other))
    both = {**others["sources"], **scenario["sources"]}
    scenario["sources"] = dict(sorted(both.items()))
    return replace(one, scenario=yaml.dump(scenario, Dumper=PlainDumper))


def cut_down(report: dict[str, Any], counts: frozenset[str]) -> dict[str, Any]:
    """A report with nothing but what of it counts."""
    parts = {
        kind: {v: said for v, said in report.get(kind, {}).items() if v in counts}
        for kind in ("claims", "observes", "likelihood")
    }
    parts["claims"] = {v: sorted(texts.several(s)) for v, s in parts["claims"].items()}
    if not parts["claims"]:
        return parts
    directness = report.get("directness", "relayed")
    return {**parts, "source": report["source"], "directness": directness}


def is_known(piece: dict[str, Any], scenario: dict[str, Any]) -> bool:
    """Whether a model has all variables, states and sources that a report speaks of."""
    states = {n: set(v.get("states", ["no", "yes"])) for n, v in scenario["variables"].items()}
    named = [(v, set(texts.several(s))) for v, s in piece["claims"].items()]
    named += [(v, {s}) for v, s in piece["observes"].items()]
    weighed = [(v, set(weights)) for v, weights in piece["likelihood"].items()]
    return (
        piece.get("source", next(iter(scenario["sources"]))) in scenario["sources"]
        and all(said <= states.get(v, set()) for v, said in named)
        and all(weights == states.get(v) for v, weights in weighed)
    )


def sort_out(pieces: Pieces) -> dict[str, Pieces]:
    """The pieces by kind and name."""
    kinds: dict[str, Pieces] = {k: {} for k in ("report", "given", "do", "silence", "model")}
    for key, piece in pieces.items():
        kind, _, name = key.partition(":")
        kinds[kind][name] = piece
    return kinds


def model_of(pieces: Pieces) -> str:
    """The text of the model with the silences among the pieces, those that it can speak of."""
    scenario = texts.parsed(pieces[MODEL])
    states = {n: v.get("states", ["no", "yes"]) for n, v in scenario["variables"].items()}
    claims = {n: texts.claim(one) for n, one in sort_out(pieces)["silence"].items()}
    known = {n for n, (v, said, _) in claims.items() if {*said} <= {*states.get(v, ())}}
    silences = {n: one for n, one in sort_out(pieces)["silence"].items() if n in known}
    scenario["expected"] = silence.written(silences)
    return yaml.dump(scenario, Dumper=QuotingDumper, sort_keys=False)


def read_model(text: str, folder: Path) -> Case:
    """The scenario of a text with nothing reported."""
    return rivals.read(Made(text, "[]").write(folder)).as_of("2026-02-01")


def put_together(pieces: Pieces, case: Case) -> Case:
    """A case that rests on the pieces, without those that its model, a case, does not know."""
    scenario, kinds = texts.parsed(pieces[MODEL]), sort_out(pieces)
    for name, piece in kinds["report"].items():
        if is_known(piece, scenario):
            case = case.with_report(id=name, published="2026-01-01", **piece)
    variables = case.scenario.variables
    do = {v: s for v, s in kinds["do"].items() if v in variables and s in variables[v].states}
    given = {v: s for v, s in kinds["given"].items() if v in variables and v not in do}
    given = {v: s for v, s in given.items() if {*texts.several(s)} <= {*variables[v].states}}
    return case.do(**do).given(**given)


def by_case(before: Pieces, after: Pieces, names: list[str], folder: Path) -> Worth:
    """What a coalition is worth by the case in which its items, and no others, have changed."""
    models: dict[str, Case] = {}

    def ask(held: Held) -> Array:
        sides = {key: after if key in held else before for key in {**before, **after}}
        pieces = {key: side[key] for key, side in sides.items() if key in side}
        text = model_of(pieces)
        if text not in models:
            models[text] = read_model(text, folder / str(len(models)))
        return finite(measure(put_together(pieces, models[text]), names))

    return remembering(ask)


def measure(case: Case, names: list[str]) -> Array:
    """The decibels of each hypothesis; for a scenario with effects its `because` in percent."""
    places = [list(case.scenario.hypotheses).index(name) for name in names]
    explained = case.effect is not None
    if is_impossible(case):
        return np.full(len(names) * (1 + explained), np.nan)
    odds = odds_of(case)[places]
    if not explained:
        return odds
    because = case.causes(draws=0).loc[case.effect]["because"]
    return np.concatenate([odds, 100 * because[names].to_numpy()])


def differing(before: Pieces, after: Pieces) -> list[str]:
    """The items that weigh otherwise in one than in the other."""
    found = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    common = [key for key in before if key not in found and key in after]
    said = {v for key in common if key.startswith("report:") for v in spoken_of(before[key])}
    said |= {key.removeprefix("given:") for key in common if key.startswith("given:")}
    if MODEL in found:
        said.clear()

    def ended(key: str) -> bool:
        one = after.get(key, before.get(key))
        return key.startswith("silence:") and texts.claim(one)[0] in said

    return [key for key in found if not ended(key)]


def spoken_of(piece: dict[str, Any]) -> set[str]:
    """The variables of a report that was cut down."""
    return {v for kind in ("claims", "observes", "likelihood") for v in piece[kind]}


def changed(text: str, rng: np.random.Generator) -> str:
    """The same scenario with other numbers in it."""
    scenario = texts.parsed(text)
    for variable in scenario["variables"].values():
        if "prior" in variable and rng.random() < 0.5:
            states = variable.get("states", ["no", "yes"])
            variable["prior"] = dict.fromkeys(states, f"1/{len(states)}")
    for source in scenario["sources"].values():
        if "reliability" in source:
            source["reliability"] = "0.6"
        else:
            source["grade"] = "C" if source["grade"] != "C" else "D"
    scenario["settings"] = {**scenario.get("settings", {}), "accuracy": "0.9"}
    return yaml.dump(scenario, Dumper=QuotingDumper, sort_keys=False)


def two_of(seed: int, *, explained: bool) -> tuple[Made, Made]:
    """Two made cases on one log: other what-ifs and another moment, now and then another model."""
    after = seeded(seed, explained=explained, cells=CELLS)
    rng = np.random.default_rng([seed, 7])
    scenario, log = texts.load(after.texts)
    states = {n: v.get("states", ["no", "yes"]) for n, v in scenario["variables"].items()}
    text = changed(after.scenario, rng) if rng.random() < 0.4 else after.scenario
    return Made(text, after.reports, **what_if(Seeded(rng), states, scenario, log)), after


def pairs(block: range, folder: Path, *, explained: bool) -> Iterator[tuple[int, Any, Any]]:
    """The seed, and two cases that are possible, each with what it was made from."""
    for seed in block:
        both = two_of(seed, explained=explained)
        cases = [asked(one, folder / f"{seed}-{n}") for n, one in enumerate(both)]
        if not any(case is None or is_impossible(case) for case in cases):
            yield seed, *zip(both, cases, strict=True)


def change_of(before: Case, after: Case) -> Change:
    """From one case to the other, for the hypotheses of both."""
    known = after.scenario.hypotheses
    return Change(
        before.stated, after.stated, tuple(h for h in before.scenario.hypotheses if h in known)
    )


def keyed(change: Change) -> list[str]:
    """The players, by kind and name."""
    return [f"{key.kind}:{key.name}" for key in change.players]


def differ(found: Array, expected: Array, what: str) -> float:
    """Every number is as expected, NaN where it is; the largest error."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=CLOSE, err_msg=what)
    return float(np.nan_to_num(np.abs(found - expected)).max(initial=0.0))


@pytest.mark.parametrize("explained", [False, True])
@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_shares_are_those_of_every_order_with_each_coalition_a_case(
    block: int, tmp_path: Path, record_property: Any, *, explained: bool
) -> None:
    kinds, worst, numbers = Counter[str](), (0.0, "nothing"), 0
    for seed, (old, before), (new, after) in pairs(
        range(block, block + BLOCK), tmp_path, explained=explained
    ):
        change = change_of(before, after)
        pieces = write_out(old), write_out(new)
        players = differing(*pieces)
        assert sorted(keyed(change)) == sorted(players)
        if not 0 < len(players) <= ORDERS:
            continue

        found = share_change(change)

        worth = by_case(*pieces, list(change.hypotheses), tmp_path / f"{seed}")
        expected = every_order(worth, keyed(change))
        worst = max(worst, (differ(found.share, expected, f"seed {seed}"), f"seed {seed}"))
        assert found.pairs == 0
        assert (np.nan_to_num(found.error) == 0).all()
        kinds.update({key.kind for key in change.players})
        numbers += int(np.isfinite(expected).sum())

    assert set(kinds) == {"report", "given", "do", "silence", "model"}
    assert numbers >= 2 * BLOCK
    record_property("largest error of shares in a change against every order", worst)


@pytest.mark.parametrize("sampled", [False, True])
def test_shares_sum_to_what_moved_between_the_cases_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sampled: bool
) -> None:
    if sampled:
        force_sampling(monkeypatch, 5.0)
        monkeypatch.setattr(shapley, "LEAST", 8)
    summed = 0
    for seed, (_, before), (_, after) in pairs(range(100, 120), tmp_path, explained=True):
        change = change_of(before, after)
        names = list(change.hypotheses)

        found = share_change(change)

        moved = finite(measure(after, names)) - finite(measure(before, names))
        defined = np.isfinite(found.share).all(axis=0)
        sums = found.share.sum(axis=0)
        differ(sums[defined], moved[defined], f"seed {seed}")
        assert np.isnan(found.share[:, ~defined]).all()
        summed += len(change.players) > 1 and (found.pairs > 0) == sampled and defined.any()

    assert summed >= 8


def test_of_a_coalition_the_game_knows_what_the_cases_at_its_ends_know(tmp_path: Path) -> None:
    for seed, (_, before), (_, after) in pairs(range(150, 162), tmp_path, explained=True):
        change = change_of(before, after)
        names, ends = list(change.hypotheses), np.array([[False, True]] * len(change.players))

        units = np.repeat([1, COARSE], len(names))
        nobody, everybody = units * play(change)(ends.reshape(-1, 2).astype(bool))

        differ(nobody, finite(measure(before, names)), f"seed {seed}")
        differ(everybody, finite(measure(after, names)), f"seed {seed}")


@pytest.mark.parametrize("sampled", [False, True])
def test_the_way_back_is_the_way_there_with_the_other_sign(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sampled: bool
) -> None:
    if sampled:
        force_sampling(monkeypatch, 5.0)
        monkeypatch.setattr(shapley, "LEAST", 8)
    for seed, (_, before), (_, after) in pairs(range(200, 210), tmp_path, explained=True):
        there, back = change_of(before, after), change_of(after, before)

        found, other = share_change(there), share_change(back)

        assert there.players == back.players
        assert found.pairs == other.pairs
        differ(found.share, -other.share, f"seed {seed}")


# --- cases by hand ---

TEXT: dict[str, Any] = {
    "title": "A test",
    "question": "Why?",
    "effects": {"burnt": "fire=yes"},
    "hypotheses": {"arson": "arson=yes", "wiring": "wiring=yes"},
    "variables": {
        "arson": {"prior": {"yes": "0.2"}},
        "wiring": {"prior": {"yes": "0.3"}},
        "moon": {"prior": {"yes": "0.5"}},
        "fire": {"noisy_or": {"leak": "0.01", "causes": {"arson": "0.9", "wiring": "0.5"}}},
    },
    "sources": {"radio": {"grade": "B"}, "owner": {"reliability": "0.5"}},
}
LOG = """\
- {id: call, published: 2026-05-01, source: radio, claims: {fire: yes}}
- {id: word, published: 2026-05-02, source: owner, claims: {arson: no}}
- {id: smell, published: 2026-05-03, source: radio, claims: {arson: yes}}
"""


def made_of(changes: Mapping[str, Any], log: str = LOG, **what_if: Any) -> Made:
    """The scenario by hand with some variables, sources and settings of its own."""
    scenario = {**TEXT, **{k: {**TEXT.get(k, {}), **v} for k, v in changes.items()}}
    return Made(yaml.dump(scenario, Dumper=QuotingDumper, sort_keys=False), log, **what_if)


WIDER = {"states": ["no", "yes", "staged"], "prior": {"yes": "0.2", "staged": "0.1"}}
"""Arson of a third kind, which the other model does not know."""

GATE = {"leak": "0.01", "causes": {"arson": {"yes": "0.9", "staged": "0.6"}, "wiring": "0.5"}}
FURTHER = {"variables": {"arson": WIDER, "fire": {"noisy_or": GATE}}}
MORE = "- {id: more, published: 2026-05-04, "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (made_of({}), made_of(FURTHER, f"{LOG}{MORE}source: radio, claims: {{arson: staged}}}}")),
        (
            made_of({}),
            made_of(
                FURTHER,
                f"{LOG}{MORE}source: radio, likelihood: {{arson: {{no: 1, yes: 2, staged: 3}}}}}}",
            ),
        ),
        (
            made_of({}, f"{LOG}{MORE}source: radio, likelihood: {{arson: {{no: 1, yes: 4}}}}}}"),
            made_of(FURTHER),
        ),
        (
            made_of({}),
            made_of(
                {"sources": {"police": {"grade": "A"}}},
                f"{LOG}{MORE}source: police, claims: {{arson: no}}}}",
            ),
        ),
        (
            made_of({}),
            made_of(
                {"variables": {"petrol": {"noisy_or": {"causes": {"arson": "0.8"}}}}},
                f"{LOG}{MORE}source: radio, observes: {{petrol: yes}}}}",
            ),
        ),
        (made_of({}, do={"arson": "no"}), made_of(FURTHER, do={"arson": "staged"})),
        (made_of({}, given={"arson": ["no", "yes"]}), made_of(FURTHER, given={"arson": "staged"})),
        (made_of({}, do={"arson": "yes"}), made_of({}, given={"arson": "no"})),
        (
            made_of({}, do={"fire": "yes"}),
            made_of({}, f"{LOG}{MORE}source: radio, observes: {{fire: no}}}}"),
        ),
    ],
    ids=[
        *["claim of a new state", "likelihood with a new state", "likelihood short of a state"],
        *["new source", "new variable", "do with a new state", "given with a new state"],
        *["given after do", "observation of what was under do"],
    ],
)
def test_what_a_model_does_not_know_or_do_overrules_is_not_heard(
    before: Made, after: Made, tmp_path: Path
) -> None:
    cases = [asked(one, tmp_path / str(n)) for n, one in enumerate((before, after))]
    change = change_of(*cases)
    pieces = write_out(meet(before, after)), write_out(meet(after, before))

    found = share_change(change)

    assert sorted(keyed(change)) == sorted(differing(*pieces))
    worth = by_case(*pieces, ["arson", "wiring"], tmp_path / "coalition")
    differ(found.share, every_order(worth, keyed(change)), "shares")


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return asked(made_of({}), tmp_path)


def test_reports_that_say_the_same_have_the_same_share(case: Case) -> None:
    after = case.with_report(id="a", source="owner", claims={"wiring": "yes"})
    after = after.with_report(id="b", source="owner", claims={"wiring": "yes"})
    after = after.with_report(id="c", source="radio", claims={"arson": "no"})

    found = share_change(change_of(case, after))

    differ(found.share[0], found.share[1], "a and b")
    assert (np.abs(found.share[0] - found.share[2]) > 0.1).any()


def test_a_report_that_bears_on_nothing_has_no_share(case: Case) -> None:
    after = case.with_report(id="a", source="owner", claims={"arson": "yes"})
    after = after.with_report(id="b", likelihood={"moon": {"no": "1", "yes": "5"}})

    found = share_change(change_of(case, after))

    assert found.share[1] == pytest.approx(0, abs=1e-12)
    assert np.abs(found.share[0]).max() > 0.1


def test_what_is_impossible_on_the_way_leaves_no_shares(case: Case) -> None:
    """There was no fire, then there was one: with both reports at once nothing is possible."""
    before = case.with_report(id="a", observes={"fire": "no"}).without("call")
    after = before.without("a").with_report(id="b", observes={"fire": "yes"})

    found = share_change(change_of(before, after))

    assert np.isnan(found.share).all()
    assert np.isnan(found.error).all()


def test_what_is_certain_on_the_way_leaves_no_shares_of_that_hypothesis(tmp_path: Path) -> None:
    """Nothing but arson and wiring sets fires: without the one it is certainly the other."""
    gate = {"causes": {"arson": "0.9", "wiring": "0.5"}}
    case = asked(made_of({"variables": {"fire": {"noisy_or": gate}}}, "[]"), tmp_path)
    before, after = case.do(wiring="no"), case.with_report(id="a", observes={"fire": "yes"})

    found = share_change(change_of(before, after))

    assert np.isfinite(odds_of(before)[0])
    assert np.isfinite(odds_of(after)[0])
    assert np.isnan(found.share[:, 0]).all()
    because = after.causes(draws=0)["because"] - before.causes(draws=0)["because"]
    differ(found.share[:, 2:].sum(axis=0), 100 * because.to_numpy(), "because")


def test_sampled_shares_stand_within_their_errors_of_the_exact_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    after = rivals.read(Path(__file__).parent.parent / "scenarios" / "cuba-venezuela")
    statuses = after.reports()["status"]
    change = change_of(after.without(*statuses.index[statuses == "counted"][:9]), after)
    exact = share_change(change)
    force_sampling(monkeypatch, 0.01)

    found = share_change(change, seed=3)

    assert exact.pairs == 0 < found.pairs
    assert (found.error < 0.01).all()
    assert found.error.max() > 0.001
    assert (np.abs(found.share - exact.share) <= 4.5 * found.error + CLOSE).all()


def test_symmetric_reports_share_alike_when_sampled(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    force_sampling(monkeypatch)
    after = case
    for name in "abcd":
        after = after.with_report(id=name, source="owner", claims={"wiring": "yes"})

    found = share_change(change_of(case, after))

    assert found.pairs >= shapley.LEAST
    for one, other in combinations(range(4), 2):
        apart = np.abs(found.share[one] - found.share[other])
        assert (apart <= 3 * np.hypot(found.error[one], found.error[other]) + CLOSE).all()
