"""The clock."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from conftest import PEOPLE

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
    assert db.clock.advance(weeks=2, days=1) == before + timedelta(days=365 + 15, hours=1)


def test_a_manual_clock_moves_to_a_moment(db: streamtable.Database) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
    assert db.clock.advance_to(moment) == moment == db.clock.now()
    assert db.clock.advance_to(moment.astimezone(timezone(timedelta(hours=5)))) == moment
    assert db.clock.advance_to(int(moment.timestamp() * 1000) + 1) == moment + timedelta(milliseconds=1)
    with pytest.raises(exceptions.ValidationException):
        db.clock.advance_to(START)
    with pytest.raises(TypeError, match="time zone"):
        db.clock.advance_to(datetime(2027, 1, 1))


class Watch:
    """A program's own clock."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def test_a_clock_may_be_the_programs_own() -> None:
    watch = Watch(datetime(2020, 5, 17, tzinfo=timezone.utc))
    with streamtable.open(clock=watch) as db:
        assert db.clock.now() == watch.now
        assert db.clock.mode == "manual"
        db.create_table(**PEOPLE)
        arn = db.describe_table(TableName="People")["Table"]["LatestStreamArn"]
        db.put_item(TableName="People", Item={"id": {"S": "ada"}})
        watch.now += timedelta(hours=23)
        [record] = db.stream(arn).records()
        assert record.created_at == datetime(2020, 5, 17, tzinfo=timezone.utc)
        records = db.stream(arn).records()
        watch.now += timedelta(hours=2)
        assert list(records) == list(db.stream(arn).records()) == []
        with db.fork() as fork:
            watch.now += timedelta(days=1)
            assert fork.clock.now() == db.clock.now() == watch.now
        before = watch.now
        watch.now = datetime(2019, 1, 1, tzinfo=timezone.utc)
        assert db.clock.now() == before, "it goes forward only"
        db.reset()
        assert db.clock.now() == datetime(2020, 5, 17, tzinfo=timezone.utc)
        watch.now = datetime(2020, 6, 1, tzinfo=timezone.utc)
        assert db.clock.now() == watch.now


def test_a_clock_of_seconds_and_clients_of_boto3(tmp_path: Path) -> None:
    seconds = [1_700_000_000.5]
    with streamtable.open(tmp_path / "data", clock=lambda: seconds[0]) as db:
        stored = db.clock.now()
        seconds[0] = 1_900_000_000.25
        client = db.boto3_client("dynamodb")
        made = client.create_table(**PEOPLE)["TableDescription"]["CreationDateTime"]
        assert made.timestamp() == 1_900_000_000.25 or made.timestamp() == 1_900_000_000
        assert db.clock.now() > stored
    seconds[0] = 0
    with streamtable.open(tmp_path / "data", clock=lambda: seconds[0]) as db:
        assert db.clock.now() >= datetime.fromtimestamp(1_900_000_000, timezone.utc)


@pytest.mark.parametrize(
    ("told", "error"), [(datetime(2026, 1, 1), TypeError), ("now", TypeError), (None, TypeError), (float("nan"), ValueError), (-1.0, ValueError)]
)
def test_a_clock_that_tells_no_moment_is_told_so(told: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        streamtable.open(clock=lambda: told)
    tells = [0.0, told]
    with streamtable.open(clock=lambda: tells[0]) as db:
        tells.reverse()
        with pytest.raises(error):
            db.list_tables()


def test_freezegun_and_time_machine_move_the_clock() -> None:
    freezegun, time_machine = pytest.importorskip("freezegun"), pytest.importorskip("time_machine")
    with freezegun.freeze_time("2024-02-29 12:00:00") as frozen, streamtable.open(clock=lambda: time.time()) as db:
        assert db.clock.now() == datetime(2024, 2, 29, 12, tzinfo=timezone.utc)
        frozen.tick(timedelta(hours=3))
        assert db.clock.now() == datetime(2024, 2, 29, 15, tzinfo=timezone.utc)
    moment = datetime(2024, 2, 29, 12, tzinfo=timezone.utc)
    with time_machine.travel(moment, tick=False) as traveller, streamtable.open(clock=lambda: time.time()) as db:
        assert db.clock.now() == moment
        traveller.shift(timedelta(days=1))
        assert db.clock.now() == moment + timedelta(days=1)


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
