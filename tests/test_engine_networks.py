"""Random Bayesian networks with evidence: the engine against full enumeration and pyAgrum.

Seeds 0 to 149, in blocks so that they can run side by side, and to 999 on the full budget. Some of
the evidence is impossible. The largest error of each comparison is printed at the end of the run.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyagrum as gum
import pytest
from numpy.typing import NDArray

from conftest import BUDGET
from rivals.engine import Answer, Array, compile_tape
from rivals.errors import ImpossibleEvidence

SEEDS = 1000 if BUDGET == "full" else 100
BLOCK = 25
PYAGRUM_EVERY = 1 if BUDGET == "full" else 2
PLAIN_EVERY = 5  # its answers come from the same engine; what it does with evidence is its own
ROWS = 40_000  # of the joint of all variables, that it can be enumerated in milliseconds
CLOSE = 1e-10
CLOSE_DERIVATIVE = 1e-8  # relative
STEP = 1e-30  # of the complex step: no difference is taken, so no digit is lost

Error = tuple[float, str]


@dataclass(frozen=True)
class Network:
    """A network with evidence; a table is (cards of the parents..., states).

    `heard` are likelihoods, several of a variable perhaps; of hard evidence, 0 and 1.
    """

    cards: dict[str, int]
    parents: dict[str, tuple[str, ...]]
    tables: dict[str, Array]
    heard: tuple[tuple[str, Array], ...]
    pair: tuple[str, str]

    @cached_property
    def scopes(self) -> list[tuple[str, ...]]:
        own = [(*parents, name) for name, parents in self.parents.items()]
        return [*own, *((name,) for name, _ in self.heard)]

    @cached_property
    def factors(self) -> list[Array]:
        return [*self.tables.values(), *(weights for _, weights in self.heard)]


def made(seed: int) -> Network:
    """3 to 14 variables of 1 to 4 states with up to 4 parents, often in parts; some evidence."""
    rng = np.random.default_rng([seed, 14])
    names = [f"v{i}" for i in rng.permutation(rng.integers(3, 15))]
    sizes = rng.choice([1, 2, 3, 4], len(names), p=[0.1, 0.35, 0.3, 0.25])
    while sizes.prod() > ROWS:
        sizes[sizes.argmax()] -= 1
    cut = int(rng.integers(1, len(names))) if rng.random() < 0.3 else 0  # nothing crosses it
    parents = {}
    for i, name in enumerate(names):
        before = names[cut if i >= cut else 0 : i]
        count = min(len(before), int(rng.choice(5, p=[0.15, 0.3, 0.3, 0.15, 0.1])))
        parents[name] = tuple(str(one) for one in rng.permutation(before)[:count])
    listed = [names[i] for i in rng.permutation(len(names))]  # parents need not come first
    cards = {name: int(sizes[names.index(name)]) for name in listed}
    parents = {name: parents[name] for name in listed}
    zeros = float(rng.choice([0, 0.1, 0.2]))
    tables = {name: made_table(rng, cards, (*parents[name], name), zeros) for name in listed}
    pair = (str(listed[0]), str(listed[-1]))
    network = Network(cards, parents, tables, (), pair)
    return replace(network, heard=made_evidence(rng, network, names))


def made_table(
    rng: np.random.Generator, cards: dict[str, int], scope: tuple[str, ...], zeros: float = 0.1
) -> Array:
    """A conditional distribution; that share of cells is 0, and of twice as many rows all but 1."""
    shape = tuple(cards[name] for name in scope)
    table = rng.random(shape) * (rng.random(shape) >= zeros)
    certain = rng.random(shape[:-1]) < 2 * zeros
    certain |= table.sum(axis=-1) == 0
    table[certain] = np.eye(shape[-1])[rng.integers(shape[-1], size=int(certain.sum()))]
    return np.asarray(table / table.sum(axis=-1, keepdims=True))


def made_evidence(
    rng: np.random.Generator, network: Network, ancestors_first: list[str]
) -> tuple[tuple[str, Array], ...]:
    """Mostly what may be found in a world that is drawn; now and then what comes to mind."""
    world: dict[str, int] = {}
    for name in ancestors_first:
        row = network.tables[name][tuple(world[parent] for parent in network.parents[name])]
        world[name] = int(rng.choice(len(row), p=row))
    heard = []
    careless, silent = rng.random() < 0.3, rng.random() < 0.1
    for name in rng.permutation([] if silent else ancestors_first).tolist():
        size = network.cards[name]
        if rng.random() < (0.5 if careless else 0.25):
            state = int(rng.integers(size)) if careless else world[name]
            heard.append((name, np.eye(size)[state]))
        if rng.random() < 0.25:
            weights = rng.random(size) * (rng.random(size) > 0.15)
            weights[world[name]] = rng.random()
            heard.append((name, weights))
    if heard and rng.random() < 0.2:
        name, weights = heard[0]
        heard[0] = (name, weights * float(rng.choice([1e-150, 1e-90, 1e60])))
    return tuple(heard)


class Enumeration:
    """Every combination of states, one row each: what it weighs, and sums over rows."""

    def __init__(self, network: Network) -> None:
        self.network = network
        sizes = tuple(network.cards.values())
        rows = np.indices(sizes).reshape(len(sizes), -1)
        self.states = dict(zip(network.cards, rows, strict=True))
        self.cells = [self.cells_of(scope) for scope in network.scopes]
        self.weights = self.weigh(network.factors)
        self.total = math.fsum(self.weights)

    def cells_of(self, scope: tuple[str, ...]) -> NDArray[np.intp]:
        """The number of the cell, in a table over the scope, that each row falls into."""
        sizes = tuple(self.network.cards[name] for name in scope)
        return np.ravel_multi_index([self.states[name] for name in scope], sizes)

    def weigh(self, factors: list[Any]) -> NDArray[Any]:
        """The product of the cells that each row falls into."""
        weights = np.ones(1, factors[0].dtype)
        for factor, cells in zip(factors, self.cells, strict=True):
            weights = weights * factor.ravel()[cells]
        return weights

    def summed(self, scope: tuple[str, ...], weights: Array) -> Array:
        """A table over the scope: the sum of the rows that fall into each cell."""
        sizes = tuple(self.network.cards[name] for name in scope)
        found = np.bincount(self.cells_of(scope), weights, minlength=math.prod(sizes))
        return np.asarray(found.reshape(sizes))

    def posterior(self, *scope: str) -> Array:
        return self.summed(scope, self.weights / self.total)

    def derivatives(self, i: int) -> Array:
        """The derivative of the log of the total by every cell of a factor, by complex steps.

        All cells of the factor step at once: a row falls into one of them, so the imaginary part
        of what it weighs comes from that one alone.
        """
        factors = [factor.astype(complex) for factor in self.network.factors]
        factors[i] = factors[i] + 1j * STEP
        moved = self.weigh(factors).imag / STEP
        return self.summed(self.network.scopes[i], moved) / self.total


def plain(tables: Iterable[Array]) -> list[Array]:
    """Tables whose batch axes have length 1."""
    return [table[..., np.newaxis, np.newaxis] for table in tables]


def run(network: Network, keep: tuple[str, ...] = ()) -> tuple[Answer, list[Array]]:
    """The answer and the derivatives of the log of its total, without batch axes."""
    tape = compile_tape(network.cards, network.scopes, keep)
    answer, gradients = tape.run_with_gradients(plain(network.factors))
    return answer, [gradient[..., 0, 0] for gradient in gradients]


def marginals(network: Network, gradients: list[Array]) -> dict[str, Array]:
    """P(variable | evidence): cells of its own table times derivatives, its parents summed out."""
    families = zip(network.tables.items(), gradients, strict=False)
    found = {}
    for (name, table), gradient in families:
        found[name] = (table * gradient).sum(axis=tuple(range(table.ndim - 1)))
    return found


def distance(found: Array | float, expected: Array | float) -> float:
    return float(np.abs(np.asarray(found) - expected).max())


def relative(found: Array, expected: Array) -> float:
    """The largest error beside what is expected; what should be 0 has to be 0."""
    assert found.shape == expected.shape
    assert not found[expected == 0].any()
    some = expected != 0
    return float((np.abs(found - expected)[some] / np.abs(expected[some])).max(initial=0.0))


def differences(network: Network, truth: Enumeration) -> Iterator[Error]:
    """How far the engine is from enumeration: marginals, a joint and the log of the evidence."""
    answer, gradients = run(network)
    yield distance(answer.log_total, math.log(truth.total)), "log evidence"
    found = marginals(network, gradients)
    assert set(found) == set(network.cards)
    for name, posterior in found.items():
        yield distance(posterior, truth.posterior(name)), f"posterior of {name}"
    answer, _ = run(network, network.pair)
    yield distance(answer.log_total, math.log(truth.total)), "log evidence beside a joint"
    joint = answer.distribution[..., 0, 0]
    yield distance(joint, truth.posterior(*network.pair)), f"joint of {network.pair}"


def derivative_errors(network: Network, truth: Enumeration) -> Iterator[Error]:
    """How far each derivative by a cell is, whether or not variables are kept."""
    for keep in ((), network.pair):
        _, gradients = run(network, keep)
        assert len(gradients) == len(network.factors)
        for i, gradient in enumerate(gradients):
            error = relative(gradient, truth.derivatives(i))
            yield error, f"factor {i} over {network.scopes[i]} with {keep} kept"


def largest(errors: Iterable[Error], close: float) -> Error:
    """The largest of the errors, each of which is small; NaN is not."""
    worst = (0.0, "nothing")
    for error, what in errors:
        assert error <= close, what
        worst = max(worst, (error, what))
    return worst


def check_impossible(network: Network) -> None:
    """-inf, NaN and derivatives of 0, without a warning: here a warning is an error."""
    for keep in ((), network.pair):
        answer, gradients = run(network, keep)
        assert answer.log_total.tolist() == [[-np.inf]]
        assert np.isnan(answer.distribution).all()
        assert answer.distribution.shape == (*(network.cards[name] for name in keep), 1, 1)
        assert not any(gradient.any() for gradient in gradients)


BLOCKS = pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))


@BLOCKS
def test_random_networks_agree_with_full_enumeration(block: int, record_property: Any) -> None:
    worst, steepest = (0.0, "nothing"), (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        network = made(seed)
        truth = Enumeration(network)
        if truth.total == 0:
            check_impossible(network)
            continue
        found = ((error, f"seed {seed}: {what}") for error, what in differences(network, truth))
        worst = max(worst, largest(found, CLOSE))
        found = ((e, f"seed {seed}: {what}") for e, what in derivative_errors(network, truth))
        steepest = max(steepest, largest(found, CLOSE_DERIVATIVE))

    record_property("largest error of networks against full enumeration", worst)
    record_property("largest error of derivatives, relative, against complex steps", steepest)


def model_of(network: Network) -> tuple[Any, dict[str, int]]:
    """The network in pyAgrum, and the number of each node.

    A variable with one state is left out, as pyAgrum 3.3 now and then returns an empty posterior
    of a variable beside one.
    """
    model, ids = gum.BayesNet(), {}
    for name, card in network.cards.items():
        if card > 1:
            ids[name] = model.add(gum.RangeVariable(name, "", 0, card - 1))
    for name, node in ids.items():
        known = [parent for parent in network.parents[name] if parent in ids]
        for parent in known:
            model.addArc(ids[parent], node)
        table = np.squeeze(network.tables[name])  # pyAgrum wants the last parent first
        axes = (*reversed(range(len(known))), len(known))
        model.cpt(node)[:] = np.ascontiguousarray(table.transpose(axes))
    return model, ids


def by_pyagrum(network: Network) -> tuple[dict[str, Array], Array, float]:
    """Posteriors, the joint of the pair and log evidence, by lazy propagation.

    The joint is asked of an engine of its own: with a joint target over two parts of a network,
    pyAgrum 3.3 now and then leaves a part out of the probability of the evidence.
    """
    model, ids = model_of(network)
    heard: dict[str, Array] = {}
    for name, weights in network.heard:
        heard[name] = heard.get(name, np.ones(len(weights))) * weights
    evidence = {ids[n]: (w / w.max()).tolist() for n, w in heard.items() if n in ids}
    engine = gum.LazyPropagation(model)
    engine.setEvidence(evidence)
    engine.makeInference()
    log_scale = sum(math.log(weights.max()) for weights in heard.values())
    log_evidence = math.log(engine.evidenceProbability()) + log_scale
    single = np.ones(1)
    found = {n: engine.posterior(ids[n]).toarray() if n in ids else single for n in network.cards}
    if not ids.keys() >= set(network.pair):
        return found, np.multiply.outer(*(found[name] for name in network.pair)), log_evidence
    engine, asked = gum.LazyPropagation(model), {ids[name] for name in network.pair}
    engine.addJointTarget(asked)
    engine.setEvidence(evidence)
    engine.makeInference()
    joint = engine.jointPosterior(asked)
    table = joint.toarray()  # its axes stand in the reverse order of its names
    return found, table.T if joint.names == network.pair else table, log_evidence


def differences_from_pyagrum(network: Network) -> Iterator[Error]:
    posteriors, joint, log_evidence = by_pyagrum(network)
    answer, gradients = run(network, network.pair)
    yield distance(answer.log_total, log_evidence), "log evidence"
    yield distance(answer.distribution[..., 0, 0], joint), f"joint of {network.pair}"
    for name, posterior in marginals(network, gradients).items():
        yield distance(posterior, posteriors[name]), f"posterior of {name}"


@BLOCKS
def test_random_networks_agree_with_pyagrum(block: int, record_property: Any) -> None:
    worst = (0.0, "nothing")
    for seed in range(block, block + BLOCK, PYAGRUM_EVERY):
        network = made(seed)
        if np.isfinite(run(network)[0].log_total).all():  # checked against enumeration
            found = ((e, f"seed {seed}: {what}") for e, what in differences_from_pyagrum(network))
            worst = max(worst, largest(found, CLOSE))

    record_property("largest error of networks against pyAgrum", worst)


def with_leaves(network: Network) -> tuple[Any, dict[str, Any], float]:
    """The network as read from pgmpy, every likelihood a leaf; the evidence, and its log scale."""
    from rivals.pgmpy_bridge import PlainNetwork

    states: dict[Any, tuple[str, ...]] = {}
    states |= {name: tuple(f"s{i}" for i in range(card)) for name, card in network.cards.items()}
    parents, tables = dict(network.parents), dict(network.tables)
    evidence, log_scale = {}, 0.0
    for i, (name, weights) in enumerate(network.heard):
        top = float(weights.max())
        log_scale += math.log(top)
        if i % 2 == 0 and np.count_nonzero(weights) == 1 and evidence.get(name) is None:
            evidence[name] = f"s{weights.argmax()}"
            continue
        leaf = f"heard {i}"
        states[leaf], parents[leaf], evidence[leaf] = ("no", "yes"), (name,), "yes"
        tables[leaf] = np.stack([1 - weights / top, weights / top], axis=-1)
    return PlainNetwork(states, parents, tables), evidence, log_scale


def differences_of_plain(network: Network, truth: Enumeration) -> Iterator[Error]:
    plain_network, evidence, log_scale = with_leaves(network)
    posteriors = plain_network.posteriors(evidence)
    for name in network.cards:
        found = posteriors.xs(name, level="variable").to_numpy()
        yield distance(found, truth.posterior(name)), f"posterior of {name}"
    joint = plain_network.joint(network.pair, evidence).to_numpy()
    yield distance(joint, truth.posterior(*network.pair).ravel()), f"joint of {network.pair}"
    log_evidence = plain_network.log_evidence(evidence) + log_scale
    yield distance(log_evidence, math.log(truth.total)), "log evidence"


def test_networks_as_read_from_pgmpy_agree_with_full_enumeration(record_property: Any) -> None:
    worst = (0.0, "nothing")
    for seed in range(0, SEEDS, PLAIN_EVERY):
        network = made(seed)
        truth = Enumeration(network)
        if truth.total == 0:
            plain_network, evidence, _ = with_leaves(network)
            with pytest.raises(ImpossibleEvidence):
                plain_network.posteriors(evidence)
            continue
        found = ((e, f"seed {seed}: {what}") for e, what in differences_of_plain(network, truth))
        worst = max(worst, largest(found, CLOSE))

    record_property("largest error of plain networks against full enumeration", worst)


def parts(network: Network) -> int:
    """How many parts share no table."""
    groups = {name: {name} for name in network.cards}
    for name, parents in network.parents.items():
        for parent in parents:
            together = groups[name] | groups[parent]
            groups |= dict.fromkeys(together, together)
    return len({frozenset(group) for group in groups.values()})


def traits(network: Network) -> set[str]:
    """What is worth a test in a network."""
    cards, likelihoods = network.cards, [weights for _, weights in network.heard]
    certain = [len(weights) > 1 == np.count_nonzero(weights) for weights in likelihoods]
    most = max(map(len, network.parents.values()))
    held = {
        "one state": 1 in cards.values(),
        "four states": 4 in cards.values(),
        "zeros": any((table == 0).any() for table in network.tables.values()),
        "parts": parts(network) > 1,
        "no evidence": not likelihoods,
        "hard and soft evidence": any(certain) and not all(certain),
        "evidence twice on a variable": len(dict(network.heard)) < len(likelihoods),
        "faint evidence": any(weights.max() < 1e-80 for weights in likelihoods),
        "impossible evidence": Enumeration(network).total == 0,
    }
    return {f"{len(cards)} variables", f"{most} parents"} | {name for name in held if held[name]}


def test_the_seeds_cover_what_networks_may_hold() -> None:
    found = Counter(trait for seed in range(150) for trait in traits(made(seed)))

    assert {f"{size} variables" for size in range(3, 15)} <= set(found)
    assert min(found[f"{count} parents"] for count in range(1, 5)) >= 10
    sought = "one state, four states, zeros, parts, no evidence, hard and soft evidence, "
    sought += "evidence twice on a variable, faint evidence, impossible evidence"
    for trait in sought.split(", "):
        assert 10 <= found[trait] <= 149, trait


@pytest.mark.parametrize("seed", range(5))
def test_a_variable_of_fifty_states_is_one_like_any_other(seed: int, record_property: Any) -> None:
    rng = np.random.default_rng([seed, 50])
    cards = {"a": 3, "b": 4, "many": 50, "c": 4, "d": 3, "e": 2}
    parents: dict[str, tuple[str, ...]] = {
        "a": (),
        "b": ("a",),
        "many": ("b", "a"),
        "c": ("many",),
        "d": ("a", "many", "c"),
        "e": ("many",),
    }
    tables = {name: made_table(rng, cards, (*parents[name], name)) for name in cards}
    network = Network(cards, parents, tables, (), ("many", "d"))
    network = replace(network, heard=(("e", np.array([0.0, 1.0])), ("many", rng.random(50))))
    truth = Enumeration(network)

    worst = largest(differences(network, truth), CLOSE)
    steepest = largest(derivative_errors(network, truth), CLOSE_DERIVATIVE)

    record_property("largest error of networks against full enumeration", worst)
    record_property("largest error of derivatives, relative, against complex steps", steepest)


def test_a_chain_through_fifty_states_is_a_product_of_matrices(record_property: Any) -> None:
    rng = np.random.default_rng(50)
    names = [f"x{i}" for i in range(61)]
    sizes = rng.integers(2, 5, len(names))
    sizes[[0, 20, 21, 45, 60]] = 50
    cards = dict(zip(names, sizes.tolist(), strict=True))
    parents = {name: tuple(names[i - 1 : i] if i else ()) for i, name in enumerate(names)}
    tables = {name: made_table(rng, cards, (*parents[name], name)) for name in names}
    heard = tuple((name, rng.random(cards[name])) for name in names[::3])
    network = Network(cards, parents, tables, heard, (names[20], names[45]))

    _, gradients = run(network)
    found = marginals(network, gradients)
    answer, _ = run(network, network.pair)

    likelihood = dict(heard)
    links = [tables[name] * likelihood.get(name, np.ones(cards[name])) for name in names]
    before, after = [links[0]], [np.ones(cards[names[-1]])]
    for link in links[1:]:
        before.append(before[-1] @ link)
    for link in links[:0:-1]:
        after.append(link @ after[-1])
    total = before[-1].sum()
    between = np.linalg.multi_dot(links[21:46])
    joint = before[20][:, np.newaxis] * between * after[::-1][45] / total
    worst = largest(
        [
            (distance(answer.log_total, math.log(total)), "log evidence of a chain"),
            (distance(answer.distribution[..., 0, 0], joint), "joint in a chain"),
            *(
                (distance(found[name], left * right / total), f"posterior of {name} in a chain")
                for name, left, right in zip(names, before, after[::-1], strict=True)
            ),
        ],
        CLOSE,
    )
    record_property("largest error of networks against full enumeration", worst)


@dataclass(frozen=True)
class Grid:
    """One structure, drawn several times, beside several sets of evidence on it."""

    draws: list[Network]
    sets: list[tuple[tuple[str, Array], ...]]

    def member(self, s: int, d: int) -> Network:
        return replace(self.draws[d], heard=self.sets[s])

    @cached_property
    def tables(self) -> list[Array]:
        """The factors of all members: tables by draws, likelihoods by sets of evidence."""
        drawn = [
            np.stack(same, axis=-1)[..., np.newaxis, :]
            for same in zip(*(draw.tables.values() for draw in self.draws), strict=True)
        ]
        heard = [
            np.stack([weights for _, weights in same], axis=-1)[..., np.newaxis]
            for same in zip(*self.sets, strict=True)
        ]
        return [*drawn, *heard]


def made_grid(seed: int, sets: int = 4, draws: int = 3) -> Grid:
    """Each set of evidence says something, or nothing, of every variable."""
    rng = np.random.default_rng([seed, 4, 3])
    network = made(seed)
    scopes = {name: (*parents, name) for name, parents in network.parents.items()}
    drawn = [
        replace(network, tables={n: made_table(rng, network.cards, s) for n, s in scopes.items()})
        for _ in range(draws)
    ]
    heard = []
    for _ in range(sets):
        likelihoods = []
        for name, size in network.cards.items():
            silent, certain = np.ones(size), np.eye(size)[rng.integers(size)]
            said = [silent, certain, rng.random(size), rng.random(size) * 1e-60]
            likelihoods.append((name, said[rng.choice(4, p=[0.5, 0.15, 0.25, 0.1])]))
        heard.append(tuple(likelihoods))
    return Grid(drawn, heard)


GRIDS = range(20)


@pytest.mark.parametrize("seed", GRIDS)
def test_sets_of_evidence_by_draws_are_answered_as_one_at_a_time(seed: int) -> None:
    grid = made_grid(seed)
    network = grid.member(0, 0)
    tape = compile_tape(network.cards, network.scopes, network.pair)
    shape = (len(grid.sets), len(grid.draws))

    answer, gradients = tape.run_with_gradients(grid.tables)
    plain_answer = tape.run(grid.tables)

    assert answer.log_total.shape == shape
    assert np.array_equal(plain_answer.log_total, answer.log_total)
    assert np.array_equal(plain_answer.distribution, answer.distribution, equal_nan=True)
    for s, d in np.ndindex(*shape):
        member = grid.member(s, d)
        total = Enumeration(member).total
        one, slopes = run(member, member.pair)
        together = answer.log_total[s, d]
        assert together == pytest.approx(math.log(total) if total else -math.inf, abs=CLOSE)
        assert together == pytest.approx(one.log_total[0, 0], rel=1e-13)
        alone = one.distribution[..., 0, 0]
        same = {"rtol": 1e-12, "atol": 0.0}
        assert np.allclose(answer.distribution[..., s, d], alone, equal_nan=True, **same)
        for gradient, slope in zip(gradients, slopes, strict=True):
            spread = np.broadcast_to(gradient, (*slope.shape, *shape))
            assert np.allclose(spread[..., s, d], slope, **same)


def test_the_grids_hold_the_possible_beside_the_impossible() -> None:
    totals = []
    for seed in GRIDS:
        grid = made_grid(seed)
        members = np.ndindex(len(grid.sets), len(grid.draws))
        totals.append([Enumeration(grid.member(s, d)).total for s, d in members])

    mixed = [any(row) and not all(row) for row in totals]
    assert 5 <= sum(mixed) <= 18
