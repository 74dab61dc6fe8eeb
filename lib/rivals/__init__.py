"""Weigh rival explanations of an event while the reports keep coming.

>>> import rivals
>>> case = rivals.read("scenarios/warehouse-fire")
>>> list(case.beliefs(draws=0).index)
['arson', 'wiring', 'neglect']
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rivals.case import Case, read
from rivals.errors import (
    ExportError,
    ImpossibleEvidence,
    QuestionError,
    ReadingError,
    RivalsError,
    TooLarge,
    WritingError,
)

if TYPE_CHECKING:
    from rivals import charts
    from rivals.pgmpy_bridge import from_pgmpy

__all__ = [
    "Case",
    "ExportError",
    "ImpossibleEvidence",
    "QuestionError",
    "ReadingError",
    "RivalsError",
    "TooLarge",
    "WritingError",
    "charts",
    "from_pgmpy",
    "read",
]


def __getattr__(name: str) -> Any:
    """Load what needs matplotlib or pgmpy only when it is asked for."""
    if name == "charts":
        return importlib.import_module("rivals.charts")
    if name == "from_pgmpy":
        return importlib.import_module("rivals.pgmpy_bridge").from_pgmpy
    raise AttributeError(f"module 'rivals' has no attribute {name!r}")
