"""One row a kind of broken input: what is written for what, where, and what must be said of it.

`says` holds only what any sensible message must hold: the offending name or value and the rule's
key word ("a|b": either of them). The line expected is that of the change, or of the text in `at`
(any of several; "*": any line, where only the YAML parser knows where it gave up).
"""

from __future__ import annotations

from dataclasses import dataclass

SCENARIO, REPORTS = "scenario.yaml", "reports.yaml"


@dataclass(frozen=True)
class Break:
    """One change that makes a good folder a bad one."""

    kind: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    at: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.kind


def scenario(kind: str, old: str, new: str, *says: str, at: str | tuple[str, ...] = ()) -> Break:
    """A change to scenario.yaml."""
    return Break(kind, SCENARIO, old, new, says, (at,) if isinstance(at, str) else at)


def reports(kind: str, old: str, new: str, *says: str, at: str | tuple[str, ...] = ()) -> Break:
    """A change to reports.yaml."""
    return Break(kind, REPORTS, old, new, says, (at,) if isinstance(at, str) else at)
