"""Whatever is killed, and whenever: nothing is lost, nothing is half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from torture.issuing import kill_issuing
from torture.killing import WRITING, Command, Ordeal
from writers import make_town

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked")


@pytest.mark.parametrize("command", WRITING[:3], ids=lambda command: command.name)
def test_a_log_is_the_old_or_the_new_one_whenever_its_writer_is_killed(
    command: Command, tmp_path: Path
) -> None:
    ordeal = Ordeal(command, make_town(tmp_path), tmp_path / "ordeal")

    ends = ordeal.suffer(moments=8, seed=1)

    assert ends["old"] + ends["new"] == 8
    assert ends["old"] >= 1
    assert ends["litter"] >= 1  # a lock or a part, which the next run took over


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # the copy starts no thread
def test_issues_have_whole_lines_and_folders_whenever_issuing_is_killed(tmp_path: Path) -> None:
    told = kill_issuing(make_town(tmp_path), moments=40, seed=1)

    assert int(told.split()[0]) >= 3  # the first, one that was let be, and the last
