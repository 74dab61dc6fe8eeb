"""Many writers at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from torture.crowding import crowd
from writers import make_town


@pytest.mark.skipif(os.name != "posix", reason="processes are forked")
def test_what_four_processes_add_at_once_is_all_there(tmp_path: Path) -> None:
    assert crowd(make_town(tmp_path), writers=4, each=5) == 20
