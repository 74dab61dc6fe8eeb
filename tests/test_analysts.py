"""The folder `analysts/`: what may stand in a file there, what comes of it, what is told of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import rivals
from rivals.analysts import read_analysts
from rivals.briefing import build_briefing
from rivals.cli import main
from rivals.errors import QuestionError, ReadingError

GOOD = Path(__file__).parent / "broken"
FIRE = Path(__file__).parent.parent / "scenarios" / "warehouse-fire"


def write(place: Path, text: str, name: str = "eve", base: Path = FIRE) -> Path:
    """A scenario with one more analyst; the scenario itself is as it was."""
    folder = place / "case"
    if not folder.exists():
        folder.mkdir()
        for file in ("scenario.yaml", "reports.yaml"):
            shutil.copy(base / file, folder / file)
        (folder / "analysts").mkdir()
    (folder / "analysts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def seen(place: Path, text: str, base: Path = FIRE) -> rivals.Case:
    """The case as an analyst with that file sees it."""
    return rivals.read(write(place, text, base=base)).as_analyst("eve")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


# --- numbers ---


def test_a_word_a_percentage_and_a_fraction_are_read_as_in_the_scenario(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "variables.arson.prior.yes: very unlikely\n"
        "variables.ignition.noisy_or.causes.arson: 4/5\nsettings.grades.B: 90%\n",
    )

    assert case.scenario.variables["arson"].prior == {"yes": 0.125}
    assert case.values["variables.ignition.noisy_or.causes.arson"].tolist() == [0.8]
    assert case.scenario.settings.grades == {**rivals.read(FIRE).scenario.settings.grades, "B": 0.9}


def test_the_other_states_of_a_moved_one_keep_their_ratios(tmp_path: Path) -> None:
    case = seen(tmp_path, "variables.sprinklers.table[1].then.off: 0.2\n")

    [_, moved] = case.scenario.variables["sprinklers"].table or ()

    assert moved.then["off"] == 0.2
    assert moved.then["working"] / moved.then["broken"] == pytest.approx(0.80 / 0.15)
    assert sum(moved.then.values()) == pytest.approx(1, abs=1e-12)


def test_two_states_moved_leave_the_third_the_rest(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "variables.sprinklers.table[1].then.off: 0.2\n"
        "variables.sprinklers.table[1].then.broken: .2\n",
    )

    assert (case.scenario.variables["sprinklers"].table or ())[1].then["working"] == pytest.approx(
        0.6
    )


def test_where_the_moved_state_stood_at_1_the_others_share_equally(tmp_path: Path) -> None:
    case = seen(tmp_path, "variables.spread.table[0].then.none: 0.8\n")

    assert (case.scenario.variables["spread"].table or ())[0].then == pytest.approx(
        {"none": 0.8, "hall": 0.1, "site": 0.1}
    )


def test_a_state_left_out_of_the_file_can_be_moved_too(tmp_path: Path) -> None:
    case = seen(tmp_path, "variables.arson.prior.no: 0.9\n")

    assert case.scenario.variables["arson"].prior == pytest.approx({"no": 0.9, "yes": 0.1})


def test_moving_a_state_is_what_the_curve_of_sensitivity_says(tmp_path: Path) -> None:
    house = rivals.read(FIRE)
    curve = house.curve("variables.sprinklers.table[1].then.off", "arson")
    t = float(curve.index[30])

    case = seen(tmp_path, f"variables.sprinklers.table[1].then.off: {t!r}\n")

    expected = curve["arson"].iloc[30]
    assert case.beliefs(0).loc["arson", "posterior"] == pytest.approx(expected, abs=1e-12)


def test_a_distribution_given_whole_is_taken_as_it_is(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "variables.sprinklers.table[1].then: {working: 0.5, broken: 0.5, off: 0}\n"
        "variables.wiring_fault.prior: {value: {yes: 0.5}, why: Old cables.}\n",
    )

    assert (case.scenario.variables["sprinklers"].table or ())[1].then == {
        "working": 0.5, "broken": 0.5, "off": 0,
    }  # fmt: skip
    assert case.scenario.variables["wiring_fault"].prior == {"yes": 0.5}


def test_another_gate_or_grade_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "variables.sprinklers.prior: {working: 0.7, broken: 0.2}\nsources.owner.grade: D\n"
        "sources.brigade.reliability: 0.6\nvariables.ignition.noisy_or.causes.sprinklers: "
        "{broken: 0.2, off: 0.3}\n",
    )
    variables, sources = case.scenario.variables, case.scenario.sources

    assert variables["sprinklers"].parents == ()
    assert variables["ignition"].parents == ("arson", "wiring_fault", "sprinklers")
    assert (sources["owner"].grade, sources["owner"].reliability) == ("D", None)
    assert (sources["brigade"].grade, sources["brigade"].reliability) == (None, 0.6)


# --- coding ---


def test_coding_is_as_if_written_so_in_the_log(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "reports.owner-wiring.claims: {wiring_fault: no}\nreports.owner-wiring.directness: direct\n"
        "reports.evening-post-petrol.origin: [tape, tape-two]\nreports.gazette-petrol.copy_of:\n"
        "reports.meter-log.status: draft\n",
    )
    reports = {s.report.id: s for s in case.evidence.standings}

    assert reports["owner-wiring"].report.claims == {"wiring_fault": ("no",)}
    assert reports["owner-wiring"].report.directness == "direct"
    assert reports["evening-post-petrol"].status == "counted"
    assert reports["evening-post-petrol"].origins == ("tape", "tape-two")
    assert reports["gazette-petrol"].report.copy_of is None
    assert reports["gazette-petrol"].status == "counted"
    assert reports["meter-log"].status == "draft"


def test_one_claim_can_be_put_otherwise_and_another_taken_away(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "reports.owner-wiring.claims.wiring_fault:\nreports.owner-wiring.claims.arson: no\n",
    )
    [report] = [s.report for s in case.evidence.standings if s.report.id == "owner-wiring"]

    assert report.claims == {"sprinklers": ("working",), "arson": ("no",)}


def test_amendments_come_after_an_analysts_coding(tmp_path: Path) -> None:
    folder = write(
        tmp_path, "reports.owner-wiring.directness: direct\nreports.meter-log.source: owner\n"
    )
    with (folder / "reports.yaml").open("a", encoding="utf-8") as log:
        log.write("- {amends: owner-wiring, logged: 2026-05-10, set: {directness: relayed}}\n")
    case = rivals.read(folder).as_analyst("eve")

    def directness(day: str) -> str:
        [one] = [
            s.report for s in case.as_of(day).evidence.standings if s.report.id == "owner-wiring"
        ]
        return one.directness

    assert (directness("2026-05-09"), directness("2026-05-10")) == ("direct", "relayed")


def overruled(place: Path) -> Path:
    """An analyst who codes what the log amends, and another thing; the log amends it later."""
    text = (
        "reports.owner-wiring.claims: {wiring_fault: yes}\n"
        "reports.owner-wiring.directness: direct\n"
    )
    folder = write(place, text)
    with (folder / "reports.yaml").open("a", encoding="utf-8") as log:
        log.write(
            "- {amends: owner-wiring, logged: 2026-06-10, set: {claims: {wiring_fault: no}}}\n"
        )
    return folder


def test_what_an_amendment_sets_anyway_is_told_on_the_analysts_line(tmp_path: Path) -> None:
    folder = overruled(tmp_path)
    line = (folder / "reports.yaml").read_text("utf-8").count("\n")

    told = run("check", str(folder)).stdout.splitlines()

    assert (
        f"{folder}/analysts/eve.yaml:1: R305 overruled: reports.owner-wiring.claims: eve codes "
        f"claims otherwise, which is not heard from 2026-06-10 on: reports.yaml:{line} sets it"
    ) in told
    assert sum("R305" in one for one in told) == 1
    (folder / "analysts" / "eve.yaml").write_text("settings.spin: 2\n", "utf-8")
    assert "overruled" not in rivals.read(folder).lints()["name"].to_list()


def test_two_do_not_come_apart_over_what_an_amendment_sets(tmp_path: Path) -> None:
    case = rivals.read(overruled(tmp_path))

    def told(day: str | None) -> tuple[str, str]:
        [row] = case.as_of(day).analysts(draws=0).account["item"].to_dict("records")
        return row["first"], row["second"]

    assert told(None) == ("directness: inferred", "directness: direct")
    assert told("2026-06-09") == (
        "claims: {wiring_fault: yes, sprinklers: working}; directness: inferred",
        "claims: {wiring_fault: yes}; directness: direct",
    )


# --- the case ---


def test_an_analyst_sees_the_same_moment_and_the_same_what_ifs(tmp_path: Path) -> None:
    folder = write(tmp_path, "variables.arson.prior.yes: 0.2\n")
    case = rivals.read(folder).as_of("2026-05-07").do(wiring_fault="no").without("owner-wiring")
    plain = tmp_path / "plain"
    shutil.copytree(folder, plain)
    text = (plain / "scenario.yaml").read_text("utf-8")
    (plain / "scenario.yaml").write_text(text.replace("{yes: 0.03}", "{yes: 0.2}"), "utf-8")

    other = rivals.read(plain).as_of("2026-05-07").do(wiring_fault="no").without("owner-wiring")

    for own in (case.as_analyst("eve"), rivals.read(folder).as_analyst("eve").as_of("2026-05-07")
                .do(wiring_fault="no").without("owner-wiring")):  # fmt: skip
        pd.testing.assert_frame_equal(own.beliefs(200), other.beliefs(200))


def test_what_is_tried_out_is_tried_out_under_an_analyst_too(tmp_path: Path) -> None:
    case = rivals.read(write(tmp_path, "sources.brigade.grade: A\n"))
    tried = {"source": "brigade", "claims": {"arson": "yes"}}

    one = case.with_report(**tried).as_analyst("eve")
    other = case.as_analyst("eve").with_report(**tried)

    pd.testing.assert_frame_equal(one.beliefs(0), other.beliefs(0))
    assert (
        one.beliefs(0).loc["arson", "posterior"]
        > case.as_analyst("eve").beliefs(0).loc["arson", "posterior"]
    )


def test_the_way_back_to_the_house_leads_to_the_files(tmp_path: Path) -> None:
    write(tmp_path, "variables.arson.prior.yes: 0.9\n", name="ann")
    house = rivals.read(write(tmp_path, "sources.brigade.grade: A\n"))

    assert house.as_analyst("eve").as_analyst("house").dossier == house.dossier
    assert house.as_analyst("eve").as_analyst("ann").dossier == house.as_analyst("ann").dossier


def test_numbers_lead_back_to_the_analysts_file_and_reason(tmp_path: Path) -> None:
    case = seen(
        tmp_path,
        "why: A sceptic.\n"
        "variables.sprinklers.table[1].then.off: {value: 20%, why: Valves rust.}\n",
    )
    table = case.judgements().loc[lambda t: t.index.str.startswith("variables.sprinklers.table[1]")]

    assert set(table["at"]) == {"analysts/eve.yaml:2"}
    assert dict(table["written"]) == {
        "variables.sprinklers.table[1].then.working": "moved with off",
        "variables.sprinklers.table[1].then.broken": "moved with off",
        "variables.sprinklers.table[1].then.off": "20%",
    }
    assert all("eve on table[1].then.off: Valves rust. The file: " in why for why in table["why"])


def test_the_scenarios_own_answers_do_not_wait_for_an_analysts_file(tmp_path: Path) -> None:
    write(tmp_path, "variables.arson.prior.yes: 0.5\n", name="ann")
    folder = write(tmp_path, "variables: [unfinished\n")

    case = rivals.read(folder)

    assert case.as_analyst("ann").beliefs(0).loc["arson", "prior"] == 0.5
    with pytest.raises(ReadingError, match=r"eve\.yaml:\d+: this is not YAML"):
        case.as_analyst("eve")
    with pytest.raises(ReadingError, match="not YAML"):
        case.analysts()


def test_only_files_that_end_in_yaml_are_analysts(tmp_path: Path) -> None:
    folder = write(tmp_path, "")
    for name in ("README.md", ".eve.yaml.swp", ".hidden.yaml", "old.yaml~", "notes.yml"):
        (folder / "analysts" / name).write_text("[", encoding="utf-8")

    assert list(read_analysts(rivals.read(folder).dossier)) == ["eve"]


def test_hostile_names_are_names(tmp_path: Path) -> None:
    name = "<script>alert('1')<script> ünï 🦊 {{ x }}"
    folder = write(tmp_path, "variables.arson.prior.yes: 0.5\n", name=name)

    [told] = rivals.read(folder).analysts().names.values()

    assert told == name


def test_without_an_analyst_there_is_nobody_to_ask(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"analysts/NAME\.yaml .* got none in"):
        rivals.read(GOOD).analysts()
    with pytest.raises(QuestionError, match="got 'eve'; known: house"):
        rivals.read(GOOD).as_analyst("eve")
    (tmp_path / "case").mkdir()
    folder = shutil.copytree(FIRE, tmp_path / "file", ignore=shutil.ignore_patterns("analysts"))
    (folder / "analysts").write_text("no folder", encoding="utf-8")
    with pytest.raises(ReadingError, match="analysts: cannot be read"):
        rivals.read(folder).analysts()


def test_evidence_that_is_impossible_to_an_analyst_is_told_with_the_name(tmp_path: Path) -> None:
    with pytest.raises(rivals.ImpossibleEvidence, match="model of the analyst 'eve'"):
        seen(tmp_path, "variables.spread.prior: {none: 1}\n").beliefs(0)


# --- broken files ---


BREAKS = {
    "an unknown variable": ("variables.arsen.prior.yes: 0.1", "'arsen'; did you mean 'arson'?"),
    "an unknown state": ("variables.arson.prior.maybe: 0.1", "'maybe'; known: no, yes"),
    "an unknown source": ("sources.ovner.grade: A", "did you mean 'owner'"),
    "an unknown report": ("reports.meterlog.claims: {arson: yes}", "did you mean 'meter-log'"),
    "an unknown field": ("reports.meter-log.claim: {arson: yes}", "did you mean 'claims'"),
    "a field that is no coding": ("reports.meter-log.summary: Hm", "'summary'; known: claims"),
    "an unknown section": ("hypotheses.arson.claim: arson=no", "'hypotheses'; known: variables"),
    "a row that is not there": ("variables.sprinklers.table[2].then.off: 1", "'[2]'; did you mean"),
    "a part of a gate not there": ("variables.arson.noisy_or.leak: 0.1", "nothing lies below"),
    "a word": ("variables.arson.prior.yes: perhaps", "'perhaps'"),
    "a number over 1": ("variables.arson.prior.yes: 1.2", "between 0 and 1, got '1.2'"),
    "a sum over 1": (
        "variables.sprinklers.table[1].then.off: 0.7\n"
        "variables.sprinklers.table[1].then.broken: 0.7",
        "a sum of 1.4",
    ),
    "a sum under 1": ("variables.arson.prior: {no: 0.5, yes: 0.4}", "a sum of 0.9"),
    "an interest in an unknown state": ("sources.owner.interest: {arson: maybe}", "'maybe'"),
    "a grade": ("sources.owner.grade: Z", "'Z'"),
    "a circle of causes": ("variables.arson.noisy_or: {causes: {spread: 0.5}}", "no cycle"),
    "a circle of copies": ("reports.brigade-petrol.copy_of: gazette-petrol", "no circle"),
    "a source that nobody declared": ("reports.meter-log.source: nobody", "'nobody'"),
    "a copy of an unknown report": ("reports.meter-log.copy_of: nothing", "'nothing'"),
    "two words on one variable": ("reports.meter-log.claims: {wiring_fault: yes}", "got two for"),
    "claims of nobody": ("reports.owner-wiring.source:", "names its source"),
    "directness": ("reports.owner-wiring.directness: heard", "'heard'"),
    "whole and in part": (
        "variables.arson.prior: {yes: 0.5}\nvariables.arson.prior.yes: 0.5",
        "once; variables.arson",
    ),
    "a grade and a reliability": ("sources.owner.grade: A\nsources.owner.reliability: 1", "once"),
    "a reason and no value": ("variables.arson.prior.yes: {why: So.}", "'value' is missing"),
    "a reason that is a list": ("settings.spin: {value: 0.5, why: [a]}", "got a list"),
    "nothing": ("settings.spin:", "a value is missing"),
    "a name that ends too early": (
        "sources.owner: {grade: A}",
        "'sources.owner', which goes on; known: grade, reliability, firmness, interest",
    ),
    "a whole section": ("settings: {spin: 0.5}", "is named"),
    "a weight below 0": ("weight: -1", "0 or more, got '-1'"),
    "a weight in words": ("weight: heavy", "'heavy'"),
    "a name that is a list": ("name: [a, b]", "text was expected, got a list"),
    "a list": ("- a", "a mapping (key: value) was expected"),
    "a path twice": ("settings.spin: 0.1\nsettings.spin: 0.2", "a key stands once"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BREAKS)
def test_what_breaks_a_rule_is_told_with_its_line(kind: str, tmp_path: Path) -> None:
    text, said = BREAKS[kind]
    folder = write(tmp_path, f"# a file\n\n{text}\n")

    result = run("check", str(folder))

    assert (result.exit_code, result.stdout) == (1, "")
    lines = result.stderr.splitlines()
    place = re.escape(str(folder / "analysts" / "eve.yaml"))
    assert all(re.match(rf"{place}:[134]: \S", line) for line in lines), lines
    assert any(said in line for line in lines), lines


def test_all_problems_of_all_analysts_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "settings.spin: 2\nvariables.x.prior.yes: 1\nweight: -1\n", name="ann")
    folder = write(tmp_path, "reports.meter-log.claims: {arson: maybe}\n")

    lines = run("check", str(folder)).stderr.splitlines()

    assert [line.split("analysts/")[1].split(": ")[0] for line in lines] == [
        "ann.yaml:1", "ann.yaml:2", "ann.yaml:3", "eve.yaml:1",
    ]  # fmt: skip


def test_a_page_is_not_begun_while_an_analysts_file_has_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("rivals.briefing.build.start_kernel", pytest.fail)
    monkeypatch.setattr("rivals.cli.watching._Watch._wait", end)
    write(tmp_path, "settings.spin: 2\nweight: -1\n", name="ann")
    folder = write(tmp_path, "reports.meter-log.claims: {arson: maybe}\n")

    briefed, watched, checked = (run(word, str(folder)) for word in ("brief", "watch", "check"))

    assert len(checked.stderr.splitlines()) == 3
    assert (briefed.exit_code, briefed.stderr) == (1, checked.stderr)
    assert watched.stderr.startswith(checked.stderr)
    with pytest.raises(ReadingError):
        build_briefing(folder)


@pytest.mark.parametrize("name", ["house", "a=b", "tab\there"])
def test_a_file_whose_name_cannot_be_a_name_is_refused(name: str, tmp_path: Path) -> None:
    result = run("check", str(write(tmp_path, "", name=name)))

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert (
        "got" in result.stderr or "what the scenario's own judgements are called" in result.stderr
    )


def test_check_counts_the_analysts_and_weighs_under_each(tmp_path: Path) -> None:
    write(tmp_path, "variables.arson.prior.yes: 0.5\n", name="ann")
    folder = write(tmp_path, "")

    result = run("check", str(folder))
    assert (result.exit_code, "2 analysts, " in result.stdout) == (0, True)

    write(tmp_path, "variables.spread.prior: {none: 1}\n")
    result = run("check", str(folder))
    assert result.exit_code == 1
    assert "probability 0 under the model of the analyst 'eve'" in result.stderr


# --- commands ---


def test_a_question_can_be_asked_under_an_analysts_judgements(tmp_path: Path) -> None:
    folder = write(tmp_path, "variables.arson.prior.yes: 0.5\n")
    csv = run("beliefs", str(folder), "--analyst", "eve", "--draws", "0", "--format", "csv").stdout

    assert "arson,Arson,0.5," in csv
    result = run("beliefs", str(folder), "--analyst", "ev")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "an analyst has a file in analysts/, got 'ev'; did you mean 'eve'?\n"


def test_compare_tells_what_an_analyst_judges_otherwise(tmp_path: Path) -> None:
    folder = str(write(tmp_path, "variables.arson.prior.yes: 0.5\n"))

    same = run("compare", folder, "--analyst", "eve", "--format", "csv").stdout
    other = run(
        "compare", folder, "--analyst", "eve", "--before-analyst", "house", "--format", "csv"
    )

    assert len(same.splitlines()) == 1
    assert other.stdout.splitlines()[1].startswith("model,")


def test_names_of_analysts_are_completed(tmp_path: Path) -> None:
    folder = write(tmp_path, "")
    for command, option, names in (
        ("beliefs", "analyst", ["eve", "house"]),
        ("analysts", "between", ["eve", "house"]),
        ("analysts", "weights", ["eve=", "house="]),
    ):
        ctx = main.commands[command].make_context(command, [str(folder)])
        [param] = [one for one in ctx.command.params if one.name == option]

        assert [item.value for item in param.shell_complete(ctx, "")] == names


def test_the_table_shows_everybody_both_pools_and_where_each_thing_stands(tmp_path: Path) -> None:
    write(tmp_path, "name: Ann\nreports.owner-wiring.directness: direct\n", name="ann")
    folder = str(write(tmp_path, "variables.arson.prior.yes: 0.5\n"))

    result = run(
        "analysts", folder, "--draws", "0", "--weights", "ann=3", "--between", "eve", "ann"
    )

    assert result.exit_code == 0
    for part in ("ann", "75.0%", "linear pool", "log-odds pool", "analysts/eve.yaml:1",
                 "(scenario.yaml:", "reports.owner-wiring", "What takes eve to ann"):  # fmt: skip
        assert part in result.stdout, part
    assert "2 analysts were asked" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--weights", "eve"], "NAME=W, got 'eve'"),
        (["--weights", "eve=x"], "the weight of 'eve'"),
        (["--weights", "eve=1", "--weights", "eve=2"], "once"),
        (["--weights", "ev=1"], "did you mean 'eve'"),
        (["--between", "eve", "ev"], "got 'ev'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_line(
    words: list[str], said: str, tmp_path: Path
) -> None:
    result = run("analysts", str(write(tmp_path, "")), *words)

    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr


def test_an_analyst_who_differs_in_nothing_has_no_gap(tmp_path: Path) -> None:
    found = rivals.read(write(tmp_path, "sources.owner.firmness: high\n")).analysts()

    assert found.account.empty
    assert np.abs(found.gap.to_numpy()).max() == 0
    assert "Nothing that weighs" in rivals.prose.say_analysts(found)


def test_a_file_that_says_too_much_is_refused(tmp_path: Path) -> None:
    lines = "".join(f"reports.r{i}.status: draft\n" for i in range(1_001))

    result = run("check", str(write(tmp_path, lines)))

    assert result.exit_code == 1
    assert "1,000 things otherwise at most, got 1,001" in result.stderr
    short = run("check", str(write(tmp_path, "\n".join(lines.splitlines()[:150]))))
    assert "and 50 more problems" in short.stderr
