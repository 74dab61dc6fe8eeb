"""`compare`: what moved, what differs, and that the parts add up to what moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import rivals
from conftest import FOLDERS
from plain_yaml import QuotingDumper
from rivals import Case
from rivals.analysis.comparison import compare, decibels
from test_accounting import made_of, pairs
from test_agreement import asked
from test_impact import finite, odds_of

SHIPPED = Path(__file__).parent.parent / "scenarios"
CLOSE = 1e-9


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return asked(made_of({}), tmp_path / "case")


def compared(before: Case, after: Case, **options: Any) -> pd.DataFrame:
    return compare(before.stated, after.stated, **options)


def assert_adds_up(table: pd.DataFrame, *, explained: bool) -> None:
    """The shares of all items sum to what moved; they are NaN, or of idle items, where it is."""
    moved = {"decibels": table["dB"]}
    if explained:
        moved["because"] = 100 * (table["because after"] - table["because before"])
    for kind, whole in moved.items():
        for name in table.index:
            shares = table.attrs["items"][kind, name]
            if np.isnan(whole[name]):
                assert (shares.isna() | (shares == 0)).all()
            elif not shares.isna().any():
                assert shares.sum() == pytest.approx(whole[name], abs=CLOSE)


# --- what moved ---


@pytest.mark.parametrize("explained", [False, True])
def test_the_columns_are_what_each_case_says_of_itself(tmp_path: Path, *, explained: bool) -> None:
    for _, (_, before), (_, after) in pairs(range(300, 320), tmp_path, explained=explained):
        table = compared(before, after)

        names = list(before.scenario.hypotheses)
        old, new = before.beliefs(draws=0), after.beliefs(draws=0)
        assert list(table.index) == names
        assert list(table["label"]) == list(new["label"])
        assert list(table["before"]) == list(old["posterior"])
        assert list(table["after"]) == list(new["posterior"])
        moved = finite(odds_of(after)) - finite(odds_of(before))
        np.testing.assert_allclose(table["dB"], moved, rtol=0, atol=CLOSE)
        why = [column for column in table if column.startswith("because")]
        if before.effect is None:
            assert why == []
            continue
        assert why == ["because before", "because after"]
        for column, case in zip(why, (before, after), strict=True):
            expected = case.causes(draws=0).loc[case.effect, "because"]
            np.testing.assert_allclose(table[column], expected, rtol=0, atol=CLOSE)


@pytest.mark.parametrize("explained", [False, True])
def test_the_items_add_up_to_what_moved(tmp_path: Path, *, explained: bool) -> None:
    told = 0
    for _, (_, before), (_, after) in pairs(range(400, 425), tmp_path, explained=explained):
        table = compared(before, after)

        assert_adds_up(table, explained=before.effect is not None)
        told += len(table.attrs["items"]) > 1

    assert told >= 10


def test_decibels_agree_with_the_beliefs_even_next_to_certainty(case: Case) -> None:
    after = case
    for _ in range(12):
        after = after.with_report(likelihood={"arson": {"no": "1", "yes": "100"}})

    table = compared(case, after)

    assert 1 - table.loc["arson", "after"] < 1e-15
    assert table.loc["arson", "dB"] == pytest.approx(240, abs=CLOSE)
    assert table.attrs["items"]["decibels", "arson"].to_list() == pytest.approx(
        [20] * 12, abs=CLOSE
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_beside_itself_has_nothing_to_tell(folder: Path) -> None:
    case = rivals.read(folder)

    table = compared(case, case)

    certain = np.minimum(table["after"], 1 - table["after"]) < 1e-12
    assert ((table["dB"] == 0) | certain).all()
    assert (table["before"] == table["after"]).all()
    assert table.attrs["items"].empty
    assert table.attrs["reports"].empty
    assert table.attrs["pairs"] == 0


def test_a_hypothesis_of_one_case_alone_is_not_compared(case: Case, tmp_path: Path) -> None:
    renamed = {"arson": "arson=yes", "moonlight": "moon=yes"}
    scenario = yaml.safe_load(made_of({}).scenario)
    text = yaml.dump({**scenario, "hypotheses": renamed}, Dumper=QuotingDumper)
    other = asked(made_of({}), tmp_path / "other").dossier.folder
    (Path(other) / "scenario.yaml").write_text(text)

    table = compared(case, rivals.read(other))

    assert list(table.index) == ["arson"]
    assert table.attrs["items"].index.to_list() == ["model"]
    assert_adds_up(table, explained=True)


def test_without_effects_in_both_no_because_is_told(case: Case, tmp_path: Path) -> None:
    scenario = yaml.safe_load(made_of({}).scenario)
    del scenario["effects"]
    other = asked(made_of({}), tmp_path / "other").dossier.folder
    (Path(other) / "scenario.yaml").write_text(yaml.dump(scenario, Dumper=QuotingDumper))

    table = compared(rivals.read(other).without("word"), case)

    assert list(table.columns) == ["label", "before", "after", "dB"]
    kinds = list(table.attrs["items"].columns.get_level_values(0).unique())
    assert kinds == ["item", "decibels", "error"]
    assert_adds_up(table, explained=False)


# --- what differs ---


def test_every_kind_of_item_is_listed_with_what_it_was_and_is(case: Case, tmp_path: Path) -> None:
    firmer = {"sources": {"radio": {"grade": "A"}}}
    other = asked(made_of(firmer), tmp_path / "other")
    before = case.given(moon="yes").do(wiring="no")
    after = other.without("smell").given(moon="no", arson="no|yes").do(fire="yes")
    after = after.with_report(id="new", source="owner", claims={"moon": "yes"})

    items = compared(before, after).attrs["items"]

    assert items["item"].T.to_dict("list") == {
        "smell": ["counted before", "radio", "left out"],
        "new": ["added", "owner", "counted"],
        "given:moon": ["moon=yes before", "", "moon=no"],
        "given:arson": ["added", "", "arson=no|yes"],
        "do:fire": ["added", "", "fire=yes"],
        "do:wiring": ["no longer there", "", "wiring=no"],
        "model": ["another scenario.yaml", "", "other numbers or another structure"],
    }
    assert items.index.name == "item"


def test_what_differs_and_does_not_count_is_listed_with_nothing(case: Case) -> None:
    after = case.with_report(id="echo", source="owner", origin="call", claims={"fire": "yes"})
    after = after.with_report(id="copy", source="radio", copy_of="call", claims={"fire": "yes"})
    after = after.with_report(id="background", summary="It rained.")
    after = after.with_report(id="news", source="owner", claims={"wiring": "yes"})

    items = compared(case, after).attrs["items"]

    idle = ["echo", "copy", "background"]
    assert items["item", "part"][idle].to_list() == ["echo of call", "copy of call", "background"]
    shares = items[["decibels", "because", "error", "because_error"]]
    assert (shares.loc[idle] == 0).all(axis=None)
    assert (shares.loc["news", "decibels"] != 0).all()


def test_a_report_that_reads_or_counts_otherwise_is_listed(tmp_path: Path) -> None:
    log = """\
- {id: a, published: 2026-05-01, source: radio, claims: {fire: yes}}
- {id: b, published: 2026-05-02, source: radio, origin: wire, claims: {moon: yes, arson: yes}}
- {id: c, published: 2026-05-03, logged: 2026-05-01, source: owner, claims: {moon: no}}
- {amends: a, logged: 2026-05-09, set: {outlet: Gazette}}
"""
    late = log.replace("source: owner, claims", "source: owner, origin: wire, claims")
    before = asked(made_of({}, log), tmp_path / "before").as_of("2026-05-08")
    after = asked(made_of({}, late), tmp_path / "after")

    table = compared(before, after)

    items = table.attrs["items"]
    assert items["item", "change"].to_dict() == {
        "a": "reads otherwise",
        "c": "reads otherwise",
        "b": "counts otherwise",
    }
    assert items["item", "part"]["b"] == "counted; in part an echo of c"
    assert (items.loc[["a", "c"], ["decibels", "because"]] == 0).all(axis=None)
    assert_adds_up(table, explained=True)


def test_another_wording_is_another_scenario_that_weighs_the_same(
    case: Case, tmp_path: Path
) -> None:
    worded = {"variables": {"moon": {"prior": {"yes": "0.5"}, "ask": "Was it full?"}}}
    other = asked(made_of(worded), tmp_path / "other")

    table = compared(case, other)

    items = table.attrs["items"]
    assert items["item", "part"].to_dict() == {"model": "nothing that weighs"}
    assert (items["decibels"] == 0).all(axis=None)
    assert (table["dB"] == 0).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": {"owner": {"reliability": "0.7"}}},
        {"sources": {"owner": {"reliability": "0.5", "interest": {"arson": "no"}}}},
        {"sources": {"radio": {"grade": "C"}}},
        {"settings": {"accuracy": "0.8"}},
        {"settings": {"fidelity": {"relayed": "0.7"}}},
        {"variables": {"arson": {"prior": {"yes": "0.2"}, "chatter": {"yes": "0.3"}}}},
        {"variables": {"arson": {"prior": {"yes": "0.2"}, "topic": "crime"}}},
        {"variables": {"wiring": {"prior": {"yes": "0.4"}}}},
        {"hypotheses": {"arson": "arson=no"}},
    ],
    ids=str,
)
def test_whatever_moves_a_belief_through_the_model_is_its_doing(
    case: Case, tmp_path: Path, changes: dict[str, Any]
) -> None:
    # the radio speaks of two topics once arson is one of its own
    other = asked(made_of(changes), tmp_path / "other")

    table = compared(case, other)

    assert (table["dB"].abs() > 1e-6).any()
    items = table.attrs["items"]
    assert items.index.to_list() == ["model"]
    for name in table.index:
        assert items["decibels", name]["model"] == pytest.approx(table.loc[name, "dB"], abs=CLOSE)


def test_the_order_in_which_states_are_given_is_no_difference(case: Case) -> None:
    before, after = case.given(moon="no|yes"), case.given(moon="yes|no")

    assert compared(before, after).attrs["items"].empty


def test_decibels_of_one_new_report_are_all_its_own(case: Case) -> None:
    after = case.with_report(id="news", source="owner", claims={"wiring": "yes"})

    table = compared(case, after)

    for name, row in table.iterrows():
        assert row["dB"] == pytest.approx(decibels(row["before"], row["after"]), abs=CLOSE)
        own = table.attrs["items"].loc["news", ("decibels", name)]
        assert own == pytest.approx(row["dB"], abs=CLOSE)


# --- the real case ---


def test_of_the_real_case_shares_are_sampled_until_precise_and_add_up() -> None:
    after = rivals.read(SHIPPED / "cuba-venezuela")
    before = after.as_of("2026-02-22")
    heard: list[tuple[int, int]] = []

    table = compared(before, after, tell=lambda done, wanted: heard.append((done, wanted)))

    items = table.attrs["items"]
    assert_adds_up(table, explained=True)
    errors = items[["error", "because_error"]].to_numpy()
    assert (errors < 0.1).all()
    assert errors.max() > 0
    assert heard[-1][0] == heard[-1][1] == table.attrs["pairs"] > 0
    known = before.reports().index
    assert set(items.index) >= set(after.reports().index) - set(known)
    idle = items["item", "part"].str.startswith(("copy of", "echo of", "background"))
    assert idle.sum() > 5
    assert (items.loc[idle, ["decibels", "because"]] == 0).all(axis=None)


def test_the_same_seed_gives_the_same_shares_and_another_others() -> None:
    after = rivals.read(SHIPPED / "cuba-venezuela")
    before = after.as_of("2026-02-22")

    first, again, other = (compared(before, after, seed=seed).attrs["items"] for seed in (1, 1, 2))

    pd.testing.assert_frame_equal(first, again)
    assert (first["decibels"] != other["decibels"]).any(axis=None)
