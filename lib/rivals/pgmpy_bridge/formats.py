"""The files that other programs read: which names each can hold, how it is written and read back.

BIF is written by pgmpy. Its NET writer rounds to eight decimals and its XDSL writer to sixteen
decimals, which leaves small probabilities few digits, and scatters the nodes at random; those two
are written here, every number with all its digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from xml.etree import ElementTree

from rivals.pgmpy_bridge.library import (
    BIFReader,
    BIFWriter,
    DiscreteBayesianNetwork,
    NETReader,
    TabularCPD,
    XDSLReader,
)


@dataclass(frozen=True)
class Format:
    """How a file is written and read back, and what its names may be made of."""

    write: Callable[[DiscreteBayesianNetwork], str]
    read: Callable[[str], DiscreteBayesianNetwork]
    nodes: re.Pattern[str]
    states: re.Pattern[str]
    rule: str
    heard: Callable[[str], str] = str  # two nodes heard as the same are taken for one


def write_bif(model: DiscreteBayesianNetwork) -> str:
    """The model in the interchange format of Cozman and others."""
    return str(BIFWriter(model))


def read_bif(text: str) -> DiscreteBayesianNetwork:
    """What pgmpy finds in a BIF text."""
    return BIFReader(string=text).get_model()


def write_net(model: DiscreteBayesianNetwork) -> str:
    """The model in Hugin's format."""
    return "net\n{\n}\n" + "".join((*_net_nodes(model), *_net_potentials(model)))


def _net_nodes(model: DiscreteBayesianNetwork) -> Iterator[str]:
    for name in model.nodes():
        states = " ".join(f'"{state}"' for state in model.get_cpds(name).state_names[name])
        yield f"node {name}\n{{\n    states = ({states});\n}}\n"


def _net_potentials(model: DiscreteBayesianNetwork) -> Iterator[str]:
    for name in model.nodes():
        cpd = model.get_cpds(name)
        parents = " ".join(cpd.variables[1:])
        data = _nest(cpd.values.transpose(*range(1, cpd.values.ndim), 0).tolist())
        yield f"potential ({name} | {parents})\n{{\n    data = {data};\n}}\n"


def _nest(values: Any) -> str:
    return f"({' '.join(map(_nest, values))})" if isinstance(values, list) else repr(values)


def read_net(text: str) -> DiscreteBayesianNetwork:
    """What pgmpy finds in a NET text."""
    return _NetReader(string=text).get_model()


class _NetReader(NETReader):  # type: ignore[misc]  # pgmpy ships no types
    """pgmpy's reader; its own looks through the whole file once for each variable."""

    def get_states(self) -> dict[str, list[str]]:
        """The states of each variable, in one look."""
        found = [match.statenames for match, _, _ in self.state_expr.scan_string(self.network)]
        listed = [[state.replace('"', "") for state in states] for states in found]
        return dict(zip(self.variable_names, listed, strict=True))


def write_xdsl(model: DiscreteBayesianNetwork) -> str:
    """The model in the format of GeNIe and SMILE, its nodes set out in a grid.

    The last parent runs fastest, as in GeNIe's own files (pyAgrum 3.3 reads the first so).
    """
    counts = {"numsamples": "10000", "discsamples": "10000"}
    root = ElementTree.Element("smile", {"version": "1.0", "id": "rivals", **counts})
    nodes = ElementTree.SubElement(root, "nodes")
    extensions = ElementTree.SubElement(root, "extensions")
    about = {"version": "1.0", "app": "rivals", "name": "rivals"}
    canvas = ElementTree.SubElement(extensions, "genie", about)
    for place, name in zip(product(range(len(model)), range(6)), model.nodes(), strict=False):
        _xdsl_table(nodes, model.get_cpds(name))
        _xdsl_box(canvas, name, place)
    ElementTree.indent(root)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}\n{ElementTree.tostring(root, encoding='unicode')}\n"


def _xdsl_table(nodes: ElementTree.Element, cpd: TabularCPD) -> None:
    element = ElementTree.SubElement(nodes, "cpt", {"id": cpd.variable})
    for state in cpd.state_names[cpd.variable]:
        ElementTree.SubElement(element, "state", {"id": state})
    if cpd.variables[1:]:
        ElementTree.SubElement(element, "parents").text = " ".join(cpd.variables[1:])
    numbers = map(repr, cpd.get_values().T.ravel().tolist())
    ElementTree.SubElement(element, "probabilities").text = " ".join(numbers)


def _xdsl_box(canvas: ElementTree.Element, name: str, place: tuple[int, int]) -> None:
    row, column = place
    left, top = 20 + 180 * column, 20 + 90 * row
    element = ElementTree.SubElement(canvas, "node", {"id": name})
    ElementTree.SubElement(element, "name").text = name
    ElementTree.SubElement(element, "interior", {"color": "e5f6f7"})
    ElementTree.SubElement(element, "outline", {"color": "000080"})
    ElementTree.SubElement(element, "font", {"color": "000000", "name": "Arial", "size": "8"})
    ElementTree.SubElement(element, "position").text = f"{left} {top} {left + 150} {top + 60}"


def read_xdsl(text: str) -> DiscreteBayesianNetwork:
    """What pgmpy finds in an XDSL text."""
    return XDSLReader(string=text).get_model()


def _except(words: str, pattern: str) -> re.Pattern[str]:
    """The pattern, but none of the format's own words."""
    return re.compile(rf"(?!(?:{'|'.join(words.split())})\Z)(?:{pattern})")


WORD = r"[A-Za-z_][A-Za-z0-9_-]*"
# a whole number, with letters behind it or not, that cannot be read as one with an exponent
COUNT = r"[0-9]+(?:[A-DF-Za-df-z_][A-Za-z0-9_]*)?"
BIF_WORDS = "network variable probability property type discrete default table"
NET_WORDS = (
    "net class node discrete continuous decision utility function potential data states label"
    " position inputs outputs"
)
FORMATS = {
    "bif": Format(
        write_bif,
        read_bif,
        _except(BIF_WORDS, WORD),
        _except(BIF_WORDS, f"{WORD}|{COUNT}"),
        "words of ASCII letters, digits, '_' and '-', none of the format's own",
        heard=str.casefold,
    ),
    "xdsl": Format(
        write_xdsl,
        read_xdsl,
        re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
        re.compile(r"[A-Za-z0-9_]+"),
        "ASCII letters, digits and '_', a variable's starting with a letter",
    ),
    "net": Format(
        write_net,
        read_net,
        _except(NET_WORDS, r"[A-Za-z_][A-Za-z0-9_]*"),
        re.compile(r"(?!.*/[/*])[!#-'*+\--~]+"),  # `//` and `/*` start comments
        "words of ASCII letters, digits and '_', none of the format's own, for a variable, and "
        "ASCII without spaces, commas, brackets and double quotes for a state",
    ),
}
