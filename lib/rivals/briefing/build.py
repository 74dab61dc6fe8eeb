"""A scenario's folder -> its briefing: the notebook is run in a kernel of its own and rendered."""

from __future__ import annotations

import ast
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from rivals.briefing.exporter import BriefingExporter
from rivals.case import read
from rivals.errors import ExportError, Problem, QuestionError, quote, suggest

Progress = Callable[[str], None]
"""Told after each cell how far the notebook has come."""

_BESIDE = Path(__file__).with_name("briefing.ipynb")
_CHECKOUT = Path(__file__).parents[3] / "notebooks" / "briefing.ipynb"
NOTEBOOK = _BESIDE if _BESIDE.exists() else _CHECKOUT
"""The notebook that makes a briefing unless another is named."""


def build_briefing(  # noqa: PLR0913, PLR0917  (what the command's options say, one each)
    folder: str | Path,
    as_of: str | None = None,
    notebook: str | Path | None = None,
    out: str | Path = Path("briefings"),
    draws: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Path:
    """Write `out/<name>.html`, whole or not at all, and return its path.

    Raises what reading the scenario raises, QuestionError for a bad moment or number of draws, and
    ExportError when the notebook cannot be run or the page not be written.
    """
    case = read(folder).as_of(as_of)
    if draws is not None and draws < 0:
        raise QuestionError(f"draws is 0 or more, got {draws}")
    path = Path(notebook) if notebook is not None else NOTEBOOK
    asked = {"scenario": str(Path(folder).resolve()), "as_of": as_of, "draws": draws, "seed": seed}
    usual = {"as_of": None, "draws": None, "seed": 0}
    given = {name: value for name, value in asked.items() if value != usual.get(name, "")}
    run = inject(load(path), given, path.name)
    execute(run, path, progress or (lambda text: None))
    exporter = BriefingExporter()  # type: ignore[no-untyped-call]  # (nbconvert's has no types)
    page, _ = exporter.from_notebook_node(run)
    return write_whole(Path(out) / f"{case.name}.html", page)


def load(path: Path) -> NotebookNode:
    """The notebook at a path; raises ExportError when there is none that can be read."""
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
    cell = nbformat.v4.new_code_cell(source, id="injected-parameters")  # type: ignore[no-untyped-call]
    notebook.cells.insert(tagged[0] + 1, cell)
    return notebook


def _assigned(source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise ExportError(f"the cell tagged 'parameters' is no Python: {error.msg}") from None
    targets = [t for node in body if isinstance(node, ast.Assign) for t in node.targets]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def execute(notebook: NotebookNode, path: Path, progress: Progress) -> None:
    """Run the notebook in place, in its own folder and with this Python.

    Raises ExportError with one line that says which cell failed and why.
    """
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    done = 0

    def tell(cell: NotebookNode, cell_index: int) -> None:
        nonlocal done
        done += 1
        progress(f"{path.name}: {done} of {total} cells")

    with tempfile.TemporaryDirectory(prefix="rivals-") as private:
        manager = AsyncKernelManager(
            kernel_name="python3", kernel_spec_manager=KernelSpecManager(kernel_dirs=[])
        )
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=None,
            extra_arguments=["--log-level=40"],  # its advice on transports is not for our reader
            resources={"metadata": {"path": str(path.resolve().parent)}},
            on_cell_complete=tell,
        )
        client.owns_km = True
        try:
            client.execute(env=_environment(private))
        except CellExecutionError as error:
            raise ExportError(_blame(notebook, path, error)) from None
        except (DeadKernelError, CellTimeoutError, RuntimeError) as error:
            raise ExportError([Problem(f"the kernel stopped: {error}", str(path))]) from None


def _environment(private: str) -> dict[str, str]:
    """The kernel's environment: nobody's start-up files, the same order of sets, no window."""
    return {
        **os.environ,
        "IPYTHONDIR": private,
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "agg",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


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


def write_whole(path: Path, text: str) -> Path:
    """Write a file whole or not at all; raises ExportError when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ExportError([Problem(f"cannot be written: {error.strerror}", str(path))]) from None
    return path
