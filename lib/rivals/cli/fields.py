"""A report's fields as options of commands: one at least for each that the noun has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args, get_origin

import click

from rivals.cells import holds_text, read_parts
from rivals.cli.completion import complete_claims, complete_reports, complete_sources, complete_with
from rivals.entries import Report
from rivals.errors import QuestionError

SAYING = {"claims": "--claim", "observes": "--observe", "likelihood": "--likelihood"}
"""The options that say something of variables, by their field; each is repeatable."""
_SAYING_OPTIONS = (
    click.option("--claim", "claims", multiple=True, metavar="V=S", shell_complete=complete_claims,
                 help="What it says; V=S|S for a set; repeatable."),
    click.option("--likelihood", multiple=True, metavar="V:S=L",
                 help="Your own P(report | V=S), any scale; repeat it for each state."),
    click.option("--observe", "observes", multiple=True, metavar="V=S",
                 shell_complete=complete_claims, help="Taken as fact; repeatable."),
)  # fmt: skip
_OPTIONS = (
    click.option("--source", metavar="S", shell_complete=complete_sources,
                 help="Whose word is weighed."),
    click.option("--published", metavar="D", help="A day, a month or a time with its offset."),
    *_SAYING_OPTIONS,
    click.option("--logged", metavar="D", help="When you had it.  [default: published]"),
    click.option("--outlet", metavar="O", shell_complete=complete_with("outlet"),
                 help="Who carried it; weighs nothing."),
    click.option("--origin", multiple=True, metavar="O", shell_complete=complete_with("origin"),
                 help="What it goes back to; repeatable."),
    click.option("--copy-of", metavar="ID", shell_complete=complete_reports,
                 help="The report that it repeats."),
    click.option("--directness", type=click.Choice(["direct", "relayed", "inferred"]),
                 help="How the source knows.  [default: relayed]"),
    click.option("--summary", metavar="T", help="What it says, in your own words."),
    click.option("--link", metavar="L", help="http:// or https://."),
)  # fmt: skip
_KNOWN = ("id", "source", "published", *SAYING, "logged", "outlet", "origin", "copy_of",
          "directness", "summary", "link")  # fmt: skip
_MORE = tuple(name for name in Report.model_fields if name not in _KNOWN and holds_text(name))
"""Fields that have no option of their own above: what else a report can hold, as one text."""


class _Described(click.Option):
    """An option whose help is what the noun says of its field, looked up when help is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its help."""
        from rivals.schema import sentences

        self.help = sentences(Report).get(str(self.name), "")
        return super().get_help_record(ctx)


class _Label(click.Choice[str]):
    """One of several words in any case, with or without `TLP:` before it, as in the file."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word as the noun has it."""
        prefix = "TLP:"
        bare = value[len(prefix) :] if value.upper().startswith(prefix) else value
        return super().convert(bare.strip(), param, ctx)


def _say_more(name: str) -> Callable[[Any], Any]:
    kind = Report.model_fields[name].annotation
    choice = _Label(get_args(kind), case_sensitive=False) if get_origin(kind) is Literal else None
    shown = None if choice else "T"
    option = f"--{name.replace('_', '-')}"
    return click.option(option, cls=_Described, type=choice, metavar=shown)


def takes_saying(command: Any) -> Any:
    """Give a command the options that say something of variables."""
    for option in reversed(_SAYING_OPTIONS):
        command = option(command)
    return command


def takes_fields(command: Any) -> Any:
    """Give a command an option for each field of a report but its id."""
    for option in reversed((*_OPTIONS, *map(_say_more, _MORE))):
        command = option(command)
    return command


def said_fields(options: dict[str, Any]) -> dict[str, Any]:
    """What the options say of variables, as fields; raises QuestionError naming the option."""
    return dict(_said(options))


def _said(options: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, option in SAYING.items():
        if options[name]:
            try:
                yield name, read_parts(name, options[name])
            except ValueError as error:
                raise QuestionError(f"{option}: {error}") from None


def given_fields(options: dict[str, Any]) -> dict[str, Any]:
    """The options as fields of reports.yaml; those not used are left out."""
    plain = [name for name in Report.model_fields if holds_text(name)]
    chosen = {name: options[name] for name in plain if options[name] is not None}
    origin = {"origin": options["origin"]} if options["origin"] else {}
    return {**chosen, **origin, **said_fields(options)}


def need(name: str, value: str | None) -> None:
    """Raises click's own error, a misuse, where an option that is needed was not given."""
    if value is None:
        context = click.get_current_context()
        option = next(param for param in context.command.params if param.name == name)
        raise click.MissingParameter(ctx=context, param=option)
