"""JSON Schema of the two files: takes whatever the reader takes, and refuses broken shapes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from broken.breaks import BREAKS
from broken.change import REPORTS, SCENARIO, Break
from editor_yaml import read_as_an_editor
from generate import Made, scenarios, seeded
from rivals.cli import main
from rivals.schema import FILES, File, schema_of, schema_text

ROOT = Path(__file__).parents[1]
GOOD = Path(__file__).parent / "broken"
VALIDATORS = {f"{file}.yaml": Draft202012Validator(schema_of(file)) for file in FILES}

SEEN_BY_CHECK_ALONE = {
    # sums, and numbers that mean something only together
    "sum 0.9", "130 per cent", "1/0", "two states left out", "chatter over 1", "weights all 0",
    "a likelihood of 0 throughout",
    # names and states that have to be known from elsewhere in the two files
    "unknown state", "an unknown state", "chatter of an unknown state",
    "an unknown parent in a row",
    "an unknown state in a row", "an unknown cause", "an unknown weight",
    "an unknown variable in a claim", "an unknown state in a claim", "an off that is unknown",
    "an effect of an unknown variable", "an interest in an unknown variable",
    "an interest in an unknown state", "a resolution to an unknown state",
    "a resolution of an unknown variable", "a resolution to nothing", "an unknown source",
    "an unknown variable", "an unknown state in a list", "an observed unknown state",
    "a likelihood of an unknown state", "a copy of an unknown report", "a copy of itself",
    "copies of one another", "a retraction of an unknown report",
    "an amendment of an unknown report", "an amendment to an unknown state",
    # how variables hang together
    "a cycle", "its own parent", "an unreachable row", "a row that earlier rows cover",
    "an uncovered combination", "a table without parents", "noisy_or on 3 states",
    "a link of a three-state parent without states", "a state missing in noisy_max",
    "the first state in noisy_max", "a link from the first state in noisy_or",
    "a claim of all states without off", "claims and observes of one variable",
    "an impossible report",
    "an expected report of an unknown variable", "an expected report of an unknown state",
    "an expected report of whatever happens", "an expected report by its first day",
    "an expected report before it could come", "a list of expected reports with a wrong one",
    # the calendar, the world's time zones, the scale that the other words are of
    "a broken date", "a resolution on no day", "a bad timezone", "a word of the other scale",
    # hosts and ports
    "a link to no host", "a link to no port",
    # keys and ids that stand twice
    "repeated key", "repeated variable", "repeated key in flow", "a repeated key",
    "a duplicate id",
}  # fmt: skip


def refused(file: str, text: str) -> list[str]:
    """What an editor would underline in a file."""
    return [error.message for error in VALIDATORS[file].iter_errors(read_as_an_editor(text))]


@pytest.mark.parametrize("file", FILES)
def test_the_copies_that_editors_find_are_those_of_the_nouns(file: File) -> None:
    committed = (ROOT / "schemas" / f"{file}.schema.json").read_text("utf-8")

    assert committed == schema_text(file), "rivals schema --out schemas"


@pytest.mark.parametrize("file", FILES)
def test_a_schema_is_one(file: File) -> None:
    Draft202012Validator.check_schema(schema_of(file))


def properties(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a noun anywhere in a schema."""
    if isinstance(schema, dict):
        if schema.get("additionalProperties") is False:
            yield from schema["properties"].items()
        for one in schema.values():
            yield from properties(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from properties(one)


@pytest.mark.parametrize("file", FILES)
def test_every_key_says_what_it_is_for(file: File) -> None:
    defs = schema_of(file)["$defs"]
    nouns = {name: noun for name, noun in defs.items() if name not in ("Amendment", "Settings")}

    mute = [key for key, schema in properties(nouns) if "description" not in schema]

    assert mute == []


def test_every_scenario_of_the_project_is_taken(folder: Path) -> None:
    complaints = {
        file: refused(file, (folder / file).read_text("utf-8"))
        for file in VALIDATORS
        if (folder / file).exists()
    }

    assert not any(complaints.values()), complaints


@pytest.mark.parametrize("file", VALIDATORS)
def test_the_files_of_the_project_lead_an_editor_to_their_schema(file: str) -> None:
    for folder in (ROOT / "scenarios").iterdir():
        first = (folder / file).read_text("utf-8").splitlines()[0]
        stem = file.removesuffix(".yaml")

        assert first == f"# yaml-language-server: $schema=../../schemas/{stem}.schema.json"
        assert (folder / first.partition("=")[2]).exists()


@settings(max_examples=settings.default.max_examples // 3)
@given(scenarios())
def test_what_the_reader_takes_the_schema_takes(made: Made) -> None:
    for file, text in zip(VALIDATORS, made.texts, strict=True):
        assert refused(file, text) == []


@pytest.mark.parametrize("seed", range(10))
def test_scenarios_with_effects_are_taken_too(seed: int) -> None:
    for file, text in zip(VALIDATORS, seeded(seed, explained=True).texts, strict=True):
        assert refused(file, text) == []


def changed(change: Break) -> str:
    """A good file with one change made."""
    return (GOOD / change.file).read_text("utf-8").replace(change.old, change.new)


@pytest.mark.parametrize("change", BREAKS, ids=str)
def test_a_broken_shape_is_refused(change: Break) -> None:
    try:
        complaints = refused(change.file, changed(change))
    except yaml.YAMLError:
        complaints = ["an editor underlines what is not YAML without a schema"]

    assert bool(complaints) != (change.kind in SEEN_BY_CHECK_ALONE), complaints


def test_editors_of_this_project_are_told_where_the_schemas_are() -> None:
    settings = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))

    for schema, files in settings["yaml.schemas"].items():
        assert (ROOT / schema).exists()
        assert len(list(ROOT.glob(files))) == len(list((ROOT / "scenarios").iterdir()))


def test_rivals_schema_prints_one_and_writes_both(tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["schema", "reports"])
    written = CliRunner().invoke(main, ["schema", "--out", str(tmp_path / "new" / "schemas")])

    assert printed.stdout == schema_text("reports")
    paths = [Path(line) for line in written.stdout.splitlines()]
    assert [path.read_text("utf-8") for path in paths] == [schema_text(file) for file in FILES]


def test_a_folder_that_is_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "schemas").write_text("a file")

    result = CliRunner().invoke(main, ["schema", "--out", str(tmp_path / "schemas" / "deeper")])

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_the_good_folder_is_taken() -> None:
    for file in SCENARIO, REPORTS:
        assert refused(file, (GOOD / file).read_text("utf-8")) == []
