"""Days, months and times as an analyst writes them, and the moment that each one ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from rivals.errors import quote

FIRST_YEAR, LAST_YEAR = 2, 9998
"""The years in which a date can lie and be shown in every time zone."""

_RULE = "a date is a day (2026-05-04), a month (2026-05) or a time with its offset"


@dataclass(frozen=True)
class When:
    """A day, a month (its last day) or a time with offset; `text` is as it was written."""

    text: str

    def __post_init__(self) -> None:
        if not FIRST_YEAR <= self.end(ZoneInfo("UTC")).year <= LAST_YEAR:
            got = quote(self.text)
            raise ValueError(f"a date lies in the years {FIRST_YEAR} to {LAST_YEAR}, got {got}")

    def end(self, zone: ZoneInfo) -> datetime:
        """The last microsecond of the day (in `zone`), or the time itself, in UTC.

        Raises ValueError when the text is no date.

        >>> When("2026-02").end(ZoneInfo("UTC")).isoformat()
        '2026-02-28T23:59:59.999999+00:00'
        """
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}", self.text):
                return _day_end(_month_end(self.text), zone)
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", self.text):
                return _day_end(date.fromisoformat(self.text), zone)
            moment = datetime.fromisoformat(self.text)
            if "T" not in self.text.upper() and " " not in self.text:
                raise ValueError(self.text)
            if moment.tzinfo is None:
                raise ValueError(f"{_RULE}; this time has no offset, got {quote(self.text)}")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            if str(error).startswith(_RULE):
                raise
            raise ValueError(f"{_RULE}, got {quote(self.text)}") from None

    def start(self, zone: ZoneInfo) -> datetime:
        """The first microsecond of the day or month (in `zone`), or the time itself, in UTC.

        >>> When("2026-02").start(ZoneInfo("UTC")).isoformat()
        '2026-02-01T00:00:00+00:00'
        """
        if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", self.text):
            return self.end(zone)
        first = date.fromisoformat(self.text if len(self.text) > 7 else f"{self.text}-01")
        return datetime(first.year, first.month, first.day, tzinfo=zone).astimezone(UTC)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let the nouns hold a When and read it from text."""
        return core_schema.no_info_plain_validator_function(
            cls._read, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Which kind of value this is: `rivals.schema.kinds` says how it may be written."""
        return {"kind": "When"}

    @classmethod
    def _read(cls, value: object) -> When:
        if isinstance(value, When):
            return value
        if not isinstance(value, str):
            raise ValueError(f"{_RULE}, got {quote(value)}")
        return cls(value.strip())


def _month_end(text: str) -> date:
    first = date.fromisoformat(f"{text}-01")
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day_end(day: date, zone: ZoneInfo) -> datetime:
    after = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=1)
    return after.astimezone(UTC) - timedelta(microseconds=1)
