"""How large an answer is, told beforehand; and the same answer whichever way it is cut or scaled.

The plan is counted again by following an order of elimination with sets. Below that: many draws
are worked on in blocks, very small and very large factors keep their digits, and what is certain
is cut away before anything is multiplied; none of it may show in an answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import yaml

import rivals
from generate import seeded
from oracle.brute import Impossible, weigh
from plain_yaml import QuotingDumper
from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.causes import why
from rivals.batch import Batch
from rivals.draws import draw_values
from rivals.engine import Array, compile_reduction, compile_tape, plan
from rivals.engine.order import Node, search_order
from rivals.errors import ImpossibleEvidence, TooLarge
from rivals.factors import settle
from rivals.leaving import leave_each_out
from rivals.network import Network
from rivals.twin import contrast_all
from test_agreement import asked
from test_engine import DRAWS, SETS, Made, full_batch, made

SHIPPED = Path(__file__).parent.parent / "scenarios"


# --- the plan ---


class Followed(NamedTuple):
    """What following an order costs."""

    cells: int
    largest: int
    width: int


def follow(
    cards: dict[Any, int],
    scopes: Sequence[tuple[Any, ...]],
    nodes: Sequence[Any],
    keep: Sequence[Any] = (),
) -> Followed:
    """Each product that an elimination builds, and the table that is left in the end."""
    factors, cliques = [set(scope) for scope in scopes], []
    for node in nodes:
        clique = {node}.union(*(factor for factor in factors if node in factor))
        factors = [f for f in factors if node not in f] + [clique - {node}]
        cliques.append(clique)
    if keep:
        cliques.append(set(keep))
    sizes = [math.prod(cards[node] for node in clique) for clique in cliques]
    width = max([1, *map(len, cliques)]) - 1
    return Followed(sum(sizes), max(sizes, default=0), width)


def random_network(seed: int) -> tuple[dict[str, int], list[tuple[str, ...]], tuple[str, ...]]:
    """Up to twelve variables in factors of up to three; some of them are kept."""
    rng = np.random.default_rng(seed)
    names = list("abcdefghijkl")[: rng.integers(1, 13)]
    scopes = [(name,) for name in names]
    shuffled = (rng.permutation(names)[: rng.integers(0, 4)] for _ in range(rng.integers(0, 16)))
    scopes += [tuple(map(str, scope)) for scope in shuffled]
    keep = tuple(map(str, rng.permutation(names)[: rng.integers(0, 4)]))
    return {name: int(rng.integers(1, 5)) for name in names}, scopes, keep


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_counts_what_following_its_order_builds(seed: int) -> None:
    cards, scopes, keep = random_network(seed)
    order = search_order(cards, scopes, keep)

    told = plan(cards, scopes, keep)

    assert sorted((*order.nodes, *keep)) == sorted(cards)
    assert (told.cells, told.clique_cells, told.width) == follow(cards, scopes, order.nodes, keep)
    assert math.prod(cards[node] for node in told.clique) == told.clique_cells
    assert (told.variables, told.factors) == (len(cards), len(scopes))
    assert told.fits


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_is_what_is_compiled(seed: int) -> None:
    cards, scopes, keep = random_network(seed)

    told, order = plan(cards, scopes, keep), compile_tape(cards, scopes, keep).order

    assert (told.cells, told.clique_cells, told.width) == (
        order.cells,
        order.largest_cells,
        order.width,
    )


def test_a_chain_is_eliminated_from_its_ends() -> None:
    """3 * 4 for each of the pairs, and the last variable alone."""
    cards: dict[Node, int] = {"a": 3, "b": 4, "c": 3, "d": 4}

    told = plan(cards, [("a", "b"), ("b", "c"), ("c", "d")])

    assert told.clique_cells == 12
    assert told.width == 1
    assert told.cells in (3 * 12 + 3, 3 * 12 + 4)


def test_a_loop_of_four_is_as_wide_as_three() -> None:
    cards: dict[Node, int] = dict.fromkeys("abcd", 2)

    told = plan(cards, [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])

    assert (told.width, told.clique_cells, told.cells) == (2, 8, 8 + 8 + 4 + 2)


def test_what_is_kept_ends_in_one_table() -> None:
    told = plan(dict.fromkeys("abc", 3), [("a",), ("b",), ("c",)], ("a", "b", "c"))

    assert (told.cells, told.clique_cells, told.width) == (27, 27, 2)
    assert set(told.clique) == {"a", "b", "c"}


def test_nothing_at_all_needs_nothing() -> None:
    told = plan({}, [])

    assert (told.variables, told.factors, told.cells, told.width) == (0, 0, 0, 0)
    assert "0 cells, within the bound" in str(told)


def test_too_large_is_told_and_not_raised() -> None:
    names = [f"v{i:02}" for i in range(28)]
    scopes = [(a, b) for a in names for b in names if a < b]

    told = plan(dict.fromkeys(names, 2), scopes)

    assert not told.fits
    assert told.clique_cells == 2**28
    assert told.cells == 2**29 - 2
    assert told.width == 27
    assert "268,435,456 cells, above the bound of 100,000,000" in str(told)
    assert str(told).splitlines()[-1].strip() == ", ".join(sorted(told.clique)[:8]) + " and 20 more"
    with pytest.raises(TooLarge):
        compile_tape(dict.fromkeys(names, 2), scopes)


def test_a_plan_prints_as_a_table() -> None:
    """Counted by hand.

    What nobody asks of, payout and petrol_found (whose report is retracted), is gone; spread is
    observed, so settled. ignition goes with its neighbours (2 * 2 * 3 * 2 cells), the owner's
    reliability with what he speaks of (2 * 2 * 3), the hypotheses stay (2 * 2 * 3).
    """
    case = rivals.read(SHIPPED / "warehouse-fire")
    told = case.stated.plan(hypothesis_variables(case.scenario))

    assert str(told) == "\n".join(
        [
            "variables       5",
            "factors         10",
            "cells           48 for each draw and evidence set",
            "width           3",
            "largest clique  24 cells, within the bound of 100,000,000",
            "                arson, wiring_fault, sprinklers, ignition",
        ]
    )


def test_what_is_done_or_given_makes_an_answer_smaller() -> None:
    case = rivals.read(SHIPPED / "cuba-venezuela")
    parents = {name: v.parents for name, v in case.scenario.variables.items() if v.parents}
    name = max(parents, key=lambda v: len(parents[v]))
    state = case.scenario.variables[name].states[0]

    assert case.do(**{name: state}).plan().cells < case.plan().cells


@pytest.mark.parametrize("name", ["warehouse-fire", "cuba-venezuela"])
def test_the_plan_of_a_case_is_that_of_its_factors(name: str) -> None:
    case = rivals.read(SHIPPED / name)
    keep = tuple(dict.fromkeys(h.claim.variable for h in case.scenario.hypotheses.values()))
    factors = settle(case.stated.factors(keep), keep)
    cards = {n: k for f in factors for n, k in zip(f.scope, f.table.shape, strict=False)}
    scopes = [factor.scope for factor in factors]

    told = case.stated.plan(keep)
    largest = case.plan()

    assert (largest.clique_cells, largest.cells) > (told.clique_cells, told.cells)  # it has effects
    followed = follow(cards, scopes, search_order(cards, scopes, keep).nodes, keep)
    assert (told.cells, told.clique_cells, told.width) == followed
    assert (told.variables, told.factors) == (len(cards), len(factors))


def large(folder: Path, roots: int) -> Any:
    """Every two of the roots have a common effect that was seen: all of them hang together."""
    variables: dict[str, Any] = {
        f"v{i}": {"ask": "?", "prior": {"yes": "0.3"}} for i in range(roots)
    }
    seen = {}
    for i in range(roots):
        for j in range(i):
            gate = {"causes": {f"v{i}": "0.5", f"v{j}": "0.5"}, "leak": "0.1"}
            variables[f"e{i}-{j}"] = {"ask": "?", "noisy_or": gate}
            seen[f"e{i}-{j}"] = "yes"
    scenario = {
        "title": "T",
        "question": "Q?",
        "hypotheses": {"first": "v0=yes", "second": "v1=yes"},
        "variables": variables,
        "sources": {"s": {"grade": "B"}},
    }
    report = {"id": "all", "published": "2026-05-04", "source": "s", "observes": seen}
    return write(folder, scenario, [report])


def write(folder: Path, scenario: dict[str, Any], log: list[dict[str, Any]]) -> Any:
    """A case of plain data."""
    folder.mkdir(exist_ok=True)
    for name, one in (("scenario", scenario), ("reports", log)):
        text = yaml.dump(one, Dumper=QuotingDumper, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return rivals.read(folder)


def test_a_case_that_is_too_large_can_be_planned_and_not_asked(tmp_path: Path) -> None:
    case = large(tmp_path, 28)

    told = case.plan()

    assert not told.fits
    assert told.clique_cells == 2**28
    assert told.variables == 28
    with pytest.raises(TooLarge, match="268,435,456"):
        case.beliefs(draws=0)


def test_a_case_whose_evidence_is_impossible_can_be_planned(tmp_path: Path) -> None:
    case = large(tmp_path, 3).do(**{"e1-0": "yes"}).given(v0="yes")
    contradicted = case.with_report(source="s", observes={"v0": "no"})

    assert contradicted.plan().fits
    with pytest.raises(ImpossibleEvidence):
        contradicted.beliefs(draws=0)


# --- blocks of draws ---


@pytest.fixture
def _in_small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a handful of draws is worked on in several blocks, of unequal length."""
    monkeypatch.setattr("rivals.engine.tape.BLOCK_CELLS", 8)
    monkeypatch.setattr("rivals.engine.tape.FEWEST", 2)


def one_by_one(network: Made) -> Iterator[tuple[int, int, list[Array]]]:
    """Every member of a batch alone, as (set, draw, tables)."""
    for s, d in np.ndindex(SETS, DRAWS):
        yield (
            s,
            d,
            [
                table[..., s % table.shape[-2], :][..., [d % table.shape[-1]]][..., np.newaxis, :]
                for table in network.tables
            ],
        )


@pytest.mark.usefixtures("_in_small_blocks")
@pytest.mark.parametrize("seed", range(20))
def test_a_run_in_blocks_is_the_runs_one_by_one(seed: int) -> None:
    network = made(seed)
    tape = compile_tape(network.cards, network.scopes, network.keep)
    if any(table.shape[-1] > 1 for table in network.tables):
        assert len(list(tape._blocks(network.tables))) > 1

    whole, gradients = tape.run_with_gradients(network.tables)
    again = tape.run(network.tables)

    assert np.array_equal(again.table, whole.table)
    assert np.array_equal(again.log_total, whole.log_total)
    together = [full_batch(gradient) for gradient in gradients]
    totals, shares = full_batch(whole.log_total), full_batch(whole.distribution)
    for s, d, tables in one_by_one(network):
        answer, own = tape.run_with_gradients(tables)
        assert answer.log_total[0, 0] == pytest.approx(totals[s, d], rel=1e-13)
        np.testing.assert_allclose(answer.distribution[..., 0, 0], shares[..., s, d], rtol=1e-12)
        for mine, theirs in zip(own, together, strict=True):
            np.testing.assert_allclose(mine[..., 0, 0], theirs[..., s, d], rtol=1e-11, atol=0)


@pytest.mark.parametrize("draws", [1, 2, 63, 64, 65, 200])
def test_blocks_cover_all_draws_once_and_in_order(
    draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.engine.tape.BLOCK_CELLS", 1)
    tape = compile_tape({"a": 2, "b": 3}, [("a",), ("a", "b"), ("b",)])
    tables = [
        np.arange(2.0 * draws).reshape(2, 1, draws),
        np.ones((2, 3, 2, 1)),
        np.ones((3, 1, 1)),
    ]

    blocks = list(tape._blocks(tables))

    assert [block[0].shape[-1] for block in blocks] == [b[0].shape[-1] for b in blocks]
    assert np.array_equal(np.concatenate([b[0] for b in blocks], axis=-1), tables[0])
    assert all(block[1].shape[-1] == 1 for block in blocks)
    assert len(blocks) == -(-draws // 32)  # 64 members of the batch: 32 draws by 2 sets


def test_a_block_never_holds_more_than_the_most_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rivals.engine.tape.MOST_CELLS", 20)
    tape = compile_tape({"a": 2, "b": 3}, [("a", "b")])

    blocks = list(tape._blocks([np.ones((2, 3, 1, 10))]))

    assert all(block[0].size <= 20 for block in blocks)
    assert sum(block[0].shape[-1] for block in blocks) == 10


@pytest.mark.parametrize("name", ["warehouse-fire", "cuba-venezuela"])
def test_blocks_do_not_show_in_any_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = rivals.read(SHIPPED / name)
    network = case.network
    values = draw_values(case.scenario, 20, 0)
    names = [noun.claim.variable for noun in case.scenario.hypotheses.values()]

    def answers() -> list[Array]:
        batch = Batch(network, network.masks(None), values)
        left = leave_each_out([lambda b: b.factors(names)], batch)
        return [*batch.joint_and_evidence(names), *batch.marginals().values(), *left]

    at_once = answers()
    monkeypatch.setattr("rivals.engine.tape.BLOCK_CELLS", 1)
    monkeypatch.setattr("rivals.engine.tape.FEWEST", 3)
    for found, expected in zip(answers(), at_once, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


# --- very small and very large numbers ---

SCALES = [1e-60, 1e60, 1e-100, 1e-150, 1e-300]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("seed", range(12))
def test_a_factor_on_any_scale_only_scales_the_answer(seed: int, scale: float) -> None:
    network = made(seed)
    tape = compile_tape(network.cards, network.scopes, network.keep)
    plain, slopes = tape.run_with_gradients(network.tables)

    scaled, steeper = tape.run_with_gradients([scale * table for table in network.tables])

    shift = len(network.tables) * math.log(scale)
    np.testing.assert_allclose(scaled.log_total - shift, plain.log_total, rtol=0, atol=1e-10)
    np.testing.assert_allclose(scaled.distribution, plain.distribution, rtol=1e-10, atol=0)
    for one, other in zip(steeper, slopes, strict=True):
        found, expected = full_batch(one) * scale, full_batch(other)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("seed", range(12))
def test_small_and_large_factors_together_keep_their_digits(seed: int) -> None:
    network = made(seed)
    tape = compile_tape(network.cards, network.scopes, network.keep)
    powers = np.random.default_rng(seed).choice([-120, -60, 0, 60], len(network.tables))

    scaled = tape.run([10.0**p * t for p, t in zip(powers.tolist(), network.tables, strict=True)])

    plain, shift = tape.run(network.tables), powers.sum() * math.log(10)
    np.testing.assert_allclose(scaled.log_total - shift, plain.log_total, rtol=0, atol=1e-10)
    np.testing.assert_allclose(scaled.distribution, plain.distribution, rtol=1e-10, atol=0)


@pytest.mark.parametrize("scale", [1e-60, 1e60])
@pytest.mark.parametrize("shape", ["one variable", "a chain", "a star", "apart"])
def test_twelve_tiny_or_huge_factors_neither_vanish_nor_overflow(shape: str, scale: float) -> None:
    scopes: dict[str, list[tuple[int, ...]]] = {
        "one variable": [(0,)] * 12,
        "a chain": [(i, i + 1) for i in range(12)],
        "a star": [(0, i + 1) for i in range(12)],
        "apart": [(i,) for i in range(12)],
    }
    cards = {node: 2 for scope in scopes[shape] for node in scope}
    table = (
        np.array([0.25, 0.75]) if len(scopes[shape][0]) == 1 else np.array([[1, 2], [3, 4]]) / 10
    )
    keep = (0,)

    answer = compile_tape(cards, scopes[shape], keep).run(
        [scale * table[..., np.newaxis, np.newaxis]] * 12
    )

    expected = table**12
    if shape == "a chain":
        expected = np.linalg.matrix_power(table, 12).sum(axis=1)
    if shape == "a star":
        expected = table.sum(axis=1) ** 12
    if shape == "apart":
        expected = table
    total = math.log(expected.sum()) + 12 * math.log(scale)
    assert answer.log_total[0, 0] == pytest.approx(total, rel=1e-13)
    assert answer.distribution[:, 0, 0] == pytest.approx(expected / expected.sum(), rel=1e-12)


def test_one_faint_draw_among_others_costs_none_of_them_a_digit() -> None:
    scale = np.array([1.0, 1e-60, 1e60, 0.0])
    tables = [np.array([0.25, 0.75])[:, np.newaxis, np.newaxis] * scale] * 12

    answer = compile_tape({"a": 2}, [("a",)] * 12, ("a",)).run(tables)

    whole = math.log(0.25**12 + 0.75**12)
    shifts = [0, 12 * math.log(1e-60), 12 * math.log(1e60)]
    assert answer.log_total[0, :3] == pytest.approx([whole + shift for shift in shifts], rel=1e-13)
    assert answer.log_total[0, 3] == -np.inf


def test_what_is_left_of_a_reduction_of_faint_factors_multiplies_to_the_joint() -> None:
    table = np.array([[1, 2], [3, 4]])[..., np.newaxis, np.newaxis] * 1e-61
    cards, scopes = dict.fromkeys(range(13), 2), [(i, i + 1) for i in range(12)]

    left, scale = compile_reduction(cards, scopes, [0, 12]).run([table] * 12)

    product = np.ones((2, 2))
    for scope, found in left:
        turned = found[..., 0, 0] if scope == (0, 12) else found[..., 0, 0].T
        assert set(scope) == {0, 12}
        product = product * turned
    assert (product > 0).all()
    joint = np.log(product) + scale[0, 0]
    expected = np.log(np.linalg.matrix_power(np.array([[1.0, 2], [3, 4]]), 12))
    np.testing.assert_allclose(joint, expected + 12 * math.log(1e-61), rtol=1e-13)


def contradictory(folder: Path, sources: int, claims: int) -> Any:
    """Each source says yes as often as no of something that a cause leaves behind."""
    flag: dict[str, Any] = {"ask": "Was it so?"}
    gates: dict[str, Any] = {
        "a": {"prior": {"yes": "0.5"}},
        "b": {"prior": {"yes": "0.4"}},
        "left": {"noisy_or": {"leak": "0.2", "causes": {"a": "0.7"}}},
        "fire": {"noisy_or": {"leak": "0.05", "causes": {"a": "0.8", "b": "0.5"}}},
    }
    scenario = {
        "title": "T",
        "question": "Q?",
        "effects": {"fire": "fire=yes"},
        "hypotheses": {"first": "a=yes", "second": "b=yes"},
        "variables": {name: {**flag, **gate} for name, gate in gates.items()},
        "sources": {f"s{i}": {"reliability": "0.6"} for i in range(sources)},
        "settings": {"fidelity": {"direct": "0.9999"}},
    }
    common = {"published": "2026-05-04", "directness": "direct"}
    log = [
        {**common, "id": f"r{i}-{k}", "source": f"s{i}", "claims": {"left": ("yes", "no")[k % 2]}}
        for i in range(sources)
        for k in range(claims)
    ]
    return write(folder, scenario, log)


@pytest.mark.parametrize("sources", [1, 3, 6, 7, 8, 12])
def test_what_was_why_is_not_lost_among_reports_that_contradict_each_other(
    sources: int, tmp_path: Path
) -> None:
    """As much speaks for as against: what was why is what it was before any report."""
    before = contradictory(tmp_path / "none", 1, 0).causes(draws=0)

    after = contradictory(tmp_path / "many", sources, 32).causes(draws=0)

    for column in ("posterior", "because", "but_for"):
        assert after[column].tolist() == pytest.approx(before[column].tolist(), rel=1e-9)


@pytest.mark.usefixtures("_in_small_blocks")
def test_gradients_of_the_impossible_have_the_shape_of_all_draws_in_blocks() -> None:
    """Where numbers lie too far apart for floating point, and some blocks are impossible."""
    for_one, for_other = (
        np.array(p)[:, np.newaxis, np.newaxis] for p in ([1, 1e-250], [1e-250, 1])
    )
    possible = np.array([0.0, 0, 0, 0, 0, 1.0, 1, 1])
    draws = np.broadcast_to(possible, (2, 1, 8))
    tape = compile_tape({"a": 2}, [("a",)] * 7)

    answer, gradients = tape.run_with_gradients([*[for_one] * 3, *[for_other] * 3, draws])

    assert np.isfinite(answer.log_total[0]).tolist() == possible.astype(bool).tolist()
    for gradient in gradients[:6]:
        whole = np.broadcast_to(gradient, (2, 1, 8))
        assert (whole[:, 0, :5] == 0).all()
        assert (whole[:, 0, 5:] > 0).all()


# --- what is certain is cut away ---


class Certain(NamedTuple):
    """A seeded case with something observed, given or done on top."""

    seed: int
    case: Any
    what_if: dict[str, Any]


def certain_case(seed: int, folder: Path) -> Certain | None:
    """Something more is given or done; None where it cannot be."""
    base = seeded(seed, explained=seed % 2 == 1, cells=20_000)
    case = asked(base, folder)
    if case is None:
        return None
    rng = np.random.default_rng(seed)
    free = [v for v in case.scenario.variables if v not in {**base.do, **base.given}]
    if not free:
        return None
    name = str(rng.choice(free))
    state = str(rng.choice(case.scenario.variables[name].states))
    how = "do" if seed % 3 == 0 else "given"
    what_if = {**base.what_if, how: {**base.what_if[how], name: state}}
    try:
        weigh(base.texts, **what_if)
    except Impossible:
        return None
    return Certain(seed, getattr(case, how)(**{name: state}), {**what_if, "texts": base.texts})


def answers_of(case: Any, seed: int) -> list[Array]:
    """Everything that cuts what is certain, for some draws and evidence sets."""
    network: Network = case.network
    values = draw_values(case.scenario, 3, seed)
    chosen = np.random.default_rng(seed).random((len(network.items), 4)) < 0.7
    chosen[:, 0] = True
    batch = Batch(network, chosen, values)
    scenario = case.scenario
    names = list(dict.fromkeys(h.claim.variable for h in scenario.hypotheses.values()))
    claims = [noun.claim for noun in scenario.hypotheses.values()]
    found = [*batch.joint_and_evidence(names), batch.log_evidence]
    found += [batch.chance([batch.indicate(c.variable, c.states)]) for c in claims]
    for effect in scenario.effects.values():
        contrasts = [why(scenario, effect.claim, [h]) for h in scenario.hypotheses]
        found += contrast_all(batch, [c for c in contrasts if c is not None])
    held = Batch(network, network.masks(None), values)
    return [*found, *leave_each_out([lambda b: b.factors(names)], held)]


@pytest.mark.parametrize("block", range(0, 90, 30))
def test_what_is_certain_does_not_show_in_any_answer(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Any
) -> None:
    worst, cut = (0.0, "nothing"), 0
    for seed in range(block, block + 30):
        certain = certain_case(seed, tmp_path / str(seed))
        if certain is None:
            continue
        case = certain.case
        factors = case.stated.factors(case.scenario.variables)
        cut += len(settle(factors)) > 0 and settle(factors) is not factors
        found = answers_of(case, seed)
        with monkeypatch.context() as patch:
            for room in ("batch", "leaving"):
                patch.setattr(f"rivals.{room}.settle", lambda factors, *_, **__: factors)
            whole = answers_of(case, seed)
        for one, other in zip(found, whole, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13, equal_nan=True)

        texts = certain.what_if.pop("texts")
        answer = weigh(texts, **certain.what_if)
        beliefs = case.beliefs(draws=0)
        for h, noun in case.scenario.hypotheses.items():
            expected = sum(answer.posteriors[noun.claim.variable][s] for s in noun.claim.states)
            worst = max(worst, (abs(beliefs.loc[h, "posterior"] - expected), f"seed {seed}: {h}"))
        error = abs(case.log_evidence() - answer.log_evidence)
        worst = max(worst, (error, f"seed {seed}: log evidence"))

    assert cut >= 20
    assert worst[0] <= 1e-9, worst
    record_property("largest error of what is cut away against full enumeration", worst)


def test_what_holds_in_some_evidence_sets_only_is_not_cut_away(tmp_path: Path) -> None:
    """The trail before a report and after it in one batch."""
    case = large(tmp_path, 2)
    network = case.network

    before, after = Batch(network, network.masks((), None), case.values).joint(["e1-0"])[1, :, 0]

    assert after == 1
    assert before == pytest.approx(1 - 0.9 * (1 - 0.3 * 0.5) ** 2)
