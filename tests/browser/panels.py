"""Panels on a page like the briefing's, random actions on them, and the same states in Python."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

import rivals
from rivals import explorer
from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.causes import because, why
from rivals.batch import Batch
from rivals.case import Case
from rivals.factors import Factor
from rivals.judgements import Values, as_stated, place, statements
from rivals.network import Network, WhatIf
from rivals.stories import Reliability, prior_reliability

STYLE = Path(rivals.__file__).parent / "briefing" / "templates" / "page.css"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; script-src "
)

# Acts on the controls as a reader would: by clicks, typing and choosing, each with its event.
ACT = """
(actions) => {
  const panel = document.querySelector('.rivals-panel').panel;
  const tell = (element, kind) => element.dispatchEvent(new Event(kind, {bubbles: true}));
  const put = (element, value, kind) => { element.value = value; tell(element, kind); };
  const act = {
    switch: (i) => panel.switches[i].box.click(),
    number: (i, value) => put(panel.dials[i].number, value, 'input'),
    slide: (i, value) => put(panel.dials[i].slider, value, 'input'),
    back: (i) => panel.dials[i].back.click(),
    choose: (i, value) => put(panel.choices[i].select, value, 'change'),
    reset: () => panel.root.querySelector('.rp-buttons button').click(),
    none: () => {},
  };
  return actions.map(([kind, which, value]) => {
    act[kind](which, value);
    const {heard, relied, moved, imposed} = panel.evaluator;
    return {
      answer: panel.answer, shown: panel.root.querySelector('.rp-body').textContent,
      heard: [...heard], relied: [...relied], imposed: [...imposed],
      moved: [...moved].map(([number, moves]) => [number, [...moves]]),
    };
  });
}
"""


def write_page(*panels: explorer.Panel) -> str:
    """A page with the briefing's style and its rule that nothing but the panel's script runs."""
    shown = "".join(panel.html for panel in panels)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}{explorer.script_hash()}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Panels</title><style>{STYLE.read_text('utf-8')}</style></head>"
        f"<body><main><h1>Panels</h1>{shown}</main></body></html>"
    )


def act(page: Page, actions: list[tuple[str, int, Any]]) -> list[dict[str, Any]]:
    """What the first panel of a page stands at after each action."""
    found: list[dict[str, Any]] = page.evaluate(ACT, actions)
    return found


def draw_actions(page: Page, seed: int, count: int) -> list[tuple[str, int, Any]]:
    """Random things that a reader may do, now and then all at once undone."""
    generator = np.random.default_rng(seed)
    sizes = page.evaluate(
        "(() => { const p = document.querySelector('.rivals-panel').panel; return {"
        "switch: p.switches.length, dial: p.dials.length,"
        "choices: p.choices.map(c => c.select.disabled ? 0 : c.select.options.length - 1)}; })()"
    )
    kinds = ["switch", "number", "slide", "back", "choose", "reset"]
    chances = [0.4, 0.22, 0.1, 0.06, 0.2, 0.02]
    found: list[tuple[str, int, Any]] = []
    while len(found) < count:
        kind = str(generator.choice(kinds, p=chances))
        if kind == "switch" and sizes["switch"]:
            found.append((kind, int(generator.integers(sizes["switch"])), None))
        elif kind in {"number", "slide", "back"} and sizes["dial"]:
            value = "100" if generator.random() < 0.03 else f"{100 * generator.random():.6g}"
            found.append((kind, int(generator.integers(sizes["dial"])), value))
        elif kind == "choose":
            which = int(generator.integers(len(sizes["choices"])))
            states = sizes["choices"][which]
            free = states == 0 or generator.random() < 0.75
            found.append((kind, which, "" if free else str(generator.integers(states))))
        elif kind == "reset":
            found.append((kind, 0, None))
    return found


@dataclass(frozen=True)
class Expected:
    """What Python finds: None for all where the evidence is impossible."""

    present: NDArray[np.float64]
    because: NDArray[np.float64]
    combinations: NDArray[np.float64]


def expect(case: Case, state: dict[str, Any]) -> Expected | None:
    """The numbers of a panel's state, from a case without what is off, and under do."""
    variables = case.scenario.variables
    do = {list(variables)[v]: list(variables.values())[v].states[s] for v, s in state["imposed"]}
    network = Network(case.scenario, case.evidence, WhatIf(case.what_if.given, {}))
    heard = state["heard"][network.first_report :]
    off = [s.report.id for s, on in zip(case.evidence.counted, heard, strict=True) if not on]
    usual = network.reliabilities
    own = {node: p for node, p in zip(usual, state["relied"], strict=True) if p is not None}
    tried = replace(case, what_if=WhatIf(case.what_if.given, do)).without(*off)
    network = Network(tried.scenario, tried.evidence, tried.what_if)
    values = _move(case, state["moved"])
    batch = Batch(network, network.masks(None), values)
    trusted = [_trust(network, node, own, values) for node in network.reliabilities]
    batch.once("reliabilities", lambda: trusted)
    if not np.isfinite(batch.joint_and_evidence(hypothesis_variables(case.scenario))[1]).all():
        return None
    return _ask(batch)


def _trust(
    network: Network, node: Reliability, own: dict[Reliability, float], values: Values
) -> Factor:
    """How far a source is trusted on a topic: as the reader has it, else as stated."""
    stated = prior_reliability(node.source, network.scenario.sources[node.source], values)
    p = own.get(node, float(stated[0]))
    return Factor((node,), np.array([1 - p, p]).reshape(2, 1, 1))


def _move(case: Case, moved: list[Any]) -> dict[str, NDArray[np.float64]]:
    values = as_stated(case.scenario)
    known = statements(case.scenario)
    for number, moves in moved:
        statement = known[number]
        found = place(statement, {at: np.array([t]) for at, t in moves})
        values[statement.path] = found[0] if statement.is_chance else found
    return values


def _ask(batch: Batch) -> Expected:
    scenario = batch.network.scenario
    names = hypothesis_variables(scenario)
    joint = batch.joint(names)[..., 0, 0]
    cells: dict[tuple[bool, ...], float] = {}
    for at in product(*(range(len(scenario.variables[name].states)) for name in names)):
        world = {n: scenario.variables[n].states[s] for n, s in zip(names, at, strict=True)}
        truths = tuple(
            world[h.claim.variable] in h.claim.states for h in scenario.hypotheses.values()
        )
        cells[truths] = cells.get(truths, 0.0) + float(joint[at])
    present = [sum(p for truths, p in cells.items() if truths[i])
               for i in range(len(scenario.hypotheses))]  # fmt: skip
    found = np.empty(0)
    if scenario.effect:
        effect = scenario.effects[scenario.effect].claim
        wanted = [why(scenario, effect, [h]) for h in scenario.hypotheses]
        found = np.array([float(p[0, 0]) for p in because(batch, wanted)])
    return Expected(np.array(present), found, np.array(list(cells.values())))


def miss(case: Case, state: dict[str, Any]) -> float:
    """How far a panel's numbers are from Python's; infinite where only one of them has any."""
    expected, answer = expect(case, state), state["answer"]
    if expected is None or not answer["possible"]:
        return 0.0 if expected is None and not answer["possible"] else np.inf
    pairs = [
        (answer["present"], expected.present),
        (answer["because"] or [], expected.because),
        (answer["combinations"], expected.combinations),
    ]
    return max(float(np.abs(np.array(a) - b).max(initial=0.0)) for a, b in pairs)
