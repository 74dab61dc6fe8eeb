"""Several analysts: pools by hand, and who accounts for their gap by every order of switching.

A coalition is written out as the two files of somebody who sees its pieces as the second analyst
does, and all others as the first, and read anew.
"""

from __future__ import annotations

import dataclasses
import html
import math
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

import rivals
from conftest import BUDGET
from disputes import Piece, Views, make_views
from generate import seeded
from oracle import texts
from rivals import briefing
from rivals.analysis.opinions import Opinions, Poll, pool_log_odds
from rivals.briefing.exporter import compose
from rivals.engine import Array
from rivals.errors import QuestionError
from test_agreement import is_impossible
from test_impact import Held, every_order, finite, force_sampling, odds_of, remembering

SEEDS = 100 if BUDGET == "full" else 6
PIECES = 4 if BUDGET == "full" else 3
CLOSE = 1e-9
BOTH = Poll(between=("ann", "bob"))

HERE = Path(__file__).parent
FIRE = HERE.parent / "scenarios" / "warehouse-fire"

COIN = {
    "title": "A coin",
    "question": "Which?",
    "hypotheses": {"rain": "rain=yes", "dry": "rain=no"},
    "variables": {"rain": {"prior": {"yes": "0.2"}}},
    "sources": {"radio": {"reliability": "0.8"}},
    "settings": {"accuracy": "1", "fidelity": {"direct": "1"}},
}


def measure(case: rivals.Case) -> Array:
    """Decibels, points of presence and points of `because`, by hypothesis."""
    size = len(case.scenario.hypotheses)
    if is_impossible(case):
        return np.full(size * (3 if case.effect else 2), np.nan)
    found = [odds_of(case), 100 * case.beliefs(draws=0)["posterior"].to_numpy()]
    if case.effect:
        found.append(100 * case.causes(draws=0).loc[case.effect]["because"].to_numpy())
    return np.concatenate(found)


def account(found: Opinions) -> Array:
    """What the library shares out, in the same order: (items, games)."""
    games = [g for g in ("decibels", "points", "because") if g in found.gap]
    return np.hstack([found.account[game].to_numpy(float) for game in games])


def by_files(views: Views, folder: Path) -> Array:
    """Shapley values by definition: every order, each coalition a scenario of its own."""

    def ask(held: Held) -> Array:
        place = folder / f"mixed-{'-'.join(str(i) for i, p in enumerate(names) if p in held)}"
        return finite(measure(rivals.read(views.mixed(held, place))))

    names = [piece.name for piece in views.pieces]
    return every_order(remembering(ask), names)


def asked_of(views: Views, folder: Path, poll: Poll = BOTH) -> Opinions:
    return rivals.read(views.write(folder / "both")).analysts(poll)


def assert_accounts(views: Views, folder: Path) -> Opinions:
    """The library's shares are those of the definition, by name, and sum to the gap."""
    found = asked_of(views, folder)
    expected = by_files(views, folder)
    own = account(found)
    for i, piece in enumerate(views.pieces):
        if piece.name in found.account.index:
            at = found.account.index.get_loc(piece.name)
            np.testing.assert_allclose(own[at], expected[i], rtol=0, atol=CLOSE, err_msg=piece.name)
        else:  # the same for both after all
            np.testing.assert_allclose(np.nan_to_num(expected[i]), 0, atol=CLOSE)
    return found


@pytest.mark.parametrize("seed", range(SEEDS))
def test_shares_are_those_of_every_order_of_scenarios_written_out(
    seed: int, tmp_path: Path
) -> None:
    made = seeded(4000 + seed, explained=seed % 2 == 0, cells=1500)
    scenario, log = texts.load(made.texts)
    views = make_views(scenario, log, np.random.default_rng(seed), PIECES)
    try:
        rivals.read(views.write(tmp_path / "try")).analysts(BOTH)
    except rivals.ImpossibleEvidence:
        pytest.skip("one of the two holds what was reported impossible")

    assert_accounts(views, tmp_path)


def fire() -> tuple[dict, list]:
    return texts.load(FIRE)


def test_another_gate_and_another_coding_are_pieces_of_their_own(tmp_path: Path) -> None:
    table = [
        {"when": {"wiring_fault": "yes"}, "then": {"working": "0.5", "broken": "0.4"}},
        {"then": {"working": "0.9", "broken": "0.05"}},
    ]
    pieces = (
        Piece("variables.sprinklers", {},
              {"variables.sprinklers.prior": {"working": "0.7", "off": "0.2"}}),
        Piece("variables.arson.prior", {"variables.arson.prior.yes": "10%"}, {}),
        Piece("reports.owner-wiring", {"reports.owner-wiring.directness": "direct"},
              {"reports.owner-wiring.claims": {"wiring_fault": "yes"}}),
        Piece("reports.meter-log", {}, {"reports.meter-log.status": "draft"}),
    )  # fmt: skip
    views = Views(*fire(), pieces)

    found = assert_accounts(views, tmp_path)

    assert list(found.account["item", "kind"]) == ["judgement", "structure", "coding", "coding"]
    whole = Views(
        *fire(), (Piece("variables.sprinklers", {}, {"variables.sprinklers.table": table}),)
    )
    [only] = assert_accounts(whole, tmp_path / "whole").account.index
    assert only == "variables.sprinklers"


@pytest.mark.parametrize("listed", [False, True])
def test_a_chance_of_a_silence_and_the_report_that_breaks_it_are_switched_apart(
    tmp_path: Path, *, listed: bool
) -> None:
    scenario, log = fire()
    alarm = {
        "claim": "wiring_fault=yes",
        "since": "2026-05-03",
        "by": "2026-06-01",
        "chance": "0.9",
    }
    scenario["expected"] = [alarm] if listed else {"alarm": alarm}
    for entry in log:
        if "wiring_fault" in entry.get("claims", {}) or "wiring_fault" in entry.get(
            "likelihood", {}
        ):
            entry["status"] = "draft"  # nothing speaks of it, unless an analyst has it so
    name = "expected[0].chance" if listed else "expected.alarm.chance"
    pieces = (
        Piece(name, {name: "0.2"}, {}),
        Piece("variables.arson.prior", {}, {"variables.arson.prior.yes": "30%"}),
        Piece("reports.meter-log", {}, {"reports.meter-log.status": "final"}),
    )

    found = assert_accounts(Views(scenario, log, pieces), tmp_path)

    assert set(found.account.index) == {piece.name for piece in pieces}
    assert found.account["decibels"].abs().max(axis=1)[name] > 0.01


def test_shares_sum_to_the_gap_between_the_two(tmp_path: Path) -> None:
    scenario, log = fire()
    views = make_views(scenario, log, np.random.default_rng(7), 9)

    found = asked_of(views, tmp_path)
    case = rivals.read(tmp_path / "both")
    ends = [measure(case.as_analyst(name)) for name in ("ann", "bob")]

    np.testing.assert_allclose(account(found).sum(axis=0), ends[1] - ends[0], rtol=0, atol=CLOSE)
    np.testing.assert_allclose(found.gap.to_numpy().T.ravel(), ends[1] - ends[0], atol=CLOSE)
    assert 7 <= len(found.account) <= 9  # of nine, less what is the same for both after all
    assert found.pairs == 0


def test_beyond_twelve_they_are_sampled_and_still_sum_to_the_gap(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario, log = fire()
    views = make_views(scenario, log, np.random.default_rng(7), 4)
    exact = asked_of(views, tmp_path / "exact")

    force_sampling(monkeypatch)
    monkeypatch.setattr("rivals.analysis.dispute.EXACT", 1)
    sampled = asked_of(views, tmp_path / "sampled")

    errors = np.hstack([sampled.account[f"{g}_error"] for g in ("decibels", "points", "because")])
    assert sampled.pairs >= 64
    assert (errors[:, :3] < 0.1).all()
    assert (errors[:, 3:] < 0.25).all()
    assert (np.abs(account(sampled) - account(exact)) <= 5 * errors + 1e-9).all()
    np.testing.assert_allclose(account(sampled).sum(axis=0), account(exact).sum(axis=0), atol=CLOSE)


def test_the_way_back_has_the_same_shares_with_the_other_sign(tmp_path: Path) -> None:
    views = make_views(*fire(), np.random.default_rng(3), 5)

    there = asked_of(views, tmp_path)
    back = rivals.read(tmp_path / "both").analysts(Poll(between=("bob", "ann")))

    np.testing.assert_allclose(account(there), -account(back), atol=CLOSE)


# --- closed forms ---


def coin(first: dict[str, str], second: dict[str, str], *entries: dict) -> Views:
    return Views(COIN, list(entries), (Piece("all", first, second),))


SAID = {"id": "r", "published": "2026-01-01", "source": "radio", "directness": "direct"}


def test_two_numbers_that_multiply_odds_have_their_decibels_each(tmp_path: Path) -> None:
    """The prior's odds and a report's ratio multiply: the shares are the two logarithms."""
    report = {**SAID, "likelihood": {"rain": {"no": "0.2", "yes": "0.4"}}}
    other = {"reports.r.likelihood": {"rain": {"no": "0.1", "yes": "0.8"}}}
    views = coin({}, {"variables.rain.prior.yes": "0.5", **other}, report)

    shares = asked_of(views, tmp_path).account["decibels", "rain"]

    assert shares["variables.rain.prior"] == pytest.approx(10 * math.log10(4), abs=1e-9)
    assert shares["reports.r"] == pytest.approx(10 * math.log10(4), abs=1e-9)


def test_points_of_two_factors_are_the_mean_of_both_orders(tmp_path: Path) -> None:
    """Odds 1:4, times 4 by either, so P goes 0.2, 0.5, 0.8: each adds 0.3, whichever comes first.

    With a ratio of 2 for one it goes 1/5, 1/3, 2/3 or 1/5, 1/2, 2/3.
    """
    report = {**SAID, "likelihood": {"rain": {"no": "1", "yes": "1"}}}
    other = {"reports.r.likelihood": {"rain": {"no": "1", "yes": "2"}}}
    views = coin({}, {"variables.rain.prior.yes": "0.5", **other}, report)

    shares = asked_of(views, tmp_path).account["points", "rain"]

    first, then = 1 / 3 - 1 / 5, 2 / 3 - 1 / 2
    assert shares["reports.r"] == pytest.approx(100 * (first + then) / 2, abs=1e-9)
    assert shares.sum() == pytest.approx(100 * (2 / 3 - 1 / 5), abs=1e-9)


def test_what_is_impossible_on_the_way_is_not_shared_out(tmp_path: Path) -> None:
    """What is observed is certain to one and ruled out by the other's coding of it."""
    report = {**SAID, "observes": {"rain": "yes"}}
    first = {"variables.rain.prior.yes": "0", "reports.r.observes": {"rain": "no"}}
    second = {"variables.rain.prior.yes": "1"}

    found = asked_of(coin(first, second, report), tmp_path)

    assert found.account[["points", "decibels"]].isna().all(axis=None)
    assert found.gap["points"].tolist() == [100, -100]
    assert found.gap["decibels"].isna().all()


# --- who is asked ---


def three(tmp_path: Path) -> rivals.Case:
    folder = coin({"variables.rain.prior.yes": "0.3"}, {"variables.rain.prior.yes": "0.9"}).write(
        tmp_path / "coin"
    )
    (folder / "analysts" / "cyd.yaml").write_text(
        "name: Cyd\nweight: 2\nvariables.rain.prior.yes: 0.5\n", encoding="utf-8"
    )
    return rivals.read(folder)


def test_pools_match_hand_arithmetic(tmp_path: Path) -> None:
    found = three(tmp_path).analysts()
    row = found.pools.loc["rain", "posterior"]

    odds = (3 / 7) ** 0.25 * 9**0.25 * 1  # weights 1/4, 1/4 and 1/2; log-odds of 0.5 are 0
    assert row["linear"] == pytest.approx(0.25 * 0.3 + 0.25 * 0.9 + 0.5 * 0.5, abs=1e-12)
    assert row["log_odds"] == pytest.approx(odds / (1 + odds), abs=1e-12)
    assert (row["lowest"], row["lowest_by"]) == (pytest.approx(0.3), "ann")
    assert (row["highest"], row["highest_by"]) == (pytest.approx(0.9), "bob")
    assert found.names == {"ann": "ann", "bob": "bob", "cyd": "Cyd"}


def test_the_pool_of_log_odds_heeds_a_report_as_each_of_its_members_does(tmp_path: Path) -> None:
    """Externally Bayesian (Genest 1984): pool and then hear, or hear and then pool, is the same."""
    case = three(tmp_path)
    report = {"likelihood": {"rain": {"no": 0.2, "yes": 0.5}}}

    before = case.analysts().pools.loc["rain", ("posterior", "log_odds")]
    after = case.with_report(**report).analysts().pools.loc["rain", ("posterior", "log_odds")]

    odds = before / (1 - before) * 0.5 / 0.2
    assert after == pytest.approx(odds / (1 + odds), abs=1e-12)


def test_weights_that_are_asked_for_take_the_place_of_those_in_the_files(tmp_path: Path) -> None:
    case = three(tmp_path)

    found = case.analysts(Poll({"cyd": 0, "bob": 3}))

    row = found.pools.loc["rain", "posterior"]
    assert row["linear"] == pytest.approx(0.25 * 0.3 + 0.75 * 0.9, abs=1e-12)
    assert case.analysts(Poll({"ann": 0, "bob": 0})).pools.loc[
        "rain", ("posterior", "log_odds")
    ] == pytest.approx(0.5, abs=1e-12)


def test_the_house_is_a_voice_only_when_asked_for(tmp_path: Path) -> None:
    case = three(tmp_path)

    assert list(case.analysts().names) == ["ann", "bob", "cyd"]
    assert list(case.analysts(Poll(house=True)).names) == ["house", "ann", "bob", "cyd"]
    found = case.analysts(Poll({"house": 4}))
    assert found.pools.loc["rain", ("posterior", "linear")] == pytest.approx(
        (4 * 0.2 + 0.3 + 0.9 + 2 * 0.5) / 8, abs=1e-12
    )
    assert case.analysts(Poll(between=("house", "cyd"))).gap.loc["rain", "points"] == (
        pytest.approx(30, abs=1e-9)
    )


def test_the_two_furthest_apart_on_the_leader_are_accounted_for(tmp_path: Path) -> None:
    case = three(tmp_path)

    assert case.analysts().between == ("ann", "bob")
    (Path(case.dossier.folder) / "analysts" / "ann.yaml").unlink()
    (Path(case.dossier.folder) / "analysts" / "bob.yaml").unlink()
    assert case.analysts().between == ("house", "cyd")


@pytest.mark.parametrize(
    ("chances", "pooled"),
    [((0.0, 0.7), 0.0), ((1.0, 0.7), 1.0), ((0.0, 1.0), math.nan), ((0.5, 0.5), 0.5)],
)
def test_certainty_decides_a_pool_of_log_odds_and_two_certainties_leave_nothing(
    chances: tuple[float, float], pooled: float
) -> None:
    found = pool_log_odds(np.array([chances]), np.array([0.5, 0.5]))

    np.testing.assert_equal(found, [pooled])


def test_who_has_no_weight_decides_nothing_by_being_certain() -> None:
    assert pool_log_odds(np.array([[0.0, 0.7]]), np.array([0.0, 1.0]))[0] == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("poll", "said"),
    [
        (Poll({"anne": 1}), "did you mean 'ann'"),
        (Poll({"ann": -1}), "0 or more, got -1"),
        (Poll({"ann": math.nan}), "0 or more"),
        (Poll({"ann": 0, "bob": 0, "cyd": 0}), "above 0"),
        (Poll({"ann": 1e308, "bob": 1e308}), "finite together"),
        (Poll(between=("ann", "bobb")), "did you mean 'bob'"),
        (Poll(between=("ann", "ann")), "twice"),
    ],
)
def test_a_poll_that_cannot_be_is_refused(poll: Poll, said: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=said):
        three(tmp_path).analysts(poll)


def test_beliefs_and_ranges_are_those_of_each_analysts_own_case(tmp_path: Path) -> None:
    case = rivals.read(make_views(*fire(), np.random.default_rng(5), 6).write(tmp_path / "both"))

    found = case.as_of("2026-05-08").analysts(draws=300)

    for name in ("ann", "bob"):
        own = case.as_of("2026-05-08").as_analyst(name)
        columns = ["prior", "posterior", "low", "high"]
        pd.testing.assert_frame_equal(found.beliefs.loc[name][columns], own.beliefs(300)[columns])
        because = own.causes(300).loc["fire"][["because", "low", "high"]].to_numpy(float)
        told = found.beliefs.loc[name][["because", "because_low", "because_high"]]
        np.testing.assert_array_equal(told.to_numpy(float), because)


# --- as it is shown ---


def test_the_sentences_and_the_section_tell_who_leads_where_and_over_what() -> None:
    case = rivals.read(FIRE)
    told = rivals.prose.say_analysts(case.analysts())
    section = briefing.analysts(briefing.find(case, draws=0)).html

    assert "2 analysts were asked." in told
    assert "between 37% (The loss adjuster) and 83% (The fire engineer)" in told
    assert "The loss adjuster puts “Arson” first." in told
    assert html.escape(told, quote=False) in html.unescape(section).replace("&", "&amp;")
    for part in ("analysts/engineer.yaml:14", "reports.yaml:", "Linear pool", "Log-odds pool",
                 "The dip has the shape of a short circuit", "All together"):  # fmt: skip
        assert part in section, part


def test_there_is_no_section_where_nobody_judges_otherwise() -> None:
    found = briefing.find(rivals.read(HERE / "broken"), draws=0)

    assert briefing.analysts(found).html == ""


def test_an_optional_section_in_which_nothing_is_shown_is_left_out() -> None:
    shown = nbformat.v4.new_output("display_data", {"text/html": "<p>so</p>"})
    empty = nbformat.v4.new_output("display_data", {"text/html": ""})
    cells = []
    for title, optional, output in (
        ("One", True, empty),
        ("Two", True, shown),
        ("Three", False, empty),
    ):
        cells.append(nbformat.v4.new_markdown_cell(f"## {title}", metadata={"optional": optional}))
        cells.append(nbformat.v4.new_code_cell("", outputs=[output]))

    page = compose(nbformat.v4.new_notebook(cells=cells))

    assert [section.title for section in page.sections] == ["Two", "Three"]


def test_what_analysts_write_is_escaped_wherever_it_is_shown(tmp_path: Path) -> None:
    folder = make_views(*fire(), np.random.default_rng(3), 3).write(tmp_path / "both")
    hostile = "<script>alert(1)</script> {{ x }} $y$ \u202e"
    (folder / "analysts" / "eve.yaml").write_text(
        f'name: "{hostile}"\nvariables.arson.prior.yes:\n  value: 0.6\n  why: "{hostile}"\n'
        f'reports.meter-log.origin: "<img src>"\n',
        encoding="utf-8",
    )
    case = rivals.read(folder)
    found = dataclasses.replace(briefing.find(case, draws=0))
    found.__dict__["opinions"] = case.analysts(Poll(between=("house", "eve")))

    section = briefing.analysts(found).html

    assert "<script" not in section
    assert "<img" not in section
    assert "\u202e" not in section
    assert "&lt;script&gt;" in section
