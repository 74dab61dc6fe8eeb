"""Exact, batched inference over plain factors; it knows no scenario.

A factor is a scope (hashable names) and a table whose axes are the scope's, then two batch axes:
evidence sets and draws. Either may have length 1 and is broadcast.
"""

from rivals.engine.answer import Answer
from rivals.engine.compiler import compile_reduction, compile_tape
from rivals.engine.logs import Array
from rivals.engine.order import CELL_LIMIT, Node, Order, find_order, search_order
from rivals.engine.plan import Plan, plan
from rivals.engine.tape import Reduction, Tape
from rivals.engine.watch import WIDE

__all__ = [
    "CELL_LIMIT",
    "WIDE",
    "Answer",
    "Array",
    "Node",
    "Order",
    "Plan",
    "Reduction",
    "Tape",
    "compile_reduction",
    "compile_tape",
    "find_order",
    "plan",
    "search_order",
]
