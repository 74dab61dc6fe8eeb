"""pyproject.toml says what is needed; environment.yml and constraints.txt follow it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
PINS = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
GROUPS = [
    Requirement(text)
    for group in PROJECT["dependency-groups"].values()
    for text in group
    if isinstance(text, str)
]

# Where conda-forge has another name, or a leaner package of the same library.
CONDA_NAMES = {"matplotlib": "matplotlib-base", "tzdata": "python-tzdata"}


def test_conda_installs_the_runtime_dependencies_at_the_same_versions() -> None:
    wanted = {CONDA_NAMES.get(r.name, r.name): str(r.specifier) for r in RUNTIME}
    wanted["python"] = str(Requirement("python" + PROJECT["project"]["requires-python"]).specifier)
    wanted["pip"] = ""

    listed = [Requirement(d) for d in ENVIRONMENT["dependencies"] if isinstance(d, str)]

    assert {r.name: str(r.specifier) for r in listed} == wanted


def test_conda_takes_everything_from_conda_forge_and_rivals_from_here() -> None:
    assert ENVIRONMENT["channels"] == ["conda-forge"]
    assert [d for d in ENVIRONMENT["dependencies"] if isinstance(d, dict)] == [{"pip": ["-e ."]}]


def test_constraints_are_names_and_versions_and_nothing_else() -> None:
    pin = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*")

    assert PINS
    assert [line for line in PINS if not pin.fullmatch(line)] == []


@pytest.mark.parametrize("needed", [*RUNTIME, *GROUPS], ids=str)
def test_what_is_asked_for_is_pinned_at_a_version_that_will_do(needed: Requirement) -> None:
    pins = {canonicalize_name(name): version for name, version in (p.split("==") for p in PINS)}

    assert needed.specifier.contains(pins[canonicalize_name(needed.name)])


def test_each_dependency_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    stated = [line for line in lines if re.match(r'    "[A-Za-z0-9-]+>=', line)]

    assert len(stated) == len(RUNTIME) + len(GROUPS)
    assert [line for line in stated if not re.search(r'",\s+# \w', line)] == []
