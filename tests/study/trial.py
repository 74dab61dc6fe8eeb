"""One made world, weighed by every method under every kind of error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rivals.judgements import Values
from rivals.network import Network
from study.coding import dossier_of, scenario_of
from study.enumeration import Beliefs
from study.matrix import Matrix
from study.model import GRADES, SETTINGS, Array
from study.naive import count_pages
from study.setting import Made, Setting
from study.suspecting import Suspicion, finds_one_sided
from study.views import AWAITED, KINDS, RIGHT, SILENCE, View, lint, take_views
from study.weighing import as_draws, network_of, spread, weigh

METHODS = ("prior alone", "naive Bayes, every page", "naive Bayes, marked copies dropped", "rivals")
"""The methods whose log-odds a trial holds; the matrix has scores, until they are fitted."""

MOST = 4
"""Hypotheses in a world at most; a world with fewer has NaN in the last place."""

DRAWS = 500
"""Draws behind a range; the library doubles them while they are worth too few."""

AS_THEY_ARE = "as they are"
FIDELITIES = ("direct", "relayed", "inferred")
VARIANTS: Mapping[str, Mapping[str, float]] = {
    AS_THEY_ARE: {},
    "spin 0.25": {"spin": 0.25},
    "spin 0.75": {"spin": 0.75},
    "accuracy 0.90": {"accuracy": 0.90},
    "accuracy 0.99": {"accuracy": 0.99},
    "fidelities lower": {
        "fidelity.direct": 0.97,
        "fidelity.relayed": 0.9,
        "fidelity.inferred": 0.7,
    },
    "fidelities higher": {
        "fidelity.direct": 0.999,
        "fidelity.relayed": 0.99,
        "fidelity.inferred": 0.9,
    },
    "grades halfway to 0.5": {f"grades.{g}": (p + 0.5) / 2 for g, p in GRADES.items()},
    "grades further apart": {
        f"grades.{g}": p for g, p in zip("ABCDE", (0.98, 0.92, 0.78, 0.5, 0.2), strict=True)
    },
}
"""Other defaults that could be had, tried on the same worlds."""


@dataclass(frozen=True)
class Trial:
    """What one world gave, in log-odds of its hypotheses unless said otherwise.

    truth: 1.0 where it holds. known: by the true numbers. odds: (kinds, methods, MOST). scores: of
    the matrix, (kinds, ways, MOST). variants: of `rivals`, (kinds, VARIANTS, MOST). ranges: (kinds,
    3, MOST), the ends as probabilities and the mean of the draws; NaN where none were found.
    pages: how many. suspicion: what the lint found. one_sided: (kinds,), 1.0 where a lint
    calls the log so.
    """

    rate: int
    truth: Array
    known: Array
    odds: Array
    scores: Array
    variants: Array
    ranges: Array
    pages: int
    suspicion: Suspicion
    one_sided: Array


@dataclass(frozen=True)
class Lesson:
    """What another world teaches about the matrix.

    prior: log-odds, (kinds, MOST). scores: (kinds, ways, MOST).
    """

    rate: int
    truth: Array
    prior: Array
    scores: Array


def try_world(setting: Setting) -> Trial:
    """Everything that the tables need of one world."""
    made = Made.draw(setting)
    views, suspicion = lint(take_views(made), made)
    networks = _join(views, ranged=setting.ranged)
    varied = [weigh(networks[kind], _vary(views[kind])) for kind in KINDS]
    others = _weigh_otherwise(views)
    odds = [[*others[kind][0], own[:, 0]] for kind, own in zip(KINDS, varied, strict=True)]
    return Trial(
        setting.rate,
        _pad(made.truth),
        _pad(weigh(networks[RIGHT], as_draws(made.numbers))[:, 0]),
        _pad(odds),
        _pad([others[kind][1] for kind in KINDS]),
        _pad([own.T for own in varied]),
        _pad(_find_ranges(networks, made.setting)),
        len(views[RIGHT].pages),
        suspicion,
        _find_one_sided(networks, made),
    )


def learn_from(setting: Setting) -> Lesson:
    """What the matrix is fitted on, of a world that is not scored."""
    made = Made.draw(setting)
    views, _ = lint(take_views(made), made)
    others = _weigh_otherwise(views)
    return Lesson(
        setting.rate,
        _pad(made.truth),
        _pad([others[kind][0][0] for kind in KINDS]),
        _pad([others[kind][1] for kind in KINDS]),
    )


def _join(views: Mapping[str, View], *, ranged: bool) -> dict[str, Network]:
    """The network of each view.

    Marked copies weigh nothing, so only the right model's log is read with them in it, and only in
    worlds in which every range is found.
    """
    models = {(id(seen.model), seen.awaits): seen.model for seen in views.values()}
    scenarios = {key: scenario_of(model, awaits=key[1]) for key, model in models.items()}
    found = {}
    for kind, seen in views.items():
        pages = seen.pages if kind == RIGHT and ranged else seen.counted
        scenario = scenarios[id(seen.model), seen.awaits]
        found[kind] = network_of(dossier_of(scenario, seen.model, pages))
    return found


def _find_one_sided(networks: Mapping[str, Network], made: Made) -> Array:
    """Whether `rivals check` finds the log one-sided: 1.0 or 0.0 by kind; NaN where unasked."""
    found = np.full(len(KINDS), np.nan)
    for kind in (RIGHT, SILENCE):
        found[KINDS.index(kind)] = finds_one_sided(networks[kind], made.model)
    return found


def _vary(view: View) -> Values:
    """The numbers as the analyst has them, with a draw for each variant of the defaults."""
    values = as_draws(view.numbers)
    for path, stated in SETTINGS.items():
        name = path.removeprefix("settings.")
        values[path] = np.array([variant.get(name, stated) for variant in VARIANTS.values()])
    return values


def _weigh_otherwise(views: Mapping[str, View]) -> dict[str, tuple[list[Array], Array]]:
    """By kind: the log-odds of the other methods in their order, and the scores of the matrix.

    They are deaf to silence, so what is awaited changes nothing for them.
    """
    models = {id(seen.model): seen.model for seen in views.values()}
    matrices = {key: Matrix(Beliefs(model)) for key, model in models.items()}
    found = {}
    for kind, seen in views.items():
        if seen.awaits:
            continue
        matrix, counted = matrices[id(seen.model)], seen.counted
        naive = [count_pages(matrix.beliefs, some) for some in ((), seen.pages, counted)]
        found[kind] = naive, matrix.add_up(counted)
    return found | {AWAITED: found[SILENCE]}


def _find_ranges(networks: Mapping[str, Network], setting: Setting) -> Array:
    """Ends and means of the draws, (kinds, 3, hypotheses); NaN where none are to be found."""
    asked = [setting.ranged or (setting.ranged_right and kind == RIGHT) for kind in KINDS]
    hypotheses = len(networks[RIGHT].scenario.hypotheses)
    found = np.full((len(KINDS), 3, hypotheses), np.nan)
    for i in np.flatnonzero(asked):
        ends, mean = spread(networks[KINDS[i]], DRAWS, setting.world)
        found[i] = *ends, mean
    return found


def _pad(found: object) -> Array:
    """NaN for the hypothesis that a world does not have."""
    known = np.asarray(found, float)
    return np.concatenate([known, np.full((*known.shape[:-1], MOST - known.shape[-1]), np.nan)], -1)
