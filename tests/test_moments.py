"""Days, months and times: when each of them ends, also where clocks are changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rivals.moments import When

NEW_YORK = "America/New_York"
TICK = timedelta(microseconds=1)


def end(text: str, zone: str = "UTC") -> datetime:
    return When(text).end(ZoneInfo(zone))


def before(text: str) -> datetime:
    """The last microsecond before a time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - TICK


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("UTC", "2026-05-05T00:00"),
        ("America/Caracas", "2026-05-05T04:00"),
        ("Europe/Berlin", "2026-05-04T22:00"),
        ("Asia/Kathmandu", "2026-05-04T18:15"),
        ("Pacific/Kiritimati", "2026-05-04T10:00"),
    ],
)
def test_a_day_ends_at_midnight_of_its_time_zone(zone: str, midnight: str) -> None:
    assert end("2026-05-04", zone) == before(midnight)


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-07", 24), ("2026-03-08", 23), ("2026-11-01", 25)]
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: str, hours: int) -> None:
    eve = (datetime.fromisoformat(day) - timedelta(days=1)).date().isoformat()

    assert end(day, NEW_YORK) - end(eve, NEW_YORK) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "midnight"), [("2026-03-07", "2026-03-08T05:00"), ("2026-10-31", "2026-11-01T04:00")]
)
def test_a_midnight_that_is_skipped_or_comes_twice_still_ends_the_day(
    day: str, midnight: str
) -> None:
    assert end(day, "America/Havana") == before(midnight)


def test_a_day_that_a_zone_left_out_ends_with_the_one_before() -> None:
    assert end("2011-12-30", "Pacific/Apia") == before("2011-12-30T10:00")
    assert end("2011-12-29", "Pacific/Apia") == before("2011-12-30T10:00")


@pytest.mark.parametrize(
    ("month", "last"),
    [
        ("2024-02", "2024-02-29"),
        ("2026-02", "2026-02-28"),
        ("2026-04", "2026-04-30"),
        ("2026-12", "2026-12-31"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", NEW_YORK])
def test_a_month_ends_with_its_last_day(month: str, last: str, zone: str) -> None:
    assert end(month, zone) == end(last, zone)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-04T10:30:00Z",
        "2026-05-04T12:30+02:00",
        "2026-05-04 06:30:00-04:00",
        "2026-05-04T16:15:00.000000+05:45",
    ],
)
def test_a_time_is_its_own_moment_in_every_zone(text: str) -> None:
    moment = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)

    assert end(text) == end(text, NEW_YORK) == moment


def test_every_end_is_told_in_utc() -> None:
    assert {end(text, NEW_YORK).tzinfo for text in ("2026-05", "2026-05-04")} == {UTC}
    assert end("2026-05-04T10:00-04:00").tzinfo == UTC


def test_a_moment_is_shown_as_it_was_written() -> None:
    assert str(When("2026-05")) == "2026-05"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30",
        "2026-13",
        "2026-00-10",
        "0000-01",
        "20260504",
        "2026-W19-1",
        "2026",
        "4 May 2026",
        "yesterday",
        "",
        "9999-12",
        "9999-12-31",
        "9999-12-31T23:00-14:00",
        "2026-05-04T25:00Z",
    ],
)
def test_what_is_no_date_is_told_with_the_rule(text: str) -> None:
    with pytest.raises(ValueError, match=rf"a date is a day .* got '{text}'"):
        When(text)


@pytest.mark.parametrize("text", ["2026-05-04T10:00", "2026-05-04 10:00:00"])
def test_a_time_without_an_offset_is_told_so(text: str) -> None:
    with pytest.raises(ValueError, match="this time has no offset"):
        When(text)
