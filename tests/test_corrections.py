"""A later briefing opens with what was corrected since the last issue, and what that did."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

import rivals
from rivals import briefing
from rivals.analysis.corrections import find_corrections
from rivals.analysis.forecasts import grade
from rivals.briefing.build import Briefing, Order
from rivals.briefing.issuing import Imprint, collect, issue
from rivals.briefing.withholding import check_withheld
from rivals.ledger import Issue, read_ledger
from rivals.moments import When

SCENARIO = """\
title: Why did it burn?
question: Q
effects: {fire: {claim: fire=yes, label: It burnt}}
hypotheses:
  arson: {claim: arson=yes, label: Arson}
  wiring: {claim: wiring=yes, label: Wiring}
outcomes:
  pays: {claim: pays=yes, by: 2026-06-30}
variables:
  arson: {ask: A?, prior: {yes: 0.2}}
  wiring: {ask: W?, prior: {yes: 0.3}}
  fire: {noisy_or: {leak: 0.01, causes: {arson: 0.9, wiring: 0.5}}}
  pays: {table: [{when: {arson: yes}, then: {yes: 0.1}}, {then: {yes: 0.8}}]}
sources: {radio: {grade: B}, paper: {grade: B}, guard: {grade: C}}
"""
LOG = """\
- {id: burns, published: 2026-05-01, source: radio, claims: {fire: yes}}
- {id: petrol, published: 2026-05-02, source: paper, claims: {arson: yes}}
- {id: sparks, published: 2026-05-03, source: guard, claims: {wiring: yes}}
"""
NEWS = "- {id: news, published: 2026-05-12, source: guard, claims: {arson: yes}}\n"
RETRACTION = "- {retracts: petrol, logged: 2026-05-11, why: withdrawn}\n"
AMENDMENT = "- {amends: sparks, logged: 2026-05-11, set: {claims: {wiring: no}}, why: miscoded}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario of which one briefing was issued."""
    place = tmp_path / "fire"
    place.mkdir()
    (place / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (place / "reports.yaml").write_text(LOG, "utf-8")
    put_out(place)
    return place


def put_out(
    folder: Path,
    when: str = "2026-05-10T09:00:00+02:00",
    as_of: str | None = None,
    level: str | None = None,
) -> Issue:
    case = rivals.read(folder).as_of(as_of).release(level)
    page = Briefing(folder / "page.html", "<p>", 0.0)
    return issue(case, Order(draws=0), page, collect(folder), Imprint("Zoë <b>", When(when)))


def log(folder: Path, *entries: str) -> None:
    with (folder / "reports.yaml").open("a", encoding="utf-8") as file:
        file.writelines(entries)


def find(folder: Path, as_of: str | None = None) -> briefing.Findings:
    return briefing.find(rivals.read(folder).as_of(as_of), draws=0)


def test_nothing_is_said_where_nothing_was_corrected(folder: Path) -> None:
    assert find(folder).notices == []

    log(folder, NEWS)

    assert find(folder).notices == []
    assert 'id="corrected"' not in briefing.changes(find(folder)).html


def test_a_retraction_is_told_with_all_that_it_did(folder: Path) -> None:
    before = rivals.read(folder).causes(draws=0)["because"]["fire"]
    log(folder, RETRACTION)

    [notice] = find(folder).notices
    after = rivals.read(folder).causes(draws=0)["because"]["fire"]

    leader = str(after.idxmax())
    label = {"arson": "Arson", "wiring": "Wiring"}[leader]
    old, new = (round(100 * chances[leader]) for chances in (before, after))
    assert notice.text.startswith(
        f"Corrected since the briefing issued on 10 May 2026: 1 report was retracted. That "
        f"“{label}” was why stood at {old}% then and stands at {new}% now; all of that is what "
        f"the corrections did."
    )
    assert "what is new" not in notice.text
    found = find(folder).corrected
    assert found is not None
    assert found.found is not None
    assert found.found.moved == pytest.approx(100 * (after - before)[leader], abs=1e-9)


def test_news_and_corrections_share_out_the_whole_move(folder: Path) -> None:
    before = rivals.read(folder).causes(draws=0)["because"]["fire"]
    log(folder, RETRACTION, AMENDMENT, NEWS)
    text = (folder / "scenario.yaml").read_text("utf-8")
    (folder / "scenario.yaml").write_text(text.replace("yes: 0.3", "yes: 0.4"), "utf-8")

    found = find(folder).corrected

    assert found is not None
    assert found.found is not None
    after = rivals.read(folder).causes(draws=0)["because"]["fire"]
    leader = found.found.leader
    assert dict(found.found.items["kind"]) == {
        "petrol": "retracted",
        "sparks": "put otherwise",
        "model": "judged",
    }
    whole = 100 * (after - before)[leader]
    assert found.found.moved + found.found.news == pytest.approx(whole, abs=1e-9)
    assert found.found.judged.to_dict("index") == {
        "variables.wiring.prior.yes": {"before": 0.3, "after": 0.4}
    }
    assert "1 report was retracted, 1 report was put right and 1 stated number was changed" in (
        found.notice
    )
    page = briefing.changes(find(folder)).html
    assert '<h3 id="corrected">' in page
    assert "by Zoë &lt;b&gt;, is kept with its inputs under issued/1" in page
    assert "variables.wiring.prior.yes" in page


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("chance: 0.9", "chance: 0.2", "1 stated number was changed"),
        ("by: 2026-05-08", "by: 2026-09-08", "the model was changed"),
        ("why: A bell.", "why: A loud bell.", ""),
    ],
)
def test_another_chance_of_a_silence_is_a_correction_and_time_alone_is_none(
    old: str, new: str, said: str, folder: Path
) -> None:
    bell = "{claim: arson=yes, since: 2026-05-04, by: 2026-05-08, chance: 0.9, why: A bell.}"
    (folder / "scenario.yaml").write_text(f"{SCENARIO}expected: {{bell: {bell}}}\n", "utf-8")
    (folder / "reports.yaml").write_text(LOG.replace("{arson: yes}", "{wiring: no}"), "utf-8")
    put_out(folder, "2026-05-11T09:00:00+02:00", as_of="2026-05-06")
    text = (folder / "scenario.yaml").read_text("utf-8")
    (folder / "scenario.yaml").write_text(text.replace(old, new), "utf-8")

    found = find(folder, as_of="2026-05-09").corrected

    assert (found.notice if found else "").count(said) == 1 or not (said or found)
    if found is not None and found.found is not None:
        assert dict(found.found.items["kind"]) == {"silence:bell": "judged"}
        moved = 100 * (found.found.after - found.found.before)
        assert found.found.moved + found.found.news == pytest.approx(moved, abs=1e-9)


def test_the_notice_stands_in_the_first_screen_and_leads_to_the_details(folder: Path) -> None:
    log(folder, RETRACTION)

    shown = briefing.question(find(folder)).html

    assert re.search(r'<p class="notice">Corrected since .*<a href="#corrected">', shown)


def test_a_briefing_on_an_earlier_day_is_held_against_an_earlier_issue(folder: Path) -> None:
    put_out(folder, "2026-05-10T10:00:00+02:00", as_of="2026-05-02")
    log(folder, RETRACTION)

    assert find(folder, "2026-05-01").corrected is None
    earlier = find(folder, "2026-05-02").corrected
    assert earlier is None  # the retraction was not known by then
    late = find(folder, "2026-05-11").corrected
    assert late is not None
    assert late.issue.number == 2


def test_an_issue_that_was_altered_is_not_held_against_anything(folder: Path) -> None:
    log(folder, RETRACTION)
    frozen = folder / "issued" / "1" / "reports.yaml"
    frozen.chmod(0o644)
    frozen.write_text("[]\n", "utf-8")

    [notice] = find(folder).notices
    assert notice.text.endswith("its inputs cannot be compared with today's.")
    assert find(folder, "2026-05-09").notices == []  # what day it spoke of is not known
    assert read_ledger(folder).problems


def test_a_file_that_was_put_beside_an_issue_hides_no_correction(folder: Path) -> None:
    log(folder, RETRACTION)
    (folder / "issued" / "1" / ".DS_Store").write_text("x", "utf-8")

    [notice] = find(folder).notices

    assert "1 report was retracted" in notice.text
    assert len(read_ledger(folder).problems) == 1


def add_source(folder: Path, source: str, entry: str = "") -> None:
    text = (folder / "scenario.yaml").read_text("utf-8")
    (folder / "scenario.yaml").write_text(text.replace("sources: {", f"sources: {{{source}, "))
    log(folder, *([entry] if entry else []))


@pytest.mark.parametrize(
    "noun", ["reliability: 0.9", "grade: A", "grade: A, interest: {arson: yes}"]
)
def test_a_source_that_comes_with_its_reports_is_news(noun: str, folder: Path) -> None:
    add_source(folder, f"police: {{{noun}}}", NEWS.replace("guard", "police"))
    case, before = rivals.read(folder), rivals.read(folder / "issued" / "1")

    items = case.compare(before).attrs["items"]

    assert find(folder).notices == []
    assert items.loc["model", ("item", "part")] == "nothing that weighs"
    moved = case.causes(draws=0)["because"]["fire"] - before.causes(draws=0)["because"]["fire"]
    assert items["because"].loc["news"].to_numpy() == pytest.approx(100 * moved, abs=1e-9)


def test_a_source_that_has_other_numbers_now_is_corrected(folder: Path) -> None:
    add_source(folder, "police: {reliability: 0.9}", NEWS.replace("guard", "police"))
    put_out(folder, "2026-05-13T09:00:00+02:00")
    text = (folder / "scenario.yaml").read_text("utf-8")
    (folder / "scenario.yaml").write_text(text.replace("reliability: 0.9", "reliability: 0.6"))

    [notice] = find(folder).notices

    assert "1 stated number was changed" in notice.text


def test_a_source_of_withheld_reports_is_named_nowhere_though_it_was_declared_before(
    folder: Path,
) -> None:
    add_source(folder, "informant: {reliability: 0.9}")
    put_out(folder, "2026-05-11T09:00:00+02:00")
    log(folder, NEWS.replace("guard", "informant").replace("}}", "}, handling: RED}"))

    found = briefing.find(rivals.read(folder).release("CLEAR"), draws=0)

    assert found.corrected is None
    assert "informant" not in briefing.changes(found).html
    check_withheld(briefing.changes(found).html, found.case)


def test_what_was_issued_for_some_is_held_against_as_it_was_issued(folder: Path) -> None:
    log(folder, NEWS.replace("}}", "}, handling: RED}"))
    issued = put_out(folder, "2026-05-13T09:00:00+02:00", level="CLEAR")
    log(folder, RETRACTION)

    corrected = find(folder).corrected

    assert corrected is not None
    found = corrected.found
    assert found is not None
    assert found.before == pytest.approx(issued.hypotheses[found.leader].headline, abs=1e-12)
    assert dict(found.items["kind"]) == {"petrol": "retracted"}
    assert found.moved + found.news == pytest.approx(100 * (found.after - found.before), abs=1e-9)
    assert "released for TLP:CLEAR" in briefing.changes(find(folder)).html


def test_a_correction_is_told_where_a_new_hypothesis_leads(folder: Path) -> None:
    text = (folder / "scenario.yaml").read_text("utf-8")
    new = "hypotheses:\n  blaze: {claim: fire=yes, label: A blaze}\n"
    (folder / "scenario.yaml").write_text(text.replace("hypotheses:\n", new), "utf-8")
    log(folder, RETRACTION)

    [notice] = find(folder).notices

    assert rivals.read(folder).leader == "blaze"
    assert "1 report was retracted" in notice.text
    assert re.search("That “(Arson|Wiring)” was why stood at ", notice.text)


@pytest.mark.parametrize(
    "amended",
    ["{status: final, source: guard, claims: {arson: yes}}", "{checked_by: Bo}", "{note: Seen.}"],
)
def test_coding_a_draft_and_keeping_the_books_is_no_correction(amended: str, folder: Path) -> None:
    log(folder, "- {id: draft, published: 2026-05-09, status: draft, summary: Heard.}\n")
    put_out(folder, "2026-05-10T10:00:00+02:00")
    log(folder, f"- {{amends: draft, logged: 2026-05-12, set: {amended}}}\n")

    assert find(folder).notices == []


def test_what_is_withheld_today_is_not_told_as_a_correction(folder: Path) -> None:
    log(folder, RETRACTION)
    log(folder, "- {amends: petrol, logged: 2026-05-11, set: {handling: RED}}\n")
    case = rivals.read(folder)

    released = briefing.find(case.release("GREEN"), draws=0)

    assert "petrol" in html.unescape(briefing.changes(briefing.find(case, draws=0)).html)
    assert released.corrected is None
    assert "petrol" not in briefing.changes(released).html


def test_a_marking_alone_is_no_correction(folder: Path) -> None:
    log(folder, "- {amends: petrol, logged: 2026-05-11, set: {handling: GREEN}}\n")
    case, before = rivals.read(folder), rivals.read(folder / "issued" / "1")

    assert find_corrections(before, case, case.compare(before), case.leader) is None


def test_issued_chances_are_scored_at_their_own_moments(folder: Path) -> None:
    log(folder, NEWS)
    put_out(folder, "2026-05-20T08:00:00+00:00")
    put_out(folder, "2026-06-12T08:00:00+00:00")  # on the day on which it was known
    text = (folder / "scenario.yaml").read_text("utf-8")
    known = "by: 2026-06-30, resolved: yes, resolved_on: 2026-06-12"
    (folder / "scenario.yaml").write_text(text.replace("by: 2026-06-30", known), "utf-8")

    table = rivals.read(folder).score_issued()

    told = [issue.outcomes["pays"] for issue in read_ledger(folder).issues[:2]]
    assert [day for _, day in table.index] == [
        "2026-05-10T09:00:00+02:00",
        "2026-05-20T08:00:00+00:00",
    ]
    assert table["chance"].tolist() == [one.chance for one in told]
    brier, bits = grade(table["chance"].to_numpy(), table["happened"].to_numpy())
    assert table["brier"].tolist() == brier.tolist()
    assert table["log_prior"].tolist() == pytest.approx(
        grade(table["happened"] * 0.0 + told[0].prior, table["happened"])[1].tolist()
    )
    assert len(rivals.read(folder).as_of("2026-05-11").score_issued()) == 1
    assert len(bits) == 2


def test_a_chance_of_another_claim_is_left_out_and_named(folder: Path) -> None:
    text = (folder / "scenario.yaml").read_text("utf-8")
    known = "claim: pays=no, by: 2026-06-30, resolved: yes, resolved_on: 2026-06-12"
    changed = text.replace("claim: pays=yes, by: 2026-06-30", known)
    (folder / "scenario.yaml").write_text(changed, "utf-8")

    table = rivals.read(folder).score_issued()

    assert table.empty
    assert table.attrs["reworded"] == ("pays",)


def test_what_a_withheld_report_ended_is_told_neither_as_news_nor_as_a_correction(
    folder: Path,
) -> None:
    bell = "{claim: pays=yes, since: 2026-05-04, by: 2026-05-20, chance: 0.9, why: A bell.}"
    (folder / "scenario.yaml").write_text(f"{SCENARIO}expected: {{bell: {bell}}}\n", "utf-8")
    put_out(folder, "2026-05-11T09:00:00+02:00")
    entry = "{id: rung, published: 2026-05-12, source: guard, claims: {pays: yes}, handling: RED}"
    log(folder, f"- {entry}\n", RETRACTION.replace("11", "13"))

    found = briefing.find(rivals.read(folder).release("GREEN"), draws=0)

    assert found.expected.empty
    assert found.corrected is not None
    assert found.corrected.found is not None
    assert dict(found.corrected.found.items["kind"]) == {"petrol": "retracted"}
    assert "bell" not in briefing.changes(found).html
