"""What all tests share: Hypothesis profiles, budgets, and the folders that laws run on."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, Phase, settings

HERE = Path(__file__).parent
BUDGET = os.environ.get("RIVALS_BUDGET", "ci")  # ci | full

settings.register_profile(
    "ci",
    max_examples=30,
    derandomize=True,  # the same scenarios on every run; the full budget looks for new ones
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes: full budget
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile(
    "full",
    settings.get_profile("ci"),
    max_examples=2000,
    derandomize=False,
    phases=tuple(Phase),
)
settings.load_profile("full" if BUDGET == "full" else "ci")

FOLDERS = sorted(
    file.parent
    for place in (HERE.parent / "scenarios", HERE / "published")
    for file in place.glob("*/scenario.yaml")
)


@pytest.fixture(scope="session")
def scenario_folders() -> list[Path]:
    """Every scenario of the project and every published case."""
    return FOLDERS


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    """Each of them in turn."""
    return request.param


@pytest.fixture(scope="session")
def briefed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The briefing on a scenario of the project, on 50 draws, built once for all processes."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def build(name: str) -> Path:
        from rivals.briefing import build_briefing

        page = shared / "briefed" / f"{name}.html"
        with FileLock(shared / f"{name}.lock"):
            if not page.exists():
                build_briefing(HERE.parent / "scenarios" / name, out=page.parent, draws=50)
        return page

    return build


@pytest.fixture(scope="session")
def full_budget() -> bool:
    """Whether RIVALS_BUDGET=full asks for large budgets."""
    return BUDGET == "full"


def pytest_collection_finish() -> None:
    """Spare the collector what was imported and collected, which stays till the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> None:
    """Make plain numbers of what tests told: xdist cannot send numpy's to the main process."""
    item.user_properties[:] = [(name, _plain(value)) for name, value in item.user_properties]


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.item() if isinstance(value, np.generic) else value


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the largest error of each comparison with an oracle."""
    worst: dict[str, tuple[float, str]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name.startswith("largest error"):
                worst[name] = max(worst.get(name, (0.0, "")), tuple(value))
    for name, (error, where) in sorted(worst.items()):
        terminalreporter.write_line(f"{name}: {error:.2g} ({where})")
