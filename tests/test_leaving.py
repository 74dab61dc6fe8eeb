"""`leave_each_out`: one pass back against asking anew without each item, and against the oracle.

The scenarios are seeded ones of generate.py, with and without effects. The library is asked for
several draws of the judgements at once; the oracle enumerates the judgements as stated. Evidence
that is impossible as a whole is asked too: what is left of it need not be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import log
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
from rivals.analysis.causes import why
from rivals.batch import Batch, ask_in_chunks
from rivals.draws import count_draws, draw_values
from rivals.engine import Array
from rivals.factors import log_sum
from rivals.judgements import Values
from rivals.leaving import Make, leave_each_out
from rivals.network import Network
from rivals.twin import contrast_factors

SEEDS = 2000 if BUDGET == "full" else 60  # half of them with effects
BLOCK = 20
DRAWS = 3
CELLS = 20_000
CLOSE = 1e-11  # between two ways of the library, in the logarithm
ORACLE = 1e-9  # from the oracle, in the logarithm
DENSE = 200  # so many claims and likelihoods stand in the long log

Error = tuple[float, str]


def made_of(seed: int) -> Made:
    """Every second one has effects."""
    return seeded(seed, explained=seed % 2 == 1, cells=CELLS)


def network_of(made: Made, folder: Path) -> Network:
    """The network of a made case, whether its evidence is possible or not."""
    case = rivals.read(made.write(folder)).without(*made.without)
    case = case.as_of(made.as_of) if made.as_of else case
    case = case.do(**made.do).given(**made.given)
    return Network(case.scenario, case.evidence, case.what_if)


def written(folder: Path, scenario: dict[str, Any], log: list[dict[str, Any]]) -> rivals.Case:
    """A case of plain data."""
    data = (yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (scenario, log))
    return rivals.read(Made(*data).write(folder))


def questions(network: Network) -> dict[str, Make]:
    """The evidence; each hypothesis; each as a reason of each effect."""
    scenario = network.scenario
    found: dict[str, Make] = {"evidence": lambda batch: batch.factors(())}
    for name, noun in scenario.hypotheses.items():
        found[name] = _presence(noun.claim)
        for effect, outcome in scenario.effects.items():
            contrast = why(scenario, outcome.claim, [name])
            if contrast is not None:
                found[f"{name} as a reason of {effect}"] = _reason(contrast)
    return found


def _presence(claim: Any) -> Make:
    return lambda batch: [
        *batch.factors([claim.variable]),
        batch.indicate(claim.variable, claim.states),
    ]


def _reason(contrast: Any) -> Make:
    return lambda batch: contrast_factors(batch, contrast)


def ask_anew(make: Make, network: Network, values: Values) -> Array:
    """The logarithm of a sum with everything, then without each item, each in a run of its own."""
    held = [None, *(set(network.items) - {item} for item in network.items)]
    batches = [Batch(network, network.masks(items), values) for items in held]
    return np.concatenate([batch.fill(log_sum(make(batch))) for batch in batches])


def compare(found: Array, expected: Array, what: str, close: float) -> Error:
    """The largest difference; where one is -inf the other is."""
    assert found.shape == expected.shape, what
    possible = np.isfinite(expected)
    assert (np.isfinite(found) == possible).all(), what
    assert (found[~possible] == -np.inf).all(), what
    error = float(np.abs(found[possible] - expected[possible]).max(initial=0.0))
    assert error <= close, f"{what}: {error}"
    return error, what


def differences(network: Network, values: Values) -> Iterator[Error]:
    """Every question, all in one call, against the same asked item by item."""
    asked = questions(network)
    batch = Batch(network, network.masks(None), values)
    found = leave_each_out(list(asked.values()), batch)
    for (what, make), one in zip(asked.items(), found, strict=True):
        assert one.shape == (1 + len(network.items), count_draws(values))
        yield compare(one, ask_anew(make, network, values), what, CLOSE)


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_each_item_left_out_is_as_if_it_had_not_been_asked(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        network = network_of(made_of(seed), tmp_path / str(seed))
        values = draw_values(network.scenario, DRAWS, seed)
        for error, what in differences(network, values):
            worst = max(worst, (error, f"seed {seed}: {what}"))

    record_property("largest error of leaving out against asking anew, in the log", worst)


def total(made: Made, *left_out: str) -> float:
    """The logarithm of P(evidence) without some items, by the oracle's full enumeration."""
    given = {v: s for v, s in made.given.items() if f"given:{v}" not in left_out}
    world = World(made.texts, made.as_of, made.do, (*made.without, *left_out))
    tensor = world.times(world.prior(), [world.seen(v, s) for v, s in given.items()])
    for report in world.in_force():
        tensor = world.times(tensor, world.says(report))
    silent = world.silent(made.given)
    kept = [one for name, one in silent.items() if f"silence:{name}" not in left_out]
    tensor = world.times(tensor, kept)
    mass = float(tensor.sum())
    return log(mass) if mass > 0 else -np.inf


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_each_item_left_out_is_what_full_enumeration_finds(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        made = made_of(seed)
        case = rivals.read(made.write(tmp_path / str(seed)))
        network = network_of(made, tmp_path / str(seed))
        batch = Batch(network, network.masks(None), case.values)
        expected = [total(made), *(total(made, item) for item in network.items)]

        [found] = leave_each_out([lambda b: b.factors(())], batch)

        error, _ = compare(found[:, 0], np.array(expected), f"seed {seed}", ORACLE)
        worst = max(worst, (error, f"seed {seed}"))

    record_property("largest error of leaving out against full enumeration, in the log", worst)


def test_the_seeds_cover_items_of_one_factor_and_of_several_and_what_is_impossible(
    tmp_path: Path,
) -> None:
    seen = Counter[str]()
    for seed in range(160):
        made = made_of(seed)
        network = network_of(made, tmp_path / str(seed))
        batch = Batch(network, network.masks(None), draw_values(network.scenario, 1, 0))
        uses = Counter(item for factor in batch.evidence for item in set(factor.items))
        seen["alone"] += sum(times == 1 for times in uses.values())
        seen["several"] += sum(times > 1 for times in uses.values())
        seen["idle"] += len(network.items) - len(uses)
        seen["given"] += len(made.given)
        seen["do"] += len(made.do)
        [sums] = leave_each_out([lambda b: b.factors(())], batch)
        if sums[0, 0] == -np.inf:
            seen["impossible"] += 1
            seen["possible without one"] += int(np.isfinite(sums[1:, 0]).sum())

    least = {"alone": 150, "several": 150, "given": 20, "do": 20, "idle": 5}
    least |= {"impossible": 3, "possible without one": 3}
    for what, count in least.items():
        assert seen[what] >= count, (what, seen)


def contradicted(made: Made) -> Made | None:
    """The same with two more reports that saw different states of a variable."""
    scenario, entries = texts.load(made.texts)
    states = {v: stated.get("states", ["no", "yes"]) for v, stated in scenario["variables"].items()}
    free = [v for v, found in states.items() if len(found) > 1 and v not in made.do]
    if not free:
        return None
    common = {"published": "2026-02-01", "source": next(iter(scenario["sources"]))}
    saw = [{**common, "id": f"saw-{s}", "observes": {free[-1]: s}} for s in states[free[-1]][:2]]
    log_text = yaml.dump([*saw, *entries], Dumper=QuotingDumper, sort_keys=False)
    return replace(made, reports=log_text, as_of=None, without=())


def test_what_is_impossible_as_a_whole_is_as_if_asked_anew_without_each_item(
    tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    mended = 0
    for seed in range(SEEDS // 3):
        made = contradicted(made_of(seed))
        if made is None:
            continue
        network = network_of(made, tmp_path / str(seed))
        values = draw_values(network.scenario, DRAWS, seed)
        [sums] = leave_each_out(
            [lambda b: b.factors(())], Batch(network, network.masks(None), values)
        )
        assert (sums[0] == -np.inf).all(), seed
        mended += int(np.isfinite(sums[1:]).all(axis=1).sum())

        for error, what in differences(network, values):
            worst = max(worst, (error, f"seed {seed}: {what}"))

    assert mended >= 20
    record_property("largest error of leaving out of the impossible, in the log", worst)


# --- made by hand ---

FLAG = {"ask": "Was it so?", "prior": {"yes": "0.3"}}
TWO = {
    "title": "T",
    "question": "Q?",
    "hypotheses": {"a": "a=yes", "b": "b=yes"},
    "variables": {"a": FLAG, "b": {"ask": "And that?", "noisy_or": {"causes": {"a": "0.5"}}}},
    "sources": {"s": {"grade": "B"}, "t": {"reliability": "0.4"}},
}


def seen(name: str, **observed: str) -> dict[str, Any]:
    """A report of a fact."""
    return {"id": name, "published": "2026-05-04", "source": "s", "observes": observed}


def evidence_without_each(case: rivals.Case) -> dict[str, float]:
    """P(evidence) of the judgements as stated: "" for all of it, then without each item."""
    network = Network(case.scenario, case.evidence, case.what_if)
    batch = Batch(network, network.masks(None), case.values)
    [sums] = leave_each_out([lambda b: b.factors(())], batch)
    return dict(zip(("", *network.items), np.exp(sums[:, 0]).tolist(), strict=True))


def test_of_two_that_contradict_each_other_each_leaves_the_other(tmp_path: Path) -> None:
    case = written(tmp_path, TWO, [seen("one", a="yes"), seen("other", a="no")])

    assert evidence_without_each(case) == pytest.approx({"": 0, "one": 0.7, "other": 0.3})


def test_one_against_two_is_the_only_one_whose_leaving_helps(tmp_path: Path) -> None:
    reports = [seen("one", a="yes"), seen("other", a="no"), seen("third", a="no")]

    found = evidence_without_each(written(tmp_path, TWO, reports))

    assert found == pytest.approx({"": 0, "one": 0.7, "other": 0, "third": 0})


def test_two_that_contradict_each_other_through_a_cause_are_told_apart(tmp_path: Path) -> None:
    case = written(tmp_path, TWO, [seen("effect", b="yes"), seen("cause", a="no")])

    assert evidence_without_each(case) == pytest.approx({"": 0, "effect": 0.7, "cause": 0.15})


def test_two_contradictions_are_not_mended_by_leaving_one_out(tmp_path: Path) -> None:
    reports = [seen("one", a="yes"), seen("other", a="no")]
    reports += [seen("third", b="yes"), seen("fourth", b="no")]

    found = evidence_without_each(written(tmp_path, TWO, reports))

    assert set(found.values()) == {0.0}


def test_what_is_given_is_an_item_that_can_be_left_out(tmp_path: Path) -> None:
    case = written(tmp_path, TWO, [seen("cause", a="no")]).given(b="yes")

    found = evidence_without_each(case)

    assert found == pytest.approx({"": 0, "given:b": 0.7, "cause": 0.15})


def test_a_likelihood_that_rules_a_state_out_can_be_left_out(tmp_path: Path) -> None:
    ruled = {"id": "ruled", "published": "2026-05-04", "source": "s"}
    ruled["likelihood"] = {"a": {"no": "1", "yes": "0"}}

    found = evidence_without_each(written(tmp_path, TWO, [ruled, seen("one", a="yes")]))

    assert found == pytest.approx({"": 0, "ruled": 0.3, "one": 0.7})


def test_what_bears_only_on_a_variable_under_do_leaves_nothing_behind(tmp_path: Path) -> None:
    case = written(tmp_path, TWO, [seen("one", a="yes"), seen("effect", b="yes")]).do(a="yes")

    found = evidence_without_each(case)

    assert found == pytest.approx({"": 0.5, "one": 0.5, "effect": 1.0})


def test_without_any_evidence_there_is_only_the_whole(tmp_path: Path) -> None:
    assert evidence_without_each(written(tmp_path, TWO, [])) == pytest.approx({"": 1.0})


def long_log() -> list[dict[str, Any]]:
    """Claims, likelihoods and reports of both kinds, over and over."""
    found: list[dict[str, Any]] = []
    for n in range(DENSE):
        report = {"id": f"r{n}", "published": "2026-05-04", "source": "st"[n % 2]}
        said = "yes" if n % 3 else "no"
        likely = {"no": "0.01", "yes": "0.03"} if n % 5 else {"no": "2", "yes": "1"}
        if n % 4 != 1:
            report["claims"] = {"ab"[n % 7 % 2]: said}
        if n % 4 == 1:
            report["likelihood"] = {"a": likely}
        if n % 4 == 2:
            report["likelihood"] = {"ba"[n % 7 % 2]: likely}
        found.append(report)
    return found


def test_each_of_two_hundred_reports_is_left_out_from_the_same_pass(
    tmp_path: Path, record_property: Any
) -> None:
    case = written(tmp_path, TWO, long_log())
    network = case.network
    assert len(network.items) == DENSE
    values = draw_values(case.scenario, DRAWS, 0)

    worst = max(differences(network, values))

    record_property("largest error of leaving out of a long log, in the log", worst)


def deep_log(kind: str) -> list[dict[str, Any]]:
    """Hundreds that speak for one state, then as many against it: beyond 1e308 on the way."""
    found: list[dict[str, Any]] = []
    for n in range(700):
        report = {"id": f"r{n}", "published": "2026-05-04", "source": "s"}
        if kind == "likelihood" or n % 10 == 0:
            report["likelihood"] = {"a": {"no": "1", "yes": "0.05"}}
            if n >= 350:
                report["likelihood"] = {"a": {"no": "0.05", "yes": "1"}}
        else:
            report |= {"source": "st"[n % 2], "directness": "direct"}
            report["claims"] = {"a": "yes" if n >= 350 else "no"}
        found.append(report)
    return found


@pytest.mark.parametrize("kind", ["likelihood", "claims"])
def test_each_is_left_out_of_a_log_that_no_floating_point_number_spans(
    kind: str, tmp_path: Path, record_property: Any
) -> None:
    case = written(tmp_path, TWO, deep_log(kind)).given(b="yes")
    network = Network(case.scenario, case.evidence, case.what_if)
    values = draw_values(case.scenario, 2, 0)
    make: Make = questions(network)["evidence"]
    some = [0, 1, 10, 11, 349, 350, 351, 699]
    batch = Batch(network, network.masks(None), values)

    [found] = leave_each_out([make], batch)

    rest = [set(network.items) - {f"r{n}"} for n in some]
    anew = [Batch(network, network.masks(items), values) for items in (None, *rest)]
    expected = np.concatenate([b.fill(log_sum(make(b))) for b in anew])
    places = [0, *(1 + network.items.index(f"r{n}") for n in some)]
    assert expected.min() < -700
    worst = compare(found[places], expected, kind, 1e-10)
    record_property("largest error of leaving out of a deep log, in the log", worst)


def test_chunks_of_draws_give_what_all_draws_give_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = written(tmp_path, TWO, long_log()[:12]).given(b="yes").network
    asked = list(questions(network).values())
    batch = Batch(network, network.masks(None), draw_values(network.scenario, 23, 0))
    whole = leave_each_out(asked, batch)
    monkeypatch.setattr("rivals.batch.CHUNK", 5)

    def ask(chunk: Batch) -> tuple[Array, ...]:
        return tuple(one[:, np.newaxis] for one in leave_each_out(asked, chunk))

    cut = [answer[:, 0] for answer in ask_in_chunks(ask, batch)]

    for found, expected in zip(cut, whole, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-13, atol=0)
