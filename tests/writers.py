"""Writers for tests: scenarios to write to, and processes that are short of something."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

SCENARIO = """\
title: A test
question: Why?
hypotheses: {arson: arson=yes, storm: wind=storm}
variables:
  arson: {ask: A?, prior: {yes: 0.2}}
  wind: {ask: W?, states: [calm, breeze, storm], prior: {calm: 0.5, breeze: 0.3}}
sources:
  radio: {grade: B}
"""
LOG = "# The log.\n- {id: call, published: 2026-05-01, source: radio, claims: {arson: yes}}\n"


def make_town(place: Path, log: str = LOG) -> Path:
    """A small scenario in a folder."""
    folder = place / "town"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(SCENARIO)
    (folder / "reports.yaml").write_text(log)
    return folder


def run_apart(act: Callable[[], object]) -> int:
    """The exit code of a process of its own that acts: 0 when nothing was raised."""
    child = start_apart(act)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def start_apart(act: Callable[[], object]) -> int:
    """The id of a process of its own that acts; what it raises is on standard error."""
    child = os.fork()
    if child:
        return child
    try:
        act()
        os._exit(0)
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
        os._exit(1)
