"""A dossier for those who may not see all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rivals.scenario import Amendment, Dossier, Report


def redact(dossier: Dossier, withheld: frozenset[str]) -> Dossier:
    """The dossier with reports withheld, and without the sources that speak in them alone."""
    spoken = {True: set[str](), False: set[str]()}
    for name, source in _speakers(dossier):
        spoken[name in withheld].add(source)
    hidden = spoken[True] - spoken[False]
    sources = {name: s for name, s in dossier.scenario.sources.items() if name not in hidden}
    scenario = dossier.scenario.model_copy(update={"sources": sources})
    return replace(dossier, scenario=scenario, withheld=withheld)


def _speakers(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Every report with the source that it names, or that an amendment gave it."""
    for entry in dossier.log:
        if isinstance(entry, Report) and entry.source is not None:
            yield entry.id, entry.source
        elif isinstance(entry, Amendment) and entry.set.get("source"):
            yield entry.amends, str(entry.set["source"])
