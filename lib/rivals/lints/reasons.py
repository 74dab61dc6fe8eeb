"""Numbers and corrections without a reason."""

from __future__ import annotations

from collections.abc import Iterator

from rivals.codes import find_code
from rivals.entries import Report, Retraction
from rivals.judgements import statements
from rivals.lints.finding import Finding
from rivals.phrases import count
from rivals.premises import Premises
from rivals.silence import chance_path

NO_WHY = find_code("no-why")


def find_unexplained(premises: Premises) -> Iterator[Finding]:
    """Variables, sources and likelihoods whose numbers have no `why`, and corrections without.

    Settings have no place for one; they are conventions, and the briefing prints them as such.
    """
    scenario = premises.scenario
    stated: dict[str, list[float]] = {}
    for statement in statements(scenario):
        noun = ".".join(statement.path.split(".")[:2])
        stated.setdefault(noun, []).extend(value for _, value in statement.judgements())
    for name, variable in scenario.variables.items():
        numbers = [*stated.get(f"variables.{name}", ()), *variable.chatter.values()]
        numbers += (
            [*variable.ranked.weights.values(), variable.ranked.sd] if variable.ranked else []
        )
        if not variable.why.strip():
            yield _unexplained(f"variables.{name}", numbers, "the variable")
    for name, source in scenario.sources.items():
        if not source.why.strip():
            judged = f"the grade {source.grade}" if source.grade else f"{source.reliability:g}"
            yield Finding(NO_WHY, f"sources.{name}", f"{judged} without a reason; write a `why`")
    for name, awaited in scenario.expected.items():
        if not awaited.why.strip():
            path = chance_path(name).rpartition(".")[0]
            yield _unexplained(path, [awaited.chance], "what is expected")
    for standing in premises.evidence.in_force:
        report = standing.report
        if report.likelihood and not report.why.strip():
            weights = [w for one in report.likelihood.values() for w in one.values()]
            yield _unexplained(f"reports.{report.id}", weights, "the likelihood")
    yield from _find_uncaused(premises)


def _find_uncaused(premises: Premises) -> Iterator[Finding]:
    """Entries that take a report back or put it right, and do not say why."""
    for i, entry in enumerate(premises.dossier.log):
        if isinstance(entry, Report) or entry.why.strip():
            continue
        if isinstance(entry, Retraction):
            name, done = entry.retracts, "taken back"
        else:
            name, done = entry.amends, "put right"
        if name not in premises.dossier.withheld:
            text = f"{name} is {done} without a reason; write a `why`"
            yield Finding(NO_WHY, f"reports[{i}]", text)


def _unexplained(path: str, numbers: list[float], what: str) -> Finding:
    shown = ", ".join(f"{number:g}" for number in numbers[:4]) + ", …" * (len(numbers) > 4)
    text = (
        f"{what} states {count(len(numbers), 'number')} ({shown}) without a reason; write a `why`"
    )
    return Finding(NO_WHY, path, text)
