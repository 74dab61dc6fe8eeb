"""What the live panel is handed: a program that gives the engine's answers, and text that is safe.

The panel itself is looked at in `tests/browser/test_panel.py`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import rivals
from rivals import explorer
from rivals.analysis.beliefs import hypothesis_variables
from rivals.analysis.causes import because, why
from rivals.batch import Batch
from rivals.case import Case
from rivals.errors import ImpossibleEvidence, TooLarge
from rivals.explorer import program as programs
from rivals.explorer.program import Filled, Program, write_program
from rivals.explorer.wording import name_judgement
from rivals.gates import couple
from rivals.judgements import list_judgements

ROOT = Path(__file__).parents[1]
REAL, WAREHOUSE = (ROOT / "scenarios" / name for name in ("cuba-venezuela", "warehouse-fire"))
NEAR = 1e-12


class Data(HTMLParser):
    """The JSON block of a panel, as a browser would read it, and the tags around it."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == ("script", {"type": "application/json"}):
            self.blocks.append(data)


def model_of(case: Case) -> dict[str, Any]:
    """What the page is handed of a case."""
    found: dict[str, Any] = json.loads(Data(explorer.explore(case).html).blocks[0])
    return found


def evaluate(program: Program, batch: Batch) -> list[NDArray[np.float64]]:
    """Every slot of a program on the tables of a batch, by plain sums of products."""
    network, evidence = batch.network, {}
    for factor in batch.evidence:
        evidence[factor.scope, factor.items] = factor.table * np.exp(factor.scale)
    found: list[NDArray[np.float64]] = []
    for slot in program.slots:
        if not isinstance(slot, Filled):
            nodes = {n: i for i, n in enumerate(dict.fromkeys(
                n for s in slot.slots for n in program.scope(s)))}  # fmt: skip
            pairs = [(found[s], [nodes[n] for n in program.scope(s)]) for s in slot.slots]
            flat = [part for pair in pairs for part in pair]
            found.append(np.einsum(*flat, [nodes[n] for n in slot.scope]))
        elif slot.kind == "table":
            found.append(batch.tables[slot.which].table[..., 0, 0])
        elif slot.kind == "coupled":
            name, twins = program.couplings[slot.which]
            parents = network.scenario.variables[name].parents
            pairs = zip(parents, twins, strict=True)
            fixed = {p: twin or None for p, twin in pairs if twin is not None}
            table = couple(name, fixed, network.scenario.variables, batch.values)
            found.append(table[..., 0])
        elif slot.kind == "constant":
            found.append(np.array(slot.which).reshape([-1] * len(slot.scope)))
        elif slot.kind == "silence":
            item = network.first_silence + slot.which
            items = next(f.items for f in batch.evidence if item in f.items)
            found.append(evidence[slot.scope, items][..., 0, 0])
        else:
            told = network.stories[slot.which].items if slot.kind == "story" else ()
            items = slot.which if slot.kind == "leaf" else told
            found.append(evidence[slot.scope, items][..., 0, 0])
    return found


@pytest.mark.parametrize("folder", [REAL, WAREHOUSE], ids=lambda folder: folder.name)
def test_the_program_sums_to_the_engine_s_answers(folder: Path) -> None:
    case = rivals.read(folder)
    scenario, batch, names = case.scenario, case.stated, hypothesis_variables(case.scenario)
    effect = scenario.effects[str(scenario.effect)].claim
    contrasts = [why(scenario, effect, [h]) for h in scenario.hypotheses]

    program = write_program(batch, names, contrasts)
    found = evaluate(program, batch)

    joint = found[program.joint]
    assert np.allclose(joint / joint.sum(), batch.joint(names)[..., 0, 0], rtol=0, atol=NEAR)
    shares = [float(found[slot]) / joint.sum() for slot in program.contrasts if slot is not None]
    expected = [float(p[0, 0]) for p in because(batch, contrasts)]
    assert np.allclose(shares, expected, rtol=0, atol=NEAR)


def test_it_publishes_the_case_s_own_numbers() -> None:
    case = rivals.read(REAL)

    model = model_of(case)

    causes = case.causes(draws=0).loc[case.effect]
    assert model["published"]["because"] == list(causes["because"])
    assert model["published"]["present"] == pytest.approx(list(causes["posterior"]), abs=NEAR)
    assert [label for label, _ in model["hypotheses"]] == list(causes["label"])


def test_ten_judgements_are_those_that_move_the_leader_most() -> None:
    case = rivals.read(REAL)
    leader = case.causes(draws=0).loc[case.effect]["because"].idxmax()
    table = case.sensitivity(str(leader))

    every = [path for _, _, _, path, _ in model_of(case)["judgements"]]

    offered = [path for path in every if not path.startswith("expected.")]
    assert len(every) - len(offered) == len(case.scenario.expected) == 3
    width = (table["high"] - table["low"]).abs()
    width = width[~width.index.str.startswith("sources.")]
    assert len(offered) == 10
    assert width[offered].min() >= width.drop(every).max()


def test_priors_of_hypotheses_are_offered_however_little_they_matter() -> None:
    case = rivals.read(WAREHOUSE)

    offered = [(path, at) for _, _, _, path, at in model_of(case)["judgements"]]

    places = case.dossier.places
    for path in ("variables.arson.prior.yes", "variables.wiring_fault.prior.yes"):
        assert (path, str(places[path])) in offered


def test_every_judgement_has_a_name_in_words() -> None:
    case = rivals.read(REAL)

    named = {}
    for judgement in list_judgements(case.scenario).values():
        statement = judgement.statement
        if not statement.path.startswith("sources."):
            state = "" if statement.is_chance else statement.states[judgement.place]
            named[judgement.path] = name_judgement(case.scenario, statement.path, state)

    assert len(set(named.values())) == len(named)
    assert named["settings.spin"].startswith("Spin: ")
    assert named["variables.recall_security.noisy_or.causes.havana_recall"] == (
        "recall_security, from havana_recall alone"
    )


def test_only_what_counts_can_be_switched_off() -> None:
    case = rivals.read(WAREHOUSE)

    ids = [report[0] for report in model_of(case)["reports"]]

    assert ids == [standing.report.id for standing in case.evidence.counted]


def test_it_is_small() -> None:
    case = rivals.read(REAL)

    panel = explorer.explore(case).html

    assert len(panel.encode()) < 200_000


def test_the_same_case_gives_the_same_bytes() -> None:
    script = (
        "import rivals; from rivals.explorer import explore\n"
        f"print(explore(rivals.read({str(WAREHOUSE)!r})).html)"
    )

    made = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "lib")},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(made) == 1


def test_the_key_of_a_link_changes_with_the_numbers() -> None:
    case = rivals.read(WAREHOUSE)

    keys = {model_of(one)["key"] for one in (case, case.as_of("2026-05-05"), case.do(arson="yes"))}

    assert len(keys) == 3


def test_the_policy_s_hash_is_that_of_the_script_as_it_stands_on_the_page() -> None:
    markup = explorer.explore(rivals.read(WAREHOUSE)).html

    found = re.findall(r"<script>(.*?)</script>", markup, re.DOTALL)

    assert found == [explorer.script()]
    digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
    assert explorer.script_hash() == f"'sha256-{digest}'"


def test_the_script_writes_no_markup_and_asks_nobody() -> None:
    script = explorer.script()

    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", "fetch",
                 "XMLHttpRequest", "import(", "</script", "http"):  # fmt: skip
        assert word not in script, word


def test_the_panel_loads_nothing_and_has_no_ids() -> None:
    tags = Data(explorer.explore(rivals.read(WAREHOUSE)).html).tags

    assert not [a for _, a in tags if {"id", "src", "href", "onload", "onclick"} & set(a)]
    assert [a for tag, a in tags if tag == "script"] == [{"type": "application/json"}, {}]


def test_text_of_a_scenario_cannot_leave_the_data(tmp_path: Path) -> None:
    said = "</script><!--<script>\u2028&lt;\u202e $style $model"
    scenario = (WAREHOUSE / "scenario.yaml").read_text("utf-8")
    (tmp_path / "scenario.yaml").write_text(
        scenario.replace("label: Arson", f"label: {json.dumps(said)}"), "utf-8"
    )
    (tmp_path / "reports.yaml").write_text("", "utf-8")

    markup = explorer.explore(rivals.read(tmp_path)).html

    assert json.loads(Data(markup).blocks[0])["hypotheses"][0][0] == (
        "</script><!--<script>⟨U+2028⟩&lt;⟨U+202E⟩ $style $model"
    )
    assert markup.count("</script") == 2
    assert markup.count("<!--") == 0


def test_a_network_that_is_too_large_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = rivals.read(WAREHOUSE)
    monkeypatch.setattr(programs, "MOST_CELLS", 10)

    with pytest.raises(TooLarge, match="the bound is 10"):
        explorer.explore(case)
    assert explorer.panel(case).html.startswith("<p>There is no live panel: the page would have")


def test_a_case_that_cannot_be_says_so() -> None:
    case = rivals.read(WAREHOUSE).do(ignition="no")

    with pytest.raises(ImpossibleEvidence, match="harbour-camera"):
        explorer.explore(case)
