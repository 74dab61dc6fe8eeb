"""A dossier for those who may not see all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from rivals.entries import Amendment, Report
from rivals.scenario import Dossier


def redact(
    dossier: Dossier,
    withheld: frozenset[str],
    heard: Collection[str],
    secret: Collection[str] = (),
) -> Dossier:
    """The dossier with reports withheld, and without the sources that speak in them alone.

    Nor are secret sources named of which nothing else is heard here; nor is anything expected of
    the variables that withheld reports were heard of: to call that a silence would be untrue, and
    to tell that it ended would tell of them.
    """
    spoken = {True: set[str](), False: set[str]()}
    for name, source in _speakers(dossier):
        spoken[name in withheld].add(source)
    hidden = (spoken[True] | {*secret}) - spoken[False]
    sources = {name: s for name, s in dossier.scenario.sources.items() if name not in hidden}
    waited = dossier.scenario.expected.items()
    expected = {name: noun for name, noun in waited if noun.claim.variable not in heard}
    scenario = dossier.scenario.model_copy(update={"sources": sources, "expected": expected})
    return replace(dossier, scenario=scenario, withheld=withheld)


def _speakers(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """Every report with the source that it names, or that an amendment gave it."""
    for entry in dossier.log:
        if isinstance(entry, Report) and entry.source is not None:
            yield entry.id, entry.source
        elif isinstance(entry, Amendment) and entry.set.get("source"):
            yield entry.amends, str(entry.set["source"])
