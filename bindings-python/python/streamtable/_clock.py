"""The database's clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from ._operations import Operations
from ._time import duration_to_millis, millis_to_moment, moment_to_millis

#: A program's own clock: an aware datetime, or seconds since 1970.
Source: TypeAlias = Callable[[], "datetime | float"]


def duration_of(duration: timedelta | None, parts: dict[str, float]) -> int:
    """Milliseconds of a duration and of the parts of a timedelta together."""
    if duration is not None and not isinstance(duration, timedelta):
        raise TypeError(f"duration must be a timedelta, not {type(duration).__name__}")
    return duration_to_millis(timedelta(**parts) + (duration or timedelta()), "the duration")


class Clock:
    """Tells the database's time and, when it is a manual clock, moves it."""

    __slots__ = ("_database",)

    def __init__(self, database: Operations) -> None:
        self._database = database

    def now(self) -> datetime:
        """The database's time, in UTC, to the millisecond."""
        return millis_to_moment(self._database.describe_clock()["Now"])

    @property
    def mode(self) -> str:
        """``"manual"`` or ``"system"``."""
        return self._database.describe_clock()["Mode"]

    def advance(
        self,
        duration: timedelta | None = None,
        *,
        weeks: float = 0,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        milliseconds: float = 0,
    ) -> datetime:
        """Moves a manual clock forward and does, in order, what falls due on the way; returns the new time.

        The arguments add up, and must come to whole milliseconds.

        :raises streamtable.exceptions.ValidationException: the database runs on the system clock, or time would go backwards.
        """
        parts = {
            "weeks": weeks, "days": days, "hours": hours, "minutes": minutes, "seconds": seconds, "milliseconds": milliseconds,
        }  # fmt: skip
        answer = self._database.advance_clock(Milliseconds=duration_of(duration, parts))
        return millis_to_moment(answer["Now"])

    def advance_to(self, moment: datetime | int) -> datetime:
        """Moves a manual clock forward to a moment and does, in order, what falls due on the way; returns the new time.

        :param moment: an aware datetime or epoch milliseconds; a part of a millisecond is cut off.
        :raises streamtable.exceptions.ValidationException: the database runs on the system clock, or the moment is past.
        """
        until = moment_to_millis(moment, "moment")
        answer = self._database.advance_clock(Milliseconds=until - self._database.describe_clock()["Now"])
        return millis_to_moment(answer["Now"])

    def __repr__(self) -> str:
        return f"<streamtable.Clock of {self._database!r}>"
