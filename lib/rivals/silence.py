"""What has not come: reports that a scenario expects, and how much of their time is over.

An expected report has a chance to have come by a day, were its claim true. That it has not come
speaks against the claim, the more so the more of its time is over: its states weigh 1 - chance *
share, all others 1. A report that counts on the variable ends the silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from rivals.scenario import Expected, Scenario


@dataclass(frozen=True)
class Silence:
    """An expected report that may be missing, and how much of its time is over at a moment.

    path: that of the chance among the stated numbers. since, by: in UTC.
    """

    name: str
    variable: str
    states: tuple[str, ...]
    path: str
    since: datetime
    by: datetime
    share: float = 0.0

    def share_at(self, moment: datetime) -> float:
        """How much of the time is over at another moment: 0 before it begins, 1 after its end."""
        over = (moment - self.since) / (self.by - self.since)
        return min(max(over, 0.0), 1.0)


def fall_silent(scenario: Scenario, moment: datetime | None) -> tuple[Silence, ...]:
    """What is expected at a moment, in the order of the file; without a moment nothing is due."""
    zone = ZoneInfo(scenario.settings.timezone)
    return tuple(_fall_silent(name, noun, zone, moment) for name, noun in scenario.expected.items())


def _fall_silent(name: str, noun: Expected, zone: ZoneInfo, moment: datetime | None) -> Silence:
    claim, path = noun.claim, chance_path(name)
    since, by = noun.since.end(zone), noun.by.end(zone)
    silence = Silence(name, claim.variable, claim.states, path, since, by)
    if moment is None:
        return silence
    return Silence(name, claim.variable, claim.states, path, since, by, silence.share_at(moment))


def chance_path(name: str) -> str:
    """The path of the chance in the file, by the name; those of a list are called by their place.

    >>> chance_path("decree"), chance_path("[0]")
    ('expected.decree.chance', 'expected[0].chance')
    """
    return f"expected{'' if name.startswith('[') else '.'}{name}.chance"
