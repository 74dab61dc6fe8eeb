"""What the panel says: what each judgement is about, in words."""

from __future__ import annotations

from rivals.phrases import list_all
from rivals.scenario import Scenario, label_of
from rivals.silence import chance_path


def name_judgement(scenario: Scenario, path: str, state: str) -> str:
    """What a number is about, in words: `path` is its statement's, `state` the number's, if any.

    >>> from rivals.scenario import Scenario
    >>> name_judgement(Scenario.model_construct(), "settings.grades.B", "")
    'Grade B: chance that such a source is reliable'
    """
    if path.startswith("expected"):
        return _name_silence(scenario, path)
    section, name, *rest = path.split(".", 2)
    if section == "settings":
        return _name_convention(".".join([name, *rest]))
    return f"{_about(name, state)}{_name_part(scenario, name, rest[0])}"


def _name_convention(name: str) -> str:
    kind, _, which = name.partition(".")
    return {
        "accuracy": "Accuracy: chance that a reliable source tells the truth",
        "spin": "Spin: chance that an unreliable source says what suits it",
        "fidelity": f"Fidelity of {which} reports",
        "grades": f"Grade {which}: chance that such a source is reliable",
    }[kind]


def _name_silence(scenario: Scenario, path: str) -> str:
    name = next(name for name in scenario.expected if chance_path(name) == path)
    noun = scenario.expected[name]
    said = f"{noun.claim.variable} = {' or '.join(noun.claim.states)}"
    return f"{label_of(name, noun)}: chance of a report by {noun.by} if {said}"


def _about(name: str, state: str) -> str:
    return f"{name} = {state}" if state else name


def _name_part(scenario: Scenario, name: str, part: str) -> str:
    """Where in its variable's gate a number stands."""
    variable = scenario.variables[name]
    if part == "prior":
        return ", before any report"
    if part.startswith("table["):
        row = (variable.table or ())[int(part.removeprefix("table[").split("]")[0])]
        when = [f"{parent} = {' or '.join(states)}" for parent, states in row.when.items()]
        return f", when {list_all(when)}" if when else ", otherwise"
    gate, kind, *link = part.split(".", 2)
    if kind == "leak":
        return ", without any of the causes named"
    assert gate in ("noisy_or", "noisy_max")
    parent = next(p for p in variable.parents if link[0] == p or link[0].startswith(f"{p}."))
    at = link[0].removeprefix(parent).removeprefix(".")
    return f", from {parent}{f' = {at}' if at else ''} alone"
