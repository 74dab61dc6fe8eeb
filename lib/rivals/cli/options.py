"""What the commands have in common: which case is meant, how answers are shown, how errors end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from rivals.answers import DRAWS
from rivals.case import Case, read
from rivals.cells import split_pair, split_pairs
from rivals.cli.completion import complete_analysts
from rivals.cli.show import note
from rivals.errors import QuestionError, RivalsError
from rivals.scenario import label_of


class _Folder(click.Path):
    """A scenario's folder; completion offers those below scenarios/."""

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        found = sorted(str(file.parent) for file in Path().glob("scenarios/*/scenario.yaml"))
        near = [CompletionItem(name) for name in found if name.startswith(incomplete)]
        return near or super().shell_complete(ctx, param, incomplete)


FOLDER_PATH = _Folder(path_type=Path)
FOLDER = click.argument("scenario", type=FOLDER_PATH)


CASE_OPTIONS = (
    click.option("--as-of", metavar="D", help="Only what was logged by D: a day, month or time."),
    click.option(
        "--given",
        multiple=True,
        metavar="V=S",
        help="Suppose V was seen in state S (or S|S); repeatable.",
    ),
    click.option(
        "--do",
        "imposed",
        multiple=True,
        metavar="V=S",
        help="Set V to S, whatever its causes say; repeatable.",
    ),
    click.option(
        "--without",
        multiple=True,
        metavar="ID",
        help="Leave a report out; also origin:NAME or source:NAME; repeatable.",
    ),
    click.option(
        "--analyst",
        shell_complete=complete_analysts,
        metavar="NAME",
        help="As judged in analysts/NAME.yaml; house: as in scenario.yaml.",
    ),
)
DRAW_OPTIONS = (
    click.option(
        "--draws",
        type=click.IntRange(min=0, max=1_000_000),
        default=DRAWS,
        show_default=True,
        help="Draws of the judgements behind the ranges; 0 for none.",
    ),
    click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=0,
        show_default=True,
        help="The seed of the draws.",
    ),
)
PAGE_OPTIONS = (
    click.option("--as-of", metavar="D", help="Brief on the case as it stood at D."),
    click.option("--since", metavar="D", help="Tell what changed since D."),
    click.option(
        "--notebook",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Run this notebook instead of the one that comes with rivals.",
    ),
    click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("briefings"),
        show_default=True,
        help="The folder that the page is written to.",
    ),
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="How results are written to standard output.",
)


@dataclass(frozen=True)
class Question:
    """What the common options say: which case is meant, and how its answer is wanted."""

    scenario: Path
    as_of: str | None
    given: tuple[str, ...]
    imposed: tuple[str, ...]
    without: tuple[str, ...]
    analyst: str | None = None
    draws: int = DRAWS
    seed: int = 0
    form: str = "table"

    def open_case(self) -> Case:
        """The case that is meant; raises the library's errors."""
        case = read(self.scenario).as_of(self.as_of)
        if self.analyst is not None:
            case = case.as_analyst(self.analyst)
        case = case.given(**split_claims(self.given)).do(**split_claims(self.imposed))
        return case.without(*self.without)


def asks(*options: Callable[[Any], Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the common options, and some more; it takes a Question and its own."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(**chosen: Any) -> None:
            common = {f.name: chosen.pop(f.name) for f in fields(Question) if f.name in chosen}
            command(Question(**common), **chosen)

        for option in reversed((FOLDER, *CASE_OPTIONS, *options)):
            run = option(run)
        return plain_errors(run)

    return decorate


def takes_page_options(command: Any) -> Any:
    """Give a command the options that say which page is made, and where it goes."""
    for option in reversed(PAGE_OPTIONS):
        command = option(command)
    return command


def labels_of(case: Case) -> dict[str, str]:
    """What each hypothesis is called in a sentence."""
    return {name: label_of(name, noun) for name, noun in case.scenario.hypotheses.items()}


def split_claims(texts: Iterable[str]) -> dict[str, str]:
    """Every `V=S`, by variable; raises QuestionError for a variable named twice."""
    try:
        return split_pairs(texts)
    except ValueError as error:
        raise QuestionError(str(error)) from None


def split_claim(text: str) -> tuple[str, str]:
    """`V=S` as a pair."""
    try:
        return split_pair(text)
    except ValueError as error:
        raise QuestionError(str(error)) from None


def plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """End with exit code 1 and one line a problem when the user's files or arguments are wrong."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RivalsError as error:
            tell(error)
            raise SystemExit(1) from None

    return run


def tell(error: RivalsError) -> None:
    """Every problem of an error on a line of its own."""
    for problem in error.problems:
        note(str(problem))
