"""The clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

START = datetime(2026, 1, 1, tzinfo=timezone.utc)


def test_a_manual_clock_moves_when_told(db: streamtable.Database) -> None:
    assert db.clock.mode == "manual"
    assert db.clock.now() == db.clock.now() == START
    assert db.clock.advance(hours=24) == START + timedelta(hours=24) == db.clock.now()
    assert db.clock.advance(minutes=1, seconds=1.5, milliseconds=2) == START + timedelta(days=1, seconds=61, milliseconds=502)
    before = db.clock.now()
    assert db.clock.advance(timedelta(days=365), hours=1) == before + timedelta(days=365, hours=1)
    assert db.clock.advance() == db.clock.now()


def test_a_system_clock_moves_by_itself_only() -> None:
    with streamtable.open() as db:
        assert db.clock.mode == "system"
        now = db.clock.now()
        assert now.tzinfo is timezone.utc
        with pytest.raises(exceptions.ValidationException):
            db.clock.advance(seconds=1)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"seconds": -1}, exceptions.ValidationException),
        ({"milliseconds": 0.5}, ValueError),
        ({"duration": 5}, TypeError),
        ({"duration": "1h"}, TypeError),
        ({"seconds": "1"}, TypeError),
        ({"fortnights": 1}, TypeError),
        ({"days": 10**9}, (OverflowError, exceptions.ValidationException)),
        ({"days": 999_999_999}, exceptions.ValidationException),
        ({"seconds": float("nan")}, ValueError),
    ],
)
def test_time_takes_only_steps_forward(
    db: streamtable.Database, arguments: dict[str, Any], error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with pytest.raises(error):
        db.clock.advance(**arguments)
    assert db.clock.now() == START


def test_advancing_runs_what_falls_due(db: streamtable.Database, arn: str) -> None:
    """Shards roll at their age, four hours by default, and the records of a day ago are gone."""
    db.put_item(TableName="People", Item={"id": {"S": "old"}})
    assert len(db.stream(arn).shards()) == 1
    db.clock.advance(hours=5)
    assert len(db.stream(arn).shards()) == 2
    assert [record.keys for record in db.stream(arn).records()] == [{"id": {"S": "old"}}]
    db.clock.advance(hours=20)
    assert list(db.stream(arn).records()) == []
    assert isinstance(db.maintain(), dict)
