"""The model as a file for other programs: whole and the same, or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rivals.errors import ExportError, Problem, quote
from rivals.judgements import Values
from rivals.network import Network
from rivals.pgmpy_bridge.building import build_model
from rivals.pgmpy_bridge.formats import FORMATS, Format
from rivals.pgmpy_bridge.library import DiscreteBayesianNetwork
from rivals.replacing import replace_file

DIGITS = 1e-12
"""How far a number that was read back may be off, relative to itself."""


def export_model(network: Network, values: Values, format: str, path: str | Path) -> dict[str, str]:
    """Write the model as bif, xdsl or net; the evidence, which none of the files holds.

    Raises ExportError, naming what stands in the way, when the format would change a name or a
    number, or the file cannot be written; a file that was there before is then left alone.
    """
    if format not in FORMATS:
        raise ExportError(f"a format is one of {', '.join(FORMATS)}, got {quote(format)}")
    model, evidence = build_model(network, values)
    content = _write(model, format)
    try:
        replace_file(Path(path), content.encode("ascii"))
    except OSError as error:
        problem = Problem(f"cannot be written: {error.strerror}", str(path))
        raise ExportError([problem]) from None
    return evidence


def _write(model: DiscreteBayesianNetwork, name: str) -> str:
    """The text of a file, proven to hold the model by reading it back."""
    form = FORMATS[name]
    _check_names(model, name, form)
    text = form.write(model)
    try:
        found = form.read(text)
    except Exception as error:  # a reader fails in every way that a parser can
        raise ExportError(f"{name} cannot hold the model: reading it back fails: {error}") from None
    _compare(model, found, name)
    return text


def _check_names(model: DiscreteBayesianNetwork, name: str, form: Format) -> None:
    """Raises ExportError, naming the first name that the format cannot hold."""
    heard: dict[str, str] = {}
    for node in model.nodes():
        twin = heard.setdefault(form.heard(node), node)
        if twin != node:
            raise ExportError(f"{name} would take {quote(node)} and {quote(twin)} for one variable")
        if not form.nodes.fullmatch(node):
            raise ExportError(
                f"{name} would mangle the variable {quote(node)}: its names are {form.rule}"
            )
        for state in model.get_cpds(node).state_names[node]:
            if not form.states.fullmatch(state):
                raise ExportError(
                    f"{name} would mangle the state {quote(state)} of {quote(node)}: "
                    f"its names are {form.rule}"
                )


def _compare(model: DiscreteBayesianNetwork, found: DiscreteBayesianNetwork, name: str) -> None:
    """Raises ExportError, naming the first variable that comes back changed."""
    for node in model.nodes():
        said = model.get_cpds(node)
        heard = found.get_cpds(node) if node in found else None
        if heard is None:
            raise ExportError(f"{name} would lose the variable {quote(node)}")
        if said.state_names[node] != heard.state_names[node]:
            raise ExportError(f"{name} would change the states of {quote(node)}")
        if said.variables != heard.variables:
            raise ExportError(f"{name} would change the parents of {quote(node)}")
        if not np.allclose(said.values, heard.values, rtol=DIGITS, atol=0):
            raise ExportError(f"{name} would change the table of {quote(node)}")
    if len(found) != len(model):
        strange = next(node for node in found.nodes() if node not in model)
        raise ExportError(f"{name} would add a variable {quote(strange)}")
