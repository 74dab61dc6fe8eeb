"""What a shell offers for options that name things of the scenario on the same line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from rivals.analysts import name_analysts
from rivals.dissent import HOUSE
from rivals.errors import RivalsError
from rivals.evidence import own_origins
from rivals.reading import read_dossier
from rivals.scenario import Dossier

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _offer(list_names: Callable[[Dossier], Iterable[tuple[str, str]]]) -> Complete:
    """Completion from a scenario's names; none while its files have problems."""

    def complete(
        ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        # an option that still lacks its value leaves the arguments before it unassigned
        folder = ctx.params.get("scenario") or next(iter(ctx.args), None)
        try:
            found = dict(list_names(read_dossier(Path(folder)))) if folder else {}
        except RivalsError:
            return []
        return [
            CompletionItem(name, help=" ".join(told.split())[:60] or None)
            for name, told in found.items()
            if name.startswith(incomplete)
        ]

    return complete


def complete_with(field: str) -> Complete:
    """Completion with what reports of the log already have in a field."""

    def listed(dossier: Dossier) -> Iterable[tuple[str, str]]:
        for report in dossier.reports():
            value = own_origins(report) if field == "origin" else getattr(report, field)
            for one in value if isinstance(value, tuple) else (value,):
                if one:
                    yield str(one), ""

    return _offer(listed)


complete_sources = _offer(lambda d: ((n, source.name) for n, source in d.scenario.sources.items()))
complete_reports = _offer(lambda d: ((report.id, report.summary) for report in d.reports()))
complete_claims = _offer(
    lambda d: (
        (f"{name}={state}", variable.ask)
        for name, variable in d.scenario.variables.items()
        for state in variable.states
    )
)
complete_analysts = _offer(lambda d: ((name, "") for name in (*name_analysts(d), HOUSE)))
complete_weights = _offer(lambda d: ((f"{name}=", "") for name in (*name_analysts(d), HOUSE)))
