"""Questions to a person at a terminal for a report, one at a time, and a last look at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from rivals.appending import entry_text
from rivals.cells import read_field
from rivals.cli.show import note
from rivals.entries import Report
from rivals.errors import quote, suggest, suggest_near
from rivals.fields import check_link, check_name
from rivals.marked import compose
from rivals.moments import When
from rivals.naming import propose_id
from rivals.phrases import list_all
from rivals.premises import Premises
from rivals.scenario import Dossier
from rivals.variables import Variable

DIRECTNESS = ("direct", "relayed", "inferred")


def ask_report(dossier: Dossier, given: Mapping[str, Any], *, sure: bool) -> dict[str, Any]:
    """The fields of a report: those given, and what a person says to the rest.

    Ends the command when the person does not want the report after a last look at it.
    """
    fields = dict(given)
    for name, ask in _QUESTIONS.items():
        if name not in fields:
            said = ask(dossier, fields)
            if said:
                fields[name] = said
    ordered = {name: fields[name] for name in Report.model_fields if name in fields}
    report = Premises(dossier).draft_report(**ordered)
    note(f"\n{entry_text(report)}")
    if not sure:
        click.confirm("Is this right?", default=True, abort=True, err=True)
    return ordered


def _ask_source(dossier: Dossier, fields: Mapping[str, Any]) -> str:
    sources = dossier.scenario.sources
    for name, source in sources.items():
        note(f"  {name}  {source.name}")
    question = "Whose word is weighed? (Enter: nobody's, background)"
    return _ask_known(question, sources, "a source is declared in scenario.yaml")


def _ask_published(dossier: Dossier, fields: Mapping[str, Any]) -> str:
    last = Premises(dossier).last_moment() if dossier.log else None
    question = "When did it come out? (a day, a month or a time with its offset)"
    return str(_prompt(question, _read_date, last))


def _ask_text(question: str) -> Callable[[Dossier, Mapping[str, Any]], str]:
    def ask(dossier: Dossier, fields: Mapping[str, Any]) -> str:
        return str(_prompt(question, str.strip))

    return ask


def _ask_outlet(dossier: Dossier, fields: Mapping[str, Any]) -> str:
    known = dict.fromkeys(r.outlet for r in dossier.reports() if r.outlet)
    with _completing(known):
        return str(_prompt("Who carried it?", str.strip))


def _ask_link(dossier: Dossier, fields: Mapping[str, Any]) -> str:
    return str(_prompt("Its link?", _read_link))


def _ask_origin(dossier: Dossier, fields: Mapping[str, Any]) -> Any:
    if "copy_of" in fields:
        return ()
    known = [o for r in dossier.reports() for o in (r.origin or (r.id,))]
    with _completing(dict.fromkeys(known)):
        told = _prompt("What does it go back to? (; between several; Enter: itself)", str.strip)
    return read_field("origin", told)


def _ask_claims(dossier: Dossier, fields: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Claim by claim, until a person has no more; without a source nothing is claimed."""
    if "source" not in fields or fields.get("observes") or fields.get("likelihood"):
        return {}
    variables = dossier.scenario.variables
    for name, variable in variables.items():
        note(f"  {name}  {variable.ask}")
    found: dict[str, tuple[str, ...]] = {}
    while True:
        question = "What does it speak of? (a variable; Enter: that is all)"
        name = _ask_known(question, variables, "a variable of this scenario is expected")
        if not name:
            return found
        found[name] = _ask_states(name, variables[name])


def _ask_states(name: str, variable: Variable) -> tuple[str, ...]:
    def read(text: str) -> tuple[str, ...]:
        states = tuple(dict.fromkeys(part.strip() for part in text.split("|")))
        wrong = [state for state in states if state not in variable.states]
        if wrong:
            known = ", ".join(variable.states)
            got = f"{quote(wrong[0])}{suggest_near(wrong[0], variable.states)}"
            raise click.BadParameter(f"a state is one of {known}, got {got}")
        return states

    note(f"  {variable.ask or name} {list_all(variable.states)}")
    with _completing(variable.states):
        said: tuple[str, ...] = _prompt(
            "What does it say? (a state, or several with | between)", read, None
        )
    return said


def _ask_directness(dossier: Dossier, fields: Mapping[str, Any]) -> str:
    if not fields.get("claims"):
        return ""
    kinds = click.Choice(DIRECTNESS)
    question = f"How does the source know? ({', '.join(DIRECTNESS)})"
    with _completing(DIRECTNESS):
        told = str(_prompt(question, lambda text: kinds.convert(text, None, None), "relayed"))
    return "" if told == "relayed" else told


def _ask_id(dossier: Dossier, fields: Mapping[str, Any]) -> str:
    taken = {report.id for report in dossier.reports()}

    def read(text: str) -> str:
        if text in taken:
            raise click.BadParameter(f"an id stands once, got {quote(text)} again")
        with _asked_again():
            return check_name(text)

    proposed = propose_id(fields, taken)
    return str(_prompt("Its own id?", read, proposed))


_QUESTIONS: dict[str, Callable[[Dossier, Mapping[str, Any]], Any]] = {
    "source": _ask_source,
    "published": _ask_published,
    "outlet": _ask_outlet,
    "summary": _ask_text("What does it say, in your own words?"),
    "link": _ask_link,
    "origin": _ask_origin,
    "claims": _ask_claims,
    "directness": _ask_directness,
    "id": _ask_id,
}


def _prompt(question: str, read: Callable[[str], Any], default: str | None = "") -> Any:
    """What a person types, read; asked again while that fails, or when there is no default."""
    shown = f"{question} [{default}]" if default else question
    return click.prompt(
        shown,
        default,
        value_proc=lambda text: read(compose(text)),
        prompt_suffix=" ",
        show_default=False,
        # only on the terminal's own standard output does the tabulator key complete
        err=not sys.stdout.isatty(),
    )


def _ask_known(question: str, known: Iterable[str], rule: str) -> str:
    names = list(known)

    def read(text: str) -> str:
        if text.strip() and text.strip() not in names:
            raise click.BadParameter(f"{rule}, got {quote(text)}{suggest(text, names)}")
        return text.strip()

    with _completing(names):
        return str(_prompt(question, read))


def _read_date(text: str) -> str:
    with _asked_again():
        return str(When(text.strip()))


def _read_link(text: str) -> str:
    with _asked_again():
        return check_link(text.strip()) if text.strip() else ""


@contextmanager
def _asked_again() -> Iterator[None]:
    """Let click tell what is wrong with an answer, and ask once more."""
    try:
        yield
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


@contextmanager
def _completing(names: Iterable[str]) -> Iterator[None]:
    """Let the tabulator key complete these names, where the terminal's library can."""
    try:
        import readline
    except ImportError:
        yield
        return
    listed = list(names)

    def complete(text: str, state: int) -> str | None:
        near = [name for name in listed if name.startswith(text)]
        return near[state] if state < len(near) else None

    before, ends = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(complete)
    readline.set_completer_delims("\t\n;|")
    readline.parse_and_bind("tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)
        readline.set_completer_delims(ends)
