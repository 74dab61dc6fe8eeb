"""Whatever is asked of small odd scenarios is shown or refused in a line, never as nan or inf.

Every command in every format, every sentence and every chart, on scenarios in which something that
is usually there is missing, certain or impossible.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from errno import ENOSPC
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import click
import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner
from matplotlib.axes import Axes

import rivals
from conftest import BUDGET
from generate import Made, seeded
from oracle import texts
from plain_yaml import QuotingDumper
from rivals import charts, prose
from rivals.analysis.forecasts import calibrate
from rivals.analysis.opinions import Opinions
from rivals.analysis.turning import TurningPoints
from rivals.briefing.build import Briefing, Order
from rivals.briefing.corrected import Corrected, find_corrected
from rivals.briefing.issuing import Imprint, collect, issue
from rivals.cli import main
from rivals.entries import Report, Retraction
from rivals.history import trace
from rivals.moments import When
from rivals.scenario import label_of
from test_agreement_cli import options

mpl.use("agg")

FORMS = ("table", "csv", "json")
FEW = 20  # draws, where ranges are asked for
NO_NUMBER = re.compile(r"\b(nan|nat|inf|infinity)\b", re.IGNORECASE)
FULL = Path("/dev/full")
NO_SPACE = f"standard output cannot be written: {os.strerror(ENOSPC)}"

Plain = dict[str, Any]


# --- odd scenarios ---


FLAG: Plain = {"ask": "Was it so?"}
EVEN: Plain = {**FLAG, "prior": {"yes": "0.4"}}
SEEN: Plain = {"observable": {"how": "ask", "cost": "2"}}
RESOLVED: Plain = {"resolved": "yes", "resolved_on": "2026-05-06", "link": "https://example.org/a"}
USUAL: Plain = {
    "title": "T",
    "question": "Why?",
    "effects": {"it": "e=yes"},
    "hypotheses": {"first": "a=yes", "second": "b=yes"},
    "outcomes": {"paid": {"claim": "b=yes", **RESOLVED}, "open": "a=yes"},
    "variables": {
        "a": EVEN,
        "b": {**EVEN, **SEEN},
        "e": {**FLAG, "noisy_or": {"leak": "0.1", "causes": {"a": "0.8", "b": "0.5"}}},
    },
    "sources": {"s": {"grade": "B"}, "t": {"reliability": "0.6"}},
}
THREE: Plain = {"ask": "Which?", "states": ["none", "some", "much"], **SEEN}


def said(number: int, variable: str, state: str, source: str = "s") -> Plain:
    """A claim, on a day of its own."""
    day = f"2026-05-0{number}"
    return {"id": f"r{number}", "published": day, "source": source, "claims": {variable: state}}


def weighed(number: int, **weights: Plain) -> Plain:
    """A report that the coder weighs, without a source."""
    return {"id": f"r{number}", "published": f"2026-05-0{number}", "likelihood": weights}


LOG = [said(1, "a", "yes"), said(3, "b", "no"), said(5, "e", "yes", "t")]
HEAVY = {"no": "1", "yes": "3"}


@dataclass(frozen=True)
class Odd:
    """A scenario and what is supposed of it, as options and as a case."""

    scenario: Plain = field(default_factory=dict)
    log: list[Plain] = field(default_factory=lambda: LOG)
    do: Plain = field(default_factory=dict)
    given: Plain = field(default_factory=dict)
    as_of: str | None = None
    without: tuple[str, ...] = ()

    def make(self) -> Made:
        """Its files; a section that is None is left out."""
        sections = {**USUAL, **self.scenario}
        stated = {name: one for name, one in sections.items() if one is not None}
        parts = (
            yaml.dump(one, Dumper=QuotingDumper, sort_keys=False) for one in (stated, self.log)
        )
        return Made(*parts, self.as_of, self.do, self.given, self.without)


def variables(**changed: Plain) -> Plain:
    """The usual variables with some of them otherwise."""
    return {"variables": {**USUAL["variables"], **changed}}


AWAITED: Plain = {"claim": "b=yes", "since": "2026-05-02", "by": "2026-05-20", "chance": "0.9"}

WAITING = "what has not come, was certain to and came"
ODD: dict[str, Odd] = {
    "nothing odd": Odd(),
    WAITING: Odd(
        {
            "expected": {
                "late": {**AWAITED, "claim": "z=yes", "by": "2026-05-04", "chance": "1"},
                "came": AWAITED,
                "begins": {**AWAITED, "since": "2026-05-19"},
            },
            **variables(z=EVEN),
        },
    ),
    "a list of what has not come, as supposed": Odd(
        {"expected": [{**AWAITED, "claim": "a=yes"}, AWAITED]},
        [said(5, "e", "yes")],
        given={"a": "yes"},
        do={"b": "yes"},
    ),
    "no effects": Odd({"effects": None}),
    "no reports": Odd(log=[]),
    "no sources, likelihoods only": Odd(
        {"sources": None, "outcomes": None},
        [weighed(1, a=HEAVY), weighed(4, a=HEAVY, e={"no": "0", "yes": "2"})],
    ),
    "nothing counts": Odd(as_of="2026-05-03", without=("source:s",)),
    "an effect that covers all states": Odd({"effects": {"it": "e=no|yes"}}),
    "an effect that covers no possible state": Odd(
        {"effects": {"it": "z=yes"}, **variables(z={**FLAG, "prior": {"yes": "0"}})}
    ),
    "an effect of neither": Odd(
        {"effects": {"it": "z=yes", "other": "e=yes"}, **variables(z=EVEN)}
    ),
    "effects that are hypotheses": Odd({"effects": {"it": "a=yes", "not": "b=no"}}),
    "a hypothesis given": Odd(given={"a": "yes"}),
    "a hypothesis under do": Odd(do={"b": "yes"}),
    "every hypothesis under do": Odd(do={"a": "no", "b": "no"}),
    "priors of 0 and 1": Odd(
        variables(a={**FLAG, "prior": {"yes": "0"}}, b={**FLAG, "prior": {"yes": "1"}}, z=EVEN),
        [said(1, "e", "yes"), said(4, "z", "yes")],
    ),
    "all is known": Odd(
        log=[
            {"id": "r1", "published": "2026-05-04", "observes": {"a": "yes", "b": "no", "e": "yes"}}
        ]
    ),
    "two hypotheses on one variable": Odd(
        {
            "hypotheses": {"first": "a=some", "second": "a=much"},
            "outcomes": None,
            **variables(
                a={**THREE, "prior": {"some": "0.3", "much": "0.3"}},
                e={
                    **FLAG,
                    "noisy_or": {"causes": {"a": {"some": "0.5", "much": "0.9"}, "b": "0.5"}},
                },
            ),
        },
        [said(1, "a", "some"), said(3, "a", "much", "t"), said(5, "e", "yes")],
    ),
}
SEEDS = {
    f"made {seed}{', explained' * explained}": (seed, explained)
    for explained, seeds in ((False, (8, 22, 27)), (True, (9, 22, 599)))
    for seed in seeds
}
EVERY = (*ODD, *SEEDS)


@cache
def make(name: str) -> Made:
    """The files of a scenario, and what is supposed."""
    if name in ODD:
        return ODD[name].make()
    seed, explained = SEEDS[name]
    return seeded(seed, explained=explained, cells=2000)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each of them, written."""
    place = tmp_path_factory.mktemp("odd")
    found = {name: make(name).write(place / re.sub(r"\W+", "-", name)) for name in EVERY}
    for name, folder in found.items():
        judge_otherwise(folder)
        put_out(folder, make(name))
    return found


def put_out(folder: Path, made: Made) -> None:
    """Issue a page on a scenario as it stands, for a day, where it can be believed."""
    case = rivals.read(folder).as_of(made.as_of).given(**made.given).do(**made.do)
    page, by = Briefing(folder, "<p>", 0.0), Imprint("Zoë", When("2026-05-09"), "a\u202fnote")
    issue(case, Order(draws=0), page, collect(folder), by)


def judge_otherwise(folder: Path) -> None:
    """Give a scenario two analysts, whatever there is in it."""
    (folder / "analysts").mkdir()
    for name, text in (("ann", "settings.accuracy: 0.9\n"), ("bob", "settings.grades.B: 0.6\n")):
        (folder / "analysts" / f"{name}.yaml").write_text(text, encoding="utf-8")


every_scenario = pytest.mark.parametrize("name", EVERY)


# --- commands ---


COMMANDS: dict[str, tuple[str, ...]] = {
    "beliefs": ("beliefs", "--draws", str(FEW)),
    "causes": ("causes", "--draws", str(FEW)),
    "causes, bounds": ("causes", "--bounds", "--draws", "0"),
    "trail": ("trail", "--draws", str(FEW)),
    "robustness": ("robustness", "--draws", str(FEW)),
    "impact": ("impact",),
    "impact by source": ("impact", "--by", "source"),
    "impact by origin": ("impact", "--by", "origin"),
    "conflict": ("conflict",),
    "sensitivity": ("sensitivity",),
    "curve": ("sensitivity", "--curve", "settings.grades.B"),
    "turning points": ("turning-points",),
    "inquiry": ("inquiry",),
    "inquiry, through": ("inquiry", "--through"),
    "compare": ("compare", "--since", "2026-05-02"),
    "had": ("had",),
    "score": ("score",),
    "analysts": ("analysts", "--draws", "0"),
    "expected": ("expected",),
    "ledger": ("ledger",),
    "history": ("history",),
}
OF_FILES = {"ledger", "history"}
"""Commands that ask what was issued, not what to believe: nothing can be supposed of them."""
WITHOUT_EFFECTS = {"no effects", "made 8", "made 27"}


def ask(folder: Path, made: Made, *words: str) -> list[str]:
    """A command to a scenario with what is supposed of it; `score` only asks as of a moment."""
    if words[0] in OF_FILES:
        first = next(iter(texts.load(made.texts)[0]["hypotheses"]))
        return [words[0], str(folder), *([first] if words[0] == "history" else [])]
    if words[0] == "score":
        return [*words, str(folder), *(["--as-of", made.as_of] if made.as_of else [])]
    setting = [imagined(made)] if words[0] == "had" else []
    return [words[0], str(folder), *setting, *words[1:], *options(made)]


def imagined(made: Made) -> str:
    """The last state of the first variable that is not under do."""
    scenario = texts.load(made.texts)[0]
    name = next(v for v in scenario["variables"] if v not in made.do)
    return f"{name}={scenario['variables'][name].get('states', ['no', 'yes'])[-1]}"


def list_faults(words: list[str], form: str, code: int = 0) -> Iterator[str]:
    """What is wrong with how a command ends, and with what it shows."""
    result = CliRunner().invoke(main, [*words, "--format", form])
    if not isinstance(result.exception, SystemExit | None):
        yield f"{form}: {result.exception!r}"
        return
    if result.exit_code != code:
        yield f"{form}: exit code {result.exit_code}: {result.stderr}"
    if "Traceback" in result.output:
        yield f"{form}: a traceback"
    if code and (result.stdout or len(result.stderr.splitlines()) != 1):
        yield f"{form}: not one line: {result.output}"
    if not code and form != "table":
        yield from (f"{form}: {fault}" for fault in READ[form](result.stdout))
    if not result.output.strip():
        yield f"{form}: neither an answer nor a word"
    shown = result.output if form == "table" else result.stderr
    yield from (f"{form}: {line}" for line in shown.splitlines() if NO_NUMBER.search(line))


def read_csv(text: str) -> Iterator[str]:
    """Every line of CSV has as many cells as its head, and those of no number are empty."""
    rows = pd.read_csv(io.StringIO(text), header=None, dtype=str, keep_default_na=False)
    if rows.iloc[0].duplicated().any():
        yield f"two columns of one name: {rows.iloc[0].tolist()}"
    if rows.isin(["nan", "NaN", "NaT", "None"]).any(axis=None):
        yield f"what is not defined is not empty: {text}"


def read_json(text: str) -> Iterator[str]:
    """JSON knows neither NaN nor Infinity."""
    odd: list[str] = []
    json.loads(text, parse_constant=odd.append)
    yield from odd


READ = {"csv": read_csv, "json": read_json}


@every_scenario
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_answers_or_refuses_in_a_line(
    command: str, name: str, folders: dict[str, Path]
) -> None:
    """Where time is short, all but two are asked in one format each, which takes turns."""
    words = ask(folders[name], make(name), *COMMANDS[command])
    code = int(command.startswith("causes") and name in WITHOUT_EFFECTS)

    turn = (EVERY.index(name) + list(COMMANDS).index(command)) % 3
    whole = BUDGET == "full" or name in ("nothing odd", WAITING)
    forms = FORMS if whole else FORMS[turn : turn + 1]

    assert [fault for form in forms for fault in list_faults(words, form, code)] == []


def test_all_commands_are_asked_in_all_formats() -> None:
    known = {
        name
        for name, command in main.commands.items()
        if any(isinstance(o, click.Option) and "--format" in o.opts for o in command.params)
    }

    assert known - {"check"} == {words[0] for words in COMMANDS.values()}  # test_cli_check has it


@pytest.mark.parametrize("form", FORMS)
def test_a_comparison_with_a_scenario_of_other_hypotheses_answers_or_refuses_in_a_line(
    form: str, folders: dict[str, Path]
) -> None:
    words = ["compare", str(folders["nothing odd"]), str(folders["made 8"])]

    assert list(list_faults(words, form, code=1)) == []


def test_what_is_no_number_is_found() -> None:
    assert all(NO_NUMBER.search(text) for text in ("+nan dB", "a: -inf", "NaT", "(NaN%)"))
    assert not any(NO_NUMBER.search(text) for text in ("finance", "information", "banana"))


# --- a full disk ---


@pytest.mark.skipif(not FULL.exists(), reason="no device here is always full")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_of_a_full_disk_in_one_line(
    command: str,
    form: str,
    folders: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = WAITING if command == "expected" else "nothing odd"  # else there is nothing to write
    words = ask(folders[name], make(name), *COMMANDS[command])

    with suppress(OSError), FULL.open("w", encoding="utf-8") as full:  # closing it writes too
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(SystemExit) as ended:
            main([*words, "--format", form])
    monkeypatch.undo()

    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [NO_SPACE]


# --- sentences and charts ---


@dataclass(frozen=True)
class Asked:
    """A case and the tables that sentences and charts are made of, asked once."""

    case: rivals.Case

    @cached_property
    def impact(self) -> pd.DataFrame:
        return self.case.impact()

    @cached_property
    def robustness(self) -> pd.DataFrame:
        return self.case.robustness(FEW)

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        return self.case.sensitivity()

    @cached_property
    def turning(self) -> TurningPoints:
        return self.case.turning_points()

    @cached_property
    def moved(self) -> pd.DataFrame:
        return self.case.compare(self.case.as_of(self.since))

    @cached_property
    def had(self) -> pd.DataFrame:
        name = next(v for v in self.case.scenario.variables if v not in self.case.what_if.do)
        return self.case.had(**{name: self.case.scenario.variables[name].states[-1]})

    @cached_property
    def conflicts(self) -> pd.DataFrame:
        return self.case.conflicts()

    @cached_property
    def inquiry(self) -> pd.DataFrame:
        return self.case.inquiry()

    @cached_property
    def opinions(self) -> Opinions:
        return self.case.analysts()

    @cached_property
    def score(self) -> pd.DataFrame:
        return self.case.score()

    @cached_property
    def standing(self) -> pd.DataFrame:
        return prose.tabulate_standing(self.case, FEW, 0)

    @cached_property
    def combinations(self) -> pd.DataFrame:
        return self.case.combinations(FEW)

    @cached_property
    def bounds(self) -> pd.DataFrame | None:
        """None without effects."""
        return self.case.cause_bounds() if self.case.scenario.effects else None

    @property
    def tried(self) -> prose.Trials:
        return prose.Trials(self.robustness, self.impact)

    @cached_property
    def corrected(self) -> Corrected:
        """What a correction of the first report and of a number did since it was issued."""
        first = next(iter(self.case.dossier.reports()), None)
        case, where = self.case, {"logged": "2026-05-09", "why": "w"}
        if first is not None:
            case = case.with_entry(Retraction.model_validate({"retracts": first.id, **where}))
        settings = case.scenario.settings.model_copy(update={"accuracy": 0.9})
        scenario = case.scenario.model_copy(update={"settings": settings})
        case = replace(case, moment=None, dossier=replace(case.dossier, scenario=scenario))
        found = find_corrected(case, case.leader, seed=0)
        assert found is not None
        return found

    @cached_property
    def released(self) -> rivals.Case:
        """The case for those who may not see its last report."""
        log = [e.model_copy(update={"handling": "RED"}) if isinstance(e, Report) else e
               for e in self.case.dossier.log[-1:]]  # fmt: skip
        whole = replace(self.case.dossier, log=(*self.case.dossier.log[:-1], *log))
        return replace(self.case, dossier=whole).release("AMBER")

    @property
    def since(self) -> str:
        return "2026-02-02" if "A made" in self.case.scenario.title else "2026-05-02"

    @property
    def h(self) -> str:
        return next(iter(self.case.scenario.hypotheses))

    @property
    def labels(self) -> dict[str, str]:
        return {name: label_of(name, noun) for name, noun in self.case.scenario.hypotheses.items()}


@pytest.fixture(scope="module")
def asked(folders: dict[str, Path]) -> Callable[[str], Asked]:
    """Each case, with what is supposed of it."""

    @cache
    def open_case(name: str) -> Asked:
        made = make(name)
        case = rivals.read(folders[name]).as_of(made.as_of).given(**made.given).do(**made.do)
        return Asked(case.without(*made.without))

    return open_case


SENTENCES: dict[str, Callable[[Asked], object]] = {
    "headline": lambda a: prose.headline(a.case, a.standing, a.tried),
    "plan_collection": lambda a: prose.plan_collection(a.inquiry),
    "rate_confidence": lambda a: prose.rate_confidence(
        a.case.reports(), a.case.conflict(), *a.standing[["low", "high"]].iloc[0], a.tried
    ),
    "say_analysts": lambda a: prose.say_analysts(a.opinions),
    "say_corrections": lambda a: a.corrected.notice,
    "say_release": lambda a: prose.say_release(a.released) or ".",
    "say_waiting": lambda a: prose.say_waiting(a.case.expected(), a.labels),
    "say_bounds": lambda a: "." if a.bounds is None else prose.say_bounds(a.bounds),
    "say_change": lambda a: prose.say_change(a.moved, a.since),
    "say_comparison": lambda a: prose.say_comparison(a.moved),
    "say_conflict": lambda a: prose.say_conflict(a.case.conflict()),
    "say_conflicts": lambda a: prose.say_conflicts(a.conflicts),
    "say_had": lambda a: prose.say_had(a.had),
    "say_hindsight": lambda a: prose.say_hindsight(a.case) or ".",
    "say_impact": lambda a: prose.say_impact(a.impact, a.h, a.labels),
    "say_key_assumption": lambda a: prose.say_key_assumption(a.case.assumptions(), a.labels),
    "say_likelihood": lambda a: prose.say_likelihood(
        "it was so", a.standing["headline"].iloc[0], a.case.scenario.settings.scale
    ),
    "say_moment": lambda a: prose.say_moment(a.case),
    "say_naive": lambda a: prose.say_naive(a.case.naively(), a.labels),
    "say_origins": lambda a: prose.say_origins(a.case.reports()),
    "say_robustness": lambda a: prose.say_robustness(a.robustness),
    "say_score": lambda a: prose.say_score(a.score),
    "say_sensitivity": lambda a: prose.say_sensitivity(a.sensitivity, a.labels),
    "say_turning_points": lambda a: prose.say_turning_points(a.turning, a.labels),
    "say_what_would_turn": lambda a: prose.say_what_would_turn(a.turning, a.labels),
}
CHARTS: dict[str, Callable[[Asked], Axes]] = {
    "accounts": lambda a: charts.accounts(a.moved.attrs["items"], a.h, a.labels),
    "beliefs": lambda a: charts.beliefs(a.case.beliefs(FEW)),
    "calibration": lambda a: charts.calibration(calibrate([a.score])),
    "causes": lambda a: charts.causes(a.case.causes(FEW), a.bounds),
    "combinations": lambda a: charts.combinations(a.combinations, a.labels),
    "compare": lambda a: charts.compare(a.moved),
    "conflicts": lambda a: charts.conflicts(a.conflicts),
    "curve": lambda a: charts.curve(a.case.curve("settings.grades.B", a.h), a.h, a.labels),
    "dispute": lambda a: charts.dispute(a.opinions),
    "draw_network": lambda a: charts.draw_network(a.case.network, a.case.variables()),
    "funnel": lambda a: charts.funnel(a.case.reports()),
    "grid": lambda a: charts.grid(a.case.grid("settings.grades.B", "settings.accuracy"), a.labels),
    "had": lambda a: charts.had(a.had),
    "history": lambda a: charts.history(trace(a.case.dossier.folder, a.h)),
    "impact": lambda a: charts.impact(a.impact, a.h, a.labels),
    "inquiry": lambda a: charts.inquiry(a.inquiry),
    "opinions": lambda a: charts.opinions(a.opinions),
    "robustness": lambda a: charts.robustness(a.robustness),
    "sources": lambda a: charts.sources(a.case.sources()),
    "tornado": lambda a: charts.tornado(a.sensitivity, a.labels),
    "trail": lambda a: charts.trail(a.case.trail(FEW), a.labels),
    "turning_points": lambda a: charts.turning_points(a.turning, a.labels),
    "upset": lambda a: charts.upset(a.combinations, a.labels),
    "waiting": lambda a: charts.waiting(a.case.expected()),
}
NO_SENTENCES = {"say_decibels", "say_together"}  # of tables that test_prose makes
NO_CHARTS = {"describe", "moved_most", "name_combination", "name_judgement", "name_piece"}


@every_scenario
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_can_be_said(
    sentence: str, name: str, asked: Callable[[str], Asked]
) -> None:
    told = str(SENTENCES[sentence](asked(name)))

    assert told.endswith(".")
    assert not NO_NUMBER.search(told), told
    assert not re.search(r"[^.] None\b", told), told  # but a sentence may begin with none


@pytest.mark.parametrize("name", EVERY if BUDGET == "full" else [*ODD, *list(SEEDS)[::3]])
@pytest.mark.parametrize("chart", CHARTS)
def test_every_chart_can_be_drawn(chart: str, name: str, asked: Callable[[str], Asked]) -> None:
    if chart == "causes" and name in WITHOUT_EFFECTS:
        pytest.skip("nothing is to be explained here")

    axes = CHARTS[chart](asked(name))
    told = [axes.get_title(loc="left"), charts.describe(axes)]
    plt.close("all")

    assert all(told)
    assert not any(map(NO_NUMBER.search, told)), told


def test_all_sentences_and_charts_are_tried() -> None:
    said = {name for name in prose.__all__ if name.startswith(("say_", "plan_", "rate_"))}
    drawn = {name for name in charts.__all__ if name.islower()} - NO_CHARTS

    assert said - NO_SENTENCES | {"headline"} == set(SENTENCES)
    assert drawn == set(CHARTS)


def test_the_scenarios_are_odd_in_every_way(asked: Callable[[str], Asked]) -> None:
    bounds = [asked(name).bounds for name in EVERY]
    hows = {how for table in bounds if table is not None for how in table["how"]}
    led = {asked(name).robustness.attrs["leader"] is not None for name in EVERY}
    shifts = [asked(name).impact.attrs["shift"] for name in EVERY]

    assert hows == {"settled", "exact", "searched", "outer"}
    assert led == {True, False}
    assert any(pd.isna(list(shift.values())).any() for shift in shifts)
    assert {not len(asked(name).impact) for name in EVERY} == {True, False}
    assert {not len(asked(name).score) for name in EVERY} == {True, False}
