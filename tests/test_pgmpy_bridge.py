"""The way to pgmpy and back: the same answers, in memory and through every file format."""

from __future__ import annotations

import gzip
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import cache, partial
from importlib.resources import files
from math import isclose, log
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest

import rivals
from conftest import BUDGET
from oracle.engines import by_pgmpy, by_pyagrum
from rivals.network import Network, WhatIf
from rivals.pgmpy_bridge import build_model, export_model, from_pgmpy
from rivals.pgmpy_bridge.formats import FORMATS

ROOT = Path(__file__).parents[1]
SCENARIOS = ["warehouse-fire", "cuba-venezuela"]
BUNDLED = ["asia", "cancer", "earthquake", "survey", "sachs", "child", "alarm", "insurance"]
READ_BACK = [
    (name, form)
    for name in SCENARIOS
    for form in FORMATS
    if BUDGET == "full" or name != "cuba-venezuela" or form == "xdsl"  # each takes pgmpy 10 s
]
PYAGRUM_FILES = 1e-5  # pyAgrum reads the numbers in a file in single precision

SCENARIO = """
title: Why is the bridge closed?
question: Why was the bridge closed on 2 May 2026?
hypotheses:
  flood: {claim: flood=yes}
  strike: {claim: strike=yes|partly}
variables:
  flood: {prior: {yes: 0.2}}
  strike: {states: [no, partly, yes], prior: {yes: 0.1, partly: 0.3}}
  dead:
    states: ['0', '32', over_32]
    table: [{when: {flood: yes}, then: {'32': 0.4, over_32: 1e-11}}, {then: {'0': 1}}]
  traffic:
    topic: roads
    states: [on, off]
    table:
      - {when: {flood: yes}, then: {off: 1}}
      - {when: {strike: no}, then: {on: 0.9}}
      - {then: {on: 0.4}}
  fixed: {states: [only], prior: {only: 1}}
sources:
  radio: {grade: B, interest: {flood: yes}}
  union: {reliability: 0.4}
"""
LOG = """
- id: first
  published: 2026-05-02
  source: radio
  origin: call
  claims: {flood: yes, traffic: off}
  directness: direct
- id: second
  published: 2026-05-03
  source: union
  claims: {strike: [partly, yes], flood: no, fixed: only}
- id: copy
  published: 2026-05-03
  source: union
  copy_of: first
  claims: {flood: yes, dead: '32'}
- id: echo
  published: 2026-05-04
  source: union
  origin: call
  claims: {flood: yes}
  likelihood: {strike: {no: 1, partly: 4, yes: 2}}
- id: sign
  published: 2026-05-05
  observes: {traffic: off}
  likelihood: {flood: {no: 0, yes: 3}}
- {id: radio, published: 2026-05-06, source: radio, claims: {traffic: off}, directness: inferred}
- {id: wrong, published: 2026-05-06, source: radio, claims: {strike: no}}
- {retracts: wrong, logged: 2026-05-07}
"""


@pytest.fixture(scope="module", autouse=True)
def one_grammar() -> Iterator[None]:
    """pgmpy builds its grammar of BIF, of every letter there is, for a second at each file.

    It is the same for all, so here it is built once.
    """
    from pgmpy.readwrite import BIFReader

    with pytest.MonkeyPatch.context() as patch:
        for name in ("get_variable_grammar", "get_probability_grammar"):
            built = cache(partial(getattr(BIFReader, name), None))
            patch.setattr(BIFReader, name, lambda _, built=built: built())
        yield


def written(folder: Path, scenario: str = SCENARIO, log: str = LOG) -> Any:
    folder.mkdir(exist_ok=True)
    (folder / "scenario.yaml").write_text(scenario, encoding="utf-8")
    (folder / "reports.yaml").write_text(log, encoding="utf-8")
    return rivals.read(folder)


@pytest.fixture
def bridge(tmp_path: Path) -> Any:
    """A case with every kind of evidence."""
    return written(tmp_path / "bridge")


WHAT_IFS = {
    "as it is": lambda case: case,
    "given one": lambda case: case.given(strike="partly"),
    "given several": lambda case: case.given(strike="partly|yes", dead="0|32"),
    "under do": lambda case: case.without("sign").do(traffic="on"),
    "both": lambda case: case.without("sign").do(flood="yes").given(dead="32"),
    "nothing": lambda case: case.as_of("2026-05-01"),
    "first day": lambda case: case.as_of("2026-05-02"),
    "one source": lambda case: case.without("source:radio"),
}


def furthest(case: Any, found: Mapping[str, Mapping[str, float]]) -> float:
    """The largest difference from the case's own posterior."""
    expected = case.variables()["posterior"]
    assert {(v, s) for v in found for s in found[v]} == set(expected.index)
    return max(abs(expected[v, s] - p) for v, states in found.items() for s, p in states.items())


# --- a case in pgmpy -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_has_the_same_posterior_in_pgmpy(name: str) -> None:
    case = rivals.read(ROOT / "scenarios" / name)
    variables = list(case.scenario.variables)

    model, evidence = case.to_pgmpy()

    assert furthest(case, by_pgmpy(model, evidence, variables)) < 1e-9
    found, log_evidence = by_pyagrum(model, evidence, variables)
    assert furthest(case, found) < 1e-9
    assert isclose(log_evidence, case.log_evidence(), abs_tol=1e-9)


@pytest.mark.parametrize("what_if", WHAT_IFS.values(), ids=WHAT_IFS)
def test_a_case_has_the_same_posterior_in_pgmpy_under_every_what_if(
    bridge: Any, what_if: Any
) -> None:
    case = what_if(bridge)

    model, evidence = case.to_pgmpy()

    assert furthest(case, by_pgmpy(model, evidence, list(case.scenario.variables))) < 1e-9
    assert isclose(from_pgmpy(model).log_evidence(evidence), case.log_evidence(), abs_tol=1e-9)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_distribution_adds_to_one(name: str) -> None:
    model, _ = rivals.read(ROOT / "scenarios" / name).to_pgmpy()

    assert model.check_model()
    for cpd in model.get_cpds():
        assert abs(cpd.get_values().sum(axis=0) - 1).max() < 1e-15
        assert cpd.values.min() >= 0


def test_every_counted_report_is_a_leaf_for_each_variable_that_counts(bridge: Any) -> None:
    model, evidence = bridge.to_pgmpy()

    assert evidence == {
        "report_first_on_flood": "yes",
        "report_first_on_traffic": "yes",
        "report_second_on_strike": "yes",
        "report_second_on_flood": "yes",
        "report_second_on_fixed": "yes",
        "report_echo_on_strike": "yes",
        "traffic": "off",
        "report_sign_on_flood": "yes",
        "report_radio_on_traffic": "yes",
    }
    leaves = [node for node in model.nodes() if node.startswith("report_")]
    assert all(not list(model.successors(leaf)) for leaf in leaves)
    assert set(leaves) == set(evidence) - {"traffic"}
    assert list(model.predecessors("report_first_on_flood")) == ["story_radio_on_flood"]
    assert list(model.predecessors("report_sign_on_flood")) == ["flood"]


def test_the_evidence_comes_in_the_order_of_the_log(bridge: Any) -> None:
    _, evidence = bridge.given(dead="0|32").to_pgmpy()

    assert next(iter(evidence)) == "given_dead"
    assert list(evidence)[-1] == "report_radio_on_traffic"


def test_a_source_has_a_reliability_for_each_topic(bridge: Any) -> None:
    model, _ = bridge.to_pgmpy()

    assert [n for n in model.nodes() if n.startswith("reliable_")] == [
        "reliable_radio",
        "reliable_radio_on_roads",
        "reliable_union",
    ]
    assert set(model.predecessors("story_radio_on_traffic")) == {
        "reliable_radio_on_roads",
        "traffic",
    }


def test_a_variable_under_do_has_no_parents_and_is_certain(bridge: Any) -> None:
    model, evidence = bridge.without("sign").do(traffic="on").to_pgmpy()

    assert list(model.predecessors("traffic")) == []
    assert model.get_cpds("traffic").get_values().ravel().tolist() == [1, 0]
    assert not any("traffic" in node for node in evidence)


def test_a_state_that_is_given_is_evidence_and_several_are_a_leaf(bridge: Any) -> None:
    _, one = bridge.given(strike="yes").to_pgmpy()
    _, two = bridge.given(strike="yes|partly").to_pgmpy()

    assert one["strike"] == "yes"
    assert "strike" not in two
    assert two["given_strike"] == "yes"


def test_sights_that_contradict_each_other_stay_impossible(bridge: Any) -> None:
    network = Network(bridge.scenario, bridge.evidence, WhatIf({"traffic": ("on",)}, {}))

    model, evidence = build_model(network, bridge.values)

    assert (evidence["traffic"], evidence["report_sign_on_traffic"]) == ("on", "yes")
    with pytest.raises(rivals.ImpossibleEvidence):
        from_pgmpy(model).log_evidence(evidence)


def test_derived_names_are_plain_and_clash_with_nothing(tmp_path: Path) -> None:
    scenario = SCENARIO.replace("fixed:", "Story_radio_on_flood:").replace("union:", "Газета №1:")
    log = LOG.replace("fixed:", "Story_radio_on_flood:").replace("union", "Газета №1")

    case = written(tmp_path / "clash", scenario, log.replace("id: second", "id: Zweiter Fall"))
    model, evidence = case.to_pgmpy()

    derived = [node for node in model.nodes() if node not in case.scenario.variables]
    assert all(node.isascii() and node.isidentifier() for node in derived)
    assert len({node.casefold() for node in model.nodes()}) == len(model.nodes())
    assert "story_radio_on_flood_2" in derived
    assert "report_Zweiter_Fall_on_flood" in evidence
    assert furthest(case, by_pgmpy(model, evidence, list(case.scenario.variables))) < 1e-9


def test_the_same_case_gives_the_same_names_in_the_same_order(bridge: Any) -> None:
    first, second = bridge.to_pgmpy(), build_model(bridge.network, bridge.values)

    assert list(first[0].nodes()) == list(second[0].nodes())
    assert list(first[1].items()) == list(second[1].items())


def test_importing_rivals_and_reading_a_case_does_not_import_pgmpy() -> None:
    code = (
        "import sys, rivals\n"
        "rivals.read('scenarios/warehouse-fire').beliefs(draws=0)\n"
        "assert 'pgmpy' not in sys.modules\n"
        "rivals.from_pgmpy\n"
        "assert 'pgmpy' in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_pgmpy_says_nothing_when_a_case_is_taken_there_and_asked() -> None:
    code = (
        "import rivals\n"
        "model, evidence = rivals.read('scenarios/warehouse-fire').to_pgmpy()\n"
        "from pgmpy.inference import VariableElimination\n"
        "VariableElimination(model).query(['arson'], evidence=evidence, show_progress=False)"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)

    assert (done.stdout, done.stderr) == (b"", b"")


# --- a pgmpy model on this engine ----------------------------------------------------------------


@cache
def bundled(name: str, *, normal: bool = False) -> Any:
    """A network that pgmpy's wheel holds; normal ones add to 1 exactly."""
    from pgmpy.readwrite import BIFReader

    if normal:
        model = bundled(name).copy()
        for cpd in model.get_cpds():
            cpd.normalize()
        return model
    packed = (files("pgmpy") / "utils" / "example_models" / f"{name}.bif.gz").read_bytes()
    return BIFReader(string=gzip.decompress(packed).decode()).get_model()


def some_evidence(model: Any, rng: np.random.Generator) -> dict[str, str]:
    """States that occur together in the model, for about a fifth of its nodes."""
    drawn: dict[str, str] = {}
    for node in networkx.topological_sort(model):
        cpd = model.get_cpds(node)
        at = tuple(cpd.state_names[p].index(drawn[p]) for p in cpd.variables[1:])
        chances = cpd.values[(slice(None), *at)]
        drawn[node] = cpd.state_names[node][rng.choice(len(chances), p=chances / chances.sum())]
    return {node: state for node, state in drawn.items() if rng.random() < 0.2}


@pytest.mark.parametrize("name", BUNDLED)
def test_published_networks_agree_with_pgmpy_as_they_stand(name: str) -> None:
    model, rng = bundled(name), np.random.default_rng(1)
    plain = from_pgmpy(model)

    for evidence in ({}, some_evidence(model, rng), some_evidence(model, rng)):
        found = plain.posteriors(evidence)
        for node, states in by_pgmpy(model, evidence, list(model.nodes())).items():
            assert list(found[node].index) == list(model.get_cpds(node).state_names[node])
            assert max(abs(found[node, state] - p) for state, p in states.items()) < 1e-10


@pytest.mark.parametrize("name", BUNDLED)
def test_published_networks_agree_with_pyagrum(name: str) -> None:
    model, rng = bundled(name, normal=True), np.random.default_rng(2)
    plain = from_pgmpy(model)

    for evidence in ({}, some_evidence(model, rng), some_evidence(model, rng)):
        found = plain.posteriors(evidence)
        answers, log_evidence = by_pyagrum(model, evidence, list(model.nodes()))
        for node, states in answers.items():
            assert max(abs(found[node, state] - p) for state, p in states.items()) < 1e-10
        assert isclose(plain.log_evidence(evidence), log_evidence, abs_tol=1e-10)


@pytest.mark.parametrize("name", ["asia", "child", "alarm"])
def test_joints_agree_with_pgmpy(name: str) -> None:
    from pgmpy.inference import VariableElimination

    model = bundled(name)
    evidence = some_evidence(model, np.random.default_rng(3))
    names = [node for node in model.nodes() if node not in evidence][:3]

    found = from_pgmpy(model).joint(names, evidence)

    expected = VariableElimination(model).query(names, evidence=evidence, show_progress=False)
    assert list(found.index.names) == names
    assert isclose(found.sum(), 1)
    for states, p in found.items():
        at = dict(zip(names, states, strict=True))
        assert abs(expected.get_value(**at) - p) < 1e-10


def odd_model() -> Any:
    """Names of every kind, a deterministic table, and a variable with one state."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    coin, copy, stuck = 7, ("copy", 1), "stuck"
    names = {coin: [0, 1], copy: [True, False], stuck: ["only"]}
    model = DiscreteBayesianNetwork([(coin, copy), (stuck, copy)])
    model.add_cpds(
        TabularCPD(coin, 2, [[0.25], [0.75]], state_names={coin: names[coin]}),
        TabularCPD(stuck, 1, [[1]], state_names={stuck: names[stuck]}),
        TabularCPD(copy, 2, [[0, 1], [1, 0]], [coin, stuck], [2, 1], state_names=names),
    )
    return model


def test_names_need_not_be_text_and_tables_may_be_deterministic() -> None:
    plain = from_pgmpy(odd_model())

    prior, posterior = plain.posteriors(), plain.posteriors({("copy", 1): False})

    assert prior.index.names == ["variable", "state"]
    assert [tuple(row) for row in prior.index] == [
        (7, 0),
        (7, 1),
        (("copy", 1), True),
        (("copy", 1), False),
        ("stuck", "only"),
    ]
    assert prior.tolist() == [0.25, 0.75, 0.75, 0.25, 1]
    assert posterior.tolist() == [1, 0, 0, 1, 1]
    assert isclose(plain.log_evidence({("copy", 1): False}), log(0.25))


def test_a_joint_may_hold_what_is_known() -> None:
    plain = from_pgmpy(odd_model())

    found = plain.joint([7, ("copy", 1), 7], {7: 1})

    assert found.to_dict() == {(0, True): 0, (0, False): 0, (1, True): 1, (1, False): 0}


def test_no_evidence_is_certain() -> None:
    assert from_pgmpy(odd_model()).log_evidence() == 0


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda plain: plain.posteriors({"lunge": "yes"}), "did you mean 'lung'"),
        (
            lambda plain: plain.posteriors({"lung": "maybe"}),
            "'lung' is one of yes, no, got 'maybe'",
        ),
        (lambda plain: plain.joint(["lung", 3]), "got '3'"),
        (lambda plain: plain.joint([]), "got none"),
        (lambda plain: plain.log_evidence({"x-ray": "yes"}), "did you mean 'xray'"),
    ],
)
def test_unknown_names_and_states_are_complaints(ask: Any, said: str) -> None:
    with pytest.raises(rivals.QuestionError, match=r"is expected|is one of") as caught:
        ask(from_pgmpy(bundled("asia")))

    assert said in str(caught.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda plain, e: plain.posteriors(e),
        lambda plain, e: plain.joint(["asia"], e),
        lambda plain, e: plain.log_evidence(e),
    ],
)
def test_impossible_evidence_is_a_complaint(ask: Any) -> None:
    with pytest.raises(rivals.ImpossibleEvidence, match="lung=yes, either=no"):
        ask(from_pgmpy(bundled("asia")), {"lung": "yes", "either": "no"})


def test_what_is_no_sound_model_is_a_complaint() -> None:
    from pgmpy.models import DiscreteBayesianNetwork

    with pytest.raises(rivals.QuestionError, match="'dict'"):
        from_pgmpy({})
    with pytest.raises(rivals.QuestionError, match="not sound: No CPD"):
        from_pgmpy(DiscreteBayesianNetwork([("a", "b")]))


# --- files ---------------------------------------------------------------------------------------


def export(case: Any, form: str, path: Path) -> dict[str, str]:
    return export_model(case.network, case.values, form, path)


@pytest.mark.parametrize(("name", "form"), READ_BACK)
def test_a_file_read_by_pgmpy_gives_the_same_posterior(
    name: str, form: str, tmp_path: Path
) -> None:
    case = rivals.read(ROOT / "scenarios" / name)

    evidence = export(case, form, tmp_path / f"model.{form}")

    model = FORMATS[form].read((tmp_path / f"model.{form}").read_text("ascii"))
    assert model.check_model()
    assert furthest(case, by_pgmpy(model, evidence, list(case.scenario.variables))) < 1e-9
    assert [path.name for path in tmp_path.iterdir()] == [f"model.{form}"]


@pytest.mark.parametrize("form", FORMATS)
def test_pgmpys_own_readers_take_the_file(bridge: Any, form: str, tmp_path: Path) -> None:
    from pgmpy import readwrite

    path = tmp_path / f"model.{form}"
    evidence = export(bridge, form, path)

    model = getattr(readwrite, f"{form.upper()}Reader")(path=str(path)).get_model()
    assert furthest(bridge, by_pgmpy(model, evidence, list(bridge.scenario.variables))) < 1e-9


def set_right(network: Any) -> None:
    """What pyAgrum 3.3 reads from XDSL, its tables put in order.

    It takes the first parent to run fastest. In files written by GeNIe the last one does: its
    Asia has dysp absent 0.9 0.2 0.3 0.1 under (either, bronc), and 0.8 of those with bronchitis
    alone have dyspnoea.
    """
    for node in network.names():
        table = network.cpt(node)
        cards = [network.variable(parent).domainSize() for parent in table.names[1:]]
        right = table.toarray().reshape(*cards, network.variable(node).domainSize())
        table.fillWith(right.transpose(*reversed(range(len(cards))), len(cards)).ravel().tolist())


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_file_read_by_pyagrum_gives_the_same_posterior(
    name: str, form: str, tmp_path: Path
) -> None:
    import pyagrum as gum

    case = rivals.read(ROOT / "scenarios" / name)
    path = tmp_path / f"model.{form}"
    evidence = export(case, form, path)

    network = gum.loadBN(str(path))
    if form == "xdsl":
        set_right(network)
    engine = gum.LazyPropagation(network)
    engine.setEvidence(evidence)
    engine.makeInference()
    found = {
        v: dict(zip(network.variable(v).labels(), engine.posterior(v).tolist(), strict=True))
        for v in case.scenario.variables
    }
    assert furthest(case, found) < PYAGRUM_FILES


@pytest.mark.parametrize("form", FORMATS)
def test_state_names_that_look_like_something_else_survive(form: str, tmp_path: Path) -> None:
    import pyagrum as gum

    scenario = SCENARIO.replace("states: [only]", "states: [only, null]")  # pyAgrum wants two
    case = written(tmp_path / "two", scenario)
    export(case, form, tmp_path / f"model.{form}")

    model = FORMATS[form].read((tmp_path / f"model.{form}").read_text("ascii"))
    network = gum.loadBN(str(tmp_path / f"model.{form}"))
    for variable, states in {
        "dead": ["0", "32", "over_32"],
        "traffic": ["on", "off"],
        "flood": ["no", "yes"],
        "fixed": ["only", "null"],
    }.items():
        assert model.get_cpds(variable).state_names[variable] == states
        assert list(network.variable(variable).labels()) == states


@pytest.mark.parametrize("form", FORMATS)
def test_small_probabilities_keep_their_digits(bridge: Any, form: str, tmp_path: Path) -> None:
    bridge = bridge.without("first")
    expected = bridge.to_pgmpy()[0].get_cpds("dead").values

    export(bridge, form, tmp_path / f"model.{form}")

    model = FORMATS[form].read((tmp_path / f"model.{form}").read_text("ascii"))
    assert expected.min(where=expected > 0, initial=1) < 1e-10
    assert (model.get_cpds("dead").values == expected).all()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_case_gives_the_same_bytes(bridge: Any, form: str, tmp_path: Path) -> None:
    export(bridge, form, tmp_path / "first")
    export(bridge, form, tmp_path / "second")

    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


REFUSED = [
    ("all", "flüd", "yes", "flüd"),
    ("all", "наводнение", "yes", "наводнение"),
    ("all", "the flood", "yes", "the flood"),
    ("all", "flood(1)", "yes", "flood(1)"),
    ("all", "flood", "sí", "sí"),
    ("all", "flood", "very high", "very high"),
    ("all", "flood", "a,b", "a,b"),
    ("all", "flood", 'so "high"', 'so "high"'),
    ("all", "flood", "(high)", "(high)"),
    ("bif", "probability", "yes", "probability"),
    ("bif", "flood", "table", "table"),
    ("bif", "flood", "1.5", "1.5"),
    ("bif", "flood", "1e5", "1e5"),
    ("bif", "flood", "5-12", "5-12"),
    ("bif", "Strike", "yes", "trike"),  # two names that pgmpy's reader takes for one
    ("xdsl", "_flood", "yes", "_flood"),
    ("xdsl", "flood-tide", "yes", "flood-tide"),
    ("xdsl", "flood", "5-12", "5-12"),
    ("net", "node", "yes", "node"),
    ("net", "flood-tide", "yes", "flood-tide"),
    ("net", "flood", "a//b", "flood"),
]


@pytest.mark.parametrize(
    ("form", "variable", "state", "culprit"),
    [
        (form, *rest)
        for which, *rest in REFUSED
        for form in (FORMATS if which == "all" else [which])
    ],
)
def test_what_a_format_would_mangle_is_refused_and_nothing_is_written(
    form: str, variable: str, state: str, culprit: str, tmp_path: Path
) -> None:
    quoted = "'" + state + "'"
    case = written(
        tmp_path / "case",
        SCENARIO.replace(
            "flood: {prior: {yes:", f"{variable}: {{states: [no, {quoted}], prior: {{{quoted}:"
        )
        .replace("flood=yes", f"'{variable}={state}'")
        .replace("when: {flood: yes}", f"when: {{'{variable}': {quoted}}}")
        .replace("interest: {flood: yes}", "interest: {}"),
        "[]",
    )
    target = tmp_path / "out" / "model"
    target.parent.mkdir()
    target.write_text("what was there")

    with pytest.raises(rivals.ExportError) as caught:
        export(case, form, target)

    assert culprit in str(caught.value)
    assert form in str(caught.value)
    assert [path.name for path in target.parent.iterdir()] == ["model"]
    assert target.read_text() == "what was there"


def test_a_file_that_was_there_is_replaced_as_a_whole(bridge: Any, tmp_path: Path) -> None:
    target = tmp_path / "model.net"
    target.write_text("x" * 1_000_000)

    export(bridge, "net", target)

    assert target.read_text().startswith("net\n{")
    assert "xxx" not in target.read_text()


@pytest.mark.parametrize("place", ["missing/model.bif", "."])
def test_a_file_that_cannot_be_written_is_a_complaint(
    bridge: Any, place: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(rivals.ExportError, match="cannot be written"):
        export(bridge, "bif", tmp_path / "folder" / place)

    assert list((tmp_path / "folder").iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "bridge"}


def test_an_unknown_format_is_a_complaint(bridge: Any, tmp_path: Path) -> None:
    with pytest.raises(rivals.ExportError, match="one of bif, xdsl, net, got 'uai'"):
        export(bridge, "uai", tmp_path / "model.uai")


@pytest.mark.parametrize("form", FORMATS)
def test_a_writer_that_rounds_would_be_found_out(
    bridge: Any, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    honest = FORMATS[form]

    def rounding(model: Any) -> str:
        rough = model.copy()
        for cpd in rough.get_cpds():
            cpd.values = cpd.values.round(9)
        return honest.write(rough)

    monkeypatch.setitem(FORMATS, form, replace(honest, write=rounding))

    with pytest.raises(rivals.ExportError, match=f"{form} would change the table of 'dead'"):
        export(bridge, form, tmp_path / "model")


def test_exporting_warns_of_nothing(bridge: Any, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for form in FORMATS:
            export(bridge, form, tmp_path / f"model.{form}")
