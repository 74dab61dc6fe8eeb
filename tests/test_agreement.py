"""Seeded scenarios: the library against full enumeration, pyAgrum and pgmpy, to 1e-9.

The seeds are 0 to 249 of generate.seeded (with the full budget to 4,999), in blocks so that they
can run side by side. The largest error of each comparison is printed at the end of the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import rivals
from conftest import BUDGET
from generate import Made, scenarios, seeded
from oracle import texts
from oracle.brute import Answer, Impossible, weigh
from oracle.engines import by_pgmpy, by_pyagrum

SEEDS = 5000 if BUDGET == "full" else 200
BLOCK = 50
PGMPY_EVERY = (
    1 if BUDGET == "full" else 10
)  # pgmpy takes milliseconds where others take microseconds
CLOSE = 1e-9

Error = tuple[float, str]


def asked(made: Made, folder: Path) -> Any:
    """The library's case of a made scenario; None where a what-if is already impossible."""
    made.write(folder)
    try:
        case = rivals.read(folder)
    except rivals.RivalsError as error:
        blame(error, Made(made.scenario, made.reports))
        return None
    case = case.without(*made.without)
    if made.as_of:
        case = case.as_of(made.as_of)
    return case.do(**made.do).given(**made.given)


def blame(error: rivals.RivalsError, made: Made) -> None:
    """The oracle finds the evidence impossible too, and the error names the report it names."""
    with pytest.raises(Impossible) as caught:
        weigh(made.texts, **made.what_if)
    culprit = caught.value.report or ""
    assert culprit in " ".join(problem.text for problem in error.problems)


def answered(made: Made, case: Any) -> Answer | None:
    """The oracle's answer; None if the evidence is impossible, as the library must say too."""
    try:
        case.variables()
    except rivals.RivalsError as error:
        blame(error, made)
        return None
    return weigh(made.texts, **made.what_if)


def is_impossible(case: Any) -> bool:
    """Whether the library finds so; that the oracle does too is checked against enumeration."""
    try:
        case.variables()
    except rivals.RivalsError:
        return True
    return False


def largest(errors: Iterable[Error]) -> Error:
    """The largest of the errors, each of which is small; NaN is not."""
    worst = (0.0, "nothing")
    for error, what in errors:
        assert error <= CLOSE, what
        worst = max(worst, (float(error), what))
    return worst


def differences(case: Any, answer: Answer) -> Iterator[Error]:
    """How far each number of the library is from the oracle's."""
    variables, sources = case.variables(), case.sources()
    for v, states in answer.posteriors.items():
        for s, p in states.items():
            yield abs(variables["posterior"][v, s] - p), f"posterior of {v}={s}"
            yield abs(variables["prior"][v, s] - answer.priors[v][s]), f"prior of {v}={s}"
    for key, (prior, posterior) in answer.sources.items():
        if key not in sources.index and prior == pytest.approx(posterior):
            continue  # all that the source says of the topic is of a variable under do
        yield abs(sources.loc[key, "prior"] - prior), f"prior of {key}"
        yield abs(sources.loc[key, "posterior"] - posterior), f"posterior of {key}"
    yield from _combinations(case, answer)
    yield from _trail(case, answer)
    yield abs(case.log_evidence() - answer.log_evidence), "log evidence"
    yield abs(case.conflict() - answer.conflict), "conflict"


def _combinations(case: Any, answer: Answer) -> Iterator[Error]:
    names = list(next(iter(answer.trail.values()), {})) or list(case.scenario.hypotheses)
    found = {
        tuple(bool(row[name]) for name in names): (row["prior"], row["posterior"])
        for _, row in case.combinations().iterrows()
    }
    assert set(found) <= set(answer.combinations)
    for held, expected in answer.combinations.items():
        for got, wanted in zip(found.get(held, (0.0, 0.0)), expected, strict=True):
            yield abs(got - wanted), f"combination {held}"


def _trail(case: Any, answer: Answer) -> Iterator[Error]:
    trail = case.trail(draws=0)
    assert list(trail.index) == list(answer.surprise)
    for report, beliefs in answer.trail.items():
        row = trail.loc[report]
        yield abs(row["report", "surprise"] - answer.surprise[report]), f"surprise of {report}"
        for h, p in beliefs.items():
            yield abs(row["posterior", h] - p), f"{h} after {report}"
    for h, noun in case.scenario.hypotheses.items():
        now = sum(answer.posteriors[noun.claim.variable][state] for state in noun.claim.states)
        yield abs(trail.attrs["end"]["posterior"][h] - now), f"{h} at the end of the trail"


def allowed(status: str, report: dict[str, Any]) -> set[str]:
    """The finer words that the library may have for a status of section 4."""
    if status == "echo":
        return {"copy"} if "copy_of" in report else {"echo"}
    if status == "background":
        return {"background", "draft", "copy"}
    return {status}


def check_statuses(made: Made, case: Any, answer: Answer) -> None:
    """Every report's status is the oracle's."""
    log = {entry.get("id"): dict(entry) for entry in texts.load(made.texts)[1]}
    for entry in texts.load(made.texts)[1]:
        if "amends" in entry and "copy_of" in entry["set"]:
            log[entry["amends"]] |= entry["set"]
    statuses = dict(case.reports()["status"])

    assert set(statuses) == set(answer.statuses)
    for report, status in answer.statuses.items():
        assert statuses[report] in allowed(status, log[report]), report


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_seeded_scenarios_agree_with_full_enumeration(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst: Error = (0.0, "nothing")
    for seed in range(block, block + BLOCK):
        made = seeded(seed)
        case = asked(made, tmp_path / str(seed))
        answer = case and answered(made, case)
        if answer is None:
            continue
        check_statuses(made, case, answer)
        error, what = largest((e, f"seed {seed}: {w}") for e, w in differences(case, answer))
        worst = max(worst, (error, what))

    record_property("largest error against full enumeration", worst)


@pytest.mark.parametrize("block", range(0, SEEDS, BLOCK))
def test_seeded_scenarios_agree_with_pyagrum_and_pgmpy(
    block: int, tmp_path: Path, record_property: Any
) -> None:
    worst = {"pyAgrum": (0.0, "nothing"), "pgmpy": (0.0, "nothing")}
    for seed in range(block, block + BLOCK):
        made = seeded(seed)
        case = asked(made, tmp_path / str(seed))
        if case is None or is_impossible(case):
            continue
        for engine, error, what in _against_engines(case, pgmpy=seed % PGMPY_EVERY == 0):
            assert error <= CLOSE, f"seed {seed}: {engine}: {what}"
            worst[engine] = max(worst[engine], (float(error), f"seed {seed}: {what}"))

    for engine, error in worst.items():
        record_property(f"largest error against {engine}", error)


def _against_engines(case: Any, *, pgmpy: bool) -> Iterator[tuple[str, float, str]]:
    model, evidence = case.to_pgmpy()
    posterior = case.variables()["posterior"]
    variables = list(case.scenario.variables)
    beliefs, log_evidence = by_pyagrum(model, evidence, variables)
    yield "pyAgrum", abs(case.log_evidence() - log_evidence), "log evidence"
    answers = [("pyAgrum", beliefs)]
    if pgmpy:
        answers.append(("pgmpy", by_pgmpy(model, evidence, variables)))
    for engine, found in answers:
        for v, states in found.items():
            for s, p in states.items():
                yield engine, abs(posterior[v, s] - p), f"{v}={s}"


@given(made=scenarios(cells=20_000))
def test_scenarios_that_nobody_thought_of_agree_with_full_enumeration(
    made: Made, tmp_path_factory: pytest.TempPathFactory
) -> None:
    case = asked(made, tmp_path_factory.mktemp("made"))
    answer = case and answered(made, case)
    if answer is None:
        return
    check_statuses(made, case, answer)

    largest(differences(case, answer))


def test_the_seeds_cover_the_whole_format() -> None:
    made = [seeded(seed) for seed in range(250)]
    written = "".join(m.scenario + m.reports for m in made)

    keys = (
        "prior table noisy_or noisy_max ranked topic chatter interest off leak sd grades fidelity"
    )
    keys += " observes likelihood copy_of status retracts amends origin directness timezone spin"
    keys += " expected since"
    for key in keys.split():
        assert written.count(f"{key}:") >= 5, key
    for share in (m.as_of for m in made), (m.do for m in made), (m.given for m in made):
        assert sum(bool(one) for one in share) >= 25


@pytest.mark.parametrize("written", ["0.25", "25%", "1/4", "5/20"])
def test_a_likelihood_is_a_probability_however_it_is_written(written: str, tmp_path: Path) -> None:
    """It is the coder's own P(this report | state), so it is read as any other."""
    good = Path(__file__).parent / "broken"
    reports = (good / "reports.yaml").read_text(encoding="utf-8")
    made = Made(
        (good / "scenario.yaml").read_text(encoding="utf-8"),
        reports.replace("{no: 1, yes: 3}", f"{{no: 0.75, yes: {written}}}"),
    )

    case = rivals.read(made.write(tmp_path / "made"))

    largest(differences(case, weigh(made.texts)))
