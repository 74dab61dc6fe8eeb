"""What several analysts believe of one case, what they believe together, and where they part.

A pool is the belief of a group that gives each member a weight (Genest and Zidek 1986): the linear
one is the weighted mean of probabilities, the logarithmic one that of log-odds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from rivals.analysis.beliefs import believe, hypothesis_variables, lead
from rivals.analysis.causes import explain
from rivals.analysis.difference import Sides, list_differences
from rivals.analysis.dispute import Dispute
from rivals.analysis.itemising import itemise
from rivals.analysis.shapley import Tell
from rivals.analysis.spread import spread_draws
from rivals.analysts import house_of, read_analysts
from rivals.dissent import FOLDER, HOUSE, Analyst
from rivals.engine import Array
from rivals.errors import QuestionError, quote, suggest
from rivals.premises import Premises
from rivals.scenario import Dossier

MEASURES = ("posterior", "because")


@dataclass(frozen=True)
class Poll:
    """Who is asked: weights in place of those of the files, the two to compare, the house too.

    The house is the scenario's own view; it is asked when `house` is true or a weight names it.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    between: tuple[str, str] | None = None
    house: bool = False


@dataclass(frozen=True)
class Opinions:
    """What analysts believe, together and apart.

    beliefs: by (analyst, hypothesis): name (the analyst's), label, weight (shares that sum to 1),
    prior, posterior, low, high, words; with effects `because` of the first, because_low and
    because_high. pools: by hypothesis, for ("posterior", ...) and ("because", ...): linear and
    log_odds pool, lowest and highest belief, and whose: lowest_by, highest_by. between: the two
    whose gap is accounted for. account: a row per piece that they put differently: ("item", ...)
    kind, and as the first and the second of them has it, where it stands and why; ("points", h),
    ("decibels", h), ("because", h): what it adds on the way from the first to the second, in
    percentage points, decibels and points of `because`; ("points_error", h) and so on: standard
    errors, 0 when exact. gap: by hypothesis, what these sum to. pairs: how many pairs of orders
    were sampled, 0 when exact.
    """

    beliefs: pd.DataFrame
    pools: pd.DataFrame
    between: tuple[str, str]
    account: pd.DataFrame
    gap: pd.DataFrame
    pairs: int

    @property
    def names(self) -> dict[str, str]:
        """What each analyst is called, by the name of the file."""
        by_analyst = self.beliefs["name"].groupby(level="analyst", sort=False).first()
        return {str(name): str(label) for name, label in by_analyst.items()}

    @property
    def measure(self) -> str:
        """The headline's number: `because` with effects, else the posterior."""
        return MEASURES["because" in self.beliefs]

    @property
    def leader(self) -> str:
        """The hypothesis that the linear pool puts highest, ties by the order of the file."""
        return _leader(self.pools, self.measure)


def ask_analysts(
    case: Premises, poll: Poll, draws: int = 0, seed: int = 0, tell: Tell | None = None
) -> Opinions:
    """What each analyst of a case believes, pooled, and what accounts for a gap between two.

    Raises QuestionError where there is no analyst, or for a name or weight that cannot be.
    """
    house = house_of(case.whole.dossier)
    analysts = read_analysts(house)
    if not analysts:
        raise QuestionError(
            f"an analyst is a file {FOLDER}/NAME.yaml beside scenario.yaml, got none in "
            f"{house.folder or 'this scenario'}"
        )
    weights = _weigh(analysts, poll)
    asked = {name: analysts.get(name) for name in weights}
    beliefs = _ask_each(case, house, asked, draws, seed)
    shares = pd.Series(weights) / sum(weights.values())
    beliefs.insert(2, "weight", shares.loc[beliefs.index.get_level_values("analyst")].to_numpy())
    pools = pool_beliefs(beliefs)
    between = _choose(beliefs, pools, analysts, poll)
    pair = [analysts.get(name) for name in between]
    sides = Sides.of(house, pair[0], pair[1], case.moment)
    dispute = Dispute(case, sides, tuple(list_differences(sides)), tell)
    account = itemise(dispute, seed)
    return Opinions(beliefs, pools, between, account, account.attrs["gap"], account.attrs["pairs"])


def _weigh(analysts: Mapping[str, Analyst], poll: Poll) -> dict[str, float]:
    """The weight of everybody who is asked, in the order of the files, the house first."""
    known = [HOUSE, *analysts]
    for name, weight in poll.weights.items():
        if name not in known:
            raise QuestionError(
                f"a weight is an analyst's, got {quote(name)}{suggest(name, known)}"
            )
        if not (np.isfinite(weight) and weight >= 0):
            raise QuestionError(f"a weight is 0 or more, got {weight:g} for {quote(name)}")
    own = {HOUSE: 1.0} if poll.house or HOUSE in poll.weights else {}
    own |= {name: analyst.weight for name, analyst in analysts.items()}
    weights = {name: float(poll.weights.get(name, weight)) for name, weight in own.items()}
    if not sum(weights.values()) > 0:
        raise QuestionError("one analyst at least has a weight above 0, got none")
    if not np.isfinite(sum(weights.values())):
        raise QuestionError("weights are finite together, got more than can be summed")
    return weights


def _ask_each(
    case: Premises, house: Dossier, asked: Mapping[str, Analyst | None], draws: int, seed: int
) -> pd.DataFrame:
    """Everybody's beliefs, one table below the other."""
    tables = {}
    for name, analyst in asked.items():
        seen = case.see(house if analyst is None else analyst.dossier)
        spread = spread_draws(seen.network, hypothesis_variables(seen.scenario), draws, seed)
        table = believe(seen.stated, spread)
        if seen.effect is not None:
            causes = explain(seen.stated, spread).loc[seen.effect]
            table["because"] = causes["because"]
            table["because_low"], table["because_high"] = causes["low"], causes["high"]
        table.insert(0, "name", "The scenario’s own" if analyst is None else analyst.label)
        tables[name] = table
    beliefs = pd.concat(tables, names=["analyst", "hypothesis"])
    beliefs.attrs["draws"] = {name: table.attrs["draws"] for name, table in tables.items()}
    return beliefs


def pool_beliefs(beliefs: pd.DataFrame) -> pd.DataFrame:
    """By hypothesis and measure: linear and log_odds pool, lowest and highest, and whose they are.

    Who has no weight is not in the pools; among lowest and highest all are.
    """
    columns: dict[tuple[str, str], object] = {}
    for measure in MEASURES[: 1 + ("because" in beliefs)]:
        each = beliefs[measure].unstack("analyst", sort=False)
        weights = beliefs["weight"].groupby(level="analyst", sort=False).first()[each.columns]
        chances = each.to_numpy(float)
        columns |= {
            (measure, "linear"): chances @ weights.to_numpy(),
            (measure, "log_odds"): pool_log_odds(chances, weights.to_numpy()),
            (measure, "lowest"): each.min(axis=1),
            (measure, "lowest_by"): each.idxmin(axis=1),
            (measure, "highest"): each.max(axis=1),
            (measure, "highest_by"): each.idxmax(axis=1),
        }
    names = beliefs.index.get_level_values("hypothesis").unique()
    return pd.DataFrame(columns, index=names)


def pool_log_odds(chances: Array, weights: Array) -> Array:
    """The probability whose log-odds are the weighted mean of those given: (n, voices) to (n,).

    Weights sum to 1. One voice that is certain, and has weight, decides, whatever the others think;
    two that are certain of opposites leave nothing: NaN.

    >>> pool_log_odds(np.array([[0.2, 0.8], [0.0, 0.5], [0.0, 1.0]]), np.array([0.5, 0.5]))
    array([0.5, 0. , nan])
    """
    heard = weights > 0
    with np.errstate(invalid="ignore"):  # no mean of what is infinite both ways
        return np.asarray(expit((logit(chances[:, heard]) * weights[heard]).sum(axis=1)))


def _leader(pools: pd.DataFrame, measure: str) -> str:
    chances = pools[measure, "linear"].to_numpy(float)
    return str(pools.index[int(lead(chances[:, np.newaxis])[0])])


def _choose(
    beliefs: pd.DataFrame, pools: pd.DataFrame, analysts: Mapping[str, Analyst], poll: Poll
) -> tuple[str, str]:
    """The two that were named, or who are furthest apart on the leader; one beside the house."""
    known = [HOUSE, *analysts]
    if poll.between is not None:
        for name in poll.between:
            if name not in known:
                hint = suggest(name, known)
                raise QuestionError(f"between two analysts is asked, got {quote(name)}{hint}")
        if poll.between[0] == poll.between[1]:
            raise QuestionError(f"two analysts are compared, got {quote(poll.between[0])} twice")
        return poll.between
    asked = list(beliefs.index.get_level_values("analyst").unique())
    if len(asked) < 2:
        return HOUSE, asked[0]
    measure = MEASURES["because" in beliefs]
    chances = beliefs[measure].xs(_leader(pools, measure), level="hypothesis")
    return max(combinations(asked, 2), key=lambda two: abs(chances[two[0]] - chances[two[1]]))
