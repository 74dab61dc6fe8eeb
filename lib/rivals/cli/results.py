"""The JSON of each analysis, by the keys of the design's section 7."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rivals.analysis.counterfactual import KINDS
from rivals.analysis.opinions import Opinions
from rivals.analysis.turning import TurningPoints
from rivals.case import Case

Json = Any


def beliefs_json(case: Case, table: pd.DataFrame) -> Json:
    """Everything that is believed, from `case.beliefs()` and the tables beside it."""
    standings = case.evidence.in_force
    return {
        "scenario": case.name,
        "as_of": case.moment.text if case.moment else None,
        "reports": {
            "in_force": len(standings),
            "counted": len(case.evidence.counted),
            "echoes": sum(s.status in ("echo", "copy") for s in standings),
        },
        "log_evidence": case.log_evidence(),
        "conflict": case.conflict(),
        "draws": table.attrs["draws"],
        "hypotheses": {
            name: {
                "prior": row["prior"],
                "posterior": row["posterior"],
                "interval": interval(row),
                "words": row["words"],
            }
            for name, row in table.iterrows()
        },
        "combinations": _combinations(case),
        "variables": _nested(case.variables()["posterior"]),
        "sources": _sources(case.sources()),
    }


def interval(row: pd.Series[Any]) -> list[float] | None:
    """The two ends of a range, or nothing where there were no draws."""
    return None if pd.isna(row["low"]) else [row["low"], row["high"]]


def _combinations(case: Case) -> Json:
    names = list(case.scenario.hypotheses)
    return [
        {
            "hypotheses": {name: bool(row[name]) for name in names},
            "prior": float(row["prior"]),
            "posterior": float(row["posterior"]),
        }
        for _, row in case.combinations(draws=0).iterrows()
    ]


def _nested(series: pd.Series[Any]) -> Json:
    found: dict[str, dict[str, float]] = {}
    for outer, inner in series.index:
        found.setdefault(outer, {})[inner] = float(series[outer, inner])
    return found


def _sources(table: pd.DataFrame) -> Json:
    found: dict[str, dict[str, Json]] = {}
    for source, topic in table.index:
        row = table.loc[(source, topic)]
        both = {"prior": row["prior"], "posterior": row["posterior"]}
        found.setdefault(source, {})[topic] = both
    return found


def causes_json(case: Case, table: pd.DataFrame, bounds: pd.DataFrame | None = None) -> Json:
    """Per effect its probability, every hypothesis as a cause, and joint causes.

    With bounds, each hypothesis has the two ends of `because`, and how they were found.
    """
    sets = case.cause_sets()
    return {
        effect: {
            "posterior": table.attrs["effects"][effect],
            "hypotheses": {
                name: {
                    "posterior": row["posterior"],
                    "because": row["because"],
                    "interval": interval(row),
                    "but_for": row["but_for"],
                    "sufficient": row["sufficient"],
                    **_ends(bounds, (effect, name)),
                }
                for name, row in table.loc[effect].iterrows()
            },
            "sets": [
                {"hypotheses": list(row["hypotheses"]), "because": row["because"]}
                for _, row in sets[sets["effect"] == effect].iterrows()
            ],
        }
        for effect in case.scenario.effects
    }


def _ends(bounds: pd.DataFrame | None, place: tuple[Any, ...]) -> dict[str, Json]:
    if bounds is None:
        return {}
    row: pd.Series[Any] = bounds.loc[[place]].iloc[0]
    return {"bounds": [row["lowest"], row["highest"]], "bounds_how": row["how"]}


def trail_json(table: pd.DataFrame) -> Json:
    """One entry a report in force: surprise in bits, belief after it."""
    return [
        {
            "report": report,
            "logged": row["report", "logged"],
            "counted": row["report", "status"] == "counted",
            "surprise": row["report", "surprise"],
            "hypotheses": row["posterior"].to_dict(),
        }
        for report, row in table.iterrows()
    ]


SHARES = ("leads", "whole", "worst")


def robustness_json(table: pd.DataFrame) -> Json:
    """Who leads as stated, how often each does, and what each report's absence changes."""
    return {
        "leader": table.attrs["leader"],
        "ranking": table.attrs["ranking"],
        "draws": table.attrs["draws"],
        "hypotheses": {
            name: {**{key: row[key] for key in SHARES}, "report": row["report"] or None}
            for name, row in table.iterrows()
        },
        "reports": table.attrs["reports"].reset_index().to_dict("records"),
    }


def impact_json(table: pd.DataFrame, by: str = "report") -> Json:
    """One entry a report in force: decibels on arrival, when left out, and by Shapley value.

    By source or origin: how many reports count, on arrival, and by Shapley value.
    """
    kinds = [kind for kind in ("arrival", "left_out", "shapley") if kind in table]
    return [
        {
            by: name,
            "counted": row["report", "counted"],
            **{kind: row[kind].to_dict() for kind in kinds},
        }
        for name, row in table.iterrows()
    ]


def curve_json(table: pd.DataFrame) -> Json:
    """The judgement, its value as stated, and P(hypothesis | reports) along it."""
    points = [{"t": t, "hypotheses": row.to_dict()} for t, row in table.iterrows()]
    return {"judgement": table.attrs["judgement"], "value": table.attrs["value"], "curve": points}


NUMBERS = ("at", "value", "derivative", "low", "high", "flip", "lead", "log_odds_moved")


def sensitivity_json(table: pd.DataFrame) -> Json:
    """One entry a judgement."""
    return [
        {"judgement": name, **{key: row[key] for key in NUMBERS}} for name, row in table.iterrows()
    ]


def inquiry_json(table: pd.DataFrame) -> Json:
    """One entry an observable variable, what tells most first."""
    return [
        {
            "variable": name,
            "bits": row["variable", "bits"],
            "share_of_entropy": row["variable", "share_of_entropy"],
        }
        for name, row in table.iterrows()
    ]


def expected_json(table: pd.DataFrame) -> Json:
    """Who leads; an entry a report that is expected: what its absence weighs, what if it came."""
    return {
        "leader": table.attrs["leader"],
        "now": table.attrs["now"],
        "expected": [
            {
                "name": name,
                **{key: value or None if key in OPEN else value for key, value in row.items()},
                "decibels": table.loc[name, "decibels"].to_dict(),
                "came": table.loc[name, "came"].to_dict(),
            }
            for name, row in table["expected"].iterrows()
        ],
    }


OPEN = ("ended_by", "leader")
"""What is null where there is none."""


def turning_json(found: TurningPoints) -> Json:
    """Every table of what would change who leads, a list of rows each."""
    tables = ("sets", "origins", "sources", "needed", "supply")
    rows = {name: getattr(found, name).reset_index().to_dict("records") for name in tables}
    for name in ("sets", "origins"):
        for row in rows[name]:
            row.pop("index", None)
    return {"leader": found.leader if found.chance > 0 else None, **rows}


def compare_json(table: pd.DataFrame) -> Json:
    """Each hypothesis before and after, and what every differing item did to it."""
    items = table.attrs["items"]
    kinds = [kind for kind in ("decibels", "because") if kind in items]
    return {
        "hypotheses": {
            name: {key.replace(" ", "_"): row[key] for key in table.columns if key != "label"}
            for name, row in table.iterrows()
        },
        "items": [
            {
                "item": item,
                **{key: row["item", key] for key in ("change", "source", "part")},
                **{kind: row[kind].to_dict() for kind in kinds},
            }
            for item, row in items.iterrows()
        ],
    }


def conflict_json(table: pd.DataFrame) -> Json:
    """Overall, by item with the rest, and by pair, in nats."""
    return {
        "overall": table.attrs["overall"],
        "items": table.reset_index().to_dict("records"),
        "pairs": table.attrs["pairs"].to_dict("records"),
    }


def had_json(table: pd.DataFrame) -> Json:
    """What was set, and effects, hypotheses, outcomes and variables as they are and had been."""
    found: dict[str, Json] = {"setting": table.attrs["setting"]}
    for kind, plural in KINDS.items():
        part = table[table.index.get_level_values("kind") == kind].droplevel("kind")
        found[plural] = {name: _both(row) for name, row in part.iterrows()}
    variables: dict[str, Json] = {}
    for variable, state in table.attrs["variables"].index:
        row = table.attrs["variables"].loc[(variable, state)]
        variables.setdefault(variable, {})[state] = _both(row)
    return {**found, "variables": variables}


def _both(row: pd.Series[Any]) -> Json:
    return {"posterior": row["posterior"], "had": row["had"]}


GAMES = ("points", "decibels", "because")


def analysts_json(found: Opinions) -> Json:
    """Everybody's beliefs, both pools, and what accounts for the gap between two."""
    told = found.beliefs.columns
    numbers = [key for key in ("prior", "posterior", "because", "words") if key in told]
    ends = {"interval": ("low", "high"), "because_interval": ("because_low", "because_high")}
    analysts: dict[str, Json] = {}
    for name, label in found.names.items():
        part = found.beliefs.loc[name]
        analysts[name] = {
            "name": label,
            "weight": float(part["weight"].iloc[0]),
            "draws": found.beliefs.attrs["draws"][name],
            "hypotheses": {
                h: {key: r[key] for key in numbers}
                | {key: _ends_of(r, pair) for key, pair in ends.items() if pair[0] in told}
                for h, r in part.iterrows()
            },
        }
    measures = dict.fromkeys(found.pools.columns.get_level_values(0))
    games = [game for game in GAMES if game in found.gap]
    return {
        "analysts": analysts,
        "pools": {
            h: {measure: row[measure].to_dict() for measure in measures}
            for h, row in found.pools.iterrows()
        },
        "between": list(found.between),
        "gap": {h: {game: row[game] for game in games} for h, row in found.gap.iterrows()},
        "account": [
            {"item": name, **row["item"].to_dict(), **{g: row[g].to_dict() for g in games}}
            | {f"{g}_error": row[f"{g}_error"].to_dict() for g in games}
            for name, row in found.account.iterrows()
        ],
        "pairs": found.pairs,
    }


def _ends_of(row: pd.Series[Any], ends: tuple[str, str]) -> list[float] | None:
    return None if pd.isna(row[ends[0]]) else [row[end] for end in ends]
