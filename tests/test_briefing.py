"""A briefing is one whole file that holds what it should, escapes what it is told, and repeats."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from matplotlib.axes import Axes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import rivals
from rivals import briefing, explorer
from rivals.briefing import build_briefing, parts
from rivals.briefing.build import NOTEBOOK, inject
from rivals.briefing.exporter import BriefingExporter, compose
from rivals.charts.paper import entitle, paper
from rivals.errors import ExportError, QuestionError, ReadingError, RivalsError
from rivals.whole import write_whole

ROOT = Path(__file__).parents[1]
WAREHOUSE = ROOT / "scenarios" / "warehouse-fire"


@pytest.fixture(scope="session")
def page(briefed: Callable[[str], Path]) -> str:
    """The warehouse's briefing."""
    return briefed("warehouse-fire").read_text("utf-8")


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text that a reader sees."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # not within a script or a style
            self.text += data


def test_the_same_inputs_give_the_same_bytes(page: str, tmp_path: Path) -> None:
    again = build_briefing(WAREHOUSE, out=tmp_path, draws=50)

    assert again.name == "warehouse-fire.html"
    assert again.read_text("utf-8") == page


def test_the_page_states_the_case_s_own_numbers(page: str) -> None:
    case = rivals.read(WAREHOUSE)

    first = case.causes(draws=0).loc["fire", "because"].max()
    assert f'<strong class="big">{round(100 * first)}%</strong>' in page
    assert case.scenario.title in page


def test_nothing_in_the_page_asks_a_host_or_runs_code(page: str) -> None:
    tags = Tags(page).tags

    policy = next(a["content"] or "" for t, a in tags if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith(f"; script-src {explorer.script_hash()}")
    assert not {tag for tag, _ in tags} & {"iframe", "object", "embed", "form", "img"}
    assert [a for t, a in tags if t == "script"] == [{"type": "application/json"}, {}]
    assert page.count(f"<script>{explorer.script()}</script>") == 1
    assert not [a for _, a in tags for name in a if name.startswith("on") or name == "src"]
    assert [a["href"] for t, a in tags if t == "link"] == ["data:,"]
    assert not re.search(r"url\((?!#)|@import", page)


def test_a_page_without_a_panel_admits_no_script() -> None:
    page, _ = BriefingExporter().from_notebook_node(new_notebook(cells=[new_markdown_cell("# T")]))

    assert "script" not in page


def test_every_picture_has_alternative_text_and_every_figure_a_caption(page: str) -> None:
    tags = Tags(page).tags

    told = [a.get("aria-label") or "" for t, a in tags if t == "svg"]
    assert len(told) == 2 * page.count("<figure>") > 20
    assert min(map(len, told)) > 40
    assert page.count("<figcaption>") == page.count("<figure>")


def test_pictures_side_by_side_share_no_ids(page: str) -> None:
    ids = re.findall(r'\bid="([^"]*)"', page)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:xlink:href="|url\()#([^")]*)', page)) <= set(ids)


def test_the_page_tells_no_place_on_this_machine(page: str) -> None:
    assert str(ROOT) not in page
    assert "rivals brief scenarios/warehouse-fire --draws 50 --seed 0" in page


def test_repetitions_stand_under_what_they_repeat_with_what_they_bend(page: str) -> None:
    text = " ".join(Tags(page).text.split())

    assert "2 repetitions weigh nothing, 1 going beyond it" in text
    assert "goes beyond what it repeats: arson=yes" in text
    assert page.count('<li class="report ') == len(rivals.read(WAREHOUSE).reports())


def test_every_judgement_stands_there_with_its_place(page: str) -> None:
    table = rivals.read(WAREHOUSE).judgements()

    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.DOTALL)
    places = [re.findall(r"<td[^>]*>([^<]*)</td>", cells)[-1] for _, cells in rows]
    for place, times in table["at"].value_counts().items():
        assert places.count(str(place)) >= times, place


def test_a_past_moment_is_labelled_retrospective(tmp_path: Path) -> None:
    path = build_briefing(WAREHOUSE, as_of="2026-05-05", out=tmp_path, draws=0)

    text = " ".join(Tags(path.read_text("utf-8")).text.split())
    assert "As things stood on 5 May 2026. Retrospective." in text
    assert "--as-of 2026-05-05" in text


def test_a_scenario_without_effects_reports_or_sources_has_a_briefing(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(
        "title: T\nquestion: Q\nhypotheses: {a: a=yes, b: b=yes}\n"
        "variables:\n  a: {prior: {yes: 0.2}}\n  b: {prior: {yes: 0.4}}\n"
    )

    text = " ".join(
        Tags(build_briefing(folder, out=tmp_path, draws=0).read_text("utf-8")).text.split()
    )

    for told in (
        "Likeliest explanation",
        "Nothing has been logged yet",
        "No report has been logged.",
        "No report counts yet, so nothing can have changed.",
        "No report moved it by a whole point.",
        "No variable is marked as observable.",
        "No source has made a claim that counts.",
        "It takes two to disagree.",
        "The scenario names no outcome.",
    ):
        assert told in text
    assert "was why" not in text.lower()


HOSTILE = """\
title: "</title><script>alert(1)</script>"
question: "<img src=x onerror=alert(2)> \\u202egnol\\u202c"
background: |
  <script>alert(3)</script> [press](javascript:alert(4)) [mail](mailto:a@b.c) ![pixel](https://evil.example/p.png)

  [page](https://good.example/)

  # Heading
hypotheses:
  a: {claim: a=yes, label: "<b onclick=alert(5)>$x$ \\u202e</b>"}
  b: {claim: "b</script>=yes", label: "']]>"}
effects:
  e: {claim: c=yes, label: "<em>{{ 1 }}</em> style=\\"x\\" id='y'"}
outcomes:
  o: {claim: a=yes, label: "\\" onfocus=alert(6) x=\\"", by: 2026-06-01}
  p:
    claim: c=yes
    label: "</td><script>alert(11)</script>"
    resolved: yes
    resolved_on: 2026-06-01
    link: "https://good.example/?b=\\"><script>alert(12)</script>"
implications:
  - {for: "<svg onload=alert(7)>", rests_on: a=yes, text: "{{ 7 * 7 }} {% raw %}"}
variables:
  a: {ask: "<i>?</i>", prior: {yes: 0.2}, why: "<script>"}
  "b</script>": {prior: {yes: 0.4}, observable: {how: "<s>ask</s> \\u202e", cost: 1}}
  c:
    noisy_or: {leak: 0.1, causes: {a: 0.5, "b</script>": 0.6}}
    ask: "</summary></details><script>alert(13)</script>"
sources:
  s: {name: "<u>S</u>", grade: B, why: "--><script>"}
"""
HOSTILE_LOG = """\
- id: "<x> 'y'"
  published: 2026-05-04
  source: s
  outlet: "<a href=javascript:alert(8)>"
  origin: "\\"><script>alert(9)</script>"
  summary: "<style>*{display:none}</style> \\u202e"
  link: "https://good.example/?a=\\"><script>alert(10)</script>"
  claims: {a: yes}
  why: "</li></ul><h1>gone</h1>"
- id: "--></script><script>alert(14)</script>"
  published: 2026-05-06
  source: s
  summary: LONG
  claims: {c: yes, "b</script>": no}
- id: echo
  published: 2026-05-07
  source: s
  origin: "\\"><script>alert(9)</script>"
  summary: "</script>"
  claims: {a: yes, c: no}
""".replace("LONG", "word<b>" + " word" * 5000)


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario whose every text tries to get out of its place."""
    folder = tmp_path_factory.mktemp("cases") / "hostile"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(HOSTILE, "utf-8")
    (folder / "reports.yaml").write_text(HOSTILE_LOG, "utf-8")
    return folder


@pytest.fixture(scope="session")
def hostile_page(hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its briefing."""
    return build_briefing(hostile_folder, out=tmp_path_factory.mktemp("out"), draws=0).read_text(
        "utf-8"
    )


def test_whatever_a_scenario_says_is_shown_as_text(hostile_page: str) -> None:
    tags = Tags(hostile_page)

    assert not {t for t, _ in tags.tags} & {"img", "b", "u", "x", "s", "em"}
    assert [a for t, a in tags.tags if t == "i"] == [
        a for t, a in tags.tags if t == "i" and "style" in a
    ]
    assert [a for t, a in tags.tags if t == "script"] == [{"type": "application/json"}, {}]
    assert [t for t, _ in tags.tags].count("h1") == 1
    pictures = sum(t == "svg" for t, _ in tags.tags)
    assert sum(t == "style" for t, _ in tags.tags) == 2 + pictures  # the page's, the panel's
    assert not [a for _, a in tags.tags for name in a if name.startswith("on")]
    for number in (1, 2, 3, 9, 11, 13, 14):
        assert f"alert({number})" in tags.text
    assert tags.text.count(" word" * 5000) >= 1
    assert "{{ 7 * 7 }}" in tags.text


def test_links_lead_to_web_pages_only_and_tell_them_nothing(hostile_page: str) -> None:
    links = [
        a for t, a in Tags(hostile_page).tags if t == "a" and not (a["href"] or "").startswith("#")
    ]

    hosts = {(a["href"] or "").split("?")[0] for a in links}
    assert hosts == {"https://good.example/", "https://evil.example/p.png"}
    assert {a.get("rel") for a in links} == {"noopener noreferrer"}


def test_characters_that_turn_text_around_are_shown_and_not_obeyed(hostile_page: str) -> None:
    assert "\u202e" not in hostile_page
    assert "⟨U+202E⟩gnol" in hostile_page


def test_a_link_that_is_no_web_page_is_refused_at_reading(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    shutil.copytree(WAREHOUSE, folder)
    log = (folder / "reports.yaml").read_text("utf-8")
    (folder / "reports.yaml").write_text(
        log.replace("https://gazette", "javascript:alert(1)//gazette")
    )

    with pytest.raises(ReadingError, match="http"):
        build_briefing(folder, out=tmp_path / "out", draws=0)

    assert not (tmp_path / "out").exists()


def test_the_notebook_has_one_title_prose_before_code_and_no_outputs() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)

    nbformat.validate(notebook)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert notebook.cells[0].cell_type == "markdown"
    code = [c for c in notebook.cells if c.cell_type == "code"]
    assert [c for c in code if c.outputs or c.execution_count is not None] == []
    assert max(len(c.source.splitlines()) for c in code) <= 6
    assert not [c.id for c in notebook.cells if re.fullmatch(r"[0-9a-f]{8}", c.id)]


def parameterised(source: str = "scenario = 'x'\ndraws = 1") -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})])


def test_parameters_are_set_after_the_cell_that_names_them() -> None:
    notebook = inject(parameterised(), {"draws": 5, "scenario": "it's"}, "n.ipynb")

    assert notebook.cells[1].source == 'draws = 5\nscenario = "it\'s"'


def test_an_unknown_parameter_is_an_error_and_not_left_out() -> None:
    with pytest.raises(ExportError, match="no parameter 'drawz'; did you mean 'draws'"):
        inject(parameterised(), {"drawz": 5}, "n.ipynb")


@pytest.mark.parametrize("cells", [[], [parameterised().cells[0], parameterised().cells[0]]])
def test_one_cell_is_tagged_parameters(cells: list[nbformat.NotebookNode]) -> None:
    with pytest.raises(ExportError, match=f"one cell tagged 'parameters', got {len(cells)}"):
        inject(new_notebook(cells=cells), {}, "n.ipynb")


def test_a_notebook_that_fails_is_one_line_and_leaves_no_page(tmp_path: Path) -> None:
    notebook = parameterised()
    notebook.cells.append(new_code_cell("raise ValueError('first\\nsecond')"))
    path = tmp_path / "broken.ipynb"
    nbformat.write(notebook, path)

    with pytest.raises(RivalsError) as caught:
        build_briefing(WAREHOUSE, notebook=path, out=tmp_path / "out")

    assert str(caught.value) == f"{path}: cell 3 failed with ValueError: first second"
    assert not (tmp_path / "out").exists()


def test_a_notebook_of_one_s_own_is_run_in_its_folder_with_the_scenario(tmp_path: Path) -> None:
    notebook = parameterised("scenario = 'x'")
    notebook.cells.append(new_code_cell("import pathlib; print(pathlib.Path().resolve().name)"))
    notebook.cells.append(
        new_code_cell("import rivals; print(rivals.read(scenario).scenario.title)")
    )
    path = tmp_path / "own" / "mine.ipynb"
    path.parent.mkdir()
    nbformat.write(notebook, path)
    heard: list[str] = []

    out = build_briefing(WAREHOUSE, notebook=path, out=tmp_path, progress=heard.append)

    text = Tags(out.read_text("utf-8")).text
    assert "own" in text
    assert "Why did the warehouse burn?" in text
    assert heard[-1] == "mine.ipynb: 4 of 4 cells"


@pytest.mark.parametrize("asked", [{"as_of": "yesterday"}, {"draws": -1}])
def test_a_wrong_question_is_refused_before_anything_runs(
    asked: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(QuestionError):
        build_briefing(WAREHOUSE, out=tmp_path / "out", **asked)  # type: ignore[arg-type]

    assert not (tmp_path / "out").exists()


def test_what_is_no_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "n.ipynb").write_text("{")

    for name in ("n.ipynb", "missing.ipynb"):
        with pytest.raises(ExportError, match=name):
            build_briefing(WAREHOUSE, notebook=tmp_path / name, out=tmp_path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    target.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "new \ud800")

    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ExportError, match=r"file.page\.html: cannot be written"):
        write_whole(tmp_path / "file" / "page.html", "")


def shown(*outputs: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return new_notebook(cells=[new_code_cell("...", outputs=list(outputs))])


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ({"image/png": "aGk="}, "picture without alternative text"),
        ({"text/html": "<img src='data:image/png;base64,aGk='>"}, "no alternative text"),
        ({"text/html": "<svg role='img'></svg>"}, "chart has no alternative text"),
        ({"text/html": "<script>1</script>"}, "holds <script>"),
        ({"text/html": "<script type=module></script>"}, "holds <script>"),
        ({"text/html": f"<script>{explorer.script()}\n1</script>"}, "holds <script>"),
        ({"text/html": f"<script>{explorer.script()}"}, "holds <script>"),
        ({"text/html": "<p onclick='f()'>x</p>"}, "acts on 'onclick'"),
        ({"text/html": "<img alt='x' src='https://example.com/p.png'>"}, "would load 'https"),
        ({"text/html": "<link rel=stylesheet href='https://example.com/s.css'>"}, "would load"),
        ({"text/html": "<a href='javascript:f()'>x</a>"}, "leads to 'javascript:f"),
        ({"text/html": "<a href='#nowhere'>x</a>"}, "not on the page"),
        ({"text/html": "<p id='twice'></p><p id='twice'></p>"}, "two parts"),
    ],
)
def test_what_a_briefing_must_not_hold_fails_the_export(data: dict[str, str], rule: str) -> None:
    notebook = shown(new_output("display_data", data))

    with pytest.raises(ExportError, match=re.escape(rule)):
        BriefingExporter().from_notebook_node(notebook)


def test_a_chart_without_alternative_text_is_refused() -> None:
    import matplotlib.pyplot as plt

    with pytest.raises(ExportError, match="alternative text"):
        briefing.figure(lambda width: plt.subplots()[1])

    plt.close("all")


def test_plain_outputs_are_shown_as_text_and_code_is_not() -> None:
    notebook = shown(
        new_output("stream", name="stdout", text="<b>hi</b>"),
        new_output("stream", name="stderr", text="secret path"),
        new_output("execute_result", {"text/plain": "<Axes>"}),
        new_output("execute_result", {"text/markdown": "**bold** <i>"}),
    )

    page, _ = BriefingExporter().from_notebook_node(notebook)

    assert "&lt;b&gt;hi&lt;/b&gt;" in page
    assert "&lt;Axes&gt;" in page
    assert "<strong>bold</strong> &lt;i&gt;" in page
    assert "secret" not in page
    assert "..." not in Tags(page).text


def test_a_bare_table_of_pandas_scrolls_in_a_box_of_its_own() -> None:
    table = rivals.read(WAREHOUSE).beliefs(draws=0).to_html()

    page, _ = BriefingExporter().from_notebook_node(
        shown(new_output("display_data", {"text/html": table}))
    )

    assert re.search(r'<div class="scroll" role="region" tabindex="0"[^>]*>\s*<table', page)


def test_headings_become_sections_with_names_of_their_own() -> None:
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Title\n\nfirst\n\n## One & two\n\ntext"),
            new_markdown_cell("## One two"),
        ]
    )

    page = compose(notebook)

    assert page.title == "Title"
    assert [(s.name, s.title) for s in page.sections] == [
        ("one-two", "One & two"),
        ("one-two-again", "One two"),
    ]


def test_the_contents_list_has_the_parts_that_the_notebook_names() -> None:
    named = {"part": "Evidence"}
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# T\n\n## One"),
            new_markdown_cell("## Two", metadata=named),
            new_markdown_cell("## Three"),
            new_markdown_cell("## Four", metadata={"part": "<b>"}),
        ]
    )

    page = compose(notebook)
    shown, _ = BriefingExporter().from_notebook_node(notebook)

    listed = [(part, [s.title for s in sections]) for part, sections in page.parts]
    assert listed == [("", ["One"]), ("Evidence", ["Two", "Three"]), ("<b>", ["Four"])]
    assert "<p>&lt;b&gt;</p>" in shown


def write_text(text: str) -> str:
    """A chart with a text in it, as the page has it."""

    def chart(width: float) -> Axes:
        with paper(width, 1.0) as axes:
            axes.text(0.5, 0.5, text)
        return entitle(axes, "Title", "Alternative text")

    return briefing.figure(chart).html


def test_a_text_in_a_chart_is_neither_a_style_nor_an_id_nor_a_colour() -> None:
    text = ' style="*{display:none}" id="f" url(#f) #0a5fa8 12.34567'

    shown = write_text(text)

    assert html.unescape(shown).count(text.strip()) == 2
    assert "*{display:none}" not in "".join(re.findall("<style>.*?</style>", shown, re.DOTALL))


def test_a_chart_is_small_and_says_each_look_once() -> None:
    shown = write_text("text")

    assert not re.search(r"\d\.\d{3}", shown)
    assert " style=" not in shown
    assert "<g>" not in shown
    looks = re.findall(r"^(?:<style>)?\.(s\w+)\{", shown, re.MULTILINE)
    assert set(re.findall(r'class="(s\w+)"', shown)) == set(looks)


def test_jupyter_finds_the_exporter_by_its_name() -> None:
    from nbconvert.exporters import get_exporter

    assert get_exporter("briefing") is BriefingExporter


def test_markdown_of_a_scenario_lets_no_html_and_no_pictures_through() -> None:
    shown = parts.render_prose("<b>x</b> ![p](https://e.example/p.png)\n\n<div>\n\n# h")

    assert "<b>" not in shown
    assert "<img" not in shown
    assert "<h1" not in shown
    assert html.escape("<b>x</b>") in shown


def test_a_briefing_s_sections_load_without_nbconvert() -> None:
    code = "import sys; from rivals import briefing; sys.exit('nbconvert' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_real_case_is_below_a_megabyte(briefed: Callable[[str], Path]) -> None:
    assert briefed("cuba-venezuela").stat().st_size < 1_000_000
