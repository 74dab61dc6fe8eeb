"""Which of what two analysts put differently accounts for the gap between their beliefs.

Shapley values over the differences: what each adds on its way from the first one's view to the
second's, the mean over all orders. They sum to the gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import numpy as np

from rivals.analysis.accounting import COARSE, Word, explain_first
from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.difference import Difference, Sides, mix_log, mix_scenario
from rivals.analysis.impact import weigh_odds
from rivals.analysis.shapley import EXACT, Shares, Tell, share_out
from rivals.analysis.spread import chance_of
from rivals.batch import Batch, ask_in_chunks
from rivals.engine import Array
from rivals.evidence import Evidence, weigh_up
from rivals.judgements import Values, as_stated
from rivals.network import Network
from rivals.premises import Premises
from rivals.scenario import Scenario
from rivals.stories import Mask

Switched = tuple[bool, ...]
GAMES = ("decibels", "points", "because")


@dataclass(frozen=True)
class Dispute:
    """Two views of one case, and what differs between them; `case` tells the moment and what-ifs.

    The worth of a coalition is the belief of somebody who sees its differences as the second does,
    and all else as the first.
    """

    case: Premises
    sides: Sides
    differences: tuple[Difference, ...]
    tell: Tell | None = None
    _heard: dict[Switched, Evidence] = field(default_factory=dict)

    @property
    def games(self) -> tuple[str, ...]:
        """What is shared out: decibels and points of presence; with effects, of `because`."""
        return GAMES if self.sides.house.scenario.effect is not None else GAMES[:2]

    def share(self, seed: int = 0) -> Shares:
        """What each difference accounts for: (differences, games x hypotheses).

        In decibels and in percentage points; exact up to 12, sampled beyond, to a tenth of a
        decibel and a quarter of a point. NaN in a game where a coalition is impossible, or its
        odds are infinite.
        """
        players = len(self.differences)
        found = share_out(self.play, players, seed, None if players <= EXACT else self.tell)
        spoilt = np.isnan(found.share).any(axis=0)
        share, error = (
            np.where(spoilt, np.nan, self.scale(one)) for one in (found.share, found.error)
        )
        return Shares(share, error, found.pairs)

    def scale(self, worth: Array) -> Array:
        """Decibels and percentage points from what `play` counts in: (..., games x hypotheses)."""
        each = len(self.sides.house.scenario.hypotheses)
        return np.asarray(worth * np.repeat([1.0, *[COARSE] * (len(self.games) - 1)], each))

    def play(self, sets: Mask) -> Array:
        """What coalitions are worth, points in units of COARSE: (sets, games x hypotheses)."""
        each = len(self.sides.house.scenario.hypotheses)
        worth = np.full((sets.shape[1], len(self.games) * each), np.nan)
        of_models = self._columns(sets, "model")
        for done, model in enumerate(dict.fromkeys(of_models)):
            own = np.array([one == model for one in of_models])
            worth[own] = self._ask_world(model, sets[:, own])
            if self.tell is not None and len(self.differences) <= EXACT:
                self.tell(done + 1, len(set(of_models)))
        return np.where(np.isfinite(worth), worth, np.nan)

    def _places(self, kind: str) -> list[int]:
        """Which differences are about the evidence, about numbers, or about the model."""
        kinds = [
            "coding" if d.kind == "coding" else "numbers" if d.numbers else "model"
            for d in self.differences
        ]
        return [at for at, own in enumerate(kinds) if own == kind]

    def _columns(self, sets: Mask, kind: str) -> list[Switched]:
        """Of every coalition, which differences of a kind have switched."""
        return [tuple(column) for column in sets[self._places(kind)].T.tolist()]

    def _of(self, kind: str, switched: Switched) -> AbstractSet[Difference]:
        places = zip(self._places(kind), switched, strict=True)
        return {self.differences[at] for at, on in places if on}

    def _ask_world(self, model: Switched, sets: Mask) -> Array:
        """The worth of coalitions that share a model: one network, its evidence by its numbers."""
        scenario = mix_scenario(self.sides, self._of("model", model))
        codings, numbers = (self._columns(sets, kind) for kind in ("coding", "numbers"))
        said, drawn = list(dict.fromkeys(codings)), list(dict.fromkeys(numbers))
        network, masks = self._hear(scenario, said)
        row = np.array([said.index(one) for one in codings])
        column = np.array([drawn.index(one) for one in numbers])
        if len(said) * len(drawn) <= len(codings):
            whole = Batch(network, masks, self._number(scenario, drawn))
            return np.asarray(self._ask(whole)[row, column])
        worth = np.empty((len(codings), len(self.games) * len(scenario.hypotheses)))
        for at in range(len(said)):  # not every coding meets every number
            own = np.flatnonzero(row == at)
            values = self._number(scenario, [numbers[i] for i in own])
            worth[own] = self._ask(Batch(network, masks[:, [at]], values))[0]
        return worth

    def _hear(self, scenario: Scenario, codings: Sequence[Switched]) -> tuple[Network, Mask]:
        """A network of all that is said under some coding, and what holds under each."""
        words: dict[str, list[Word]] = {}
        holds: list[set[tuple[str, int]]] = []
        for coding in codings:
            own = set()
            evidence = self._weigh_up(coding)
            for standing in evidence.counted:
                word, known = Word.of(standing), words.setdefault(standing.report.id, [])
                if word not in known:
                    known.append(word)
                own.add((standing.report.id, known.index(word)))
            holds.append(own)
        items = [(name, i) for name, known in words.items() for i in range(len(known))]
        standings = tuple(words[name][i].stand(f"{name} {i}") for name, i in items)
        network = Network(scenario, replace(evidence, standings=standings), self.case.what_if)
        always = np.ones((len(network.items) - len(items), len(codings)), bool)  # no reports
        heard = np.array([[item in own for own in holds] for item in items], bool)
        return network, np.vstack([always, heard.reshape(len(items), len(codings))])

    def _weigh_up(self, coding: Switched) -> Evidence:
        """What counts of the log under a coding."""
        if coding not in self._heard:
            log = mix_log(self.sides, self._of("coding", coding))
            dossier = replace(self.sides.house, log=log, withheld=self.case.dossier.withheld)
            self._heard[coding] = weigh_up(dossier, self.case.moment, self.case.left_out)
        return self._heard[coding]

    def _number(self, scenario: Scenario, combinations: Sequence[Switched]) -> Values:
        """The judgements as stated, a draw for each combination of numbers."""
        stated, second = as_stated(scenario), as_stated(self.sides.second.scenario)
        wide = len(combinations)
        values = {p: np.broadcast_to(v, (*v.shape[:-1], wide)) for p, v in stated.items()}
        for at, place in enumerate(self._places("numbers")):
            turned = np.array([one[at] for one in combinations])
            for path in self.differences[place].numbers:
                values[path] = np.where(turned, second[path], values[path])
        return values

    def _ask(self, batch: Batch) -> Array:
        """The games of every coding by every combination of numbers: (sets, draws, games)."""
        found = ask_in_chunks(lambda chunk: tuple(self._measure(chunk)), batch)
        return np.stack(found, axis=-1)

    def _measure(self, batch: Batch) -> Iterator[Array]:
        network, scenario = batch.network, batch.network.scenario
        yield from weigh_odds(batch)
        names = hypothesis_variables(scenario)
        joint = batch.joint(names)
        for noun in scenario.hypotheses.values():
            yield 100 * chance_of(noun.claim, names, network, joint) / COARSE
        for chance in explain_first(batch, list(scenario.hypotheses)):
            yield 100 * chance / COARSE
