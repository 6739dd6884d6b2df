"""The database for asyncio: the same names, nobody held up."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from conftest import PEOPLE, Turn

import streamtable
import streamtable.aio
from streamtable import _waiting, exceptions


def run(program: Callable[[streamtable.aio.Database], Coroutine[Any, Any, None]], *args: Any, **options: Any) -> None:
    async def main() -> None:
        async with streamtable.aio.open(*args, **options) as db:
            await db.create_table(**PEOPLE)
            await program(db)
            assert not db.closed
        assert db.closed

    asyncio.run(main())


async def arn_of(db: streamtable.aio.Database) -> str:
    return (await db.describe_table(TableName="People"))["Table"]["LatestStreamArn"]


def put(db: Any, name: str) -> Awaitable[Any]:
    found: Awaitable[Any] = db.put_item(TableName="People", Item={"id": {"S": name}})
    return found


async def turns_of_others(work: Awaitable[Any]) -> int:
    """How often another task has its turn while something is awaited."""
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await Turn()

    task = asyncio.create_task(other())
    await Turn()
    turns = 0
    try:
        await work
        return turns
    finally:
        task.cancel()


def test_items_records_and_the_clock(tmp_path: Path) -> None:
    async def program(db: streamtable.aio.Database) -> None:
        assert await put(db, "ada") == {}
        assert (await db.call("GetItem", {"TableName": "People", "Key": {"id": {"S": "ada"}}}))["Item"] == {"id": {"S": "ada"}}
        stream = db.stream(await arn_of(db))
        assert [record.keys async for record in stream.records()] == [{"id": {"S": "ada"}}]
        assert await db.clock.advance(hours=5) == datetime(2026, 1, 1, 5, tzinfo=timezone.utc) == await db.clock.now()
        assert len(await stream.shards()) == 2
        assert await db.clock.advance_to(datetime(2026, 1, 8, tzinfo=timezone.utc)) == await db.clock.now()
        assert db.sync.list_tables() == {"TableNames": ["People"]}
        assert db.clock.mode == "manual"

    run(program, clock="manual")
    run(program, tmp_path / "data", clock="manual")


def test_what_goes_wrong_is_raised() -> None:
    async def program(db: streamtable.aio.Database) -> None:
        with pytest.raises(exceptions.ResourceNotFoundException) as caught:
            await db.describe_table(TableName="Nothing")
        assert caught.value.operation_name == "DescribeTable"
        with pytest.raises(exceptions.SerializationException, match=r"Item\.id\.S is 1, an int"):
            await db.put_item(TableName="People", Item={"id": {"S": 1}})
        with pytest.raises(TypeError, match="TableNme"):
            await db.put_item(TableNme="People", Item={})  # type: ignore[call-arg]
        with pytest.raises(exceptions.ResourceNotFoundException):
            await db.stream(await arn_of(db) + "1").records()
        await db.close()
        with pytest.raises(exceptions.DatabaseClosedException):
            await db.list_tables()
        again = await streamtable.aio.open()
        await again.close()

    async def main() -> None:
        async with streamtable.aio.open() as db:
            await db.create_table(**PEOPLE)
            await program(db)

    asyncio.run(main())
    with pytest.raises(exceptions.OpenException):
        asyncio.run(streamtable.aio.open(partitions=0)._open())


def test_every_call_lets_others_have_their_turn() -> None:
    async def program(db: streamtable.aio.Database) -> None:
        async def many() -> None:
            for n in range(50):
                await put(db, f"{n}")

        assert await turns_of_others(many()) >= 50

        async def poll() -> None:
            while True:
                await db.get_item(TableName="People", Key={"id": {"S": "1"}})

        # It never ends by itself; that the loop gets to end it is what is tested.
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(poll(), 0.01)

    run(program)


def test_the_disk_is_waited_for_on_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[bool] = []
    original = _waiting.settled

    async def watch(started: Any) -> None:
        waited.append(not started.settled)
        await original(started)

    monkeypatch.setattr(streamtable.aio, "settled", watch)

    async def program(db: streamtable.aio.Database) -> None:
        waited.clear()
        await asyncio.gather(*(put(db, f"{n}") for n in range(100)))
        assert sum(waited) > 50, "the calls waited for the disk themselves"
        assert (await db.scan(TableName="People"))["Count"] == 100

    run(program, tmp_path / "data", durability="sync")
    with streamtable.open(tmp_path / "data") as db:
        assert db.scan(TableName="People")["Count"] == 100


def test_records_are_read_off_the_loop_and_none_is_lost() -> None:
    async def program(db: streamtable.aio.Database) -> None:
        for n in range(2500):
            db.sync.put_item(TableName="People", Item={"id": {"S": f"{n:04}"}})
        stream = db.stream(await arn_of(db))
        found: list[str] = []

        async def read() -> None:
            async for record in stream.records():
                found.append(record.keys["id"]["S"])

        assert await turns_of_others(read()) >= 3
        assert found == [f"{n:04}" for n in range(2500)]

        records = stream.records(limit=10)
        with pytest.raises(ValueError, match="nothing was read"):
            _ = records.checkpoint
        first = await anext(records)
        assert first.checkpoint == records.checkpoint
        rest = [record.keys["id"]["S"] async for record in stream.records(checkpoint=first.checkpoint)]
        assert rest == [f"{n:04}" for n in range(1, 2500)]
        assert records.gaps == 0

    run(program)


def test_latest_is_what_comes_after_the_records_were_awaited() -> None:
    async def program(db: streamtable.aio.Database) -> None:
        records = await db.stream(await arn_of(db)).records(iterator_type="LATEST")
        await put(db, "after")
        assert [record.keys["id"]["S"] async for record in records] == ["after"]

    run(program)


def test_the_names_are_those_of_the_other_database() -> None:
    for name, method in inspect.getmembers(streamtable.Database, callable):
        if name in {info["method"] for info in streamtable._streamtable._operations()}:
            found = getattr(streamtable.aio.Database, name)
            assert inspect.iscoroutinefunction(found)
            assert inspect.signature(found) == inspect.signature(method)
            assert found.__doc__ == method.__doc__
    assert inspect.signature(streamtable.aio.open) == inspect.signature(streamtable.open)
    mine, theirs = inspect.signature(streamtable.aio.Stream.records), inspect.signature(streamtable.Stream.records)
    assert list(mine.parameters.values()) == list(theirs.parameters.values())
    for name in ("advance", "advance_to", "now"):
        mine, theirs = inspect.signature(getattr(streamtable.aio.Clock, name)), inspect.signature(getattr(streamtable.Clock, name))
        assert mine == theirs
