"""Lints: each is told for a scenario that calls for it, and not for one beside it that does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import rivals
from generate import seeded
from rivals import Case
from rivals.codes import CODES
from rivals.lints.reach import Structure

SCENARIO = """
title: Why?
question: Why on 3 May?
effects: {fire: fire=yes}
hypotheses: {arson: arson=yes, wiring: wiring=yes}
outcomes: {payout: {claim: payout=yes, by: 2026-12-31}}
variables:
  arson: {prior: {yes: 0.1}, why: A guess., observable: {how: ask}}
  wiring: {prior: {yes: 0.3}, why: A guess., observable: {how: ask}}
  fire: {noisy_or: {leak: 0.02, causes: {arson: 0.9, wiring: 0.4}}, why: A guess.}
  petrol: {noisy_or: {leak: 0.05, causes: {arson: 0.7}}, why: A guess.}
  payout: {table: [{when: {fire: no}, then: {yes: 0}}, {then: {yes: 0.7}}], why: A guess.}
sources:
  brigade: {grade: B, why: There.}
  owner: {reliability: 0.5, interest: {wiring: yes}, why: Not there.}
"""
LOG = """
- {id: seen, published: 2026-05-04, summary: Everybody can see it., observes: {fire: yes}}
- {id: smell, published: 2026-05-04, source: brigade, summary: It smelt., claims: {petrol: yes}}
- {id: cables, published: 2026-05-05, source: owner, summary: Old cables., claims: {wiring: yes}}
"""
SAME = {"summary": "It smelt.", "claims": {"petrol": "yes"}, "published": "2026-05-04"}

EXPECTED = {"claim": "arson=yes", "since": "2026-05-04", "by": "2026-06-04"}

Change = Callable[[dict[str, Any], list[dict[str, Any]]], None]


def written(folder: Path, change: Change | None = None) -> Path:
    """The good scenario in a folder, changed."""
    scenario, log = (yaml.load(text, yaml.BaseLoader) for text in (SCENARIO, LOG))  # noqa: S506
    if change:
        change(scenario, log)
    folder.mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text(yaml.safe_dump(scenario, sort_keys=False), "utf-8")
    (folder / "reports.yaml").write_text(yaml.safe_dump(log, sort_keys=False), "utf-8")
    return folder


def found(folder: Path, change: Change | None = None) -> list[tuple[str, str]]:
    """The lints of the changed scenario that are not silenced: name and path."""
    lints = rivals.read(written(folder, change)).lints()
    told = lints[~lints["silenced"]]
    return list(zip(told["name"], told["path"], strict=True))


def put(path: str, value: Any) -> Change:
    """Set a value in scenario.yaml, or remove it where the value is None."""

    def change(scenario: dict[str, Any], log: list[dict[str, Any]]) -> None:
        *way, last = path.split(".")
        here = scenario
        for step in way:
            here = here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value

    return change


def add(**entry: Any) -> Change:
    """Add an entry to the log; a report unless it says otherwise."""
    plain = {} if {"retracts", "amends"} & set(entry) else {"published": "2026-05-06"}
    return lambda scenario, log: log.append({**plain, **entry})


def both(*changes: Change) -> Change:
    """Several changes, in order."""

    def change(scenario: dict[str, Any], log: list[dict[str, Any]]) -> None:
        for one in changes:
            one(scenario, log)

    return change


def likelihood(low: str, **fields: Any) -> Change:
    """One more report with a likelihood of 1 to `low`."""
    return add(id="meter", likelihood={"wiring": {"no": low, "yes": "1"}}, **fields)


SPRINKLED = both(
    put("variables.valve", {"prior": {"yes": "0.2"}, "why": "A guess."}),
    put("effects", {}),
    put("sources.plumber", {"grade": "C", "why": "Looked."}),
    add(id="valve", source="plumber", claims={"valve": "yes"}, summary="A valve was shut."),
)
TWINS = both(
    put("variables.mice", {"prior": {"yes": "0.3"}, "why": "A guess.", "observable": {}}),
    put("hypotheses.mice", "mice=yes"),
)
RARE = both(
    put("variables.arson.prior", {"yes": "0.0005"}), put("variables.petrol.noisy_or.leak", "0.005")
)
ECHO = add(id="again", source="owner", **SAME)

TOLD: list[tuple[str, str, Change]] = [
    ("no-why", "variables.arson", put("variables.arson.why", "  ")),
    ("no-why", "sources.owner", put("sources.owner.why", None)),
    ("no-why", "reports.meter", likelihood("0.5")),
    ("no-why", "reports[3]", add(retracts="smell", logged="2026-05-09")),
    ("no-why", "reports[3]",
     add(amends="smell", logged="2026-05-09", set={"directness": "direct"}, why=" ")),
    ("no-why", "expected.word", put("expected", {"word": {**EXPECTED, "chance": "0.9"}})),
    ("too-strong", "expected.word.chance",
     put("expected", {"word": {**EXPECTED, "chance": "0.995", "why": "So."}})),
    ("too-strong", "reports.meter", likelihood("0.009", why="So.")),
    ("too-strong", "reports.meter", likelihood("0", why="So.")),
    ("too-strong", "variables.arson.prior.yes", put("variables.arson.prior", {"yes": "0.009"})),
    ("too-strong", "variables.arson.prior.yes", put("variables.arson.prior", {"yes": "0.991"})),
    ("too-strong", "variables.fire.noisy_or", put("variables.fire.noisy_or.leak", "0.009")),
    ("too-strong", "variables.petrol.noisy_or",
     put("variables.petrol.noisy_or.causes", {"arson": "0.995"})),
    ("too-strong", "variables.payout.table[1].then.no",
     put("variables.payout.table",
         [{"when": {"fire": "no"}, "then": {"yes": "0.1"}}, {"then": {"yes": "0.995"}}])),
    ("too-strong", "sources.brigade.reliability",
     both(put("sources.brigade", {"reliability": "1", "why": "So."}),
          put("settings", {"accuracy": "0.999", "fidelity": {"relayed": "0.999"}}))),
    ("too-strong", "expected[1].chance",
     put("expected", [{**EXPECTED, "chance": "0.9", "why": "So."},
                      {**EXPECTED, "chance": "0.995", "why": "So."}])),
    ("no-why", "expected[0]", put("expected", [{**EXPECTED, "chance": "0.9"}])),
    ("cannot-matter", "reports.valve", SPRINKLED),
    ("cannot-matter", "reports.more", add(id="more", source="brigade", observes={"fire": "yes"})),
    ("unreported", "variables.wet",
     put("variables.wet", {"prior": {"yes": "0.2"}, "why": "A guess."})),
    ("unused-source", "sources.press", put("sources.press", {"grade": "C", "why": "So."})),
    ("unused-source", "sources.owner",
     add(retracts="cables", logged="2026-05-09", why="Withdrawn.")),
    ("not-told-apart", "hypotheses.arson",
     both(put("hypotheses", {"arson": "arson=yes", "again": "arson=yes"}))),
    ("one-sided", "sources", RARE),
    ("one-sided", "sources", both(RARE, likelihood("0.5", why="So."))),
    ("unmarked-echo", "reports.again", ECHO),
    ("drift", "reports.copy", add(id="copy", source="owner", copy_of="smell",
                                  claims={"petrol": "no"})),
    ("addition", "reports.copy", add(id="copy", source="owner", copy_of="smell",
                                     claims={"petrol": "yes", "arson": "yes"})),
    ("dates", "reports.late", add(id="late", published="2026-05-07", logged="2026-05-06")),
    ("dates", "reports.late", add(id="late", published="2026-05-01")),
    ("dates", "reports.late", both(
        add(id="late", published="2026-05-06", logged="2026-05-06"),
        add(amends="late", logged="2026-05-08", set={"published": "2026-05-07"}, why="Typo."))),
    ("dates", "reports[3]", add(retracts="smell", logged="2026-05-03", why="Withdrawn.")),
    ("dates", "outcomes.payout.by", put("outcomes.payout.by", "2026-05-01")),
]  # fmt: skip

NOT_TOLD: list[tuple[str, Change]] = [
    ("no-why", likelihood("0.5", why="So.")),
    ("no-why", add(retracts="smell", logged="2026-05-09", why="Withdrawn.")),
    ("too-strong", likelihood("0.01", why="So.")),
    ("too-strong", put("variables.arson.prior", {"yes": "0.01"})),
    ("too-strong", put("variables.payout.table",
                       [{"when": {"fire": "no"}, "then": {"yes": "0"}}, {"then": {"yes": "1"}}])),
    ("too-strong", put("sources.brigade", {"reliability": "1", "why": "So."})),
    ("cannot-matter", both(SPRINKLED, put("variables.petrol.noisy_or.causes",
                                          {"arson": "0.7", "valve": "0.2"}))),
    ("too-strong", put("expected", {"word": {**EXPECTED, "chance": "0.99", "why": "So."}})),
    ("unreported", both(put("variables.wet", {"prior": {"yes": "0.2"}, "why": "A guess."}),
                        put("expected", {"word": {**EXPECTED, "claim": "wet=yes",
                                                  "chance": "0.9", "why": "So."}}))),
    ("unreported", put("variables.wet",
                       {"prior": {"yes": "0.2"}, "why": "A guess.", "observable": {}})),
    ("unused-source", both(put("sources.press", {"grade": "C", "why": "So."}),
                           add(id="news", source="press", claims={"wiring": "no"}))),
    ("not-told-apart", TWINS),
    ("one-sided", both(RARE, add(id="none", source="brigade", claims={"arson": "no"}))),
    ("one-sided", both(RARE, add(id="meter", likelihood={"wiring": {"no": "1", "yes": "0.5"}}))),
    ("one-sided", both(RARE, add(id="either", source="brigade", claims={"arson": ["no", "yes"]}))),
    ("one-sided", both(RARE, put("expected", {"word": {**EXPECTED, "claim": "payout=yes",
                                                       "since": "2026-05-01", "chance": "0.9"}}))),
    ("one-sided", both(RARE, put("variables.petrol.states", ["dry", "wet"]),
                       put("variables.petrol.noisy_or", None),
                       put("variables.petrol.prior", {"wet": "0.001"}),
                       lambda scenario, log: log[1].update(claims={"petrol": "wet"}))),
    ("unmarked-echo", both(ECHO, lambda scenario, log: log[1].update(origin="call"),
                           lambda scenario, log: log[-1].update(origin="call"))),
    ("unmarked-echo", add(id="again", source="owner", published="2026-05-05",
                          summary="Nobody smelt a thing all night.", claims={"petrol": "no"})),
    ("drift", add(id="copy", source="owner", copy_of="smell", claims={"petrol": ["no", "yes"]})),
    ("addition", add(id="copy", source="owner", copy_of="smell", claims={"petrol": "yes"})),
    ("dates", add(id="late", published="2026-05", logged="2026-05-06")),
    ("dates", both(
        add(id="typo", published="2026-06-06", logged="2026-05-06"),
        add(amends="typo", logged="2026-05-08", set={"published": "2026-05-06"}, why="Typo."))),
    ("dates", add(id="late", published="2026-05-06", logged="2026-05-06T10:00:00+00:00")),
]  # fmt: skip


def label(value: object) -> str:
    """The words of a row; its change has none."""
    return value if isinstance(value, str) else "-"


def test_the_good_scenario_has_no_lint(tmp_path: Path) -> None:
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "path", "change"), TOLD, ids=lambda x: x if type(x) is str else ""
)
def test_a_lint_is_told_at_its_place(name: str, path: str, change: Change, tmp_path: Path) -> None:
    assert (name, path) in found(tmp_path, change)


def test_what_is_expected_in_a_list_is_told_of_on_its_own_line(tmp_path: Path) -> None:
    listed = [{**EXPECTED, "chance": "0.9", "why": "So."}, {**EXPECTED, "chance": "0.995"}]
    folder = written(tmp_path, put("expected", listed))
    lines = (folder / "scenario.yaml").read_text("utf-8").splitlines()
    last = next(i for i, line in enumerate(lines, 1) if "0.995" in line)

    lints = rivals.read(folder).lints().set_index("name")

    assert lints.at["too-strong", "at"] == f"scenario.yaml:{last}"
    assert last - 4 <= int(lints.at["no-why", "at"].split(":")[1]) <= last


def test_a_source_whose_word_was_taken_back_is_not_said_to_be_named_by_nobody(
    tmp_path: Path,
) -> None:
    folder = written(tmp_path, add(retracts="cables", logged="2026-05-09", why="Withdrawn."))

    [text] = rivals.read(folder).lints().set_index("name").loc[["unused-source"], "text"]

    assert "no claim in its 1 report counts" in text


@pytest.mark.parametrize(("name", "change"), NOT_TOLD, ids=label)
def test_beside_it_nothing_is_told(name: str, change: Change, tmp_path: Path) -> None:
    assert name not in [one for one, _ in found(tmp_path, change)]


def test_every_lint_is_tried() -> None:
    elsewhere = {"unused-silence", "overruled"}  # the latter in test_analysts.py
    tried = {name for name, *_ in TOLD} | elsewhere

    assert tried == {code.name for code in CODES}


def test_without_reports_nothing_is_said_of_them(tmp_path: Path) -> None:
    assert found(tmp_path, lambda scenario, log: log.clear()) == []


def test_a_lint_stands_at_its_line_and_says_what_it_saw(tmp_path: Path) -> None:
    case = rivals.read(written(tmp_path, likelihood("0.001", why="So.")))

    [row] = case.lints().to_dict("records")

    line = (
        (tmp_path / "reports.yaml")
        .read_text("utf-8")
        .splitlines()
        .index("- published: '2026-05-06'")
    )
    assert row["at"] == f"reports.yaml:{line + 1}"
    assert row["code"] == "R102"
    assert "30.0 dB" in row["text"]
    assert "1 to 0.001" in row["text"]


def test_a_gate_lends_what_enumeration_says(tmp_path: Path) -> None:
    case = rivals.read(written(tmp_path, put("variables.fire.noisy_or.leak", "0.001")))

    [row] = case.lints().to_dict("records")

    expected = 10 * math.log10((1 - 0.999 * 0.1) / 0.001)
    assert f"{expected:.1f} dB for arson=yes against no" in row["text"]


def test_a_one_sided_log_is_as_rare_as_its_claims_are_together(tmp_path: Path) -> None:
    case = rivals.read(written(tmp_path, RARE))
    bare = case.without("smell", "cables")
    together = bare.given(petrol="yes", wiring="yes")

    text = case.lints().set_index("name").at["one-sided", "text"]

    rare = float(f"{math.exp(bare.log_evidence() - together.log_evidence()):.2g}")
    assert "of 2 variables, which the model, before any claim, has all at once" in text
    assert f" in one case of {rare:,.0f};" in text


# --- Silences -----------------------------------------------------------------------------------

WEAK = both(put("variables.arson.why", ""), put("variables.wiring.why", ""))


def silenced(*silences: dict[str, Any]) -> Change:
    """Two numbers without a reason, and these silences."""
    return both(WEAK, put("silenced", [{"why": "So.", **silence} for silence in silences]))


@pytest.mark.parametrize("lint", ["R101", "no-why"])
def test_a_silence_silences_its_lint_everywhere(lint: str, tmp_path: Path) -> None:
    assert found(tmp_path, silenced({"lint": lint})) == []


def test_a_silence_at_a_path_silences_there_and_below(tmp_path: Path) -> None:
    quiet = silenced(
        {"lint": "R102", "at": "variables.arson"},
        {"lint": "R101", "at": ["variables.arson", "variables.wiring"]},
    )
    denied = add(id="none", source="brigade", claims={"arson": "no"}, summary="No petrol bomb.")
    strong = both(put("variables.arson.prior", {"yes": "0.001"}), quiet, denied)

    assert found(tmp_path, strong) == []


def test_what_is_silenced_is_listed_with_its_reason(tmp_path: Path) -> None:
    change = silenced({"lint": "R101", "at": "variables.arson", "why": "An exercise."})

    lints = rivals.read(written(tmp_path, change)).lints().set_index("path")

    assert lints["silenced"].to_dict() == {"variables.arson": True, "variables.wiring": False}
    assert lints["why"]["variables.arson"] == "An exercise."


@pytest.mark.parametrize(
    "silence",
    [
        {"lint": "R301"},
        {"lint": "R101", "at": "variables.ars"},
        {"lint": "R101", "at": ["variables.arson", "variables.fire"]},
    ],
    ids=str,
)
def test_a_silence_that_silences_nothing_is_a_lint(silence: dict[str, Any], tmp_path: Path) -> None:
    change = silenced({"lint": "R101"}, silence)

    assert ("unused-silence", "silenced[1]") in found(tmp_path, change)


@pytest.mark.parametrize(
    ("silence", "says"),
    [
        ({"lint": "R999"}, "R999"),
        ({"lint": "too-stron"}, "did you mean 'too-strong'"),
        ({"lint": "R101", "why": " "}, "a reason is not empty"),
        ({"lint": "R101", "where": "x"}, "unknown key 'where'"),
    ],
    ids=str,
)
def test_a_silence_is_read_strictly(silence: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(rivals.ReadingError, match=says) as caught:
        rivals.read(written(tmp_path, silenced(silence)))

    assert all(problem.line for problem in caught.value.problems)


# --- d-separation against the engine --------------------------------------------------------------


def answers(case: Case) -> np.ndarray:
    """All that a report could move: the hypotheses, and `because` where there are effects."""
    table = case.causes(draws=0) if case.scenario.effects else case.beliefs(draws=0)
    return table[[c for c in ("posterior", "because") if c in table]].to_numpy(float)


def moved_by(case: Case, report: str) -> float:
    """How far the answers move when a report is left out."""
    return float(np.nanmax(np.abs(answers(case) - answers(case.without(report))), initial=0.0))


def idle_reports(case: Case) -> list[str]:
    """The reports that are cut off; none where the evidence is impossible."""
    try:
        idle = Structure(case.network).idle()
    except rivals.ImpossibleEvidence:
        return []
    return sorted(idle & {standing.report.id for standing in case.evidence.counted})


@pytest.mark.parametrize("explained", [False, True])
def test_a_report_that_cannot_matter_moves_nothing(
    explained: bool, full_budget: bool, tmp_path: Path
) -> None:
    idle = 0
    for seed in range(200 if full_budget else 12):
        case = rivals.read(seeded(seed, explained=explained).write(tmp_path / str(seed)))
        for variable, noun in case.scenario.variables.items():
            settled = case.given(**{variable: noun.states[-1]})
            for item in idle_reports(settled):
                idle += 1
                assert moved_by(settled, item) < 1e-12, (seed, variable, item)

    assert idle > 3


def test_a_report_that_can_matter_moves_something_for_some_numbers(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rest = {"seen", "smell", "cables"}

    for draw in range(3):
        numbers = [f"{p:.3f}" for p in rng.uniform(0.1, 0.9, 4)]
        change = both(
            put("variables.arson.prior", {"yes": numbers[0]}),
            put("variables.petrol.noisy_or", {"leak": "0.05", "causes": {"arson": numbers[1]}}),
            put("variables.fire.noisy_or.causes", {"arson": numbers[2], "wiring": numbers[3]}),
        )
        case = rivals.read(written(tmp_path / str(draw), change))

        assert Structure(case.network).idle() == frozenset()
        assert all(moved_by(case, report) > 1e-6 for report in rest)
