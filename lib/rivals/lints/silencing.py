"""Which findings were looked at and stand, with the reason that was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rivals.codes import find_code
from rivals.lints.finding import Finding, enclosing
from rivals.scenario import Silence

UNUSED = find_code("unused-silence")


def hear(finding: Finding, silences: Iterable[Silence]) -> str | None:
    """The reason of the first silence that covers a finding; None for one that is to be told."""
    return next((silence.why for silence in silences if covers(silence, finding)), None)


def covers(silence: Silence, finding: Finding) -> bool:
    """Whether a silence is of the finding's lint, and at its path or one that it lies in."""
    if find_code(silence.lint) != finding.code:
        return False
    return not silence.at or any(path in silence.at for path in enclosing(finding.path))


def find_unused_silences(
    silences: Sequence[Silence], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """Silences, or single places of theirs, that no finding lies in."""
    for i, silence in enumerate(silences):
        here = [finding for finding in findings if covers(silence, finding)]
        reached = {path for finding in here for path in enclosing(finding.path)}
        idle = [path for path in silence.at if path not in reached]
        if not here or idle:
            at = f" at {', '.join(idle)}" if idle else ""
            text = f"it silences no {silence.lint}{at}; take it out, or put its `at` right"
            yield Finding(UNUSED, f"silenced[{i}]", text)
