"""Notebook -> one HTML file. What a briefing's notebook calls, section by section.

`build_briefing` runs the notebook, `exporter.BriefingExporter` renders it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rivals.briefing.appendix import assumptions, method, reports, sources
from rivals.briefing.doubts import conflict, robustness
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings, find
from rivals.briefing.parts import Part, table
from rivals.briefing.sections import (
    background,
    causes,
    combinations,
    judgement,
    origins,
    outcomes,
    question,
    trail,
)

if TYPE_CHECKING:
    from rivals.briefing.build import build_briefing

__all__ = [
    "Findings",
    "Part",
    "assumptions",
    "background",
    "build_briefing",
    "causes",
    "combinations",
    "conflict",
    "figure",
    "find",
    "judgement",
    "method",
    "origins",
    "outcomes",
    "question",
    "reports",
    "robustness",
    "sources",
    "table",
    "trail",
]


def __getattr__(name: str) -> Any:
    """Load nbclient and nbconvert only where a briefing is built, not in each notebook."""
    if name == "build_briefing":
        return importlib.import_module("rivals.briefing.build").build_briefing
    raise AttributeError(f"module 'rivals.briefing' has no attribute {name!r}")
