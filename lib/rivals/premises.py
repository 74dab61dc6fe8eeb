"""What a case takes for granted: a dossier, the moment, and what is tried out.

Every method returns a new value; nothing is changed in place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np

from rivals.analysts import seen_by
from rivals.batch import Batch
from rivals.drafting import draft_reports, sole_report
from rivals.entries import Entry, Report
from rivals.errors import ImpossibleEvidence, Problem, QuestionError, quote, suggest
from rivals.evidence import Evidence, logged_at, weigh_up
from rivals.judgements import Values, as_stated
from rivals.moments import When
from rivals.network import Network, WhatIf
from rivals.redacting import redact
from rivals.scenario import Dossier, Scenario
from rivals.stories import Mask
from rivals.words import HANDLING, Handling, exceeds, parse_handling


@dataclass(frozen=True)
class Release:
    """For whom a case is: the TLP level that it is released for, and the dossier as it is."""

    level: Handling
    whole: Dossier


@dataclass(frozen=True)
class Premises:
    """A dossier, the moment from which it is seen, and what is tried out."""

    dossier: Dossier
    moment: When | None = None
    left_out: tuple[str, ...] = ()
    what_if: WhatIf = field(default_factory=lambda: WhatIf({}, {}))
    released: Release | None = None

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
        try:
            then = replace(self.whole, moment=None if moment is None else When(moment))
        except ValueError as error:
            raise QuestionError(str(error)) from None
        return then.release(self.released.level if self.released else None)

    def as_analyst(self, name: str) -> Self:
        """The case as judged in `analysts/NAME.yaml`; "house": as in the scenario's own files."""
        return self.see(seen_by(self.whole.dossier, name))

    def see(self, dossier: Dossier) -> Self:
        """The case with another dossier, whole, at the same moment, with the same what-ifs."""
        seen = replace(self.whole, dossier=dossier)
        return seen.release(self.released.level if self.released else None)

    def without(self, *names: str) -> Self:
        """The case with reports left out: by id, `origin:NAME` or `source:NAME`."""
        case = replace(self, left_out=(*self.left_out, *names))
        weigh_up(self.dossier, None, names)
        return case

    def release(self, level: str | None) -> Self:
        """The case as those may see it who may see no report marked above a TLP level; None: all.

        Withheld reports are left out as by `without`, so that no echo takes their place, and
        nothing that the case is asked tells of them, nor of sources that speak in them alone. Of
        the latest marking of a report and that of the case's moment the stricter one goes: what it
        said then may have been put otherwise to be shown. Raises QuestionError for no such level.
        """
        if level is None:
            return self
        try:
            limit = parse_handling(level)
        except ValueError as error:
            raise QuestionError(str(error)) from None
        whole = self.whole
        above = frozenset(name for name, m in whole.markings.items() if exceeds(m, limit))
        dossier = withhold(whole.dossier, above)
        return replace(self, dossier=dossier, released=Release(limit, whole.dossier))

    @property
    def whole(self) -> Self:
        """The case with all that was withheld from it."""
        if self.released is None:
            return self
        return replace(self, dossier=self.released.whole, released=None)

    @property
    def withheld(self) -> tuple[str, ...]:
        """The reports of the moment that are withheld, by id."""
        known = (s.report.id for s in self.whole.evidence.standings)
        return tuple(name for name in known if name in self.dossier.withheld)

    @property
    def markings(self) -> dict[str, Handling]:
        """The latest marking of each report, or a stricter one that it had at the moment."""
        latest, then = (
            {s.report.id: s.report.handling for s in evidence.standings}
            for evidence in (weigh_up(self.dossier, None), self.evidence)
        )
        return {
            name: max(now, then.get(name, now), key=HANDLING.index) for name, now in latest.items()
        }

    @property
    def handling(self) -> Handling:
        """The level that the case is released for, or the highest of the reports that it shows."""
        if self.released is not None:
            return self.released.level
        markings = self.markings
        return max(
            (markings[s.report.id] for s in self.evidence.standings),
            key=HANDLING.index,
            default="CLEAR",
        )

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
        if self.released is not None:
            return self.whole.with_entry(entry).release(self.released.level)
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
        last = max((logged_at(entry, self.zone) for entry in self.dossier.shown), default=None)
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
        steps = range(len(network.items) - network.first_report + 1)
        first = bisect_left(steps, True, key=lambda n: not _is_possible(stated, network.prefix(n)))
        if first == len(steps):  # so it is only with what has not come that nothing is possible
            return self._blame_silence(stated)
        if first == 0:
            shown = ", ".join(f"{v}={'|'.join(s)}" for v, s in self.what_if.given.items())
            return ImpossibleEvidence(
                f"what is given has probability 0 under the model, got {quote(shown)}"
            )
        report = network.items[network.first_report + first - 1]
        text = (
            f"the evidence has probability 0 under the model{self._supposed}; it became impossible "
            f"with the report {quote(report)}"
        )
        return ImpossibleEvidence([self._problem(text, f"reports.{report}")], report)

    def _blame_silence(self, stated: Batch) -> ImpossibleEvidence:
        """The first silence, in the order of the file, with which nothing is possible any more."""
        network = stated.network
        silences = slice(network.first_silence, network.first_report)
        count = len(network.silences)
        masks = np.repeat(stated.masks, count + 1, axis=1)
        masks[silences] = np.arange(count)[:, np.newaxis] < np.arange(count + 1)
        possible = np.isfinite(stated.over(masks).log_evidence[:, 0])
        silence = network.silences[int(np.argmin(possible)) - 1]
        noun = self.scenario.expected[silence.name]
        text = (
            f"the evidence has probability 0 under the model{self._supposed}; it became impossible "
            f"with a silence: by now a report of {noun.claim} was certain to have come "
            f"(expected {quote(silence.name)}: a chance of {noun.chance:g} by {noun.by})"
        )
        return ImpossibleEvidence([self._problem(text, silence.path.rpartition(".")[0])])

    @property
    def _supposed(self) -> str:
        """Whose model it is, and whether something is supposed, as it follows `the model`."""
        analyst = self.dossier.analyst
        whose = f" of the analyst {quote(analyst)}" if analyst else ""
        return whose + (" and what is supposed" if self.what_if.given or self.what_if.do else "")

    def _problem(self, text: str, path: str) -> Problem:
        """A problem with something that stands in the files."""
        place = self.dossier.places.get(path)
        file = f"{self.dossier.folder}/{place.file}" if place else ""
        return Problem(text, file, place.line if place else 0)

    @cached_property
    def values(self) -> Values:
        """The judgements as stated."""
        return as_stated(self.scenario)


def withhold(
    dossier: Dossier,
    above: frozenset[str],
    heard: Collection[str] = (),
    secret: Collection[str] = (),
) -> Dossier:
    """The dossier without these reports, nor what is expected of what they, or others, spoke of.

    secret: sources that are not to be named though these reports are not all that they speak in.
    """
    standings = weigh_up(dossier, None).standings
    own = {variable for s in standings if s.report.id in above for variable in s.counts}
    return redact(dossier, above, own | {*heard}, secret)


def _is_possible(batch: Batch, mask: Mask) -> bool:
    """Whether the evidence of one set can be; once it cannot, no more of it mends that."""
    return bool(np.isfinite(batch.over(mask).log_evidence).all())


def _listed(states: str | Sequence[str]) -> tuple[str, ...]:
    if isinstance(states, str):
        return tuple(state.strip() for state in states.split("|"))
    return tuple(states)
