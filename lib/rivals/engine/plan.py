"""How large an answer is, told before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rivals.engine.order import CELL_LIMIT, Node, fits, search_order, show_size, tell_size

NAMED = 8
"""How many variables of the largest clique are named."""


@dataclass(frozen=True)
class Plan:
    """The size of an elimination; print it.

    cells: of all products together, for one draw and one evidence set; at 8 bytes each an upper
    bound of the memory. clique: the variables of the largest product; clique_cells: its cells.
    width: the most variables that stand in one product, less one.
    """

    variables: int
    factors: int
    cells: int
    width: int
    clique: tuple[Node, ...]
    clique_cells: int

    @property
    def fits(self) -> bool:
        """Whether the largest product and all together are within the bounds."""
        return fits(self.cells, self.clique_cells)

    @property
    def complaint(self) -> str:
        """What is too large, and which variables make it so."""
        return tell_size(self.cells, self.clique, self.clique_cells)

    def __str__(self) -> str:
        rest = len(self.clique) - NAMED
        names = ", ".join(map(str, self.clique[:NAMED])) + (f" and {rest} more" if rest > 0 else "")
        bound = "within" if self.clique_cells <= CELL_LIMIT else "above"
        largest = f"{show_size(self.clique_cells)} cells, {bound} the bound of {CELL_LIMIT:,}"
        rows = [
            ("variables", f"{self.variables:,}"),
            ("factors", f"{self.factors:,}"),
            ("cells", f"{show_size(self.cells)} for each draw and evidence set"),
            ("width", f"{self.width}"),
            ("largest clique", largest),
            ("", names),
        ]
        return "\n".join(f"{label:<14}  {text}".rstrip() for label, text in rows)


def plan(
    cards: Mapping[Node, int], scopes: Sequence[tuple[Node, ...]], keep: Sequence[Node] = ()
) -> Plan:
    """The size of the cheapest elimination found of all but `keep`; too large ones are told too.

    >>> print(plan({"a": 2, "b": 3}, [("a",), ("a", "b")]))
    variables       2
    factors         2
    cells           9 for each draw and evidence set
    width           1
    largest clique  6 cells, within the bound of 100,000,000
                    a, b
    """
    order = search_order(cards, scopes, keep)
    return Plan(
        len(cards), len(scopes), order.cells, order.width, order.largest, order.largest_cells
    )
