"""The house stands as ARCHITECTURE.md draws it: imports run down, and quick commands stay quick.

The map is read from the document's fenced block, a line a room:

    floor N  room.py[, room.py]  what for  (beside: room, room)

A room is a module, or a folder with everything in it. `beside` names the rooms of the same floor
that it may import.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIB = ROOT / "lib" / "rivals"
MODULES = sorted(path.relative_to(LIB).as_posix() for path in LIB.rglob("*.py"))

LINE = re.compile(r"floor (\d+)  (\S.*?)  +(\S.*?)(?:  \(beside: (.*)\))?")
SOLE_IMPORTERS = {"pgmpy": "pgmpy_bridge/", "nbconvert": "briefing/"}
SLOW = {"pgmpy", "matplotlib", "nbconvert"}


@dataclass(frozen=True)
class Room:
    """A room of the map: its floor, and the neighbours that it may import."""

    floor: int
    beside: frozenset[str]


def read_map(text: str) -> dict[str, Room]:
    """The rooms by name, from the fenced block that starts with `floor`."""
    block = re.search(r"^```\w*\n(floor .*?)^```", text, re.DOTALL | re.MULTILINE)
    assert block, "ARCHITECTURE.md has a fenced block of lines `floor N  room.py  what for`"
    rooms = {}
    for line in block[1].splitlines():
        match = LINE.fullmatch(line)
        assert match, f"a line of the map reads `floor N  room.py  what for`, got {line!r}"
        for name in match[2].split(", "):
            assert name not in rooms, f"{name} is on the map twice"
            rooms[name] = Room(int(match[1]), frozenset(filter(None, (match[4] or "").split(", "))))
    return rooms


def room_of(module: str, rooms: Iterable[str]) -> str:
    """The room that a file under lib/rivals belongs to."""
    return next((r for r in rooms if module == r or (r[-1] == "/" and module.startswith(r))), "")


def imported(module: str, source: str) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it the import stands."""
    package = ["rivals", *Path(module).parent.parts]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{start}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            yield from (a.value for a in node.args if isinstance(a, ast.Constant))


def file_of(name: str, modules: Iterable[str]) -> str:
    """The file under lib/rivals behind an imported `rivals.…` name, or "" for other packages."""
    top, *parts = name.split(".")
    if top != "rivals":
        return ""
    for end in range(len(parts), -1, -1):
        path = "/".join(parts[:end])
        for candidate in (f"{path}.py", f"{path}/__init__.py".lstrip("/")):
            if candidate in modules:
                return candidate
    raise AssertionError(f"nothing in lib/rivals answers to {name}")


def trespasses(module: str, source: str, rooms: dict[str, Room], modules: list[str]) -> list[str]:
    """Each import of the file that the map does not allow."""
    here = room_of(module, rooms)
    assert here, f"{module} is not on the map of ARCHITECTURE.md"
    found = []
    for name in imported(module, source):
        there = room_of(file_of(name, modules), rooms)
        if not there or there == here or rooms[there].floor < rooms[here].floor:
            continue
        if rooms[there].floor > rooms[here].floor:
            found.append(f"{module} imports {name}, which is {there} on a higher floor")
        elif stem(there) not in rooms[here].beside:
            found.append(f"{module} imports {name}, which is {there} on its own floor")
    return found


def stem(room: str) -> str:
    """A room's name as `beside` gives it."""
    return room.removesuffix(".py").rstrip("/")


ROOMS = read_map((ROOT / "ARCHITECTURE.md").read_text("utf-8"))


def test_every_module_is_on_the_map() -> None:
    assert [module for module in MODULES if not room_of(module, ROOMS)] == []


def test_every_room_on_the_map_exists() -> None:
    assert [room for room in ROOMS if not (LIB / room).exists()] == []


@pytest.mark.parametrize("module", MODULES)
def test_a_room_imports_only_from_lower_floors(module: str) -> None:
    assert trespasses(module, (LIB / module).read_text("utf-8"), ROOMS, MODULES) == []


def test_neighbours_that_may_be_imported_are() -> None:
    used: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module in MODULES:
        names = imported(module, (LIB / module).read_text("utf-8"))
        here = used.setdefault(room_of(module, ROOMS), set())
        here.update(stem(room_of(file_of(name, MODULES), ROOMS)) for name in names)

    idle = {room: sorted(ROOMS[room].beside - used[room]) for room in ROOMS}

    assert {room: names for room, names in idle.items() if names} == {}


def test_neighbours_never_import_each_other_in_a_circle() -> None:
    TopologicalSorter({stem(name): room.beside for name, room in ROOMS.items()}).prepare()


@pytest.mark.parametrize("package", SOLE_IMPORTERS)
def test_a_heavy_package_is_imported_in_one_room_only(package: str) -> None:
    importers = {
        room_of(module, ROOMS)
        for module in MODULES
        for name in imported(module, (LIB / module).read_text("utf-8"))
        if name.split(".")[0] == package
    }

    assert importers == {SOLE_IMPORTERS[package]}


@pytest.mark.parametrize(
    "source",
    [
        "from rivals.attic import view",
        "from rivals import attic",
        "import rivals.attic",
        "from .attic import view",
        "def look():\n    from rivals.attic import view",
        "from importlib import import_module\nimport_module('rivals.attic')",
        "from rivals.hall import door",
        "from rivals import read",
    ],
)
def test_an_import_upwards_or_sideways_is_seen_however_it_is_written(source: str) -> None:
    house = "```\nfloor 1  room.py, hall.py  for guests\nfloor 2  attic.py, __init__.py  above\n```"
    modules = ["room.py", "hall.py", "attic.py", "__init__.py"]

    assert len(trespasses("room.py", source, read_map(house), modules)) == 1


def test_an_import_downwards_or_from_a_named_neighbour_is_let_through() -> None:
    house = (
        "```\nfloor 0  cellar/  below\nfloor 1  hall.py  open\n"
        "floor 1  room.py  for guests  (beside: hall)\n```"
    )
    source = "import numpy\nfrom rivals.cellar.wine import red\nfrom rivals.hall import door"
    modules = ["room.py", "hall.py", "cellar/wine.py", "cellar/__init__.py"]

    assert trespasses("room.py", source, read_map(house), modules) == []


def loaded_by(code: str) -> set[str]:
    """The slow packages that a fresh Python has loaded after running the code."""
    tell = "import sys; print(*sys.modules, file=sys.stderr)"
    command = [sys.executable, "-c", f"{code}\n{tell}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return SLOW & set(done.stderr.splitlines()[-1].split())


def test_slow_packages_are_seen_when_they_are_loaded() -> None:
    assert loaded_by("import matplotlib") == {"matplotlib"}


def test_importing_rivals_loads_nothing_slow() -> None:
    assert loaded_by("import rivals; rivals.read") == set()


def test_rivals_beliefs_loads_nothing_slow() -> None:
    command = (
        "import sys\n"
        "from rivals.cli import main\n"
        "sys.argv = ['rivals', 'beliefs', 'scenarios/warehouse-fire', '--draws', '100']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code"
    )

    assert loaded_by(command) == set()
