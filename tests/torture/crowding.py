"""Many processes at one log: what each of them was told is kept stands there, once, in order."""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from click.testing import CliRunner

import rivals
from rivals.cli import main
from writers import start_apart


def crowd(folder: Path, writers: int, each: int) -> int:
    """How many reports stand in the log after so many processes added so many; fails for others."""
    children = [start_apart(lambda own=own: _write(folder, own, each)) for own in range(writers)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert codes == [0] * writers, f"every writer ends well, got {codes}"
    ids = [report.id for report in rivals.read(folder).dossier.reports()]
    by_another = [entry["id"] for entry in yaml.safe_load((folder / "reports.yaml").read_text())]
    assert ids == by_another, "another YAML reader finds the same log"
    for own in range(writers):
        kept = [name for name in ids if name.startswith(f"w{own}-")]
        assert kept == [f"w{own}-{i}" for i in range(each)], "each once, in the order of writing"
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["reports.yaml", "scenario.yaml"], f"nothing else is left, got {left}"
    return sum(name.startswith("w") for name in ids)


def _write(folder: Path, own: int, each: int) -> None:
    for i in range(each):
        words = ["add", str(folder), "--id", f"w{own}-{i}", "--source", "radio", "--published",
                 "2026-05-09", "--claim", "arson=yes"]  # fmt: skip
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
