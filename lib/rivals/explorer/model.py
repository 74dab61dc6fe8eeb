"""A case as plain data for the page: what was stated, what was said, what is computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from rivals.analysis.beliefs import hypothesis_variables, lead
from rivals.analysis.causes import because, why
from rivals.analysis.spread import chance_of
from rivals.batch import Batch
from rivals.engine import Node
from rivals.explorer.chosen import choose_judgements
from rivals.explorer.program import Filled, Merged, Program, write_program
from rivals.explorer.said import list_stories, write_said
from rivals.explorer.stated import Data, Places, write_stated
from rivals.network import Network, WhatIf
from rivals.phrases import neutralise
from rivals.premises import Premises
from rivals.scenario import label_of
from rivals.twin import Contrast
from rivals.words import SCALES


def describe(case: Premises) -> Data:
    """The case for the page; raises ImpossibleEvidence, and TooLarge where a page is too slow."""
    scenario, what_if, places = case.scenario, case.what_if, Places(case.scenario)
    published = _publish(case)
    # Without what the case imposes, since the page may lift that.
    network = Network(scenario, case.evidence, WhatIf(what_if.given, {}))
    batch = Batch(network, network.masks(None), case.values)
    program = write_program(batch, hypothesis_variables(scenario), _contrasts(case))
    listing = _Listing(program, network, places)
    leader = int(lead(np.array(published["because"] or published["present"])))
    effect = scenario.effects.get(scenario.effect or "")
    return {
        "title": neutralise(scenario.title),
        "scale": [[band.word, band.low, band.high] for band in SCALES[scenario.settings.scale]],
        "effect": neutralise(label_of(str(scenario.effect), effect)) if effect else "",
        "hypotheses": [
            [neutralise(label_of(name, noun)), places.variables[noun.claim.variable]]
            for name, noun in scenario.hypotheses.items()
        ],
        "combinations": _combine(case),
        "published": published,
        **write_stated(places, batch, what_if.given),
        **write_said(case, network, places, listing.leaves),
        **listing.write(),
        "judgements": choose_judgements(case, list(scenario.hypotheses)[leader], places.numbers),
        "do": [[places.variables[v], places.state(v, s)] for v, s in what_if.do.items()],
    }


def _contrasts(case: Premises) -> list[Contrast | None]:
    """Of each hypothesis, that it was why the first effect came about."""
    scenario = case.scenario
    effect = scenario.effects.get(scenario.effect or "")
    return [why(scenario, effect.claim, [h]) for h in scenario.hypotheses] if effect else []


def _publish(case: Premises) -> Data:
    """The numbers of the case as it stands, from Python."""
    stated, names = case.stated, hypothesis_variables(case.scenario)
    joint = stated.joint(names)
    claims = [noun.claim for noun in case.scenario.hypotheses.values()]
    contrasts = _contrasts(case)
    return {
        "present": [float(chance_of(c, names, stated.network, joint)[0, 0]) for c in claims],
        "because": [float(p[0, 0]) for p in because(stated, contrasts)] if contrasts else None,
        "joint": joint[..., 0, 0].ravel().tolist(),
    }


def _combine(case: Premises) -> list[Any]:
    """Which hypotheses hold, with the cells of the joint table in which exactly they do."""
    scenario, names = case.scenario, hypothesis_variables(case.scenario)
    found: dict[tuple[int, ...], list[int]] = {}
    for i, states in enumerate(product(*(scenario.variables[name].states for name in names))):
        world = dict(zip(names, states, strict=True))
        claims = (noun.claim for noun in scenario.hypotheses.values())
        truths = tuple(int(world[claim.variable] in claim.states) for claim in claims)
        found.setdefault(truths, []).append(i)
    return [[list(truths), cells] for truths, cells in found.items()]


@dataclass(frozen=True)
class _Listing:
    """A program with places in lists for names, and without what no answer rests on."""

    program: Program
    network: Network
    places: Places

    @cached_property
    def used(self) -> dict[int, int]:
        """The slots that an answer rests on, with their places on the page."""
        slots, contrasts = self.program.slots, self.program.contrasts
        wanted = {self.program.joint, *(slot for slot in contrasts if slot is not None)}
        for at in range(len(slots) - 1, -1, -1):
            slot = slots[at]
            if at in wanted and isinstance(slot, Merged):
                wanted.update(slot.slots)
        return {at: i for i, at in enumerate(sorted(wanted))}

    @cached_property
    def nodes(self) -> dict[Node, int]:
        """What the slots are over, with its place on the page."""
        scopes = (self.program.scope(slot) for slot in self.used)
        return {node: i for i, node in enumerate(dict.fromkeys(n for s in scopes for n in s))}

    @cached_property
    def leaves(self) -> list[Filled]:
        """The factors on a variable itself."""
        return [s for s in self.program.slots if isinstance(s, Filled) and s.kind == "leaf"]

    def write(self) -> Data:
        """Slots, tables that are coupled between the worlds, and where the answers stand."""
        program, used = self.program, self.used
        return {
            "cards": [program.cards[node] for node in self.nodes],
            "slots": [self._slot(program.slots[slot]) for slot in used],
            "couplings": [self._coupling(name, twins) for name, twins in program.couplings],
            "joint": used[program.joint],
            "contrasts": [None if slot is None else used[slot] for slot in program.contrasts],
        }

    def _slot(self, slot: Filled | Merged) -> list[Any]:
        scope = [self.nodes[node] for node in slot.scope]
        if isinstance(slot, Merged):
            return [[self.used[other] for other in slot.slots], scope]
        lists: dict[str, Sequence[Any]] = {
            "table": list(self.places.variables),
            "reliability": self.network.reliabilities,
            "story": list_stories(self.network),
        }
        if slot.kind in lists:
            return [slot.kind, lists[slot.kind].index(slot.which), scope]
        return [slot.kind, self.leaves.index(slot) if slot.kind == "leaf" else slot.which, scope]

    def _coupling(self, name: str, twins: Sequence[str | None]) -> list[Any]:
        """The variable; for each parent -2 if shared, -1 if free, else the state it is set to."""
        parents = self.places.scenario.variables[name].parents
        pairs = zip(parents, twins, strict=True)
        return [self.places.variables[name], [self._twin(parent, twin) for parent, twin in pairs]]

    def _twin(self, parent: str, twin: str | None) -> int:
        if twin is None:
            return -2
        return self.places.state(parent, twin) if twin else -1
