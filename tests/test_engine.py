"""Inference over plain factors, against the sum over everything that einsum writes out."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from rivals.engine import Array, compile_reduction, compile_tape, find_order
from rivals.errors import TooLarge

SETS, DRAWS = 3, 4
STEP = 1e-30  # of the complex step: no difference is taken, so no digit is lost


@dataclass(frozen=True)
class Made:
    """A random network of factors, and the variables to keep."""

    cards: dict[str, int]
    scopes: list[tuple[str, ...]]
    tables: list[Array]
    keep: tuple[str, ...]


def made(seed: int, *, zeros: float = 0.2) -> Made:
    """Up to seven variables of one to three states; batch axes of full length or 1."""
    rng = np.random.default_rng(seed)
    names = list("abcdefg")[: rng.integers(2, 8)]
    cards = {name: int(rng.integers(1, 4)) for name in names}
    scopes = [(name,) for name in names]
    for _ in range(rng.integers(1, 8)):
        size = rng.integers(0, min(4, len(names)) + 1)
        scopes.append(tuple(str(name) for name in rng.permutation(names)[:size]))
    tables = []
    for scope in scopes:
        batch = (int(rng.choice([1, SETS])), int(rng.choice([1, DRAWS])))
        table = rng.random((*(cards[name] for name in scope), *batch))
        tables.append(np.where(rng.random(table.shape) < zeros * (len(scope) > 1), 0.0, table))
    keep = tuple(str(name) for name in rng.permutation(names)[: rng.integers(0, 3)])
    return Made(cards, scopes, tables, keep)


def enumerate_all(
    network: Made, tables: list[NDArray[np.complex128]] | list[Array]
) -> NDArray[np.complex128]:
    """The joint over the kept variables: (cards of keep..., sets, draws)."""
    full = [np.broadcast_to(table, (*table.shape[:-2], SETS, DRAWS)) for table in tables]
    inputs = ",".join("".join(scope) + "yz" for scope in network.scopes)
    return np.einsum(f"{inputs}->{''.join(network.keep)}yz", *full)


def full_batch(answer: Array) -> Array:
    return np.broadcast_to(answer, (*answer.shape[:-2], SETS, DRAWS))


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_and_joints_are_those_of_enumeration(seed: int) -> None:
    network = made(seed)
    joint = enumerate_all(network, network.tables).real

    answer = compile_tape(network.cards, network.scopes, network.keep).run(network.tables)

    total = joint.sum(axis=tuple(range(joint.ndim - 2)))
    assert np.allclose(np.exp(answer.log_total), total, rtol=1e-12, atol=0)
    found = full_batch(answer.table) * np.exp(answer.log_scale)
    assert np.allclose(found, joint, rtol=1e-12, atol=0)
    share = np.divide(joint, total, out=np.full_like(joint, np.nan), where=total > 0)
    assert np.allclose(full_batch(answer.distribution), share, rtol=1e-12, atol=0, equal_nan=True)


def derivative(network: Made, i: int, cell: tuple[int, ...], seed: Array | None) -> Array:
    """By the complex step: of the log of the total (0 where it is 0), or of seed times joint."""
    tables = [table.astype(complex) for table in network.tables]
    tables[i][cell] += 1j * STEP
    joint = enumerate_all(network, tables)
    axes = tuple(range(joint.ndim - 2))
    if seed is not None:
        return (seed * joint).sum(axis=axes).imag / STEP
    total = joint.sum(axis=axes)
    possible = total.real > 0
    return np.divide(total.imag / STEP, total.real, out=np.zeros(total.shape), where=possible)


@pytest.mark.parametrize("seeded", [False, True], ids=["of the log total", "of a weighted sum"])
@pytest.mark.parametrize("seed", SEEDS[:12])
def test_gradients_are_those_of_the_complex_step(seed: int, *, seeded: bool) -> None:
    network = made(seed)
    tape = compile_tape(network.cards, network.scopes, network.keep)
    shape = full_batch(tape.run(network.tables).table).shape
    weights = np.random.default_rng(seed).normal(size=shape) if seeded else None

    answer, gradients = tape.run_with_gradients(network.tables, weights)

    scale = np.exp(answer.log_scale) if seeded else np.ones((1, 1))
    for i, (table, gradient) in enumerate(zip(network.tables, gradients, strict=True)):
        assert gradient.shape[:-2] == table.shape[:-2]
        for cell in np.ndindex(*table.shape[:-2]):
            expected = derivative(network, i, cell, weights)
            found = np.broadcast_to(gradient[cell] * scale, (SETS, DRAWS))
            assert np.allclose(found, expected, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_each_member_of_a_batch_is_answered_as_if_it_were_alone(seed: int) -> None:
    network = made(seed)
    tape = compile_tape(network.cards, network.scopes, network.keep)

    together = full_batch(tape.run(network.tables).log_total)

    for s, d in np.ndindex(SETS, DRAWS):
        one = [
            table[..., s % table.shape[-2], :][..., [d % table.shape[-1]]][..., np.newaxis, :]
            for table in network.tables
        ]
        assert tape.run(one).log_total[0, 0] == pytest.approx(together[s, d], rel=1e-13)


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_what_a_reduction_leaves_multiplies_to_the_joint(seed: int) -> None:
    network = made(seed)
    joint = enumerate_all(network, network.tables).real

    left, log_scale = compile_reduction(network.cards, network.scopes, network.keep).run(
        network.tables
    )

    inputs = ",".join("".join(scope) + "yz" for scope, _ in left)
    product = np.einsum(
        f"{inputs}->{''.join(network.keep)}yz",
        *(
            full_batch(
                table.transpose([scope.index(n) for n in scope] + [len(scope), len(scope) + 1])
            )
            for scope, table in left
        ),
    )
    assert np.allclose(product * np.exp(log_scale), joint, rtol=1e-12, atol=0)


def plain(*values: float) -> Array:
    """A table over one variable, its batch axes of length 1."""
    return np.array(values)[:, np.newaxis, np.newaxis]


def test_parts_that_share_no_variable_multiply() -> None:
    tape = compile_tape({"a": 2, "b": 2, "c": 2}, [("a",), ("b",), ("c",)], keep=("b",))

    answer = tape.run([plain(1, 2), plain(3, 4), plain(5, 6)])

    assert np.exp(answer.log_total)[0, 0] == pytest.approx(3 * 7 * 11)
    assert answer.distribution[:, 0, 0] == pytest.approx([3 / 7, 4 / 7])


def test_a_constant_and_a_variable_of_one_state_only_scale() -> None:
    tape = compile_tape({"a": 2, "one": 1}, [("a",), ("one", "a"), ()], keep=("one",))

    answer = tape.run(
        [plain(1, 2), np.array([[3.0, 4.0]])[..., np.newaxis, np.newaxis], np.full((1, 1), 5.0)]
    )

    assert answer.table.shape == (1, 1, 1)
    assert np.exp(answer.log_total)[0, 0] == pytest.approx(5 * (1 * 3 + 2 * 4))


def test_no_factors_at_all_are_worth_1() -> None:
    answer = compile_tape({}, []).run([])

    assert answer.log_total.tolist() == [[0.0]]


def test_the_impossible_has_probability_0_and_no_gradient_and_no_warning() -> None:
    tape = compile_tape({"a": 2}, [("a",), ("a",)], keep=("a",))
    tables = [plain(1, 0), np.array([[[0.0, 1.0]], [[1.0, 1.0]]])]

    answer, gradients = tape.run_with_gradients(tables)

    assert answer.log_total.tolist() == [[-np.inf, 0.0]]
    assert np.isnan(answer.distribution[:, 0, 0]).all()
    assert answer.distribution[:, 0, 1].tolist() == [1, 0]
    assert [gradient[:, 0, 0].tolist() for gradient in gradients] == [[0, 0], [0, 0]]
    assert gradients[1][:, 0, 1].tolist() == [1, 0]


def test_a_thousand_factors_on_one_variable_do_not_underflow() -> None:
    scopes = [("a",)] * 1000

    answer, gradients = compile_tape({"a": 2}, scopes, keep=("a",)).run_with_gradients(
        [plain(1e-5, 1.01e-5)] * 1000
    )

    other = 1000 * math.log(1e-5)
    expected = np.logaddexp(other, other + 1000 * math.log(1.01))
    assert answer.log_total[0, 0] == pytest.approx(expected, rel=1e-13)
    odds = answer.distribution[1, 0, 0] / answer.distribution[0, 0, 0]
    assert odds == pytest.approx(1.01**1000, rel=1e-11)
    share = answer.distribution[1, 0, 0]
    assert gradients[567][1, 0, 0] == pytest.approx(share / 1.01e-5, rel=1e-11)


def test_a_thousand_factors_in_a_chain_do_not_underflow() -> None:
    cards = dict.fromkeys(range(1001), 2)
    scopes = [(i, i + 1) for i in range(1000)]
    link = np.array([[1e-5, 2e-5], [3e-5, 4e-5]])[..., np.newaxis, np.newaxis]

    answer, gradients = compile_tape(cards, scopes).run_with_gradients([link] * 1000)

    vector, log = np.ones(2), 0.0
    for _ in range(1000):
        vector = link[..., 0, 0] @ vector
        log += math.log(vector.sum())
        vector /= vector.sum()
    assert answer.log_total[0, 0] == pytest.approx(log, rel=1e-13)
    # Euler: each table has degree 1 in the total, so cells times derivatives of the log sum to 1
    assert (link * gradients[500]).sum() == pytest.approx(1, rel=1e-11)


def test_too_large_names_the_variables_before_anything_runs() -> None:
    names = [f"variable {i}" for i in range(28)]
    scopes = [(a, b) for a in names for b in names if a < b]
    lonely = [*scopes, ("bystander",)]

    with pytest.raises(TooLarge) as error:
        compile_tape({**dict.fromkeys(names, 2), "bystander": 2}, lonely)

    told = str(error.value)
    assert f"{2**28:,} cells" in told
    assert "the bound is 100,000,000" in told
    assert "(28 variables)" in told
    assert "variable 11" in told
    assert "bystander" not in told


def test_what_stays_below_the_bound_is_compiled() -> None:
    names = list(range(26))
    scopes = [(a, b) for a in names for b in names if a < b]

    order = find_order(dict.fromkeys(names, 2), scopes)

    assert order.largest_cells == 2**26


def test_an_order_eliminates_each_variable_once_and_keeps_what_is_kept() -> None:
    network = made(3)

    order = find_order(network.cards, network.scopes, network.keep)

    assert sorted((*order.nodes, *network.keep)) == sorted(network.cards)


HARD = """
import numpy as np
from rivals.engine import find_order
names = [f"v{i}" for i in range(60)]
rng = np.random.default_rng(1)
scopes = [tuple(str(n) for n in rng.permutation(names)[:3]) for _ in range(70)]
cards = {name: int(rng.integers(2, 4)) for name in names}
import sys; sys.stdout.write(str(find_order(cards, scopes, names[:2])))
"""


def test_the_same_network_gets_the_same_order_in_every_process() -> None:
    def run(hash_seed: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", HARD],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    first = run("1")

    assert first.startswith("Order(nodes=")
    assert run("2") == first


def test_a_random_order_costs_no_less_than_the_one_found() -> None:
    rng = np.random.default_rng(5)
    names = list(range(20))
    scopes = [tuple(rng.permutation(names)[:3].tolist()) for _ in range(25)]
    cards = {name: int(rng.integers(2, 4)) for name in names}

    found = find_order(cards, scopes)

    assert all(found.cells <= cost(cards, scopes, rng.permutation(names)) for _ in range(50))
    assert found.cells == cost(cards, scopes, np.array(found.nodes))


def cost(cards: dict[int, int], scopes: list[tuple[int, ...]], order: NDArray[np.int64]) -> int:
    """The cells of all tables that an order of elimination builds, followed with sets."""
    factors, cells = [set(scope) for scope in scopes], 0
    for node in order.tolist():
        clique = {node}.union(*(factor for factor in factors if node in factor))
        cells += math.prod(cards[n] for n in clique)
        factors = [f for f in factors if node not in f] + [clique - {node}]
    return cells


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_running_again_on_some_other_tables_is_running_anew(seed: int) -> None:
    network = made(seed)
    rng = np.random.default_rng(seed)
    tape = compile_tape(network.cards, network.scopes, network.keep)
    tables = [table[..., :1, :1] for table in network.tables]

    for _ in range(6):
        for i in rng.permutation(len(tables))[: rng.integers(0, 3)]:
            scale = rng.choice([1.0, 1e-90, 1e-300, 0.0], p=[0.7, 0.1, 0.1, 0.1])
            tables[i] = rng.random(tables[i].shape) * scale

        found, expected = tape.run_again(tables), tape.run(tables)

        assert np.allclose(found.log_total, expected.log_total, rtol=1e-12, atol=0)
        assert np.allclose(found.distribution, expected.distribution, rtol=1e-12, equal_nan=True)
