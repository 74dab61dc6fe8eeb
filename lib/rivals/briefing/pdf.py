"""A briefing's page -> PDF, tagged and with bookmarks, printed by a Chromium of this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from rivals.errors import ExportError, Problem, quote
from rivals.whole import write_whole

VARIABLE = "RIVALS_CHROMIUM"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
PATIENCE = 120.0  # seconds; a page is printed in some three
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # a briefing asks nothing, nor may its printing
    "--no-pdf-header-footer",  # they would tell where the page lies on this machine
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)


def print_page(page: Path, patience: float = PATIENCE) -> Path:
    """Write the PDF of a page beside it, whole or not at all, and return its path.

    The same page gives the same bytes with the same Chromium: the dates of printing are blanked.
    Raises ExportError when there is no Chromium, or it fails, is too old or takes too long.
    """
    chromium = find_chromium()
    with tempfile.TemporaryDirectory(prefix="rivals-", ignore_cleanup_errors=True) as private:
        printed = Path(private) / "page.pdf"
        own = [f"--user-data-dir={private}/profile", f"--print-to-pdf={printed}"]
        sandbox = ["--no-sandbox"] if _is_root() else []  # root may not use it
        _run([chromium, *FLAGS, *sandbox, *own, page.resolve().as_uri()], Path(private), patience)
        data = printed.read_bytes() if printed.exists() else b""
        if not data.startswith(b"%PDF-"):
            raise ExportError(f"{chromium} printed nothing{_last_words(Path(private))}")
    bookmarked = b"/Outlines" in data or b"<h2" not in page.read_bytes()
    if b"/StructTreeRoot" not in data or not bookmarked:
        raise ExportError(f"{chromium} prints no tags and bookmarks; a newer one does")
    return write_whole(page.with_suffix(".pdf"), blank_dates(data))


def find_chromium() -> str:
    """The Chromium that RIVALS_CHROMIUM names, or else one on the path; raises ExportError."""
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if not found:
            raise ExportError(f"{VARIABLE} names no program that can be run, got {quote(named)}")
        return found
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        raise ExportError(
            f"a PDF is printed by Chromium, and none of {', '.join(NAMES)} is on the path; "
            f"{VARIABLE} can name another"
        )
    return found


def blank_dates(data: bytes) -> bytes:
    r"""A PDF that does not say when it was printed; every byte keeps its place.

    >>> blank_dates(b"<</Producer (Skia)\n/ModDate (D:20261123013012+00'00')>>").split()
    [b'<</Producer', b'(Skia)', b'>>']
    """
    dates = rb"/(?:CreationDate|ModDate) \(D:\d{14}[^()]*\)"
    return re.sub(dates, lambda match: b" " * len(match[0]), data)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _run(command: list[str], private: Path, patience: float) -> None:
    """Run Chromium to its end, or end it and what it started; raises ExportError."""
    with (private / "errors").open("wb") as errors:
        try:
            process = subprocess.Popen(  # noqa: S603  (the reader's own browser, no shell)
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
        except OSError as error:
            raise ExportError([Problem(f"cannot be run: {error.strerror}", command[0])]) from None
        try:
            code = process.wait(patience)
        except subprocess.TimeoutExpired:
            raise ExportError(f"{command[0]} did not print within {patience:g} s") from None
        finally:
            _end(process)
    if code:
        raise ExportError(f"{command[0]} failed with {code}{_last_words(private)}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing behind, also when the wait for it was broken off."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _last_words(private: Path) -> str:
    """What a program said last on standard error, to be put behind a complaint."""
    lines = (private / "errors").read_text("utf-8", "replace").strip().splitlines()
    return f": {lines[-1]}" if lines else ""
