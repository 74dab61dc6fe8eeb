"""An order of elimination -> a tape of steps; equal structures share one tape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rivals.engine.order import Node, Order, find_order
from rivals.engine.tape import Reduction, Step, Tape

FAN_IN = 12
"""How many factors one step multiplies at most before it rescales."""


def compile_tape(
    cards: Mapping[Node, int], scopes: Sequence[tuple[Node, ...]], keep: Sequence[Node] = ()
) -> Tape:
    """Compile the elimination of all variables but `keep`; equal structures share one tape.

    Raises TooLarge when the cheapest order found needs too large a table.
    """
    return _compile(tuple(cards.items()), tuple(scopes), tuple(keep))


def compile_reduction(
    cards: Mapping[Node, int], scopes: Sequence[tuple[Node, ...]], leave: Iterable[Node]
) -> Reduction:
    """Compile the elimination of all variables but `leave`, which are not multiplied together."""
    return _reduce(tuple(cards.items()), tuple(scopes), frozenset(leave))


@lru_cache(maxsize=256)
def _compile(
    cards: tuple[tuple[Node, int], ...],
    scopes: tuple[tuple[Node, ...], ...],
    keep: tuple[Node, ...],
) -> Tape:
    sizes = dict(cards)
    return _Compiler(sizes, scopes, keep, find_order(sizes, scopes, keep)).tape()


@lru_cache(maxsize=256)
def _reduce(
    cards: tuple[tuple[Node, int], ...],
    scopes: tuple[tuple[Node, ...], ...],
    leave: frozenset[Node],
) -> Reduction:
    sizes = dict(cards)
    left = tuple(node for node in sizes if node in leave)
    order = find_order(sizes, scopes, left, joined=False)
    return _Compiler(sizes, scopes, left, order).reduction()


class _Compiler:
    """Turns an order into steps. Axes of every slot stand in the order of elimination."""

    def __init__(
        self,
        cards: Mapping[Node, int],
        scopes: tuple[tuple[Node, ...], ...],
        keep: tuple[Node, ...],
        order: Order,
    ) -> None:
        self.cards, self.scopes, self.keep, self.order = cards, scopes, keep, order
        self.rank = {node: i for i, node in enumerate((*order.nodes, *keep))}
        self.held: list[tuple[Node, ...]] = [self._sorted(scope) for scope in scopes]
        self.steps: list[Step] = []

    def tape(self) -> Tape:
        """All of it: what is left at the end is multiplied into one table."""
        self._add(self._eliminate(), sums=False, scope=self.keep)
        return self._finish()

    def reduction(self) -> Reduction:
        """The elimination alone."""
        left = tuple((slot, self.held[slot]) for slot in self._eliminate())
        return Reduction(self._finish(), left)

    def _eliminate(self) -> list[int]:
        """The slots that no step has used when the last variable is summed out."""
        pools: dict[Node | None, list[int]] = {}
        for slot, scope in enumerate(self.held):
            pools.setdefault(self._turn_of(scope), []).append(slot)
        for node in self.order.nodes:
            waiting = pools.pop(node, [])
            if waiting:
                slot = self._add(waiting, sums=True)
                pools.setdefault(self._turn_of(self.held[slot]), []).append(slot)
        return pools.pop(None, [])

    def _finish(self) -> Tape:
        turns = [
            (*(scope.index(node) for node in held), len(scope), len(scope) + 1)
            for scope, held in zip(self.scopes, self.held, strict=False)
        ]
        return Tape(self.scopes, self.keep, self.order, tuple(self.steps), tuple(turns))

    def _sorted(self, scope: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(sorted(scope, key=self.rank.__getitem__))

    def _turn_of(self, scope: tuple[Node, ...]) -> Node | None:
        """The variable at whose elimination a factor is used; None for the very end."""
        return scope[0] if scope and self.rank[scope[0]] < len(self.order.nodes) else None

    def _add(self, slots: list[int], *, sums: bool, scope: tuple[Node, ...] = ()) -> int:
        slots = sorted(slots, key=lambda s: len(self.held[s]))
        while len(slots) > FAN_IN:
            slots = [*slots[FAN_IN:], self._push(slots[:FAN_IN], sums=False)]
        return self._push(slots, sums=sums, scope=scope)

    def _push(self, slots: list[int], *, sums: bool, scope: tuple[Node, ...] = ()) -> int:
        union = self._sorted(tuple({*scope, *(node for s in slots for node in self.held[s])}))
        shapes, missing = [], []
        for slot in slots:
            has = set(self.held[slot])
            shapes.append(tuple(self.cards[node] if node in has else 1 for node in union))
            missing.append(tuple(i for i, node in enumerate(union) if node not in has))
        shape = tuple(self.cards[node] for node in union)
        self.steps.append(Step(tuple(slots), tuple(shapes), tuple(missing), sums, shape))
        self.held.append(union[1:] if sums else union)
        return len(self.held) - 1
