"""Whatever is killed, and whenever: nothing is lost, nothing is half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from torture.killing import WRITING, Command, Ordeal
from writers import make_town

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked")


@pytest.mark.parametrize("command", WRITING[:3], ids=lambda command: command.name)
def test_a_log_is_the_old_or_the_new_one_whenever_its_writer_is_killed(
    command: Command, tmp_path: Path
) -> None:
    ordeal = Ordeal(command, make_town(tmp_path), tmp_path / "ordeal")

    ends = ordeal.suffer(moments=8, seed=1)

    assert ends.total() == 8
    assert ends["old"] >= 1
