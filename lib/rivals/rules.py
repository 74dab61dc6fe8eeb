"""What the nouns of a scenario say of each other, and the rules that hold it together.

Every function yields (path in the file, what is wrong); nothing is raised, so that all problems
of a file are told at once. What is already broken is passed over in silence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from rivals.errors import list_names, quote, suggest, suggest_near
from rivals.fields import Distribution, check_key
from rivals.marked import Loc
from rivals.scenario import Claim, Expected, Hypothesis, Labelled, Outcome, Source
from rivals.variables import GATES, NoisyMax, NoisyOr, Row, Variable

Complaint = tuple[Loc, str]
Variables = Mapping[str, Variable]

SUM_TOLERANCE = 1e-9
COMBINATION_LIMIT = 1_000_000
CELL_LIMIT = 10_000_000
"""How many cells the table of one variable may have."""

PARENT_LIMIT = 24
"""How many parents a variable may have; of two states each, more have no room in its table."""

RESERVED = ("prior", "posterior", "low", "high")
"""Columns that stand beside one column per hypothesis in the table of combinations."""


def check_variables(variables: Variables, names: Iterable[str]) -> Iterator[Complaint]:
    """Gates against the variables that they name; `names` also has those too broken to read."""
    for name, variable in variables.items():
        at: Loc = ("variables", name)
        unknown = [p for p in variable.parents if p not in names]
        for parent in unknown:
            yield (
                (*at, _gate_of(variable), *_step_to(variable, parent)),
                f"a parent is a variable of this scenario, got {quote(parent)}"
                f"{suggest(parent, names)}",
            )
        yield from _check_chatter(variable, at)
        if all(p in variables for p in variable.parents):
            yield from _check_gate(variable, variables, at)
    yield from _check_acyclic(variables)


def _gate_of(variable: Variable) -> str:
    return next(gate for gate in GATES if getattr(variable, gate) is not None)


def _step_to(variable: Variable, parent: str) -> Loc:
    if variable.table:
        row = next(i for i, row in enumerate(variable.table) if parent in row.when)
        return (row, "when", parent)
    return ("weights" if variable.ranked else "causes", parent)


def _check_gate(variable: Variable, variables: Variables, at: Loc) -> Iterator[Complaint]:
    here = (*at, _gate_of(variable))
    if len(variable.parents) > PARENT_LIMIT:
        yield here, f"a variable has {PARENT_LIMIT} parents at most, got {len(variable.parents):,}"
        return
    cells = math.prod((len(variable.states), *(len(variables[p].states) for p in variable.parents)))
    if cells > CELL_LIMIT:
        got = f"{cells:,} over {len(variable.parents)} parents"
        yield here, f"the table of a variable has {CELL_LIMIT:,} cells at most, got {got}"
        return
    if variable.prior is not None:
        yield from check_distribution(variable.prior, variable.states, (*at, "prior"))
    if variable.table:
        yield from _check_table(variable, variables, (*at, "table"))
    if variable.noisy_or:
        yield from _check_noisy_or(variable, variable.noisy_or, variables, (*at, "noisy_or"))
    if variable.noisy_max:
        yield from _check_noisy_max(variable, variable.noisy_max, variables, (*at, "noisy_max"))


def check_distribution(
    distribution: Distribution, states: tuple[str, ...], at: Loc
) -> Iterator[Complaint]:
    """States are known, at most one is left out, and the probabilities sum to 1."""
    yield from _check_states(distribution, states, at)
    if any(state not in states for state in distribution):
        return
    left_out = [state for state in states if state not in distribution]
    total = math.fsum(distribution.values())
    if len(left_out) > 1 and abs(total - 1) > SUM_TOLERANCE:
        yield (
            at,
            f"at most one state is left out and gets the rest (more only where the others sum to "
            f"1), got {len(left_out)} left out and a sum of {total:.12g}",
        )
    elif left_out and total > 1 + SUM_TOLERANCE:
        yield at, f"probabilities sum to 1 at most when a state is left out, got {total:.12g}"
    elif not left_out and abs(total - 1) > SUM_TOLERANCE:
        yield at, f"a distribution sums to 1 within 1e-9, got a sum of {total:.12g}"


def _check_states(named: Iterable[str], states: tuple[str, ...], at: Loc) -> Iterator[Complaint]:
    for state in named:
        if state not in states:
            got = f"{quote(state)}{suggest_near(state, states)}"
            yield (*at, state), f"a state is one of {list_names(states)}, got {got}"


def _check_chatter(variable: Variable, at: Loc) -> Iterator[Complaint]:
    here = (*at, "chatter")
    yield from _check_states(variable.chatter, variable.states, here)
    total = math.fsum(variable.chatter.values())
    complete = all(state in variable.chatter for state in variable.states)
    if total > 1 + SUM_TOLERANCE or (complete and abs(total - 1) > SUM_TOLERANCE):
        yield here, f"chatter sums to 1 (states left out share the rest), got a sum of {total:.12g}"


def _check_table(variable: Variable, variables: Variables, at: Loc) -> Iterator[Complaint]:
    rows = variable.table or ()
    known = True
    for i, row in enumerate(rows):
        yield from check_distribution(row.then, variable.states, (*at, i, "then"))
        for parent, states in row.when.items():
            wrong = list(_check_states(states, variables[parent].states, ()))
            known = known and not wrong
            yield from (((*at, i, "when", parent), text) for _, text in wrong)
    if not variable.parents:
        yield (
            at,
            "a table names a parent in some `when`, got none; without parents, state a prior",
        )
    elif known:
        yield from _check_coverage(rows, {p: variables[p].states for p in variable.parents}, at)


def _check_coverage(
    rows: tuple[Row, ...], parents: Mapping[str, tuple[str, ...]], at: Loc
) -> Iterator[Complaint]:
    size = math.prod(map(len, parents.values()))
    if size > COMBINATION_LIMIT:
        yield at, f"a table has {COMBINATION_LIMIT:,} combinations of parents at most, got {size:,}"
        return
    found = np.full([*map(len, parents.values())], -1)
    for i, row in enumerate(rows):
        if not _serve(found, i, row, parents):
            yield (
                (*at, i),
                "every row is reached by some combination; earlier rows take all of this one's",
            )
    for places in np.argwhere(found < 0)[:1]:
        pairs = zip(parents.items(), places, strict=True)
        shown = ", ".join(f"{name}={states[place]}" for (name, states), place in pairs)
        yield at, f"every combination of parents fits a row, got none for {shown}"


def fit_rows(rows: tuple[Row, ...], parents: Mapping[str, tuple[str, ...]]) -> NDArray[np.int64]:
    """The first row that fits each combination of the parents' states: (cards of parents...).

    -1 where none does, which reading refuses.
    """
    found = np.full([*map(len, parents.values())], -1)
    for i, row in enumerate(rows):
        _serve(found, i, row, parents)
    return found


def _serve(
    found: NDArray[np.int64], i: int, row: Row, parents: Mapping[str, tuple[str, ...]]
) -> bool:
    """Put a row's number wherever it fits and no earlier one did; whether that is anywhere."""
    fitting = np.ix_(
        *(
            [states.index(state) for state in row.when.get(parent, states)]
            for parent, states in parents.items()
        )
    )
    part = found[fitting]
    free = part < 0
    found[fitting] = np.where(free, i, part)
    return bool(free.any())


def _check_noisy_or(
    variable: Variable, gate: NoisyOr, variables: Variables, at: Loc
) -> Iterator[Complaint]:
    if len(variable.states) != 2:
        yield at, f"a noisy_or has two states, the second is on, got {len(variable.states)}"
    for parent, link in gate.causes.items():
        states = variables[parent].states
        here = (*at, "causes", parent)
        if isinstance(link, float):
            if len(states) != 2:
                yield (
                    here,
                    f"one chance is for a parent of two states; {quote(parent)} has {len(states)}: "
                    f"give {{state: chance}}, got {link:g}",
                )
        else:
            yield from _check_states(link, states, here)
            if link.get(states[0]):
                yield (*here, states[0]), f"the first state causes nothing, got {link[states[0]]:g}"


def _check_noisy_max(
    variable: Variable, gate: NoisyMax, variables: Variables, at: Loc
) -> Iterator[Complaint]:
    if gate.leak:
        yield from check_distribution(gate.leak, variable.states, (*at, "leak"))
    for parent, links in gate.causes.items():
        states = variables[parent].states
        here = (*at, "causes", parent)
        yield from _check_states(links, states, here)
        for state, distribution in links.items():
            yield from check_distribution(distribution, variable.states, (*here, state))
            if state == states[0] and distribution.get(variable.states[0], 1) != 1:
                yield (*here, state), "the first state puts all on the lowest, got something else"
        missing = [s for s in states[1:] if s not in links]
        if missing:
            yield (
                here,
                f"every state of the parent but the first is named, got no {quote(missing[0])}",
            )


def _check_acyclic(variables: Variables) -> Iterator[Complaint]:
    graph = {name: [p for p in v.parents if p in variables] for name, v in variables.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        yield ("variables", cycle[0]), f"causes form no cycle, got {' -> '.join(cycle)}"


def check_claim(
    claim: Claim, variables: Variables, at: Loc, names: Iterable[str]
) -> Iterator[Complaint]:
    """The claim's variable and states are known."""
    yield from check_variable_name(claim.variable, names, at)
    if claim.variable in variables:
        states = variables[claim.variable].states
        yield from ((at, text) for _, text in _check_states(claim.states, states, ()))


def check_variable_name(name: str, names: Iterable[str], at: Loc) -> Iterator[Complaint]:
    """The name is a variable's."""
    if name not in names:
        yield (
            at,
            f"a variable of this scenario is expected, got {quote(name)}{suggest(name, names)}",
        )


def check_claims(
    section: str, nouns: Mapping[str, Labelled], variables: Variables, names: Iterable[str]
) -> Iterator[Complaint]:
    """Hypotheses, effects and outcomes against the variables."""
    for name, noun in nouns.items():
        if section == "hypotheses" and name in RESERVED:
            yield (
                (section, name),
                f"a hypothesis has a name of its own, not a column's, got {quote(name)}",
            )
        wrong = list(check_claim(noun.claim, variables, (section, name, "claim"), names))
        yield from wrong
        if wrong or noun.claim.variable not in variables:
            continue
        states = variables[noun.claim.variable].states
        if isinstance(noun, Hypothesis):
            yield from _check_off(noun, states, (section, name))
        if isinstance(noun, Outcome):
            yield from _check_resolved(noun, states, (section, name))


def _check_off(noun: Hypothesis, states: tuple[str, ...], at: Loc) -> Iterator[Complaint]:
    others = [s for s in states if s not in noun.claim.states]
    if noun.off is not None and noun.off not in states:
        yield (*at, "off"), f"off is one of {list_names(states)}, got {quote(noun.off)}"
    elif noun.off in noun.claim.states:
        yield (*at, "off"), f"off lies outside the claim {noun.claim}, got {quote(noun.off or '')}"
    elif not others:
        yield at, f"a claim leaves a state out; {noun.claim} holds whatever happens"


def _check_resolved(noun: Outcome, states: tuple[str, ...], at: Loc) -> Iterator[Complaint]:
    if noun.resolved is not None and noun.resolved not in states:
        yield (
            (*at, "resolved"),
            f"resolved is one of {list_names(states)}, got {quote(noun.resolved)}",
        )


def check_keys(names: Iterable[str], at: Loc) -> Iterator[Complaint]:
    """Names can stand in paths."""
    for name in names:
        try:
            check_key(name)
        except ValueError as error:
            yield (*at, name), str(error)


def step_to(name: str) -> str | int:
    """The step of a path that leads to a name; what stands in a list has a place for a name."""
    place = name[1:-1] if name.startswith("[") and name.endswith("]") else ""
    return int(place) if place.isdecimal() else name


def check_expected(
    expected: Mapping[str, Expected], variables: Variables, names: Iterable[str], zone: ZoneInfo
) -> Iterator[Complaint]:
    """Expected reports against the variables: a claim that may fail, and time for it to come."""
    for name, noun in expected.items():
        at: Loc = ("expected", step_to(name))
        wrong = list(check_claim(noun.claim, variables, (*at, "claim"), names))
        yield from wrong
        if not wrong and noun.claim.variable in variables:
            states = variables[noun.claim.variable].states
            if all(state in noun.claim.states for state in states):
                yield (
                    (*at, "claim"),
                    f"a claim leaves a state out; {noun.claim} holds whatever is reported",
                )
        if not noun.since.end(zone) < noun.by.end(zone):
            yield (
                (*at, "by"),
                f"by is later than since, got {quote(str(noun.by))} after {quote(str(noun.since))}",
            )


def check_sources(
    sources: Mapping[str, Source], variables: Variables, names: Iterable[str]
) -> Iterator[Complaint]:
    """Interests against the variables."""
    for name, source in sources.items():
        for variable, state in source.interest.items():
            at = ("sources", name, "interest", variable)
            yield from check_variable_name(variable, names, at)
            if variable in variables:
                states = variables[variable].states
                yield from ((at, text) for _, text in _check_states([state], states, ()))
