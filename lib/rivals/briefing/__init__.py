"""Notebook -> one HTML file. What a briefing's notebook calls, section by section.

`build_briefing` runs the notebook, `exporter.BriefingExporter` renders it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from rivals.briefing.analysts import analysts
from rivals.briefing.appendix import assumptions, method, model, panel
from rivals.briefing.doubts import (
    bounds,
    doubts,
    inquiry,
    robustness,
    sensitivity,
    turning_points,
)
from rivals.briefing.figures import figure
from rivals.briefing.findings import Findings, find
from rivals.briefing.log import reports
from rivals.briefing.moved import changes, trail
from rivals.briefing.parts import Part, table
from rivals.briefing.reporting import conflict, origins, sources, weights
from rivals.briefing.sections import (
    background,
    causes,
    combinations,
    judgement,
    outcomes,
    question,
)
from rivals.briefing.waiting import waiting

if TYPE_CHECKING:
    from rivals.briefing.build import build_briefing

__all__ = [
    "Findings",
    "Part",
    "analysts",
    "assumptions",
    "background",
    "bounds",
    "build_briefing",
    "causes",
    "changes",
    "combinations",
    "conflict",
    "doubts",
    "figure",
    "find",
    "inquiry",
    "judgement",
    "method",
    "model",
    "origins",
    "outcomes",
    "panel",
    "question",
    "reports",
    "robustness",
    "sensitivity",
    "sources",
    "table",
    "trail",
    "turning_points",
    "waiting",
    "weights",
]


def __getattr__(name: str) -> Any:
    """Load nbclient and nbconvert only where a briefing is built, not in each notebook."""
    if name == "build_briefing":
        return importlib.import_module("rivals.briefing.build").build_briefing
    raise AttributeError(f"module 'rivals.briefing' has no attribute {name!r}")
