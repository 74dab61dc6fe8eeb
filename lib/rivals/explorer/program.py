"""What the page computes, as one list of slots: tables that it fills, then steps over them.

The engine finds the orders of elimination here; the page only multiplies and sums. Nothing is cut
down to what is certain, since every report may be taken back there: the structure holds for
whatever is switched off or imposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rivals.batch import Batch
from rivals.engine import Node, Tape, compile_reduction, compile_tape
from rivals.errors import TooLarge
from rivals.factors import sizes_of
from rivals.scenario import Claim
from rivals.twin import Contrast, Twin

MOST_CELLS = 4_000_000
"""How many cells one answer may fill in the page: some fifty milliseconds of a telephone."""

Scope = tuple[Node, ...]


class Filled(NamedTuple):
    """A slot that the page fills: with what (`table`, `reliability`, ...), and which one."""

    kind: str
    which: Any
    scope: Scope


class Merged(NamedTuple):
    """A slot that multiplies others and sums out what its scope lacks."""

    slots: tuple[int, ...]
    scope: Scope


@dataclass
class Program:
    """Slots in the order in which they can be computed; a step uses slots before it.

    couplings: of each coupled table, its variable and for each parent what it is in the twin
    world: None as in the actual one, "" free, else the state that it is set to.
    """

    cards: dict[Node, int]
    slots: list[Filled | Merged] = field(default_factory=list)
    couplings: list[tuple[str, tuple[str | None, ...]]] = field(default_factory=list)
    joint: int = 0
    contrasts: list[int | None] = field(default_factory=list)
    _known: dict[object, int] = field(default_factory=dict)

    def fill(self, kind: str, which: Any, scope: Scope) -> int:
        """The slot of a table; the same table has the same slot."""
        key = (kind, which, scope)
        if key not in self._known:
            self._known[key] = self._append(Filled(kind, which, scope))
        return self._known[key]

    def couple(self, name: str, twins: tuple[str | None, ...], scope: Scope) -> int:
        """The slot of a coupled table."""
        if (name, twins) not in self.couplings:
            self.couplings.append((name, twins))
        return self.fill("coupled", self.couplings.index((name, twins)), scope)

    def follow(self, tape: Tape, slots: Sequence[int]) -> list[int]:
        """The slots of everything on a tape that runs on these slots."""
        assert not tape.ones  # every variable that is kept has its table
        places, scopes = list(slots), list(tape.scopes)
        for step in tape.steps:
            spoken, out = step.forward.split("->")
            nodes: dict[str, Node] = {}
            for word, slot in zip(spoken.split(","), step.slots, strict=True):
                nodes |= zip(word[:-2], scopes[slot], strict=True)  # the batch's two are left
            scope = tuple(nodes[letter] for letter in out[:-2])
            places.append(self._append(Merged(tuple(places[s] for s in step.slots), scope)))
            scopes.append(scope)
        return places

    def _append(self, slot: Filled | Merged) -> int:
        self.slots.append(slot)
        return len(self.slots) - 1

    def scope(self, slot: int) -> Scope:
        """What a slot's table is over."""
        return self.slots[slot].scope

    def sum_out(self, slots: Sequence[int], keep: Sequence[Node] = ()) -> int:
        """The slot of the product, everything summed out but `keep`."""
        scopes = [self.scope(slot) for slot in slots]
        tape = compile_tape(self._cards_of(scopes), scopes, keep)
        self._hold(tape)
        return self.follow(tape, slots)[-1]

    def reduce(self, slots: Sequence[int], leave: Iterable[Node]) -> list[int]:
        """The slots that remain when all but `leave` is summed out."""
        scopes = [self.scope(slot) for slot in slots]
        cards = self._cards_of(scopes)
        reduction = compile_reduction(cards, scopes, set(leave) & set(cards))
        self._hold(reduction.tape)
        places = self.follow(reduction.tape, slots)
        return [places[slot] for slot, _ in reduction.left]

    def _cards_of(self, scopes: Iterable[Scope]) -> dict[Node, int]:
        return {node: self.cards[node] for scope in scopes for node in scope}

    @staticmethod
    def _hold(tape: Tape) -> None:
        if tape.order.cells > MOST_CELLS:
            raise TooLarge(
                f"the page would have to fill {tape.order.cells:,} cells for each change; "
                f"the bound is {MOST_CELLS:,}"
            )


def write_program(
    batch: Batch, names: Sequence[str], contrasts: Sequence[Contrast | None]
) -> Program:
    """P(names, evidence), and P(each contrast, evidence), as one list of slots.

    Raises TooLarge for what a page cannot compute at once.
    """
    cards = sizes_of([*batch.tables.values(), *batch.evidence])
    cards |= {Twin(name): len(v.states) for name, v in batch.network.scenario.variables.items()}
    program = Program(cards)
    places = _place_tables(program, batch)
    program.joint = program.sum_out([places[id(f)] for f in batch.factors(names)], tuple(names))
    possible = [contrast for contrast in contrasts if contrast is not None]
    shared, together = _reduce(program, batch, possible, places) if possible else ([], frozenset())
    for contrast in contrasts:
        slot = None if contrast is None else _contrast(program, batch, contrast, shared, together)
        program.contrasts.append(slot)
    return program


def _place_tables(program: Program, batch: Batch) -> dict[int, int]:
    """The slot of every factor of the network, by the factor's identity."""
    slots = {
        id(factor): program.fill("table", name, factor.scope)
        for name, factor in batch.tables.items()
    }
    network = batch.network
    stories = [about for chorus in network.choruses for about in chorus.about]
    order: list[tuple[str, Any]] = [
        *(("reliability", node) for node in network.reliabilities),
        *(("story", about) for about in stories),
        *(("silence", i) for i in range(len(network.silences))),
    ]
    for i, factor in enumerate(batch.evidence):
        kind, which = order[i] if i < len(order) else ("leaf", factor.items)
        slots[id(factor)] = program.fill(kind, which, factor.scope)
    return slots


def _reduce(
    program: Program, batch: Batch, contrasts: Sequence[Contrast], places: dict[int, int]
) -> tuple[list[int], frozenset[str]]:
    """What no contrast touches, summed out once for all, and the tables that were withheld."""
    network = batch.network
    copied = [contrast.copied(network) for contrast in contrasts]
    pairs = zip(contrasts, copied, strict=True)
    touched = frozenset().union(*(contrast.touched(network, own) for contrast, own in pairs))
    together = frozenset().union(*copied)
    slots = [places[id(factor)] for factor in batch.beside(together, touched)]
    return program.reduce(slots, touched), together


def _contrast(
    program: Program,
    batch: Batch,
    contrast: Contrast,
    shared: list[int],
    withheld: frozenset[str],
) -> int:
    """The slot of P(the contrast, evidence), a single number."""
    own = contrast.copied(batch.network)
    plain = [program.fill("table", n, batch.tables[n].scope) for n in sorted(withheld - own)]
    coupled = [_couple(program, batch, name, contrast, own) for name in sorted(own)]
    held = [_indicate(program, batch, claim, claim.variable) for claim in contrast.actual]
    twin = contrast.twin
    if twin.variable in contrast.setting:
        holds = contrast.setting[twin.variable] in twin.states
        asked = program.fill("constant", (float(holds),), ())
    else:
        node = Twin(twin.variable) if twin.variable in own else twin.variable
        asked = _indicate(program, batch, twin, node)
    return program.sum_out([*shared, *plain, *coupled, *held, asked])


def _couple(
    program: Program, batch: Batch, name: str, contrast: Contrast, own: frozenset[str]
) -> int:
    parents = batch.network.scenario.variables[name].parents
    twins = tuple(contrast.setting.get(p, "" if p in own else None) for p in parents)
    free = (Twin(p) for p, state in zip(parents, twins, strict=True) if state == "")
    return program.couple(name, twins, (*parents, *free, name, Twin(name)))


def _indicate(program: Program, batch: Batch, claim: Claim, node: Node) -> int:
    states = batch.network.scenario.variables[claim.variable].states
    return program.fill("constant", tuple(float(s in claim.states) for s in states), (node,))
