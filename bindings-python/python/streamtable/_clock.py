"""The database's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from ._operations import Operations
from ._time import duration_to_millis, millis_to_moment


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
        total = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds)
        if duration is not None:
            if not isinstance(duration, timedelta):
                raise TypeError(f"duration must be a timedelta, not {type(duration).__name__}")
            total += duration
        answer = self._database.advance_clock(Milliseconds=duration_to_millis(total, "the duration"))
        return millis_to_moment(answer["Now"])

    def __repr__(self) -> str:
        return f"<streamtable.Clock of {self._database!r}>"
