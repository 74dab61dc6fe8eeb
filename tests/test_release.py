"""A released page leaves out what its readers may not see, says so, and tells nothing of it."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import rivals
from rivals.briefing.build import Order, write_briefing
from rivals.briefing.withholding import check_withheld
from rivals.errors import ExportError, QuestionError, ReadingError
from rivals.evidence import WITHHELD
from rivals.prose import say_release

SCENARIO = """\
title: Why did it burn?
question: Q
effects: {fire: {claim: fire=yes, label: It burnt}}
hypotheses:
  arson: {claim: arson=yes, label: Arson}
  wiring: {claim: wiring=yes, label: Wiring}
outcomes: {pays: {claim: pays=yes}}
variables:
  arson: {ask: A?, prior: {yes: 0.2}, observable: {how: ask}}
  wiring: {ask: W?, prior: {yes: 0.3}, observable: {how: look}}
  fire: {noisy_or: {leak: 0.01, causes: {arson: 0.9, wiring: 0.5}}}
  pays: {table: [{when: {arson: yes}, then: {yes: 0.1}}, {then: {yes: 0.8}}]}
sources:
  radio: {name: Radio, grade: B}
  paper: {name: Paper, grade: B}
  SECRETsource: {name: SECRETname, grade: A, why: SECRETgrading}
"""
LOG = """\
- {id: burns, published: 2026-05-01, source: radio, claims: {fire: yes}, summary: It burns.}
- id: SECRETid
  published: 2026-05-02
  logged: 2026-05-03
  source: SECRETsource
  outlet: SECREToutlet
  origin: [shared, SECREToriginal]
  summary: SECRETsummary
  link: https://SECRETlink.example/
  claims: {arson: yes}
  directness: direct
  why: SECRETwhy
  as_received: SECRETreceived
  coded_by: SECRETcoder
  checked_by: SECRETchecker
  note: SECRETnote
  handling: tlp:amber
- {id: twin, published: 2026-05-04, source: paper, origin: shared, claims: {arson: yes, wiring: no}}
- id: bent
  published: 2026-05-05
  source: paper
  origin: own
  copy_of: SECRETid
  claims: {arson: no}
- {id: bare, published: 2026-05-06, source: radio, copy_of: SECRETid, claims: {arson: yes}}
- {id: named, published: 2026-05-06, source: radio, origin: SECRETid, claims: {arson: yes}}
- id: SECRETsecond
  published: 2026-05-07
  source: SECRETsource
  claims: {wiring: no}
  handling: RED
- {id: later, published: 2026-05-08, source: radio, claims: {wiring: yes}}
- {amends: later, logged: 2026-05-09, set: {handling: green}, why: SECRETamending}
- {retracts: SECRETsecond, logged: 2026-05-10, why: SECRETretracting}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario in which whatever must not be seen says so."""
    place = tmp_path_factory.mktemp("cases") / "fire"
    place.mkdir()
    (place / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (place / "reports.yaml").write_text(LOG, "utf-8")
    return place


@pytest.fixture(scope="module")
def page(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its briefing for those who may see what is marked green."""
    case = rivals.read(folder).release("TLP:green")
    out = tmp_path_factory.mktemp("out")
    return write_briefing(case, Order(out=out, draws=20)).page


def decoded(page: str) -> str:
    """The page with all that is spelt out in it read, also in the data of the live panel."""
    blocks = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    return "\n".join([page, html.unescape(page), *(str(json.loads(block)) for block in blocks)])


def test_nothing_of_a_withheld_report_is_anywhere_on_the_page(page: str) -> None:
    assert "secret" not in decoded(page).lower()


def test_the_page_says_how_many_are_left_out_and_what_they_would_do(
    page: str, folder: Path
) -> None:
    whole = rivals.read(folder)

    chance = whole.causes(draws=0).loc["fire", "because"].max()
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert (
        "2 reports marked above TLP:GREEN are left out, of which 1 counts. Every figure here is "
        "recomputed without them. With all of them the likeliest reason would be “Arson”: "
    ) in text
    assert f", {round(100 * chance)}%." in text
    assert len(whole.release("GREEN").withheld) == 2
    assert whole.as_of("2026-05-02").release("GREEN").withheld == ()
    assert "rivals brief fire --release GREEN --draws 20 --seed 0" in text


@pytest.mark.parametrize("asked", ["as_of first", "release first"])
def test_what_was_put_otherwise_to_be_shown_is_not_shown_as_it_was(
    asked: str, tmp_path: Path
) -> None:
    entry = "{id: tip, published: 2026-05-04, source: paper, claims: {arson: yes}, handling: RED, "
    cleared = "{amends: tip, logged: 2026-05-08, set: {handling: CLEAR, summary: Seen.}}"
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    text = f"- {entry}summary: SECRETagent saw it.}}\n- {cleared}\n"
    (tmp_path / "reports.yaml").write_text(text, "utf-8")
    case = rivals.read(tmp_path)

    moments = {
        "as_of first": case.as_of("2026-05-06").release("CLEAR"),
        "release first": case.release("CLEAR").as_of("2026-05-06"),
    }
    then = moments[asked]

    assert then.withheld == ("tip",)
    assert then.whole.handling == "RED"
    assert case.release("CLEAR").withheld == then.as_of(None).withheld == ()
    assert list(case.release("CLEAR").reports()["summary"]) == ["Seen."]


def test_the_page_is_marked_above_and_below_and_in_print(page: str) -> None:
    assert len(re.findall(r'<span class="tlp green">TLP:GREEN</span>', page)) >= 2
    assert re.search(r'<header class="marking">.*?TLP:GREEN', page)
    assert re.search(r"<footer>\s*<p class=\"marking\">.*?TLP:GREEN", page)
    assert '@top-right { content: "TLP:GREEN"' in page


def test_what_is_withheld_is_left_out_and_no_echo_takes_its_place(folder: Path) -> None:
    case = rivals.read(folder)
    released = case.release("GREEN")
    without = case.without("SECRETid", "SECRETsecond")

    assert released.causes(draws=0).equals(without.causes(draws=0))
    assert released.variables().equals(without.variables())
    assert released.naively().equals(without.naively())
    table = released.reports()
    assert list(table.index) == ["burns", "twin", "bent", "bare", "named", "later"]
    assert dict(table["status"]) == {**dict(without.reports()["status"][table.index])}
    assert (table["status"]["twin"], table["status"]["bent"]) == ("counted", "copy")
    assert dict(table["repeats"][["twin", "bent", "bare"]]) == dict.fromkeys(
        ["twin", "bent", "bare"], WITHHELD
    )
    assert table["origin"]["bare"] == ("shared", WITHHELD)
    assert table["origin"]["named"] == (WITHHELD,)
    assert without.reports()["drift"]["bent"] == "arson=no"
    assert table["drift"]["bent"] == ""
    assert list(released.scenario.sources) == ["radio", "paper"]


def test_the_latest_marking_goes_for_every_moment(folder: Path) -> None:
    past = rivals.read(folder).as_of("2026-05-08").release("CLEAR")

    assert "later" not in past.reports().index
    assert past.release("RED").reports().index[-1] == "later"
    assert past.whole.reports().equals(rivals.read(folder).as_of("2026-05-08").reports())


def test_a_case_is_marked_with_the_highest_level_that_it_shows(folder: Path) -> None:
    case = rivals.read(folder)

    assert case.handling == "RED"
    assert case.as_of("2026-05-06").handling == "AMBER"
    assert case.as_of("2026-05-02").handling == "CLEAR"
    assert case.release("AMBER+STRICT").handling == "AMBER+STRICT"


def test_one_report_is_spoken_of_as_one(folder: Path) -> None:
    case = rivals.read(folder)

    said = say_release(case.as_of("2026-05-04").release("GREEN"))
    assert said.startswith("1 report marked above TLP:GREEN is left out; it counts. Every")
    assert "without it. With it the likeliest" in said
    assert say_release(case.release("RED")) == say_release(case) == ""


@pytest.mark.parametrize(
    "prose", ["SECRETsummary", "https://SECRETlink.example/", "&#83;ECRETwhy", "SECRETsecond"]
)
def test_a_page_that_quotes_what_is_withheld_is_not_written(prose: str, folder: Path) -> None:
    case = rivals.read(folder)

    check_withheld(f"<p>{prose}</p>", case)
    check_withheld("<p>Nothing.</p>", case.release("GREEN"))
    with pytest.raises(ExportError, match="would tell of a withheld report, 'SECRET"):
        check_withheld(f"<p>{prose}</p>", case.release("GREEN"))


def test_a_level_and_a_marking_are_labels_of_the_protocol(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match=r"one of CLEAR, GREEN, .* got 'pink'"):
        rivals.read(folder).release("pink")

    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (tmp_path / "reports.yaml").write_text("- {id: a, published: 2026-05-01, handling: secret}\n")
    with pytest.raises(ReadingError, match=r"reports\.yaml:1: handling: handling is a TLP label"):
        rivals.read(tmp_path)


def test_a_notebook_that_cannot_be_told_of_a_release_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    cells = [new_code_cell("scenario = ''", metadata={"tags": ["parameters"]})]
    nbformat.write(new_notebook(cells=cells), tmp_path / "own.ipynb")
    case = rivals.read(folder).release("GREEN")

    with pytest.raises(ExportError, match="no parameter 'release'"):
        write_briefing(case, Order(notebook=tmp_path / "own.ipynb", out=tmp_path))


EXPECTED = (
    "expected:\n  call: {claim: wiring=yes, since: 2026-05-01, by: 2026-05-05, chance: 0.9}\n"
)
RUNG = """\
- {id: burns, published: 2026-05-01, source: radio, claims: {fire: yes}}
- {id: rung, published: 2026-05-03, source: SECRETsource, claims: {wiring: yes}, handling: RED}
- {id: heard, published: 2026-05-04, source: radio, claims: {arson: no}}
- {retracts: heard, logged: 2026-05-05}
- {id: hidden, published: 2026-05-20, source: radio, claims: {fire: yes}, handling: RED}
"""


@pytest.fixture
def waited(tmp_path: Path) -> rivals.Case:
    """A case that waits for a report, which has come and is withheld."""
    (tmp_path / "analysts").mkdir()
    (tmp_path / "scenario.yaml").write_text(SCENARIO + EXPECTED, "utf-8")
    (tmp_path / "reports.yaml").write_text(RUNG, "utf-8")
    (tmp_path / "analysts" / "ann.yaml").write_text("variables.arson.prior.yes: 0.4\n", "utf-8")
    return rivals.read(tmp_path)


def test_a_withheld_report_lets_no_silence_hold_again(waited: rivals.Case, tmp_path: Path) -> None:
    released = waited.release("GREEN")
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (tmp_path / "reports.yaml").write_text(RUNG.replace("RED", "GREEN"), "utf-8")
    unasked = rivals.read(tmp_path).without("rung", "hidden")

    assert released.expected().empty
    assert released.beliefs(0)["posterior"].tolist() == pytest.approx(
        unasked.beliefs(0)["posterior"].tolist(), abs=1e-12
    )
    assert released.as_of("2026-05-02").expected().empty  # lest its end tell of the report
    assert released.compare(released.as_of("2026-05-02")).attrs["items"].index.tolist() == ["heard"]
    assert waited.without("rung").expected()["expected", "state"].tolist() == ["overdue"]
    assert len(released.trail(0)) == 1
    assert released.score().attrs["open"]["chance"].notna().all()


def test_the_moment_of_a_release_is_that_of_the_last_entry_that_it_shows(
    waited: rivals.Case,
) -> None:
    released = waited.release("GREEN")

    assert released.trail(0).attrs["end"]["day"] == "2026-05-05" == released.last_moment()
    assert waited.trail(0).attrs["end"]["day"] == "2026-05-20"


def test_a_released_case_stays_one_for_analysts_and_for_what_is_tried_or_saved(
    waited: rivals.Case,
) -> None:
    released = waited.release("GREEN")
    tried = released.with_report(id="new", source="radio", claims={"fire": "yes"})

    assert "SECRETsource" in waited.as_analyst("ann").scenario.sources
    assert released.analysts().beliefs["posterior"].tolist() == pytest.approx(
        released.as_analyst("ann").beliefs(0)["posterior"].tolist(), abs=1e-12
    )
    for case in (tried.as_analyst("ann"), tried.save_report().as_analyst("ann")):
        assert [s.report.id for s in case.evidence.standings] == ["burns", "heard", "new"]
        assert "SECRETsource" not in case.scenario.sources
    saved = waited.as_analyst("ann").save_report(id="newer", source="radio", claims={"fire": "yes"})
    assert saved.dossier.analyst == "ann"
    assert saved.scenario.variables["arson"].prior == {"yes": 0.4}


def test_no_lint_of_a_released_case_tells_of_a_withheld_report(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (tmp_path / "reports.yaml").write_text(LOG.replace(", why: SECRETretracting", ""), "utf-8")
    case = rivals.read(tmp_path)

    assert "SECRETsecond is taken back without a reason" in case.lints().to_string()
    assert "SECRET" not in case.release("GREEN").lints().to_string()
