"""What a case takes for granted: a dossier, the moment, and what is tried out.

Every method returns a new value; nothing is changed in place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np

from rivals.analysts import seen_by
from rivals.batch import Batch
from rivals.drafting import draft_reports, sole_report
from rivals.errors import ImpossibleEvidence, Problem, QuestionError, quote, suggest
from rivals.evidence import Evidence, logged_at, weigh_up
from rivals.judgements import Values, as_stated
from rivals.moments import When
from rivals.network import Network, WhatIf
from rivals.scenario import Dossier, Entry, Report, Scenario
from rivals.stories import Mask


@dataclass(frozen=True)
class Premises:
    """A dossier, the moment from which it is seen, and what is tried out."""

    dossier: Dossier
    moment: When | None = None
    left_out: tuple[str, ...] = ()
    what_if: WhatIf = field(default_factory=lambda: WhatIf({}, {}))

    @property
    def scenario(self) -> Scenario:
        """What scenario.yaml says."""
        return self.dossier.scenario

    @property
    def name(self) -> str:
        """The name of the scenario's folder."""
        return self.dossier.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which a day is meant."""
        return ZoneInfo(self.scenario.settings.timezone)

    @property
    def effect(self) -> str | None:
        """The first effect, which the headline explains."""
        return self.scenario.effect

    def as_of(self, moment: str | None) -> Self:
        """The case as it stood at the end of a day or month, or at a time; None for all."""
        if moment is None:
            return replace(self, moment=None)
        try:
            return replace(self, moment=When(moment))
        except ValueError as error:
            raise QuestionError(str(error)) from None

    def as_analyst(self, name: str) -> Self:
        """The case as judged in `analysts/NAME.yaml`; "house": as in the scenario's own files."""
        return self.see(seen_by(self.dossier, name))

    def see(self, dossier: Dossier) -> Self:
        """The case with another dossier, at the same moment and with the same what-ifs."""
        return replace(self, dossier=dossier)

    def without(self, *names: str) -> Self:
        """The case with reports left out: by id, `origin:NAME` or `source:NAME`."""
        case = replace(self, left_out=(*self.left_out, *names))
        weigh_up(self.dossier, None, names)
        return case

    def given(self, /, **observed: str | Sequence[str]) -> Self:
        """The case with one more observation of each named variable: a state or several."""
        return self._suppose(given={v: _listed(s) for v, s in observed.items()})

    def do(self, /, **imposed: str) -> Self:
        """The case in a world where each named variable was set, whatever its causes."""
        return self._suppose(do=imposed)

    def _suppose(
        self,
        given: Mapping[str, tuple[str, ...]] | None = None,
        do: Mapping[str, str] | None = None,
    ) -> Self:
        for variable, states in {
            **(given or {}),
            **{v: (s,) for v, s in (do or {}).items()},
        }.items():
            self._check_states(variable, states)
        twice = {*(given or ())} & {*self.what_if.given} | {*(do or ())} & {*self.what_if.do}
        if twice:
            raise QuestionError(f"a variable is supposed once, got {quote(sorted(twice)[0])} again")
        what_if = WhatIf({**self.what_if.given, **(given or {})}, {**self.what_if.do, **(do or {})})
        both = set(what_if.given) & set(what_if.do)
        if both:
            raise QuestionError(
                f"a variable is given or under do, not both, got {quote(sorted(both)[0])}"
            )
        return replace(self, what_if=what_if)

    def _check_states(self, variable: str, states: Sequence[str]) -> None:
        variables = self.scenario.variables
        if variable not in variables:
            hint = suggest(variable, variables)
            raise QuestionError(
                f"a variable of this scenario is expected, got {quote(variable)}{hint}"
            )
        if not states:
            raise QuestionError(f"one state of {variable} at least is named, got none")
        for state in states:
            if state not in variables[variable].states:
                known = ", ".join(variables[variable].states)
                raise QuestionError(f"a state of {variable} is one of {known}, got {quote(state)}")

    def with_report(self, **fields: Any) -> Self:
        """The case with one more report in its log, which is not written anywhere.

        Fields are those of reports.yaml. Without them, the id is `new-report` and the report is
        published and logged at the case's moment, or on the last day of the log.
        """
        return self.with_entry(self.draft_report(**fields))

    def with_entry(self, entry: Entry) -> Self:
        """The case with one more entry at the end of its log."""
        return replace(self, dossier=replace(self.dossier, log=(*self.dossier.log, entry)))

    def draft_report(self, **fields: Any) -> Report:
        """The report that `with_report` would log; raises QuestionError for what breaks a rule."""
        defaults = {"id": self._free_id(), "published": self.last_moment()}
        return sole_report(draft_reports(self.dossier, [{**defaults, **fields}]))

    def _free_id(self) -> str:
        taken = {report.id for report in self.dossier.reports()}
        numbered = (f"new-report-{i}" for i in range(2, len(taken) + 3))
        return next(name for name in ("new-report", *numbered) if name not in taken)

    def last_moment(self) -> str:
        """The case's moment, or the last day in the log; without one, the first day of 1970."""
        if self.moment is not None:
            return self.moment.text
        last = max((logged_at(entry, self.zone) for entry in self.dossier.log), default=None)
        return last.astimezone(self.zone).date().isoformat() if last else "1970-01-01"

    @cached_property
    def evidence(self) -> Evidence:
        """Every report logged by the moment, with what of it counts."""
        return weigh_up(self.dossier, self.moment, self.left_out)

    @property
    def network(self) -> Network:
        """The compiled network; raises ImpossibleEvidence, naming the report that made it so."""
        return self.stated.network

    def check_possible(self) -> None:
        """Raises ImpossibleEvidence, naming the report that made it so, or TooLarge."""
        _ = self.stated

    @cached_property
    def stated(self) -> Batch:
        """The network on the judgements as stated, with all that counts."""
        network = Network(self.scenario, self.evidence, self.what_if)
        stated = Batch(network, network.masks(None), self.values)
        if not np.isfinite(stated.log_evidence).all():
            raise self._blame(stated)
        return stated

    def _blame(self, stated: Batch) -> ImpossibleEvidence:
        network = stated.network
        steps = range(len(network.items) - len(self.what_if.given) + 1)
        first = bisect_left(steps, True, key=lambda n: not _is_possible(stated, network.prefix(n)))
        if first == 0:
            shown = ", ".join(f"{v}={'|'.join(s)}" for v, s in self.what_if.given.items())
            return ImpossibleEvidence(
                f"what is given has probability 0 under the model, got {quote(shown)}"
            )
        report = network.items[len(self.what_if.given) + first - 1]
        place = self.dossier.places.get(f"reports.{report}")
        path = f"{self.dossier.folder}/{place.file}" if place else ""
        supposed = " and what is supposed" if self.what_if.given or self.what_if.do else ""
        analyst = self.dossier.analyst
        whose = f" of the analyst {quote(analyst)}" if analyst else ""
        text = (
            f"the evidence has probability 0 under the model{whose}{supposed}; "
            f"it became impossible with the report {quote(report)}"
        )
        return ImpossibleEvidence([Problem(text, path, place.line if place else 0)], report)

    @cached_property
    def values(self) -> Values:
        """The judgements as stated."""
        return as_stated(self.scenario)


def _is_possible(batch: Batch, mask: Mask) -> bool:
    """Whether the evidence of one set can be; once it cannot, no more of it mends that."""
    return bool(np.isfinite(batch.over(mask).log_evidence).all())


def _listed(states: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(states, str):
        return tuple(state.strip() for state in states.split("|"))
    return tuple(states)
