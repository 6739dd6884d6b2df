"""Moments and durations as Python has them, to the engine's whole milliseconds and back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from math import floor

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
MILLISECOND = timedelta(milliseconds=1)


def moment_to_millis(moment: datetime | int, name: str) -> int:
    """Epoch milliseconds of an aware datetime; an int is taken as such."""
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise TypeError(f"{name} must be a datetime with a time zone, such as datetime(2026, 1, 1, tzinfo=timezone.utc)")
        return (moment - EPOCH) // MILLISECOND
    return _whole(moment, name, "a datetime or epoch milliseconds")


def told_to_millis(told: datetime | float) -> int:
    """Epoch milliseconds of what a program's clock tells: an aware datetime, or seconds since 1970."""
    if isinstance(told, datetime):
        millis = moment_to_millis(told, "what the clock gives")
    elif isinstance(told, bool) or not isinstance(told, (int, float)):
        raise TypeError(f"a clock gives an aware datetime, or seconds since 1970 as time.time does, not {type(told).__name__}")
    else:
        millis = floor(told * 1000)
    if millis < 0:
        raise ValueError("the clock gave no moment after 1970")
    return millis


def duration_to_millis(duration: timedelta | int, name: str) -> int:
    """Milliseconds of a duration; an int is taken as such."""
    if isinstance(duration, timedelta):
        millis, rest = divmod(duration, MILLISECOND)
        if rest:
            raise ValueError(f"{name} must be whole milliseconds, not {duration!r}")
        return millis
    return _whole(duration, name, "a timedelta or milliseconds")


def millis_to_moment(millis: int) -> datetime:
    return EPOCH + timedelta(milliseconds=millis)


def _whole(value: int, name: str, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be {what}, not {type(value).__name__}")
    return value
