"""The ways out: the command `brief`, its index and PDF, and Jupyter's own export of a notebook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from click.testing import CliRunner, Result
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import rivals
from rivals.briefing.build import measure_cells
from rivals.briefing.contents import Summary, summarise, write_index
from rivals.briefing.exporter import BriefingExporter
from rivals.briefing.kernel import start_kernel
from rivals.briefing.pdf import NAMES, blank_dates, find_chromium, print_page
from rivals.cli import main
from rivals.errors import ExportError
from rivals.phrases import say_percent
from rivals.words import word_for

ROOT = Path(__file__).parents[1]
WAREHOUSE = ROOT / "scenarios" / "warehouse-fire"
ASIA = ROOT / "tests" / "published" / "asia"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def brief(*words: object, code: int = 0) -> Result:
    """Run the command to its end."""
    result = CliRunner().invoke(main, ["brief", *map(str, words)])
    assert result.exit_code == code, result.output
    return result


def write_notebook(path: Path, parameters: str, *sources: str) -> Path:
    """A notebook with a cell of parameters and cells of code."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [
        new_markdown_cell("# Does it work?"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *map(new_code_cell, sources),
    ]
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), path)
    return path


ASKED = "scenario = as_of = since = draws = seed = None"


class Page(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


# --- what is asked ---


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A folder with a page by a notebook of one's own, made where there is no Chromium."""
    folder = tmp_path_factory.mktemp("own")
    cells = (
        "import sys; assert 'matplotlib' in sys.modules",
        "import time; time.sleep(0.5)",
        "print(as_of, since, draws, seed)",
    )
    notebook = write_notebook(folder / "n.ipynb", ASKED, *cells)
    asked = ("--as-of", "2026-05-08", "--since", "2026-05-05", "--draws", 7, "--seed", 3, "--pdf")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RIVALS_CHROMIUM", raising=False)
        patch.setenv("PATH", str(folder / "empty"))
        return folder, brief(WAREHOUSE, "--notebook", notebook, "--out", folder, *asked, code=1)


def test_since_is_handed_to_the_notebook_with_all_else_that_was_asked(
    own: tuple[Path, Result],
) -> None:
    page = (own[0] / "warehouse-fire.html").read_text("utf-8")

    assert "2026-05-08 2026-05-05 7 3" in page


def test_a_notebook_that_knows_no_since_is_not_run_without_it(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", "scenario = draws = seed = None")

    result = brief(
        WAREHOUSE, "--notebook", notebook, "--out", tmp_path, "--since", "2026-05-05", code=1
    )

    assert result.stderr == "n.ipynb has no parameter 'since'; known: scenario, draws, seed\n"
    assert not list(tmp_path.glob("*.html"))


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (("--since", "lately"), "a date is a day"),
        (("--since", "2026-05-08", "--as-of", "2026-05-08"), "since comes before as_of"),
        (("--since", "2026-06", "--as-of", "2026-05-08"), "got '2026-06'"),
    ],
)
def test_a_since_that_cannot_be_is_refused_before_anything_runs(
    options: tuple[str, ...], rule: str, tmp_path: Path
) -> None:
    result = brief(WAREHOUSE, "--out", tmp_path / "out", *options, code=1)

    assert rule in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_what_the_cells_took_is_told_without_what_was_loaded_before_them(
    own: tuple[Path, Result],
) -> None:
    *progress, told, _ = own[1].stderr.splitlines()

    assert progress == [f"n.ipynb: {i} of 5 cells" for i in range(1, 6)]
    assert (found := re.fullmatch(r"analyses: (\d+\.\d) s", told))
    assert 0.5 <= float(found[1]) < 3


def test_the_time_of_cells_is_that_of_the_kernel() -> None:
    notebook = new_notebook(cells=[new_code_cell("a"), new_markdown_cell("b"), new_code_cell("c")])
    for cell, (begun, ended) in zip(
        notebook.cells[::2], [("00.25", "01.5"), ("10", "10.5")], strict=True
    ):
        cell.metadata["execution"] = {
            "iopub.status.busy": f"2026-01-01T00:00:{begun}Z",
            "iopub.status.idle": f"2026-01-01T00:00:{ended}Z",
        }

    assert measure_cells(notebook) == pytest.approx(1.75)


def test_no_kernel_is_left_behind_when_its_notebook_is_not_run(tmp_path: Path) -> None:
    with start_kernel(tmp_path) as kernel:
        process = kernel.provisioner.process

    assert process.poll() is not None
    assert not kernel.has_kernel


# --- several scenarios ---


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A folder with two briefings and their index, and what was printed."""
    out = tmp_path_factory.mktemp("several")
    return out, brief(WAREHOUSE, ASIA, "--out", out, "--draws", 50)


def test_an_index_leads_to_each_of_several_briefings(several: tuple[Path, Result]) -> None:
    out, result = several
    names = ["warehouse-fire.html", "asia.html", "index.html"]

    index = Page((out / "index.html").read_text("utf-8"))

    assert result.stdout.splitlines() == [str(out / name) for name in names]
    assert [a["href"] for tag, a in index.tags if tag == "a"] == names[:2]
    assert sorted(path.name for path in out.iterdir()) == sorted(names)


def test_the_index_says_of_each_what_its_case_says(several: tuple[Path, Result]) -> None:
    text = " ".join(Page((several[0] / "index.html").read_text("utf-8")).text.split())
    fire, clinic = rivals.read(WAREHOUSE), rivals.read(ASIA)

    why = fire.causes(draws=0).loc["fire"].sort_values("because").iloc[-1]
    there = clinic.beliefs(draws=0).sort_values("posterior").iloc[-1]
    for case, row, p in ((fire, why, why["because"]), (clinic, there, there["posterior"])):
        chance = f"{say_percent(p)} {word_for(p, case.scenario.settings.scale)}"
        assert f"{row['label']} {chance} Range" in text
        assert f"{case.scenario.title} {case.scenario.question}" in text
    assert text.count("Confidence: ") == 2
    assert "All that was logged by 9 May 2026" in text


def test_the_index_asks_nothing_of_anybody_and_runs_nothing(several: tuple[Path, Result]) -> None:
    index = Page((several[0] / "index.html").read_text("utf-8"))

    policy = next(a["content"] or "" for _, a in index.tags if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert not {tag for tag, _ in index.tags} & {"script", "iframe", "object", "form", "img"}
    assert not [a for _, a in index.tags for name in a if name.startswith("on") or name == "src"]
    assert [a["href"] for tag, a in index.tags if tag == "link"] == ["data:,"]


def test_the_same_pages_give_the_same_index(several: tuple[Path, Result], tmp_path: Path) -> None:
    out = several[0]
    pages = [out / "warehouse-fire.html", out / "asia.html"]

    again = write_index([summarise(p.read_text("utf-8"), [p]) for p in pages], tmp_path)

    assert again.read_bytes() == (out / "index.html").read_bytes()


def test_a_page_made_by_another_notebook_is_listed_by_its_title(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "n.ipynb", ASKED, "1 + 1")
    page, _ = BriefingExporter().from_notebook_node(nbformat.read(notebook, as_version=4))

    found = summarise(page, [tmp_path / "n.html"])

    assert found == Summary("Does it work?", (("n.html", "HTML"),))


HOSTILE = "</title><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} \u202e"


def test_whatever_a_page_says_is_text_in_the_index(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ('"><b>.html', '"><b>.pdf')]
    said = dict.fromkeys(("lede", "moment", "kicker", "leader", "big", "word", "range"), HOSTILE)
    escaped = HOSTILE.replace("<", "&lt;")
    page = "".join(f'<p class="{name}">{escaped}<br>.</p>' for name in said)

    path = write_index([summarise(page, files)], tmp_path / "out")

    index = Page(path.read_text("utf-8"))
    assert not {tag for tag, _ in index.tags} & {"script", "img", "b"}
    assert not [a for _, a in index.tags for name in a if name.startswith("on")]
    assert index.text.count("alert(1)") == len(said)
    assert "{{ 7 * 7 }} ⟨U+202E⟩" in index.text
    links = [a["href"] for tag, a in index.tags if tag == "a"]
    assert links == ["%22%3E%3Cb%3E.html", "%22%3E%3Cb%3E.pdf"]


def test_without_all_of_the_pages_there_is_no_index(tmp_path: Path) -> None:
    fails = "assert 'asia' not in scenario, 'not this one'"
    notebook = write_notebook(tmp_path / "n.ipynb", ASKED, fails)

    result = brief(WAREHOUSE, ASIA, "--notebook", notebook, "--out", tmp_path / "out", code=1)

    assert "cell 4 failed with AssertionError: not this one" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["warehouse-fire.html"]


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("a/fire", "b/fire"), "two scenarios of one name"),
        (("a/fire", "b/Fire"), "two scenarios of one name"),
        (("a/fire", "b/index"), "a scenario called 'index' is briefed by itself"),
    ],
)
def test_no_page_is_written_over_another(names: tuple[str, str], rule: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).mkdir(parents=True)
        scenario = (WAREHOUSE / "scenario.yaml").read_text("utf-8")
        (tmp_path / name / "scenario.yaml").write_text(scenario, "utf-8")

    result = brief(*(tmp_path / name for name in names), "--out", tmp_path / "out", code=1)

    assert rule in result.stderr
    assert not (tmp_path / "out").exists()


# --- PDF, where no browser is needed to see that it fails well ---


def pretend(path: Path, script: str) -> Path:
    """A program that Chromium's caller takes for Chromium."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_without_a_chromium_the_page_stands_and_the_command_fails(
    own: tuple[Path, Result],
) -> None:
    folder, result = own

    complaint = result.stderr.splitlines()[-1]
    assert "a PDF is printed by Chromium, and none of chromium, " in complaint
    assert "RIVALS_CHROMIUM can name another" in complaint
    assert result.stdout == f"{folder / 'warehouse-fire.html'}\n"
    assert (folder / "warehouse-fire.html").exists()


def test_a_variable_that_names_no_program_is_told_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(pretend(tmp_path / NAMES[0], "exit 0").parent))
    monkeypatch.setenv("RIVALS_CHROMIUM", str(tmp_path / "nowhere"))

    with pytest.raises(ExportError, match="RIVALS_CHROMIUM names no program"):
        find_chromium()

    monkeypatch.setenv("RIVALS_CHROMIUM", NAMES[0])
    assert find_chromium() == str(tmp_path / NAMES[0])


@pytest.mark.parametrize("name", NAMES)
def test_any_browser_of_the_family_will_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RIVALS_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(pretend(tmp_path / name, "exit 0").parent))

    assert find_chromium() == str(tmp_path / name)


PRINT = """\
for word; do
  case "$word" in --print-to-pdf=*) printf %s "{}" > "${{word#*=}}";; esac
done
"""


@pytest.mark.parametrize(
    ("script", "rule"),
    [
        ("echo first >&2; echo 'no display' >&2; exit 3", "failed with 3: no display"),
        ("exit 0", "printed nothing"),
        (PRINT.format("<html>"), "printed nothing"),
        (PRINT.format("%PDF-1.4 /Outlines"), "prints no tags and bookmarks"),
        (PRINT.format("%PDF-1.4 /StructTreeRoot"), "prints no tags and bookmarks"),
        ("sleep 30", "did not print within 0.5 s"),
    ],
)
def test_a_chromium_that_fails_is_one_line_and_leaves_the_old_pdf(
    script: str, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RIVALS_CHROMIUM", str(pretend(tmp_path / "bin" / "c", script)))
    page = tmp_path / "page.html"
    page.write_text("<h2>H</h2>")
    page.with_suffix(".pdf").write_text("old")

    with pytest.raises(ExportError, match=re.escape(rule)) as caught:
        print_page(page, patience=0.5)

    assert len(str(caught.value).splitlines()) == 1
    assert page.with_suffix(".pdf").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bin", "page.html", "page.pdf"]


def test_a_chromium_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    monkeypatch.setenv("RIVALS_CHROMIUM", str(pretend(tmp_path / "c", script)))
    (tmp_path / "page.html").write_text("")

    with pytest.raises(ExportError, match="did not print"):
        print_page(tmp_path / "page.html", patience=1)

    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.05)
    assert not is_running(child)


def is_running(process: int) -> bool:
    """Whether a process is there, and not only waiting to be counted out."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_only_a_pdf_s_own_dates_are_blanked() -> None:
    own = b"/CreationDate (D:20260101000000+00'00')\n/ModDate (D:20260102000000Z)"
    title = rb"/Title (On /ModDate \(D:20260101000000\))"

    blank = blank_dates(own + title)

    assert blank.split() == title.split()
    assert len(blank) == len(own + title)


# --- any notebook, through Jupyter's own doors ---


CHART = "case = rivals.read(scenario)\nrivals.charts.causes(case.causes(draws=0))"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook with a chart as JupyterLab shows it, run by stock nbconvert."""
    path = tmp_path_factory.mktemp("plain") / "mine.ipynb"
    write_notebook(path, f"import rivals\nscenario = {str(WAREHOUSE)!r}", CHART)
    convert(path, "--to", "notebook", "--execute", "--inplace")
    return path


def convert(path: Path, *options: str) -> None:
    """Stock nbconvert, as `jupyter nbconvert` calls it."""
    command = [sys.executable, "-m", "nbconvert", *options, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def chart_text() -> str:
    """What the chart's alternative text has to be."""
    table = rivals.read(WAREHOUSE).causes(draws=0)
    return rivals.charts.describe(rivals.charts.causes(table))


def pictures(page: str) -> list[dict[str, str | None]]:
    """The pictures of a page."""
    return [given for tag, given in Page(page).tags if tag == "img"]


def test_a_chart_that_ends_a_cell_is_a_picture_with_its_text_and_nothing_else(plain: Path) -> None:
    outputs = nbformat.read(plain, as_version=4).cells[2].outputs

    assert [(o.output_type, o.metadata["alt"]) for o in outputs] == [("display_data", chart_text())]
    assert "image/png" in outputs[0].data


def test_nbconvert_makes_a_briefing_of_a_notebook_with_charts(plain: Path) -> None:
    convert(plain, "--to", "briefing")

    page = plain.with_suffix(".html").read_text("utf-8")
    assert "<title>Does it work?</title>" in page
    assert [picture["alt"] for picture in pictures(page)] == [chart_text()]
    assert str(pictures(page)[0]["src"]).startswith("data:image/png;base64,iVBOR")
    assert "Axes" not in page


def test_a_notebook_with_charts_is_briefed_by_the_command_too(tmp_path: Path) -> None:
    retina = f"%config InlineBackend.figure_formats = ['retina']\n{CHART}"
    notebook = write_notebook(tmp_path / "n.ipynb", ASKED, "import rivals", CHART, retina)

    brief(WAREHOUSE, "--notebook", notebook, "--out", tmp_path)

    page = (tmp_path / "warehouse-fire.html").read_text("utf-8")
    assert [picture["alt"] for picture in pictures(page)] == [chart_text()] * 2


@pytest.mark.parametrize(
    ("kind", "content", "start"),
    [
        ("image/png", "aGk=\n", "data:image/png;base64,aGk="),
        ("image/svg+xml", "<svg onload='f()'/>", "data:image/svg+xml;base64,PHN2ZyBvb"),
    ],
)
def test_a_picture_is_shown_as_a_picture_with_its_text_escaped(
    kind: str, content: str, start: str
) -> None:
    output = new_output("display_data", {kind: content}, metadata={kind: {"alt": '"><b>\u202e'}})

    page, _ = BriefingExporter().from_notebook_node(
        new_notebook(cells=[new_code_cell(outputs=[output])])
    )

    assert [picture["alt"] for picture in pictures(page)] == ['"><b>⟨U+202E⟩']
    assert str(pictures(page)[0]["src"]).startswith(start)


@pytest.mark.parametrize("alt", ["", " \n", None])
def test_a_picture_whose_text_is_empty_fails_the_export(alt: str | None) -> None:
    output = new_output("display_data", {"image/png": "aGk="}, metadata={"alt": alt})

    with pytest.raises(ExportError, match="without alternative text"):
        BriefingExporter().from_notebook_node(new_notebook(cells=[new_code_cell(outputs=[output])]))


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """The address of a Jupyter server on a folder."""
    own = folder / "own"
    env = {**os.environ, "JUPYTER_RUNTIME_DIR": str(own), "JUPYTER_CONFIG_DIR": str(own)}
    settings = ("port=0", "token=secret", f"root_dir={folder}", "open_browser=False")
    options = [f"--ServerApp.{setting}" for setting in settings]
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", *options]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        yield wait_for_server(own, server)
    finally:
        server.terminate()
        server.wait(20)


def wait_for_server(own: Path, server: subprocess.Popen[bytes]) -> str:
    """The address that the server has written down."""
    for _ in range(600):
        assert server.poll() is None, (own.parent / "log").read_text()
        for path in own.glob("jpserver-*.json"):
            if path.read_text().strip():
                return str(json.loads(path.read_text())["url"])
        time.sleep(0.05)
    raise AssertionError((own.parent / "log").read_text())


def ask(address: str) -> tuple[dict[str, str], str]:
    """The headers and the body of an answer."""
    request = urllib.request.Request(address, headers={"Authorization": "token secret"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return dict(answer.headers), answer.read().decode()


def test_jupyterlab_s_menu_offers_the_briefing_and_gets_it(plain: Path) -> None:
    with serve(plain.parent) as address:
        offered: dict[str, Any] = json.loads(ask(f"{address}api/nbconvert")[1])
        headers, page = ask(f"{address}nbconvert/briefing/mine.ipynb?download=true")

    assert offered["briefing"] == {"output_mimetype": "text/html"}
    assert "mine.html" in headers["Content-Disposition"]
    assert [picture["alt"] for picture in pictures(page)] == [chart_text()]
