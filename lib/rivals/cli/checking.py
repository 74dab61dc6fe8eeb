"""The command `rivals check`: every problem of the files, then every lint that is not silenced."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import pandas as pd
from click.shell_completion import CompletionItem

from rivals.analysts import read_analysts
from rivals.case import Case, read
from rivals.cli.options import FOLDER_PATH, FORMAT, plain_errors, tell
from rivals.cli.show import note, working, write, write_csv, write_json
from rivals.codes import CODES, Code, find_code
from rivals.engine import Plan
from rivals.errors import RivalsError, TooLarge, printable
from rivals.phrases import count


class _LintName(click.ParamType[Code]):
    """A lint's code or name; completion offers both."""

    name = "lint"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Code:
        try:
            return value if isinstance(value, Code) else find_code(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        words = [(word, one.name) for one in CODES for word in (one.code, one.name)]
        return [CompletionItem(w, help=name) for w, name in words if w.startswith(incomplete)]


@dataclass(frozen=True)
class Checked:
    """A folder without problems: its case, how large it is, and its lints."""

    folder: Path
    case: Case
    plan: Plan
    lints: pd.DataFrame
    analysts: int = 0

    @property
    def told(self) -> pd.DataFrame:
        """The lints that are not silenced."""
        return self.lints[~self.lints["silenced"]]

    def __str__(self) -> str:
        evidence, silenced = self.case.evidence, int(self.lints["silenced"].sum())
        others = f"{count(self.analysts, 'analyst')}, " if self.analysts else ""
        lints = "" if self.told.empty else f", {count(len(self.told), 'lint')}"
        return (
            f"{self.folder}: {len(self.case.scenario.variables)} variables, "
            f"{len(evidence.standings)} reports, {len(evidence.counted)} counted, "
            f"{others}{self.plan.cells:,} cells: no problems{lints}"
            f"{f' ({silenced:,} silenced)' * bool(silenced)}"
        )


@click.command(short_help="Check the files: every problem and lint with its line.")
@click.argument("scenarios", nargs=-1, type=FOLDER_PATH, metavar="SCENARIO...")
@click.option("--strict", is_flag=True, help="End with exit code 1 on lints too.")
@click.option(
    "--explain", type=_LintName(), metavar="CODE", help="Say what a lint means, and check nothing."
)
@FORMAT
@plain_errors
def check(scenarios: tuple[Path, ...], strict: bool, explain: Code | None, form: str) -> None:
    """Check the files of scenarios: every problem on a line, with file, line and rule.

    Those of a scenario's analysts are checked too, once its own two files are in order.
    Files without problems are looked over for lints: what is well formed and may still be wrong.
    They are told on standard output, as lines, CSV or JSON, the last two with those that are
    silenced in scenario.yaml; alone they are no failure, unless --strict says so.
    """
    if explain is not None:
        write(explanation(explain))
        return
    if not scenarios:
        raise click.UsageError("Missing argument 'SCENARIO...'.")
    checked = [one for one in map(_check, scenarios) if one is not None]
    _show(checked, form)
    lints = sum(len(one.told) for one in checked)
    if len(checked) < len(scenarios) or (strict and lints):
        raise SystemExit(1)


def _check(folder: Path) -> Checked | None:
    """The folder looked over; None after telling its problems."""
    try:
        case = read(folder)
        analysts = read_analysts(case.dossier)
        plan = _try_out(case)
        for analyst in analysts.values():
            _try_out(case.see(analyst.dossier))
        with working("Looking for lints"):
            return Checked(folder, case, plan, case.lints(), len(analysts))
    except RivalsError as error:
        tell(error)
        return None


def _try_out(case: Case) -> Plan:
    """How large a case is; raises for evidence that is impossible, and for what is too large."""
    case.log_evidence()
    plan = case.plan()
    if not plan.fits:
        raise TooLarge(f"{case.dossier.folder}: {plan.complaint}")
    return plan


def _show(checked: Iterable[Checked], form: str) -> None:
    tables = {str(one.folder): _placed(one) for one in checked}
    if form == "json":
        rows = [{"scenario": k, **row} for k, t in tables.items() for row in t.to_dict("records")]
        write_json(rows)
    elif form == "csv":
        joined = pd.concat(tables, names=["scenario"]) if tables else pd.DataFrame()
        write_csv(joined.droplevel(1) if tables else joined)
    for one in checked:
        if form != "table":
            note(str(one))
            continue
        for lint in tables[str(one.folder)].to_dict("records"):
            if not lint["silenced"]:
                write(_line(lint))
        write(f"{one}\n")


def _placed(one: Checked) -> pd.DataFrame:
    """The lints with the way to their files."""
    table = one.lints.copy()
    table["at"] = [f"{one.folder}/{at}" if at else str(one.folder) for at in table["at"]]
    return table


def _line(lint: Mapping[Hashable, object]) -> str:
    told = f"{lint['at']}: {lint['code']} {lint['name']}: {lint['path']}: {lint['text']}"
    return printable(told) + "\n"


def explanation(code: Code) -> str:
    """What a lint means, why it matters, what to do, and how to silence it."""
    parts = (code.means, f"Why it matters: {code.matters}", f"What to do: {code.mend}")
    told = "\n\n".join(textwrap.fill(part, 96) for part in parts)
    if code.name == "unused-silence":
        return f"{code.code} {code.name}\n\n{told}\n\nIt cannot be silenced.\n"
    silence = f"  - {{lint: {code.code}, at: {code.at}, why: ...}}"
    how = "To silence it, in scenario.yaml (without `at`, everywhere; `at` can be a list):"
    return f"{code.code} {code.name}\n\n{told}\n\n{how}\n\nsilenced:\n{silence}\n"
