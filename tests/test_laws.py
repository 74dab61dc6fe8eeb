"""Laws that hold in every scenario: those of the project and the published cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

import rivals
from conftest import BUDGET, FOLDERS
from oracle import texts
from oracle.log import logged, origins, says
from plain_yaml import QuotingDumper

CLOSE = 1e-9
LONG_AGO = "1900-01-01"
LAST_DAY = "2100-01-01"
SAMPLE = 1000 if BUDGET == "full" else 3  # of a scenario's reports or variables

Log = list[dict[str, Any]]
Scenario = dict[str, Any]


@lru_cache
def loaded(folder: Path) -> tuple[Scenario, Log]:
    """A folder's two files as plain data."""
    return texts.load(folder)


def sample(items: list[Any]) -> list[Any]:
    """Some of the items, spread evenly."""
    return items[:: max(1, -(-len(items) // SAMPLE))]


def reports_of(folder: Path) -> Log:
    """The reports of a folder as first logged."""
    return [entry for entry in loaded(folder)[1] if "id" in entry]


def speaking(folder: Path) -> Log:
    """Those whose claims or likelihoods could count."""
    return [
        report
        for report in reports_of(folder)
        if says(report) - set(report.get("observes", {}))
        and "copy_of" not in report
        and "status" not in report
    ]


REPORTED = [folder for folder in FOLDERS if len(reports_of(folder)) > 1]
SPEAKING = [folder for folder in FOLDERS if speaking(folder)]
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_reported = pytest.mark.parametrize("folder", REPORTED, ids=lambda folder: folder.name)
each_speaking = pytest.mark.parametrize("folder", SPEAKING, ids=lambda folder: folder.name)


def rewritten(
    folder: Path,
    place: Path,
    log: Callable[[Log], Log] = lambda log: log,
    scenario: Callable[[Scenario], Scenario] = lambda scenario: scenario,
) -> Any:
    """The case of a folder after a change to its two files; the originals stay."""
    old_scenario, old_log = texts.load(folder)
    place.mkdir(parents=True)
    for name, data in ("scenario", scenario(old_scenario)), ("reports", log(old_log)):
        written = yaml.dump(data, Dumper=QuotingDumper, sort_keys=False)
        (place / f"{name}.yaml").write_text(written, encoding="utf-8")
    return rivals.read(place)


def assert_same(case: Any, other: Any) -> None:
    """The two cases believe the same of everything, and find the evidence as probable."""
    pd.testing.assert_series_equal(
        case.variables()["posterior"], other.variables()["posterior"], rtol=0, atol=CLOSE
    )
    sources, others = case.sources()["posterior"], other.sources()["posterior"]
    shared = sources.index.intersection(others.index)
    pd.testing.assert_series_equal(sources[shared], others[shared], rtol=0, atol=CLOSE)
    assert case.log_evidence() == pytest.approx(other.log_evidence(), rel=0, abs=CLOSE)


def last_logged(folder: Path) -> str:
    """A day after everything in the log."""
    return LAST_DAY if loaded(folder)[1] else LONG_AGO


@each_folder
def test_probabilities_sum_to_1(folder: Path) -> None:
    case = rivals.read(folder)

    variables, sources = case.variables(), case.sources()
    for column in "prior", "posterior":
        assert (variables[column].groupby(level=0).sum() - 1).abs().max() < CLOSE
        assert case.combinations()[column].sum() == pytest.approx(1, abs=CLOSE)
        assert variables[column].between(0, 1 + CLOSE).all()
        assert sources[column].between(0, 1 + CLOSE).all()


@each_folder
def test_the_trail_ends_where_the_case_stands_and_begins_where_nothing_had_come(
    folder: Path,
) -> None:
    case = rivals.read(folder)
    trail = case.trail(draws=0)

    for moment, at in ((None, trail.attrs["end"]), (LONG_AGO, trail.attrs["start"])):
        now = case.as_of(moment).beliefs(draws=0)["posterior"]
        assert at["posterior"] == pytest.approx(now.to_dict(), abs=CLOSE)


@each_folder
def test_a_moment_before_the_first_report_holds_the_prior(folder: Path) -> None:
    case = rivals.read(folder).as_of(LONG_AGO)

    variables = case.variables()
    assert (variables["posterior"] - variables["prior"]).abs().max() < CLOSE
    assert case.log_evidence() == pytest.approx(0, abs=CLOSE)
    assert len(case.reports()) == 0


@each_folder
def test_the_prior_is_the_same_at_every_moment(folder: Path) -> None:
    case = rivals.read(folder)

    now, then = case.variables()["prior"], case.as_of(LONG_AGO).variables()["prior"]
    assert (now - then).abs().max() < CLOSE


@each_reported
def test_the_order_of_reports_of_distinct_origins_does_not_matter_to_the_end(
    folder: Path, tmp_path: Path
) -> None:
    turned = rewritten(folder, tmp_path / folder.name, log=_families_reversed)

    assert len(turned.trail(draws=0)) == len(rivals.read(folder).trail(draws=0)) > 1
    assert_same(turned, rivals.read(folder))


def _families_reversed(log: Log) -> Log:
    """All on one day; those that share an origin keep their order, the rest is turned round."""
    reports = sorted((e for e in log if "id" in e), key=lambda entry: logged(entry, "UTC"))
    rest = [{**entry, "logged": LAST_DAY} for entry in log if "id" not in entry]
    families: list[tuple[set[str], Log]] = []
    for report in reports:
        ties = origins(report) | {report["id"]} | {report.get("copy_of", report["id"])}
        for entry in rest:
            if entry.get("amends") == report["id"]:
                ties |= origins({**report, **entry["set"]})
        kin = [family for family in families if family[0] & ties]
        members = [member for family in kin for member in family[1]]
        families = [family for family in families if family not in kin]
        families.append((ties.union(*(family[0] for family in kin)), [*members, report]))
    turned = [report for _, family in reversed(families) for report in family]
    same_day = [
        {k: v for k, v in report.items() if k != "logged"} | {"published": LAST_DAY}
        for report in turned
    ]
    return same_day + rest


@each_speaking
def test_an_echo_or_a_copy_moves_nothing(folder: Path, tmp_path: Path) -> None:
    case = rivals.read(folder)
    for n, report in enumerate(sample(speaking(folder))):
        repeated = rewritten(
            folder,
            tmp_path / str(n) / folder.name,
            log=lambda log, report=report: [*log, *_repetitions(folder, report)],
        )

        statuses = repeated.reports()["status"]
        assert list(statuses[["law-copy", "law-echo"]]) == ["copy", "echo"]
        assert_same(repeated, case)


def _repetitions(folder: Path, report: dict[str, Any]) -> Log:
    """A copy and an echo that contradict the report, by a source that has a grade."""
    variables = loaded(folder)[0]["variables"]
    claims = {}
    for name in says(report):
        states = variables[name].get("states", ["no", "yes"])
        said = texts.several(report.get("claims", {}).get(name, states[0]))
        claims[name] = next((state for state in states if state not in said), states[0])
    common = {"published": last_logged(folder), "source": report["source"], "claims": claims}
    return [
        {"id": "law-copy", "copy_of": report["id"], **common},
        {"id": "law-echo", "origin": sorted(origins(report)), **common},
    ]


@each_speaking
def test_left_out_is_the_same_as_retracted_from_the_start(folder: Path, tmp_path: Path) -> None:
    case = rivals.read(folder)
    for n, report in enumerate(sample(speaking(folder))):
        when = report.get("logged", report["published"])
        retraction = {"retracts": report["id"], "logged": when, "why": "A law."}
        withdrawn = rewritten(
            folder,
            tmp_path / str(n) / folder.name,
            log=lambda log, name=report["id"], entry=retraction: [
                *(e for e in log if e.get("retracts") != name),
                entry,
            ],
        )

        assert_same(case.without(report["id"]), withdrawn)


@each_speaking
def test_an_amendment_is_the_same_as_the_report_written_so(folder: Path, tmp_path: Path) -> None:
    for n, report in enumerate(sample(speaking(folder))):
        change = {"directness": "inferred", "outlet": "Elsewhere"}
        amends = {"amends": report["id"], "logged": LAST_DAY, "set": change, "why": "A law."}
        amended = rewritten(
            folder,
            tmp_path / f"{n}-amended" / folder.name,
            log=lambda log, entry=amends: [*log, entry],
        )
        written = rewritten(
            folder,
            tmp_path / f"{n}-written" / folder.name,
            log=lambda log, name=report["id"], change=change: [
                {**entry, **change} if entry.get("id") == name else entry for entry in log
            ],
        )

        assert_same(amended, written)


@each_speaking
def test_a_likelihood_means_the_same_on_any_scale(folder: Path, tmp_path: Path) -> None:
    scenario, _ = loaded(folder)
    name = next(iter(scenario["variables"]))
    states = scenario["variables"][name].get("states", ["no", "yes"])
    source = next(iter(scenario["sources"]))

    def logged_with(scale: float) -> Any:
        values = {state: str(scale * (k + 1)) for k, state in enumerate(states)}
        report = {"id": "law", "published": LAST_DAY, "source": source}
        return rewritten(
            folder,
            tmp_path / str(scale) / folder.name,
            log=lambda log: [*log, {**report, "likelihood": {name: values}}],
        )

    assert_same(logged_with(0.01), logged_with(100))


def parents(variable: dict[str, Any]) -> list[str]:
    """The variables that a variable's gate names."""
    for gate in "noisy_or", "noisy_max":
        if gate in variable:
            return list(variable[gate]["causes"])
    if "ranked" in variable:
        return list(variable["ranked"]["weights"])
    return list(dict.fromkeys(p for row in variable.get("table", []) for p in row.get("when", {})))


def descendants(scenario: Scenario, name: str) -> set[str]:
    """A variable and all that hangs on it."""
    found = {name}
    while True:
        more = {v for v, made in scenario["variables"].items() if found & set(parents(made))}
        if more <= found:
            return found
        found |= more


@each_folder
def test_do_cuts_upwards(folder: Path) -> None:
    scenario, _ = loaded(folder)
    case = rivals.read(folder)
    before = case.variables()["prior"]
    for name in sample([v for v, made in scenario["variables"].items() if parents(made)]):
        state = before[name].index[-1]
        done = case.do(**{name: state})

        after = done.variables()["prior"]
        untouched = [v for v in scenario["variables"] if v not in descendants(scenario, name)]
        assert after[name, state] == 1
        for other in untouched:
            assert (after[other] - before[other]).abs().max() < CLOSE, (name, other)


@each_folder
def test_do_does_not_cut_downwards(folder: Path) -> None:
    """Once the parents are known, doing a thing and seeing it teach the same."""
    scenario, _ = loaded(folder)
    start = rivals.read(folder).as_of(LONG_AGO)
    for name in sample(list(scenario["variables"])):
        known: dict[str, str] = {}
        for parent in parents(scenario["variables"][name]):
            known[parent] = start.given(**known).variables()["posterior"][parent].idxmax()
        state = start.given(**known).variables()["posterior"][name].idxmax()

        done = start.given(**known).do(**{name: state}).variables()["posterior"]
        seen = start.given(**known, **{name: state}).variables()["posterior"]
        assert (done - seen).abs().max() < CLOSE, (name, known)


@each_folder
@pytest.mark.parametrize("times", [1, 4, 12] if BUDGET == "full" else [1, 12])
def test_a_source_that_repeats_itself_never_outweighs_a_certainly_reliable_one(
    folder: Path, tmp_path: Path, times: int
) -> None:
    scenario, _ = loaded(folder)
    for n, name in enumerate(sample(list(scenario["variables"]))):
        states = scenario["variables"][name].get("states", ["no", "yes"])
        said = states[-1]
        after = {}
        for speaker, reliability in ("repeater", 0.9), ("certain", 1):
            case = rewritten(
                folder,
                tmp_path / f"{n}-{speaker}" / folder.name,
                log=lambda log, who=speaker, name=name, said=said: [
                    *log,
                    *_statements(who, name, said, times),
                ],
                scenario=lambda old, who=speaker, r=reliability: _with_source(old, who, r),
            )
            after[speaker] = case.variables()["posterior"][name]

        for state in states[:-1]:
            repeated = after["repeater"][said] * after["certain"][state]
            certain = after["certain"][said] * after["repeater"][state]
            assert repeated <= certain + 1e-12, (name, state)


def _statements(source: str, name: str, state: str, times: int) -> Log:
    common = {"published": LAST_DAY, "source": source, "directness": "direct"}
    return [{"id": f"law-{n}", **common, "claims": {name: state}} for n in range(times)]


def _with_source(scenario: Scenario, name: str, reliability: float) -> Scenario:
    source = {"name": name, "reliability": str(reliability), "why": "A law."}
    return {**scenario, "sources": {**scenario["sources"], name: source}}
