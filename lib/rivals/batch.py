"""A network with numbers in it: one batch of evidence sets by draws, and what can be asked of it.

Evidence sets say which items of evidence hold; draws are of the judgements. Large batches are cut
into chunks (`ask_in_chunks`), and everything that is asked of a chunk shares its tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from rivals.draws import count_draws, cut_draws
from rivals.engine import WIDE, Answer, Array, Node, Plan, compile_reduction
from rivals.factors import (
    Factor,
    log_sum,
    only_state,
    plan_of,
    scale_of,
    settle,
    sizes_of,
    tape_of,
)
from rivals.gates import build_table
from rivals.judgements import Values
from rivals.network import Network
from rivals.stories import Chorus, Mask, fold_stories, multiply, prior_reliability, tell

Made = TypeVar("Made")

CHUNK_CELLS = 2**24
"""Cells of all tables times members of the batch that one chunk has at most (128 MB)."""

CHUNK = 512
"""Members of the batch that one chunk has at most: more no longer fit the processor's cache."""


@dataclass(frozen=True)
class Batch:
    """Evidence sets (items, sets) by draws of the judgements.

    shares: of each silence in each set, (silences, sets | 1); None for those of the network.
    """

    network: Network
    masks: Mask
    values: Values
    shares: Array | None = None
    _made: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    def over(self, masks: Mask, shares: Array | None = None) -> Batch:
        """Other evidence sets on the same draws: what depends on the draws alone is shared."""
        return Batch(self.network, masks, self.values, shares, self._made)

    def once(self, key: object, make: Callable[[], Made]) -> Made:
        """What a key stands for, made on first use: it depends on the draws alone."""
        if key not in self._made:
            self._made[key] = make()
        found: Made = self._made[key]
        return found

    @property
    def draws(self) -> int:
        """How many draws there are."""
        return self.once("draws", lambda: count_draws(self.values))

    @property
    def single(self) -> bool:
        """Whether this is one evidence set on one draw."""
        return (self.masks.shape[1], self.draws) == (1, 1)

    def hearing(self, variable: str) -> Batch:
        """The same evidence as one more report on a variable finds it: it ends what is silent."""
        network, masks = self.network, self.masks.copy()
        for i, silence in enumerate(network.silences):
            masks[network.first_silence + i] &= silence.variable != variable
        return self if (masks == self.masks).all() else self.over(masks, self.shares)

    def fill(self, answer: Array) -> Array:
        """An answer with both axes of the batch at full length."""
        shape = (self.masks.shape[1], self.draws)
        return np.broadcast_to(answer, (*answer.shape[:-2], *shape))

    @cached_property
    def tables(self) -> dict[str, Factor]:
        """P(variable | parents) of every variable."""
        return self.once("tables", self._tables)

    def _tables(self) -> dict[str, Factor]:
        return {name: self.table(name) for name in self.network.scenario.variables}

    def table(self, name: str) -> Factor:
        """P(variable | parents) of one variable."""
        if name in self.network.what_if.do:
            return self.indicate(name, (self.network.what_if.do[name],))
        table = build_table(name, self.network.scenario.variables, self.values, self.network.rows)
        return Factor((*self.network.parents[name], name), table[..., np.newaxis, :])

    @cached_property
    def evidence(self) -> list[Factor]:
        """Priors of reliabilities, folded stories, silences, what bears on a variable itself."""
        reliabilities = self.once("reliabilities", self._reliabilities)
        return [*reliabilities, *self._stories(), *self._silences(), *self._leaves()]

    def _reliabilities(self) -> list[Factor]:
        found = []
        for node in self.network.reliabilities:
            source = self.network.scenario.sources[node.source]
            p = prior_reliability(node.source, source, self.values)
            found.append(Factor((node,), np.array([1 - p, p])[:, np.newaxis]))
        return found

    def _stories(self) -> Iterator[Factor]:
        """Folded anew, or for a single answer only where other items hold than before."""
        for i, chorus in enumerate(self.network.choruses):
            if not self.single:
                yield from self._fold(i, chorus)
                continue
            said = ((about, self.network.stories[about].places) for about in chorus.about)
            keys = [("story", about, self.masks[places].tobytes()) for about, places in said]
            if not all(key in self._made for key in keys):
                for key, factor in zip(keys, self._fold(i, chorus), strict=True):
                    self._made.setdefault(key, factor)
            yield from (self._made[key] for key in keys)

    def _fold(self, i: int, chorus: Chorus) -> Iterator[Factor]:
        scenario = self.network.scenario
        make = partial(tell, chorus, scenario.sources, scenario.variables, self.values)
        tables, scales = fold_stories(chorus, self.once(("told", i), make), self.masks)
        for about, table, scale in zip(chorus.about, tables, scales, strict=True):
            story = self.network.stories[about]
            yield Factor(story.scope, table, scale, items=story.items)

    @property
    def silent(self) -> Array:
        """How much of the time of each silence is over where it holds, else 0: (silences, sets)."""
        network = self.network
        own = self.masks[network.first_silence : network.first_report]
        broken = [self.masks[items].any(axis=0) for items in network.breakers]
        holds = own & ~np.array(broken, bool).reshape(own.shape)
        return np.where(holds, network.shares if self.shares is None else self.shares, 0.0)

    def _silences(self) -> Iterator[Factor]:
        """One factor a silence: 1 - chance * share in the states of its claim.

        It speaks for its own item, and for each report without which the silence would hold again.
        """
        for i, share in enumerate(self.silent if self.network.silences else ()):
            items = (self.network.first_silence + i, *self._last_breakers(i))
            if self.single:
                key = ("silence", i, float(share[0]), items)
                yield self.once(key, partial(self._fall_silent, i, share, items))
            else:
                yield self._fall_silent(i, share, items)

    def _last_breakers(self, i: int) -> Iterator[int]:
        """The reports that alone end a silence in some set, by item."""
        breakers = self.network.breakers[i]
        heard = self.masks[breakers]
        alone = self.masks[self.network.first_silence + i] & (heard.sum(axis=0) == 1)
        yield from breakers[(heard & alone).any(axis=1)].tolist()

    def _fall_silent(self, i: int, share: Array, items: tuple[int, ...]) -> Factor:
        silence = self.network.silences[i]
        states = self.network.scenario.variables[silence.variable].states
        claimed = np.array([state in silence.states for state in states])
        missed = (
            share[:, np.newaxis] * self.values[silence.path] if share.any() else np.zeros((1, 1))
        )
        table = np.where(claimed[:, np.newaxis, np.newaxis], 1 - missed, 1.0)
        return Factor((silence.variable,), table, items=items)

    def _leaves(self) -> Iterator[Factor]:
        """One factor a variable: the product of all that bears on it, unless it is too wide."""
        for variable, (items, weights) in self.network.leaves_by_variable.items():
            lows = np.log(np.where(weights > 0, weights, 1.0)).min(axis=1)
            if lows.sum() > WIDE / 2:
                yield self._leaf(variable, items, weights)
                continue
            for i in range(len(items)):
                yield self._leaf(variable, items[[i]], weights[[i]])

    def _leaf(self, variable: str, items: NDArray[np.int64], weights: Array) -> Factor:
        if not self.single:
            return self._weigh(variable, items, weights)
        key = ("leaf", variable, items.tobytes(), self.masks[items].tobytes())
        return self.once(key, lambda: self._weigh(variable, items, weights))

    def _weigh(self, variable: str, items: NDArray[np.int64], weights: Array) -> Factor:
        holds = self.masks[items][:, np.newaxis, :, np.newaxis]
        table, scale = multiply(np.where(holds, weights[..., np.newaxis, np.newaxis], 1.0))
        certain = weights[self.masks[items].all(axis=1)]
        settled = only_state(certain.prod(axis=0))
        return Factor((variable,), table, scale, settled, tuple(items.tolist()))

    def indicate(self, variable: str, states: Iterable[str]) -> Factor:
        """A factor that is 1 where the variable is in one of the states and 0 elsewhere."""
        chosen = set(states)
        weights = [float(s in chosen) for s in self.network.scenario.variables[variable].states]
        table = np.array(weights)
        return Factor((variable,), table[:, np.newaxis, np.newaxis], settled=only_state(table))

    def factors(self, names: Iterable[str]) -> list[Factor]:
        """All factors that matter to the named variables and to the evidence."""
        key = tuple(names)

        def choose() -> list[Factor]:
            wanted = self.network.ancestors({*key, *self.network.observed})
            return [factor for name, factor in self.tables.items() if name in wanted]

        return [*self.once(("wanted", key), choose), *self.evidence]

    def joint(self, names: Sequence[str]) -> Array:
        """P(names | evidence): (cards..., sets, draws); NaN where the evidence is impossible."""
        return self.fill(self._answer(names)[1].distribution)

    def joint_and_evidence(self, names: Sequence[str]) -> tuple[Array, Array]:
        """P(names | evidence), and log P(evidence), from one run."""
        factors, answer = self._answer(names)
        log_evidence = self.fill(answer.log_total + scale_of(factors))
        self.__dict__.setdefault("log_evidence", log_evidence)  # as the cached property would
        return self.fill(answer.distribution), log_evidence

    def _answer(self, names: Sequence[str]) -> tuple[Sequence[Factor], Answer]:
        keep = tuple(dict.fromkeys(names))
        every = self.factors(keep)
        factors = settle(every, keep)
        if factors is every:  # then the network alone decides how it is done
            tape = self.once(("tape", keep), lambda: tape_of(factors, keep))
        else:
            tape = tape_of(factors, keep)
        tables = [f.table for f in factors]
        return factors, tape.run_again(tables) if self.single else tape.run(tables)

    @cached_property
    def log_evidence(self) -> Array:
        """Log P(evidence): (sets, draws); -inf where it is impossible."""
        return self.fill(log_sum(self.factors(())))

    def chance(self, claims: Iterable[Factor]) -> Array:
        """P(what the factors indicate | evidence): (sets, draws)."""
        held = list(claims)
        names = [node for factor in held for node in factor.scope if isinstance(node, str)]
        return self.share(log_sum([*self.factors(names), *held]))

    def share(self, log_chance: Array) -> Array:
        """What part of the evidence's probability a joint log probability is; NaN for none."""
        with np.errstate(invalid="ignore"):
            return np.minimum(np.exp(log_chance - self.log_evidence), 1.0)

    def plan(self, names: Sequence[str]) -> Plan:
        """How large `joint` is, without running it."""
        return plan_of(settle(self.factors(names), names), tuple(dict.fromkeys(names)))

    def marginals(self) -> dict[Node, Array]:
        """P(node | evidence) of every variable and reliability: (states, sets, draws).

        NaN where the evidence is impossible.
        """
        factors = self.factors(self.network.scenario.variables)
        _, gradients = tape_of(factors).run_with_gradients([f.table for f in factors])
        found: dict[Node, Array] = {}
        for factor, gradient in zip(factors, gradients, strict=True):
            for axis, node in enumerate(factor.scope):
                if node not in found:
                    others = tuple(i for i in range(len(factor.scope)) if i != axis)
                    share = np.where(factor.table > 0, gradient, 0.0) * factor.table
                    share = share.sum(axis=others)
                    with np.errstate(invalid="ignore"):
                        found[node] = self.fill(share / share.sum(axis=0))
        nodes = (*self.network.scenario.variables, *self.network.reliabilities)
        return {node: found[node] for node in nodes}

    def beside(self, without: frozenset[str], leave: frozenset[str]) -> list[Factor]:
        """All factors but the tables of `without` that matter to `leave` and to the evidence."""
        wanted = self.network.ancestors({*leave, *self.network.observed})
        plain = [f for n, f in self.tables.items() if n in wanted and n not in without]
        return [*plain, *self.evidence]

    def reduce(self, without: frozenset[str], leave: frozenset[str]) -> list[Factor]:
        """The same with everything summed out but `leave`."""
        factors = settle(self.beside(without, leave), leave)
        sizes = sizes_of(factors)
        reduction = compile_reduction(sizes, [f.scope for f in factors], leave & set(sizes))
        left, scale = reduction.run([f.table for f in factors])
        merged = [Factor(scope, table) for scope, table in left]
        return [*merged, Factor((), np.ones((1, 1)), scale + scale_of(factors))]


def cut_sets(batch: Batch, at: slice) -> Batch:
    """Some of the evidence sets of a batch."""
    shares = batch.shares
    if shares is not None and shares.shape[1] > 1:
        shares = shares[:, at]
    return batch.over(batch.masks[:, at], shares)


Ask = Callable[[Batch], tuple[Array, ...]]
"""Questions to a batch; each answer ends in the axes (sets, draws), of length 1 or full."""


def ask_in_chunks(ask: Ask, batch: Batch) -> tuple[Array, ...]:
    """The answers for the whole batch, asked chunk by chunk."""
    sets, draws = batch.masks.shape[1], batch.draws
    room = max(1, min(CHUNK, CHUNK_CELLS // batch.network.cells))
    wide = max(1, min(draws, room))
    deep = max(1, room // wide)
    columns = []
    for left in range(0, draws, wide):
        part = batch
        if wide < draws:
            values = cut_draws(batch.values, left, left + wide)
            part = Batch(batch.network, batch.masks, values, batch.shares)
        chunks = [cut_sets(part, slice(top, top + deep)) for top in range(0, sets, deep)]
        column = [[chunk.fill(answer) for answer in ask(chunk)] for chunk in chunks]
        columns.append([np.concatenate(piece, axis=-2) for piece in zip(*column, strict=True)])
    return tuple(np.concatenate(piece, axis=-1) for piece in zip(*columns, strict=True))
