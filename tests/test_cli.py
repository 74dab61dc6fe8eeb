"""The command line: results alone on stdout, a line for each problem, exit codes 0, 1 and 2."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import rivals
from rivals.cli import main
from rivals.prose import say_robustness

TEXT = """\
title: A test
question: Why?
effects: {burnt: fire=yes, out: fire=no}
hypotheses: {arson: arson=yes, storm: wind=storm}
variables:
  arson: {ask: A?, prior: {yes: 0.2}}
  wind: {ask: W?, states: [calm, breeze, storm], prior: {calm: 0.5, breeze: 0.3}}
  fire: {ask: F?, noisy_or: {causes: {arson: 0.9, wind: {storm: 0.4}}}}
  paid: {ask: P?, topic: money, prior: {yes: 0.5}}
sources:
  radio: {grade: B}
  owner: {reliability: 0.5}
  nobody: {grade: F}
"""
LOG = """\
# The log.
- {id: call, published: 2026-05-01, source: radio, origin: fireman, claims: {arson: yes}}   # first

- id: paper
  published: 2026-05-03
  source: owner
  outlet: 'The Post'
  origin: fireman
  directness: direct
  claims: {arson: yes, paid: no}
- {id: post, published: 2026-05-04, source: owner, copy_of: paper, claims: {arson: yes}}
- {id: weather, published: 2026-05-05, source: owner, claims: {wind: [breeze, storm]}}
- {id: idle, published: 2026-05-06, summary: Nothing.}
# The end.
"""
DRAWN = ("beliefs", "causes", "trail", "robustness")
FILLED = (*DRAWN, "impact", "sensitivity")
ANSWERS = (*FILLED, "inquiry", "turning-points")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "town"
    place.mkdir()
    (place / "scenario.yaml").write_text(TEXT)
    (place / "reports.yaml").write_text(LOG)
    return place


def run(*words: object, code: int = 0) -> Result:
    """What a command does, which ends with the given exit code and never with a traceback."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def asked(*words: object) -> Any:
    """The JSON that a command prints, and nothing else beside it."""
    return json.loads(run(*words, "--format", "json").stdout)


def read_csv(text: str, **options: Any) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), **options)


# --- every command and option has its help ---


def undocumented(command: click.Command, name: str) -> Iterator[str]:
    """What a command, its options and its commands leave unsaid."""
    if not command.help:
        yield name
    for option in command.params:
        if isinstance(option, click.Option):
            option.get_help_record(click.Context(command))  # some words are looked up when shown
            if not option.help:
                yield f"{name} {option.opts[0]}"
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from undocumented(one, f"{name} {inner}")


def test_every_command_and_option_has_a_help_text() -> None:
    assert list(undocumented(main, "rivals")) == []


def test_a_command_or_option_without_a_help_text_is_found() -> None:
    bare = click.Command("bare", params=[click.Option(["--mute"]), click.Option(["--x"], help="X")])
    group = click.Group("g", help="A group.", commands={"bare": bare})

    assert list(undocumented(group, "g")) == ["g bare", "g bare --mute"]


@pytest.mark.parametrize(
    ("command", "columns"),
    [
        ("causes", ("because", "but_for", "sufficient")),
        ("expected", ("chance", "share", "to_come", "leader", "dB")),
        ("turning-points", ("chance", "before", "falls_to", "rise", "fall")),
    ],
)
def test_help_says_what_the_columns_are(command: str, columns: tuple[str, ...]) -> None:
    shown = run(command, "--help").stdout

    assert [name for name in columns if f"`{name}`" not in shown] == []


def test_the_help_of_a_command_shows_its_options() -> None:
    shown = run("beliefs", "--help").stdout

    for option in ("--as-of", "--given", "--do", "--without", "--draws", "--seed", "--format"):
        assert option in shown


# --- answers and their formats ---


@pytest.mark.parametrize("command", DRAWN)
def test_a_table_is_for_reading(folder: Path, command: str) -> None:
    result = run(command, folder, "--draws", 50)

    assert "arson" in result.stdout
    assert "%" in result.stdout


@pytest.mark.parametrize("command", FILLED)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_results_alone_are_on_standard_output(folder: Path, command: str, form: str) -> None:
    result = run(command, folder, "--draws", 50, "--format", form)

    assert "draws of the judgements" not in result.stdout
    if form == "json":
        assert json.loads(result.stdout)
    else:
        assert len(read_csv(result.stdout)) > 1


def test_what_draws_are_worth_is_told_beside_the_results(folder: Path) -> None:
    assert "draws of the judgements, worth" in run("beliefs", folder, "--draws", 500).stderr
    assert run("beliefs", folder, "--draws", 0).stderr == ""


def test_beliefs_in_csv_are_unrounded(folder: Path) -> None:
    table = read_csv(run("beliefs", folder, "--draws", 0, "--format", "csv").stdout, index_col=0)

    expected = rivals.read(folder).beliefs(draws=0)
    assert table["posterior"].to_list() == expected["posterior"].to_list()
    assert list(table.columns) == ["label", "prior", "posterior", "low", "high", "words"]


def test_causes_in_csv_have_a_row_for_each_effect_and_hypothesis(folder: Path) -> None:
    table = read_csv(run("causes", folder, "--draws", 0, "--format", "csv").stdout)

    assert table[["effect", "hypothesis"]].to_numpy().tolist() == [
        ["burnt", "arson"],
        ["burnt", "storm"],
        ["out", "arson"],
        ["out", "storm"],
    ]


def test_the_trail_in_csv_has_a_row_for_each_report(folder: Path) -> None:
    text = run("trail", folder, "--draws", 0, "--format", "csv").stdout

    table = read_csv(text, index_col=0)

    assert list(table.index) == ["call", "paper", "post", "weather", "idle"]
    assert "posterior arson" in table.columns


def test_beliefs_in_json_have_the_keys_of_the_design(folder: Path) -> None:
    found = asked("beliefs", folder, "--draws", 50)

    assert list(found) == [
        "scenario", "as_of", "reports", "log_evidence", "conflict", "draws", "hypotheses",
        "combinations", "variables", "sources",
    ]  # fmt: skip
    assert found["scenario"] == "town"
    assert found["as_of"] is None
    assert found["reports"] == {"in_force": 5, "counted": 3, "echoes": 1}
    assert set(found["draws"]) == {"n", "effective"}
    for one in found["hypotheses"].values():
        assert set(one) == {"prior", "posterior", "interval", "words"}
        assert len(one["interval"]) == 2
    for one in found["combinations"]:
        assert set(one) == {"hypotheses", "prior", "posterior"}
        assert set(one["hypotheses"]) == {"arson", "storm"}
        assert all(isinstance(truth, bool) for truth in one["hypotheses"].values())
    assert {v: list(states) for v, states in found["variables"].items()} == {
        "arson": ["no", "yes"],
        "wind": ["calm", "breeze", "storm"],
        "fire": ["no", "yes"],
        "paid": ["no", "yes"],
    }
    assert {source: set(topics) for source, topics in found["sources"].items()} == {
        "radio": {""},
        "owner": {"", "money"},
    }
    assert set(found["sources"]["owner"]["money"]) == {"prior", "posterior"}


def test_beliefs_in_json_are_those_of_the_library(folder: Path) -> None:
    case = rivals.read(folder).as_of("2026-05-04")

    found = asked("beliefs", folder, "--as-of", "2026-05-04", "--draws", 300, "--seed", 5)

    table = case.beliefs(draws=300, seed=5)
    assert found["as_of"] == "2026-05-04"
    assert found["log_evidence"] == case.log_evidence()
    assert found["conflict"] == case.conflict()
    assert found["draws"] == table.attrs["draws"]
    for name, one in found["hypotheses"].items():
        row = table.loc[name]
        assert one["interval"] == [row["low"], row["high"]]
        assert (one["prior"], one["posterior"]) == (row["prior"], row["posterior"])


def test_without_draws_there_is_no_interval(folder: Path) -> None:
    found = asked("beliefs", folder, "--draws", 0)

    assert found["draws"] is None
    assert {one["interval"] for one in found["hypotheses"].values()} == {None}


def test_causes_in_json_have_the_keys_of_the_design(folder: Path) -> None:
    found = asked("causes", folder, "--draws", 50)

    assert list(found) == ["burnt", "out"]
    for effect in found.values():
        assert set(effect) == {"posterior", "hypotheses", "sets"}
        assert list(effect["hypotheses"]) == ["arson", "storm"]
        for one in effect["hypotheses"].values():
            assert set(one) == {"posterior", "because", "interval", "but_for", "sufficient"}
        for one in effect["sets"]:
            assert set(one) == {"hypotheses", "because"}


def test_what_is_not_defined_is_null_in_json(folder: Path) -> None:
    found = asked("causes", folder, "--draws", 0, "--given", "fire=no")

    assert found["burnt"]["posterior"] == 0
    assert found["burnt"]["hypotheses"]["arson"]["but_for"] is None
    assert found["burnt"]["hypotheses"]["arson"]["interval"] is None


def test_robustness_in_json_is_that_of_the_library(folder: Path) -> None:
    found = asked("robustness", folder, "--draws", 200, "--seed", 3)

    table = rivals.read(folder).robustness(draws=200, seed=3)
    assert set(found) == {"leader", "ranking", "draws", "hypotheses", "reports"}
    assert found["leader"] == table.attrs["leader"]
    assert found["ranking"] == table.attrs["ranking"]
    assert {h: row["leads"] for h, row in found["hypotheses"].items()} == table["leads"].to_dict()
    assert [row["report"] for row in found["reports"]] == list(table.attrs["reports"].index)
    assert set(found["reports"][0]) == {"report", "leader", "share", "ranking"}


def test_impact_in_json_has_the_keys_of_the_design(folder: Path) -> None:
    found = asked("impact", folder)

    table = rivals.read(folder).impact()
    assert [row["report"] for row in found] == list(table.index)
    for row in found:
        assert set(row) == {"report", "counted", "arrival", "left_out", "shapley"}
        assert isinstance(row["counted"], bool)
        for kind in ("arrival", "left_out", "shapley"):
            own = table.loc[row["report"], kind].to_dict()
            assert row[kind] == pytest.approx(own)
            assert row["counted"] or set(row[kind].values()) == {0}


def test_sensitivity_in_json_has_the_keys_of_the_design(folder: Path) -> None:
    found = asked("sensitivity", folder, "--hypothesis", "storm", "--threshold", "0.3")

    table = rivals.read(folder).sensitivity("storm", 0.3)
    keys = ["at", "value", "derivative", "low", "high", "flip", "lead", "log_odds_moved"]
    assert [row["judgement"] for row in found] == list(table.index)
    assert all(set(row) == {"judgement", *keys} for row in found)
    assert [row["derivative"] for row in found] == table["derivative"].to_list()
    flips = [row["flip"] for row in found if row["flip"] is not None]
    assert flips == table["flip"].dropna().to_list()


def test_sensitivity_is_of_the_likeliest_hypothesis_unless_one_is_named(folder: Path) -> None:
    shown = run("sensitivity", folder)

    likeliest = rivals.read(folder).beliefs(draws=0)["posterior"].idxmax()
    assert f"What P({likeliest}) rests on" in shown.stdout
    assert "did you mean" in run("sensitivity", folder, "--hypothesis", "stor", code=1).stderr


def test_impact_in_a_table_tells_the_whole_shift(folder: Path) -> None:
    assert "all together: " in run("impact", folder).stderr


def test_inquiry_in_json_has_the_keys_of_the_design() -> None:
    found = asked("inquiry", "scenarios/warehouse-fire")

    table = rivals.read("scenarios/warehouse-fire").inquiry()
    assert [row["variable"] for row in found] == list(table.index)
    assert all(set(row) == {"variable", "bits", "share_of_entropy"} for row in found)
    assert [row["bits"] for row in found] == table["variable", "bits"].to_list()
    assert "Ask first" in run("inquiry", "scenarios/warehouse-fire").stderr


def test_where_nothing_can_be_found_out_it_is_said_how_to_mark_what_could(folder: Path) -> None:
    assert (
        "under its variable in scenario.yaml: `observable: {how: " in run("inquiry", folder).stderr
    )


def test_what_is_nobodys_word_has_a_name_in_the_table(folder: Path) -> None:
    with (folder / "reports.yaml").open("a") as log:
        log.write("- {id: seen, published: 2026-05-07, observes: {fire: yes}}\n")

    assert "  (no source) " in run("impact", folder, "--by", "source").stdout
    assert "" in {one["source"] for one in asked("impact", folder, "--by", "source")}


def test_one_item_that_differs_is_told_in_the_singular(folder: Path) -> None:
    said = run("compare", folder, "--without", "idle").stderr

    assert "1 other item that differs accounts for less; CSV" in said


def test_turning_points_are_those_of_the_library() -> None:
    found = asked("turning-points", "scenarios/warehouse-fire")

    points = rivals.read("scenarios/warehouse-fire").turning_points()
    assert found["leader"] == points.leader
    assert [tuple(row["reports"]) for row in found["sets"]] == points.sets["reports"].to_list()
    assert {"origins", "sources", "needed", "supply"} < set(found)
    shown = run("turning-points", "scenarios/warehouse-fire").stdout
    assert f"Without these reports {points.leader} no longer leads" in shown


def test_what_echoes_would_have_weighed_is_told_by_origin(folder: Path) -> None:
    table = rivals.read(folder).naively()

    assert list(table.columns) == ["prior", "posterior", "naive", "shift", "naive_shift", "dB"]
    assert (table.attrs["origins"]["factor"].dropna() >= 1).all()


def test_robustness_in_a_table_names_the_leader(folder: Path) -> None:
    shown = run("robustness", folder, "--draws", 200)

    table = rivals.read(folder).robustness(draws=200)
    assert table.loc[table.attrs["leader"], "label"] in shown.stdout
    assert say_robustness(table) in shown.stderr
    assert "worth" in shown.stderr


def test_the_trail_in_json_has_the_keys_of_the_design(folder: Path) -> None:
    found = asked("trail", folder)

    assert [one["report"] for one in found] == ["call", "paper", "post", "weather", "idle"]
    assert [one["counted"] for one in found] == [True, True, False, True, False]
    for one in found:
        assert set(one) == {"report", "logged", "counted", "surprise", "hypotheses"}
        assert set(one["hypotheses"]) == {"arson", "storm"}


# --- the common options ---


@pytest.mark.parametrize("command", DRAWN)
def test_the_same_seed_gives_the_same_bytes(folder: Path, command: str) -> None:
    words = (command, folder, "--draws", 100, "--seed", 3, "--format", "csv")

    assert run(*words).stdout == run(*words).stdout
    assert run(*words).stdout != run(*words[:4], "--seed", 4, *words[6:]).stdout


def test_what_ifs_are_passed_on(folder: Path) -> None:
    case = rivals.read(folder).given(wind="breeze|storm").do(fire="yes")
    left = case.without("call", "source:owner")

    found = asked(
        "beliefs", folder, "--draws", 0, "--given", "wind=breeze|storm", "--do", "fire = yes",
        "--without", "call", "--without", "source:owner",
    )  # fmt: skip

    posteriors = {name: one["posterior"] for name, one in found["hypotheses"].items()}
    assert posteriors == left.beliefs(draws=0)["posterior"].to_dict()
    assert found["reports"] == {"in_force": 1, "counted": 0, "echoes": 0}


# --- exit codes ---


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as-of", "May"], "a date is a day"),
        (["--given", "wind"], "variable=state is expected, got 'wind'"),
        (["--given", "wind=gale"], "got 'gale'"),
        (["--do", "wnd=calm"], "did you mean 'wind'?"),
        (["--do", "wind=calm", "--given", "wind=calm"], "given or under do, not both"),
        (["--without", "cal"], "did you mean 'call'?"),
        (["--do", "arson=no", "--do", "wind=calm", "--given", "fire=yes"], "has probability 0"),
    ],
)
@pytest.mark.parametrize("command", ANSWERS)
def test_a_wrong_argument_is_one_line_and_exit_code_1(
    folder: Path, command: str, words: list[str], told: str
) -> None:
    result = run(command, folder, *words, code=1)

    assert result.stdout == ""
    assert told in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", [*ANSWERS, "check", "brief"])
def test_a_wrong_file_is_a_line_for_each_problem_and_exit_code_1(
    folder: Path, command: str
) -> None:
    broken = TEXT.replace("yes: 0.2}", "yes: 1.2}").replace("grade: B", "grade: Z")
    (folder / "scenario.yaml").write_text(broken)

    result = run(command, folder, code=1)

    assert result.stdout == ""
    places = [line.split(": ")[0] for line in result.stderr.splitlines()]
    assert places == [f"{folder}/scenario.yaml:6", f"{folder}/scenario.yaml:11"]


@pytest.mark.parametrize("command", [*ANSWERS, "check", "brief"])
def test_a_folder_that_is_not_there_is_exit_code_1(tmp_path: Path, command: str) -> None:
    result = run(command, tmp_path / "nowhere", code=1)

    assert f"{tmp_path / 'nowhere'}: a scenario is a folder" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["beliefs"],
        ["beliefs", "town", "--format", "xml"],
        ["beliefs", "town", "--draws", "-1"],
        ["beliefs", "town", "--draws", "many"],
        ["beliefs", "town", "--seed", "-1"],
        ["trail", "town", "--colour"],
        ["check"],
        ["export", "town", "--to", "doc", "file"],
        ["export", "town", "file"],
        ["add", "town"],
        ["add", "town", "--id", "x", "--directness", "hearsay"],
    ],
)
def test_a_misused_command_is_exit_code_2(words: list[str]) -> None:
    result = run(*words, code=2)

    assert result.stdout == ""
    assert "Usage:" in result.stderr


def test_causes_without_effects_are_exit_code_1(folder: Path) -> None:
    text = TEXT.replace("effects: {burnt: fire=yes, out: fire=no}\n", "")
    (folder / "scenario.yaml").write_text(text)

    assert "need `effects`" in run("causes", folder, code=1).stderr


def test_check_says_what_it_found_and_looks_at_every_folder(folder: Path, tmp_path: Path) -> None:
    result = run("check", tmp_path / "nowhere", folder, code=1)

    found = f"{folder}: 4 variables, 5 reports, 3 counted, 22 cells: no problems, 10 lints"
    assert result.stdout.splitlines()[-1] == found
    assert result.stderr.count("\n") == 1
    assert run("check", folder).stdout == result.stdout


@pytest.mark.parametrize("form", ["bif", "xdsl", "net"])
def test_export_writes_a_file_and_prints_its_path(folder: Path, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"model.{form}"

    result = run("export", folder, file, "--to", form)

    assert result.stdout == f"{file}\n"
    assert "arson" in file.read_text()
    assert "holds no evidence: set these" in result.stderr


# --- add ---

NEW = ("--id", "new", "--source", "radio", "--published", "2026-05-09")


def log_of(folder: Path) -> str:
    return (folder / "reports.yaml").read_bytes().decode()


def test_add_appends_one_report_and_leaves_every_byte_before_it(folder: Path) -> None:
    result = run("add", folder, *NEW, "--claim", "wind=calm", "--claim", "paid=yes")

    assert log_of(folder).startswith(LOG)
    added = log_of(folder).removeprefix(LOG)
    assert result.stdout.startswith(added)
    report = list(rivals.read(folder).dossier.reports())[-1]
    assert report.id == "new"
    assert report.claims == {"wind": ("calm",), "paid": ("yes",)}
    assert result.stderr == "new: counted; appended to the log\n"


def test_add_writes_each_option_into_its_field(folder: Path) -> None:
    run(
        "add", folder, *NEW, "--claim", "wind=calm|breeze", "--observe", "paid=yes",
        "--likelihood", "arson:no=1/3", "--likelihood", "arson: yes = 20%",
        "--logged", "2026-05-10T08:00+02:00", "--outlet", "The Post: late edition",
        "--origin", "a", "--origin", "b", "--directness", "inferred",
        "--summary", "No, 'yes' # [maybe]: \u00fc", "--link", "https://post.example/1",
    )  # fmt: skip

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert report.model_dump(mode="json", exclude_defaults=True) == {
        "id": "new",
        "published": "2026-05-09",
        "logged": "2026-05-10T08:00+02:00",
        "source": "radio",
        "outlet": "The Post: late edition",
        "origin": ["a", "b"],
        "summary": "No, 'yes' # [maybe]: \u00fc",
        "link": "https://post.example/1",
        "claims": {"wind": ["calm", "breeze"]},
        "observes": {"paid": "yes"},
        "likelihood": {"arson": {"no": 1 / 3, "yes": 0.2}},
        "directness": "inferred",
    }


def test_add_knows_a_name_in_two_pieces(folder: Path) -> None:
    (folder / "scenario.yaml").write_text(TEXT.replace("paid", "pay\u00e9"))
    (folder / "reports.yaml").write_text(
        LOG.replace("paid", "pay\u00e9").replace("post", "p\u00f6st")
    )

    said = ("--claim", "paye\u0301=yes", "--like", "po\u0308st", "--summary", "Cafe\u0301")
    run("add", folder, "--id", "new", "--published", "2026-05-08", *said)

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert report.claims == {"pay\u00e9": ("yes",)}
    assert (report.copy_of, report.summary) == ("paper", "Caf\u00e9")


@pytest.mark.parametrize("label", ["AMBER", "amber", "TLP:AMBER", "tlp:amber"])
def test_add_reads_a_marking_as_the_file_has_it(label: str, folder: Path) -> None:
    run("add", folder, *NEW, "--handling", label, "--status", "Draft")

    assert "  handling: AMBER\n  status: draft\n" in (folder / "reports.yaml").read_text("utf-8")


def test_add_shows_what_the_report_does_to_the_beliefs(folder: Path) -> None:
    shown = run("add", folder, *NEW, "--observe", "wind=storm", "--dry-run").stdout

    row = next(line for line in shown.splitlines() if line.split()[:1] == ["storm"])
    assert "100%" in row


def test_a_dry_run_shows_the_same_and_writes_nothing(folder: Path) -> None:
    words = ("add", folder, *NEW, "--claim", "wind=calm")

    dry = run(*words, "--dry-run")

    assert log_of(folder) == LOG
    assert dry.stderr == "new: counted; nothing was written\n"
    assert dry.stdout == run(*words).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--claim", "wind=gale"], "got 'gale'"),
        (["--claim", "wind"], "variable=state is expected"),
        (["--claim", "wnd=calm"], "did you mean 'wind'?"),
        (["--source", "rado"], "did you mean 'radio'?"),
        (["--id", "call"], "an id stands once, got 'call' again; the first is at reports.yaml:2\n"),
        (["--id", "a:b"], "a name holds no"),
        (["--published", "soon"], "a date is a day"),
        (["--copy-of", "cal"], "did you mean 'call'?"),
        (["--copy-of", "x"], "got 'x'; known: call, idle, paper, post, weather\n"),
        (["--link", "ftp://x"], "a link starts with"),
        (["--likelihood", "arson=2"], "--likelihood: a likelihood reads V:S=L"),
        (["--likelihood", "arson:yes=2"], "every state has a likelihood"),
        (["--likelihood", "arson:yes=x", "--likelihood", "arson:no=1"], "got 'x'"),
        (["--like", "cal"], "--like names a report, got 'cal'; did you mean 'call'?"),
        (["--observe", "arson=yes", "--claim", "arson=yes"], "got two for 'arson'"),
    ],
)
def test_a_wrong_report_is_told_in_a_line_and_not_written(
    folder: Path, words: list[str], told: str
) -> None:
    result = run("add", folder, *NEW, *words, code=1)

    assert told in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert log_of(folder) == LOG
    assert len(list(folder.iterdir())) == 2


def test_a_report_that_can_not_be_true_is_not_written(folder: Path) -> None:
    run("add", folder, *NEW, "--observe", "wind=calm")
    before = log_of(folder)
    words = ("--id", "other", "--published", "2026-05-10", "--observe", "wind=storm")

    result = run("add", folder, *words, code=1)

    assert "impossible with the report 'other'" in result.stderr
    assert log_of(folder) == before


def test_nothing_is_added_to_a_log_that_is_broken(folder: Path) -> None:
    (folder / "reports.yaml").write_text(LOG + "- {id: call, published: 2026-05-07}\n")

    result = run("add", folder, *NEW, code=1)

    told = f"{folder}/reports.yaml:15: id: an id stands once, got 'call' again"
    assert f"{told}; the first is on line 2\n" in result.stderr
    assert log_of(folder) == LOG + "- {id: call, published: 2026-05-07}\n"


def test_a_report_needs_a_date(folder: Path) -> None:
    assert "'--published'" in run("add", folder, "--id", "new", code=2).stderr
    assert log_of(folder) == LOG


def test_like_takes_over_what_another_report_said_and_goes_back_to(folder: Path) -> None:
    result = run("add", folder, "--id", "new", "--published", "2026-05-09", "--like", "paper")

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert report.model_dump(mode="json", exclude_defaults=True) == {
        "id": "new",
        "published": "2026-05-09",
        "source": "owner",
        "outlet": "The Post",
        "origin": ["fireman"],
        "directness": "direct",
        "claims": {"arson": ["yes"], "paid": ["no"]},
    }
    assert result.stderr == "new: echo of call, paper; appended to the log\n"


def test_an_option_goes_before_what_like_takes_over(folder: Path) -> None:
    run("add", folder, *NEW, "--like", "paper", "--origin", "visit", "--claim", "wind=calm")

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert (report.source, report.origin) == ("radio", ("visit",))
    assert report.claims == {"wind": ("calm",)}
    assert report.outlet == "The Post"


def test_like_a_copy_is_a_copy_unless_it_goes_back_to_something_else(folder: Path) -> None:
    again = ("--published", "2026-05-09", "--like", "post")

    copied = run("add", folder, "--id", "new", *again)
    other = run("add", folder, "--id", "other", *again, "--origin", "visit")

    assert copied.stderr == "new: copy of paper; appended to the log\n"
    assert other.stderr == "other: counted; appended to the log\n"


def test_like_takes_over_no_claim_beside_an_observation(folder: Path) -> None:
    run("add", folder, *NEW, "--like", "paper", "--observe", "arson=yes")

    report = list(rivals.read(folder).dossier.reports())[-1]
    assert (report.claims, report.observes) == ({}, {"arson": "yes"})


def test_a_first_report_makes_the_log(folder: Path) -> None:
    (folder / "reports.yaml").unlink()

    run("add", folder, *NEW, "--claim", "wind=calm")

    assert list(rivals.read(folder).reports().index) == ["new"]
