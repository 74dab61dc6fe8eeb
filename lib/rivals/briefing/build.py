"""A scenario's folder -> its briefing: the notebook is run in a kernel of its own and rendered."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rivals.analysts import check_analysts
from rivals.briefing.kernel import start_kernel
from rivals.briefing.withholding import check_withheld
from rivals.case import Case, read
from rivals.errors import ExportError, Problem, QuestionError, quote, suggest
from rivals.whole import write_whole

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager
    from nbclient.exceptions import CellExecutionError
    from nbformat import NotebookNode

Progress = Callable[[str], None]
"""Told after each cell how far the notebook has come."""

_BESIDE = Path(__file__).with_name("briefing.ipynb")
_CHECKOUT = Path(__file__).parents[3] / "notebooks" / "briefing.ipynb"
NOTEBOOK = _BESIDE if _BESIDE.exists() else _CHECKOUT
"""The notebook that makes a briefing unless another is named."""


@dataclass(frozen=True)
class Order:
    """What is wanted of a briefing, beside the case that it is on."""

    since: str | None = None
    notebook: Path | None = None
    out: Path = Path("briefings")
    draws: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Briefing:
    """A briefing that was written: where it lies, its page, and the seconds its cells took."""

    path: Path
    page: str
    seconds: float


def build_briefing(  # noqa: PLR0913, PLR0917  (what the command's options say, one each)
    folder: str | Path,
    as_of: str | None = None,
    notebook: str | Path | None = None,
    out: str | Path = Path("briefings"),
    draws: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    since: str | None = None,
) -> Path:
    """Write `out/<name>.html`, whole or not at all, and return its path.

    Raises what reading the scenario and its analysts raises, QuestionError for a bad moment or
    number of draws, and ExportError when the notebook cannot be run or the page not be written.
    """
    path = Path(notebook) if notebook is not None else None
    order = Order(since, path, Path(out), draws, seed)
    return write_briefing(read(folder).as_of(as_of), order, progress).path


def write_briefing(case: Case, order: Order, progress: Progress | None = None) -> Briefing:
    """Write the briefing on a case, of which the folder and the moment are handed to the notebook.

    Raises as `build_briefing` does.
    """
    given = _list_parameters(case, order)
    if order.notebook is None:  # one's own need not show them
        check_analysts(case.dossier)
    path = order.notebook or NOTEBOOK
    with start_kernel(path.resolve().parent) as kernel:
        run = inject(load(path), given, path.name)
        exporter = _make_exporter()
        execute(run, path, kernel, progress or (lambda text: None))
    if case.released or case.handling != "CLEAR":
        run.metadata["handling"] = f"TLP:{case.handling}"
    page, _ = exporter.from_notebook_node(run)
    check_withheld(page, case)
    written = write_whole(order.out / f"{case.name}.html", page)
    return Briefing(written, page, measure_cells(run))


def _list_parameters(case: Case, order: Order) -> dict[str, object]:
    """What the notebook is told; raises QuestionError for what it could not be asked."""
    if order.draws is not None and order.draws < 0:
        raise QuestionError(f"draws is 0 or more, got {order.draws}")
    since, moment = case.as_of(order.since).moment, case.moment
    if since and moment and since.end(case.zone) >= moment.end(case.zone):
        raise QuestionError(f"since comes before as_of, {moment}, got {quote(since.text)}")
    asked = {
        "scenario": str(Path(case.dossier.folder).resolve()),
        "as_of": moment.text if moment else None,
        "since": order.since,
        "release": case.released.level if case.released else None,
        "draws": order.draws,
        "seed": order.seed,
    }
    usual = {"as_of": None, "since": None, "release": None, "draws": None, "seed": 0}
    return {name: value for name, value in asked.items() if value != usual.get(name, "")}


# What takes long to import is imported in functions: meanwhile the kernel starts.


def _make_exporter() -> Any:
    from rivals.briefing.exporter import BriefingExporter

    return BriefingExporter()  # type: ignore[no-untyped-call]  # (nbconvert's has no types)


def load(path: Path) -> NotebookNode:
    """The notebook at a path; raises ExportError when there is none that can be read."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call, no-any-return]
    except OSError as error:
        raise ExportError([Problem(f"cannot be read: {error.strerror}", str(path))]) from None
    except Exception as error:  # nbformat raises many kinds for what is no notebook
        raise ExportError([Problem(f"is no notebook: {error}", str(path))]) from None


def inject(notebook: NotebookNode, given: Mapping[str, object], name: str) -> NotebookNode:
    """The notebook with a cell that sets parameters after the one tagged `parameters`.

    Raises ExportError for a parameter that the tagged cell does not set, so that no question is
    silently left out.
    """
    from nbformat.v4 import new_code_cell

    tagged = [i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise ExportError(f"{name} has one cell tagged 'parameters', got {len(tagged)}")
    known = _assigned(notebook.cells[tagged[0]].source)
    for parameter in given:
        if parameter not in known:
            raise ExportError(
                f"{name} has no parameter {quote(parameter)}{suggest(parameter, known)}"
            )
    source = "\n".join(f"{parameter} = {value!r}" for parameter, value in given.items())
    cell = new_code_cell(source, id="injected-parameters")  # type: ignore[no-untyped-call]
    notebook.cells.insert(tagged[0] + 1, cell)
    return notebook


def _assigned(source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise ExportError(f"the cell tagged 'parameters' is no Python: {error.msg}") from None
    targets = [t for node in body if isinstance(node, ast.Assign) for t in node.targets]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def execute(
    notebook: NotebookNode, path: Path, kernel: AsyncKernelManager, progress: Progress
) -> None:
    """Run the notebook in place; the kernel has ended when this returns.

    Raises ExportError with one line that says which cell failed and why, and KeyboardInterrupt
    when somebody ended it.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = 0

    def tell(cell: NotebookNode, cell_index: int) -> None:
        nonlocal done
        done += 1
        progress(f"{path.name}: {done} of {total} cells")

    client = NotebookClient(
        notebook, km=kernel, timeout=None, shutdown_kernel="immediate", on_cell_complete=tell
    )
    client.owns_km = True
    try:
        client.execute()
    except CellExecutionError as error:
        raise ExportError(_blame(notebook, path, error)) from None
    except BaseException as error:
        # nbclient takes Ctrl-C for itself, ends the kernel, and stumbles over its absence
        if hasattr(client, "_async_cleanup_kernel_future"):
            raise KeyboardInterrupt from None
        if isinstance(error, DeadKernelError | CellTimeoutError | RuntimeError):
            raise ExportError([Problem(f"the kernel stopped: {error}", str(path))]) from None
        raise


def measure_cells(notebook: NotebookNode) -> float:
    """The seconds that the kernel worked on the notebook's cells."""
    timings = [cell.metadata.get("execution", {}) for cell in notebook.cells]
    begun, ended = "iopub.status.busy", "iopub.status.idle"
    spans = [
        datetime.fromisoformat(timing[ended]) - datetime.fromisoformat(timing[begun])
        for timing in timings
        if begun in timing and ended in timing
    ]
    return sum(span.total_seconds() for span in spans)


def _blame(notebook: NotebookNode, path: Path, error: CellExecutionError) -> list[Problem]:
    number = next(
        (
            i + 1
            for i, cell in enumerate(notebook.cells)
            if any(o.output_type == "error" for o in cell.get("outputs", ()))
        ),
        0,
    )
    said = " ".join(str(error.evalue).split())
    return [Problem(f"cell {number} failed with {error.ename}: {said}", str(path))]
