"""An order of elimination -> a tape of steps; equal structures share one tape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from string import ascii_letters

from rivals.engine.order import Node, Order, find_order
from rivals.engine.tape import Reduction, Step, Tape
from rivals.errors import TooLarge

FAN_IN = 3
"""How many factors one step multiplies: einsum is fast for as many."""

SMALL = 4
"""How many times smaller than the whole product of three factors that of two must be to pay."""

RESCALE_AFTER, RESCALE_LARGE, LARGE = 16, 48, 128
"""After how many factors a message is divided by its largest cell, and one of so many cells."""

LETTERS, BATCH = ascii_letters[:-2], "YZ"


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


def forget() -> None:
    """Forget all tapes, so that the next answer is compiled anew."""
    _compile.cache_clear()
    _reduce.cache_clear()


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
    """Turns an order into steps; the axes of a message stand with the next to go last."""

    def __init__(
        self,
        cards: Mapping[Node, int],
        scopes: tuple[tuple[Node, ...], ...],
        keep: tuple[Node, ...],
        order: Order,
    ) -> None:
        self.cards, self.scopes, self.keep, self.order = cards, scopes, keep, order
        self.rank = {node: i for i, node in enumerate((*order.nodes, *keep))}
        bare = tuple(node for node in keep if not any(node in scope for scope in scopes))
        self.ones = (bare,) if bare or not scopes else ()
        self.held: list[tuple[Node, ...]] = [*scopes, *self.ones]
        self.unscaled = [1] * len(self.held)
        self.steps: list[Step] = []

    def tape(self) -> Tape:
        """All of it: what is left at the end is multiplied into one table."""
        self._multiply(self._eliminate(), self.keep, last=True)
        return self._finish()

    def reduction(self) -> Reduction:
        """The elimination alone."""
        left = tuple((slot, self.held[slot]) for slot in self._eliminate())
        for slot, _ in left:
            made = slot - len(self.scopes) - len(self.ones)
            if made >= 0:  # so that a run notices when too little of it is left
                self.steps[made] = replace(self.steps[made], rescale=True)
        return Reduction(self._finish(), left)

    def _finish(self) -> Tape:
        ones = tuple(tuple(self.cards[node] for node in scope) for scope in self.ones)
        return Tape(self.scopes, self.keep, self.order, ones, tuple(self.steps))

    def _eliminate(self) -> list[int]:
        """The slots that no step has used when the last variable is summed out."""
        pools: dict[Node | None, list[int]] = {}
        for slot in range(len(self.held)):
            pools.setdefault(self._turn_of(slot), []).append(slot)
        for node in self.order.nodes:
            waiting = pools.pop(node, [])
            if waiting:
                slot = self._multiply(waiting, self._union(waiting, node), gone=node)
                pools.setdefault(self._turn_of(slot), []).append(slot)
        return pools.pop(None, [])

    def _turn_of(self, slot: int) -> Node | None:
        """The variable at whose elimination a factor is used; None for the very end."""
        first = min(self.held[slot], key=self.rank.__getitem__, default=None)
        return None if first is None or self.rank[first] >= len(self.order.nodes) else first

    def _multiply(
        self,
        slots: list[int],
        scope: tuple[Node, ...],
        *,
        gone: Node | None = None,
        last: bool = False,
    ) -> int:
        """The slot of a product over the scope, small factors first and few at a time."""
        slots = sorted(slots, key=self._size)
        whole = self._cells(self._union(slots))
        while len(slots) > 2:
            few = 3 if len(slots) > FAN_IN else 2
            union = self._union(slots[:few])
            if len(slots) <= FAN_IN and self._cells(union) * SMALL > whole:
                break
            slots = sorted([*slots[few:], self._push(slots[:few], union)], key=self._size)
        return self._push(slots, scope, gone, last=last)

    def _size(self, slot: int) -> tuple[int, int]:
        return self._cells(self.held[slot]), slot

    def _union(self, slots: Sequence[int], gone: Node | None = None) -> tuple[Node, ...]:
        """The scope of a product, without what is summed out of it; the next to go stands last."""
        nodes = {node for slot in slots for node in self.held[slot]} - {gone}
        return tuple(sorted(nodes, key=self.rank.__getitem__))

    def _cells(self, scope: tuple[Node, ...]) -> int:
        return math.prod(self.cards[node] for node in scope)

    def _push(
        self,
        slots: list[int],
        scope: tuple[Node, ...],
        gone: Node | None = None,
        *,
        last: bool = False,
    ) -> int:
        unscaled = sum(self.unscaled[slot] for slot in slots)
        bound = RESCALE_AFTER if self._cells(scope) < LARGE else RESCALE_LARGE
        rescale = last or unscaled >= bound
        alone = len(slots) == 1 and gone is not None
        words = _spell([scope, *(self.held[slot] for slot in slots), (gone,) if alone else ()])
        out, ins, spread = (
            words[0] + BATCH,
            [word + BATCH for word in words[1:-1]],
            words[-1] + BATCH,
        )
        back = []
        for i, own in enumerate(ins):
            others = [*ins[:i], *ins[i + 1 :]] or [spread]
            back.append(f"{','.join([out, *others])}->{own}")
        card = (self.cards[gone], 1, 1) if alone else (1, 1)
        forward = f"{','.join(ins)}->{out}"
        self.steps.append(Step(tuple(slots), forward, tuple(back), card, rescale))
        self.held.append(scope)
        self.unscaled.append(1 if rescale else unscaled)
        return len(self.held) - 1


def _spell(scopes: Sequence[tuple[Node | None, ...]]) -> list[str]:
    """The scopes in letters of their own, as einsum wants them."""
    nodes = list(dict.fromkeys(node for scope in scopes for node in scope))
    if len(nodes) > len(LETTERS):
        raise TooLarge(
            f"an exact answer would need a table over {len(nodes)} variables; "
            f"the bound is {len(LETTERS)}"
        )
    letters = dict(zip(nodes, LETTERS, strict=False))
    return ["".join(letters[node] for node in scope) for scope in scopes]
