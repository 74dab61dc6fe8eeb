"""The notebooks run as they stand, and are written as CONTRIBUTING.md says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import BUDGET
from rivals.briefing.build import NOTEBOOK, inject, load
from rivals.briefing.exporter import BriefingExporter

TESTS = Path(__file__).parent
FOLDER = TESTS.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
ANY_CASE = FOLDER / "what_would_change_our_mind.ipynb"
WAREHOUSE = TESTS.parent / "scenarios" / "warehouse-fire"
SHORT = 6  # lines of a cell
LONG = 300  # seconds for one cell, on a machine that does other things too


DRAWN = re.compile(r"^(rivals\.charts\.(?!moved_most)|pictures\.)", re.MULTILINE)
"""A line of a cell that ends in a chart."""


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """Each notebook in turn, as committed."""
    return nbformat.read(request.param, as_version=nbformat.NO_CONVERT)


def code_of(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """Its cells of code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose_of(notebook: nbformat.NotebookNode) -> str:
    """All of its prose, without what is fenced off."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return "\n".join("\n".join(texts).split("```")[::2])


def test_there_are_notebooks_to_look_at() -> None:
    names = {path.stem for path in NOTEBOOKS}

    assert {"start_here", "cuba_venezuela", "what_would_change_our_mind", "briefing"} <= names


def test_it_is_valid_and_of_the_format_that_knows_cell_ids(
    notebook: nbformat.NotebookNode,
) -> None:
    nbformat.validate(notebook)

    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"


def test_it_opens_with_its_question_the_only_title(notebook: nbformat.NotebookNode) -> None:
    titles = [line for line in prose_of(notebook).splitlines() if line.startswith("# ")]

    assert len(titles) == 1
    assert titles[0].endswith("?")
    assert notebook.cells[0].source.startswith(titles[0])


def test_prose_comes_before_code(notebook: nbformat.NotebookNode) -> None:
    assert notebook.cells[0].cell_type == "markdown"


def test_its_cells_are_short(notebook: nbformat.NotebookNode) -> None:
    long = [cell.id for cell in code_of(notebook) if len(cell.source.splitlines()) > SHORT]

    assert long == []


def test_it_is_committed_without_outputs(notebook: nbformat.NotebookNode) -> None:
    full = [c.id for c in code_of(notebook) if c.outputs or c.execution_count is not None]

    assert full == []


def test_it_runs_in_the_environment_of_the_tests(notebook: nbformat.NotebookNode) -> None:
    if opens_as(notebook, ANY_CASE) and BUDGET != "full":
        pytest.skip("runs below on four small cases; on the real one with RIVALS_BUDGET=full")
    if opens_as(notebook, NOTEBOOK):  # every briefing runs it; here on a small case
        notebook = inject(notebook, {"scenario": str(WAREHOUSE), "draws": 50}, "briefing.ipynb")
    asked = nbformat.v4.new_code_cell("import sys\nsys.executable", id="whose-python")
    notebook.cells.append(asked)

    run(notebook)

    assert asked.outputs[0].data["text/plain"] == repr(sys.executable)
    assert [cell.id for cell in code_of(notebook) if complaints(cell)] == []
    drawing = [cell for cell in code_of(notebook) if DRAWN.search(cell.source)]
    assert [cell.id for cell in drawing if not pictures(cell)] == []


def opens_as(notebook: nbformat.NotebookNode, path: Path) -> bool:
    """Whether it is the one in a file: each opens with a question of its own."""
    return bool(notebook.cells[0].source == load(path).cells[0].source)


def run(notebook: nbformat.NotebookNode) -> None:
    """Run a notebook in place, in its own folder."""
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=LONG,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()


def complaints(cell: nbformat.NotebookNode) -> list[str]:
    """What a cell wrote to stderr: warnings that a reader would trip over."""
    return [o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr"]


def pictures(cell: nbformat.NotebookNode) -> list[str]:
    """The pictures among a cell's outputs."""
    data = [output.get("data", {}) for output in cell.outputs]
    return [one["image/png"] for one in data if "image/png" in one]


# --- the notebook that works on any case ---


def page_on(folder: Path) -> str:
    """The page that it makes of a scenario, once it has run without complaint."""
    notebook = inject(load(ANY_CASE), {"scenario": str(folder)}, ANY_CASE.name)
    run(notebook)
    assert [cell.id for cell in code_of(notebook) if complaints(cell)] == []
    page, _ = BriefingExporter().from_notebook_node(notebook)
    return page


def write_case(folder: Path, scenario: str, reports: str) -> Path:
    """A scenario's folder with these two files."""
    folder.mkdir()
    (folder / "scenario.yaml").write_text(scenario, "utf-8")
    (folder / "reports.yaml").write_text(reports, "utf-8")
    return folder


def test_it_says_what_would_change_our_mind_in_another_case() -> None:
    page = page_on(TESTS.parent / "scenarios" / "warehouse-fire")

    assert "“Faulty wiring”, as the reason for “The warehouse burnt”, leads at 61%" in page
    assert "without the reports owner-wiring and meter-log “Dead sprinklers” would lead" in page
    assert "<figcaption>Wiring fault = yes, prior moves “Faulty wiring” most" in page
    assert "“In what state were the sprinklers on the evening of 3 May 2026?”" in page
    assert "for Dead sprinklers" in page


def test_it_says_so_where_there_are_no_effects_observables_outcomes_or_reports() -> None:
    page = page_on(TESTS / "published" / "asia")

    assert "“Bronchitis” leads at 45%" in page
    assert "No report has been logged." in page
    assert "This scenario names no effect" in page
    assert "No variable is marked as observable." in page


def test_it_works_on_two_hypotheses_and_nothing_else(tmp_path: Path) -> None:
    scenario = (
        "title: A coin\nquestion: Which side is up?\n"
        "hypotheses: {heads: {claim: side=heads}, tails: {claim: side=tails}}\n"
        "variables: {side: {ask: Which side?, states: [heads, tails], prior: {heads: 0.6}}}\n"
    )

    page = page_on(write_case(tmp_path / "coin", scenario, "[]\n"))

    assert "“Heads” leads at 60%" in page
    assert "No source could, with one direct claim." in page


def test_it_works_with_effects_and_an_empty_log(tmp_path: Path) -> None:
    scenario = (TESTS.parent / "scenarios" / "warehouse-fire" / "scenario.yaml").read_text("utf-8")

    page = page_on(write_case(tmp_path / "fire", scenario, "[]\n"))

    assert "“Arson”, as the reason for “The warehouse burnt”, leads at 1%" in page
    assert "No report counts" in page
