"""Writing to a log: whole or not at all, one writer at a time, whatever happens to a writer."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

import rivals
from rivals import locking
from rivals.desk import Desk
from rivals.entries import Report
from rivals.locking import LOCK_FILE, hold
from rivals.premises import Premises
from rivals.scenario import Dossier
from writers import LOG, make_town, run_apart, start_apart

posix = pytest.mark.skipif(os.name != "posix", reason="processes are forked")
NOBODY = 65534


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return make_town(tmp_path)


def report(name: str, **fields: Any) -> Any:
    """What drafts a report for the log as it stands."""

    def draft(dossier: Dossier) -> list[Report]:
        return [Premises(dossier).draft_report(id=name, published="2026-05-09", **fields)]

    return draft


def ids(folder: Path) -> list[str]:
    return [one.id for one in rivals.read(folder).dossier.reports()]


def untouched(folder: Path) -> bool:
    names = sorted(path.name for path in folder.iterdir())
    return (folder / "reports.yaml").read_text() == LOG and names == [
        "reports.yaml",
        "scenario.yaml",
    ]


def test_what_was_kept_is_told_with_the_log_before_and_after(town: Path) -> None:
    kept = Desk(town).keep(report("new"))

    assert [entry.id for entry in kept.entries if isinstance(entry, Report)] == ["new"]
    assert kept.after.dossier.log == (*kept.before.dossier.log, *kept.entries)
    assert ids(town) == ["call", "new"]
    assert sorted(path.name for path in town.iterdir()) == ["reports.yaml", "scenario.yaml"]


def test_a_rehearsal_writes_nothing(town: Path) -> None:
    Desk(town).rehearse(report("new"))

    assert untouched(town)


def test_an_id_that_another_writer_took_meanwhile_is_refused(town: Path) -> None:
    Desk(town).keep(report("new"))

    with pytest.raises(rivals.QuestionError, match="an id stands once, got 'new' again"):
        Desk(town).keep(report("new"))

    assert ids(town) == ["call", "new"]


def test_evidence_that_becomes_impossible_is_not_written(town: Path) -> None:
    Desk(town).keep(report("calm", observes={"wind": "calm"}))
    before = (town / "reports.yaml").read_bytes()

    with pytest.raises(rivals.ImpossibleEvidence, match="with the report 'storm'"):
        Desk(town).keep(report("storm", observes={"wind": "storm"}))

    assert (town / "reports.yaml").read_bytes() == before


@posix
def test_writers_at_once_lose_nothing(town: Path, full_budget: bool) -> None:
    writers, each = (8, 50) if full_budget else (4, 8)

    def write(writer: int) -> None:
        for i in range(each):
            Desk(town).keep(report(f"w{writer}-{i}", source="radio", claims={"arson": "yes"}))

    children = [start_apart(lambda writer=writer: write(writer)) for writer in range(writers)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]

    assert codes == [0] * writers
    found = ids(town)
    assert sorted(found) == sorted(
        ["call", *(f"w{w}-{i}" for w in range(writers) for i in range(each))]
    )
    for w in range(writers):
        own = [name for name in found if name.startswith(f"w{w}-")]
        assert own == [f"w{w}-{i}" for i in range(each)]
    assert sorted(path.name for path in town.iterdir()) == ["reports.yaml", "scenario.yaml"]


@posix
def test_a_killed_writer_holds_nobody_up_and_what_it_left_is_gone(town: Path) -> None:
    def stall() -> None:
        with hold(town):
            (town / ".reports.yaml.abcdefgh.part").write_text("half a re")
            time.sleep(60)

    child = start_apart(stall)
    while not (town / ".reports.yaml.abcdefgh.part").exists():
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert (town / LOCK_FILE).exists()

    Desk(town).keep(report("new"))

    assert ids(town) == ["call", "new"]
    assert sorted(path.name for path in town.iterdir()) == ["reports.yaml", "scenario.yaml"]


def test_a_lock_that_another_keeps_is_waited_for_and_then_told(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "SOON", 0.05)
    monkeypatch.setattr(locking, "PATIENCE", 0.2)
    told = []

    with (
        hold(town),
        pytest.raises(rivals.WritingError, match="another process is writing in this folder"),
    ):
        run_in_thread(lambda: Desk(town, lambda: told.append("waiting")).keep(report("new")))

    assert told == ["waiting"]
    assert untouched(town)


def run_in_thread(act: Any) -> None:
    """Act in a thread of its own, which no lock of this one lets in."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        pool.submit(act).result()


def test_what_an_editor_saved_meanwhile_is_not_overwritten(town: Path) -> None:
    log = town / "reports.yaml"

    def draft(dossier: Dossier) -> list[Report]:
        log.write_text(LOG + "# A thought.\n")
        return report("new")(dossier)

    with pytest.raises(rivals.WritingError, match="changed by somebody else meanwhile"):
        Desk(town).keep(draft)

    assert log.read_text() == LOG + "# A thought.\n"


@posix
def test_a_log_that_outgrows_what_a_file_may_have_stays_whole(town: Path) -> None:
    import resource

    def act() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(LOG) + 10,) * 2)
        with pytest.raises(rivals.WritingError, match=os.strerror(errno.EFBIG)):
            Desk(town).keep(report("new"))

    assert run_apart(act) == 0
    assert untouched(town)


@posix
@pytest.mark.parametrize("part", ["folder", "file"])
def test_what_is_read_only_is_told_in_a_line_and_stays(town: Path, part: str) -> None:
    for path in (town.parent, town, *town.iterdir()):
        path.chmod(0o777 if path.is_dir() else 0o666)
    (town if part == "folder" else town / "reports.yaml").chmod(
        0o555 if part == "folder" else 0o444
    )

    def act() -> None:
        if os.geteuid() == 0:
            os.setuid(NOBODY)
        with pytest.raises(rivals.WritingError) as told:
            Desk(town).keep(report("new"))
        assert str(told.value).endswith(f"cannot be written: {os.strerror(errno.EACCES)}")

    reachable(town)
    assert run_apart(act) == 0
    assert untouched(town)


def reachable(path: Path) -> None:
    """Let everybody walk to a folder of the tests."""
    for parent in path.parents:
        if parent.owner() == Path(path).owner() and len(parent.parts) > 2:
            parent.chmod(parent.stat().st_mode | 0o111)


@pytest.fixture
def full_disk(tmp_path: Path) -> Any:
    """A folder on a disk of 64 KiB; skipped where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not (mount and unmount):
        pytest.skip("nothing can be mounted here")
    words = [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield place
    subprocess.run([unmount, str(place)], check=True)


def test_a_full_disk_is_told_in_a_line_and_the_log_stays(full_disk: Path) -> None:
    town = make_town(full_disk)
    with pytest.raises(OSError, match="No space"):
        (full_disk / "rest").write_bytes(b"x" * 2**17)

    with pytest.raises(rivals.WritingError, match=os.strerror(errno.ENOSPC)):
        Desk(town).keep(report("new"))

    assert untouched(town)


def test_a_disk_that_fails_at_the_last_moment_leaves_the_log_whole(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(rivals.WritingError, match=f"reports.yaml: .*{os.strerror(errno.ENOSPC)}"):
        Desk(town).keep(report("new"))

    assert untouched(town)


def test_a_folder_that_is_gone_is_told(town: Path) -> None:
    with pytest.raises(rivals.ReadingError, match="a scenario is a folder; there is none here"):
        Desk(town / "nowhere").keep(report("new"))


def test_a_log_that_would_grow_too_large_to_be_read_is_not_written(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rivals.appending.LOG_LIMIT", len(LOG) + 5)

    with pytest.raises(rivals.WritingError, match="bytes at most, this one would have"):
        Desk(town).keep(report("new"))

    assert untouched(town)


# --- from a case ---


def test_a_case_saves_a_report_and_comes_back_with_it(town: Path) -> None:
    case = rivals.read(town)

    saved = case.save_report(id="new", source="radio", claims={"wind": "calm"})

    assert ids(town) == ["call", "new"]
    assert saved.beliefs(draws=0).equals(rivals.read(town).beliefs(draws=0))
    assert "reports.new" in saved.dossier.places
    assert ids(town)[:1] == [one.id for one in case.dossier.reports()]


def test_a_case_saves_what_was_tried(town: Path) -> None:
    tried = rivals.read(town).with_report(source="radio", claims={"wind": "calm"})
    tried = tried.with_report(id="b", likelihood={"arson": {"no": 1, "yes": 3}})

    saved = tried.save_report()

    assert ids(town) == ["call", "new-report", "b"]
    assert saved.beliefs(draws=0).equals(tried.beliefs(draws=0))


def test_a_saved_case_keeps_its_moment_and_its_what_ifs(town: Path) -> None:
    case = rivals.read(town).as_of("2026-05-03").given(wind="calm")

    saved = case.save_report(id="new")

    assert (saved.moment, saved.what_if) == (case.moment, case.what_if)
    assert str(list(saved.dossier.reports())[-1].published) == "2026-05-03"


def test_nothing_tried_and_nothing_given_is_nothing_to_save(town: Path) -> None:
    with pytest.raises(rivals.QuestionError, match="nothing to save"):
        rivals.read(town).save_report()


def test_a_report_is_saved_beside_what_others_logged_since(town: Path) -> None:
    case = rivals.read(town)
    Desk(town).keep(report("other"))

    saved = case.save_report(id="new")

    assert [one.id for one in saved.dossier.reports()] == ["call", "other", "new"]


def test_a_case_saves_a_retraction_and_an_amendment(town: Path) -> None:
    case = rivals.read(town).save_amendment("call", {"claims": {"wind": "calm"}}, why="Miscoded.")
    amended = case.beliefs(draws=0).loc["storm", "posterior"]

    case = case.save_retraction("call", why="Withdrawn.", logged="2026-05-02")

    assert amended < 0.2 == pytest.approx(case.beliefs(draws=0).loc["storm", "posterior"])
    assert (town / "reports.yaml").read_text() == (
        LOG
        + "- amends: call\n  logged: '2026-05-01'\n  set:\n    claims:\n      wind: calm\n"
        + "  why: Miscoded.\n- retracts: call\n  logged: '2026-05-02'\n  why: Withdrawn.\n"
    )


def test_text_in_two_pieces_is_logged_in_one(town: Path) -> None:
    case = rivals.read(town).save_report(
        id="cafe\u0301", summary="Cafe\u0301, \u095c", outlet="O\u0308"
    )

    case = case.save_amendment("cafe\u0301", {"note": "e\u0301"}, why="Cafe\u0301")
    case.save_retraction("cafe\u0301", why="10 \u2126")

    written = (town / "reports.yaml").read_text("utf-8").removeprefix(LOG)
    assert written.count("caf\u00e9") == 3
    assert "summary: Caf\u00e9, \u0921\u093c\n" in written
    assert "note: \u00e9\n  why: Caf\u00e9\n" in written
    assert written.endswith("why: 10 \u03a9\n")
