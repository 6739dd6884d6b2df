"""A database for asyncio: the names of `streamtable`, to be awaited.

    import streamtable.aio

    async with streamtable.aio.open("orders") as db:
        await db.put_item(TableName="Orders", Item={"id": {"S": "1"}})
        async for record in db.stream(arn).records():
            print(record.event_name, record.new_image)

A call does its work on the loop's thread, which takes microseconds, and waits for the disk elsewhere: calls that are awaited together share one
write to it. Every call lets others have their turn.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from datetime import datetime, timedelta
from os import PathLike
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

from . import _open
from ._aio_operations import AsyncOperations
from ._clock import duration_of
from ._database import Database as _Database
from ._database import Snapshot
from ._faults import Faults
from ._stream import IteratorType
from ._stream import Stream as _Stream
from ._streamtable import Record
from ._streamtable import Records as _Records
from ._time import millis_to_moment, moment_to_millis
from ._waiting import settled

if TYPE_CHECKING:
    from ._operations import InspectStreamOutputDict, RecordDict

__all__ = ["Clock", "Database", "Opening", "Records", "Stream", "open"]

_P = ParamSpec("_P")


class Opening(Awaitable["Database"]):
    """A database that is being opened: ``async with`` it, or await it and close the database later."""

    def __init__(self, opener: Callable[[], _Database]) -> None:
        self._opener = opener
        self._database: Database | None = None

    def __await__(self) -> Generator[Any, None, Database]:
        return self._open().__await__()

    async def _open(self) -> Database:
        return Database(await asyncio.to_thread(self._opener))

    async def __aenter__(self) -> Database:
        self._database = await self._open()
        return self._database

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._database is not None:
            await self._database.__aexit__(kind, error, traceback)


def _opening(opener: Callable[_P, _Database]) -> Callable[_P, Opening]:
    @functools.wraps(opener)
    def open(*args: _P.args, **options: _P.kwargs) -> Opening:
        return Opening(functools.partial(opener, *args, **options))

    return open


#: Opens a database, with the options that `streamtable.open` has.
open = _opening(_open.open)


class Database(AsyncOperations):
    """An open database, for asyncio. `open` makes one; ``Database(db)`` is another face of one that is open, and both may be used.

    Every operation is a method of the name and the keywords that it has in `streamtable.Database`. What is not here is there: `sync` is the
    same database.
    """

    def __init__(self, database: _Database) -> None:
        #: The database with methods that are not awaited.
        self.sync = database

    async def call(self, operation: str, members: Mapping[str, Any] | None = None, /) -> dict[str, Any]:
        """Runs an operation by its name, such as ``await db.call("PutItem", {...})``."""
        answer: dict[str, Any] = await self._answer(operation, {} if members is None else members, False)
        return answer

    async def _execute(self, operation: str, members: dict[str, Any], /) -> Any:
        return await self._answer(operation, members, True)

    async def _answer(self, operation: str, members: Any, is_method: bool) -> Any:
        started = self.sync._begin(operation, members, is_method)
        await settled(started)
        return started.answer()

    @property
    def clock(self) -> Clock:
        """The database's clock."""
        return Clock(self)

    @property
    def faults(self) -> Faults:
        """The faults that calls of this database meet, as in `streamtable.Database`: setting them waits for nothing."""
        return self.sync.faults

    def stream(self, stream_arn: str) -> Stream:
        """A change stream of this database, by its ARN."""
        return Stream(self, stream_arn)

    async def streams(self, table_name: str | None = None) -> list[InspectStreamOutputDict]:
        """As `streamtable.Database.streams`."""
        return await asyncio.to_thread(self.sync.streams, table_name)

    async def apply(self, table_name: str, records: Iterable[Record | RecordDict]) -> dict[str, int]:
        """As `streamtable.Database.apply`."""
        return await asyncio.to_thread(self.sync.apply, table_name, records)

    async def run_until_idle(self, *, advance: bool = False, limit: int = 10_000) -> int:
        """As `streamtable.Database.run_until_idle`; functions run on another thread."""
        return await asyncio.to_thread(self.sync.run_until_idle, advance=advance, limit=limit)

    async def fork(self, path: str | PathLike[str] | None = None) -> Database:
        """As `streamtable.Database.fork`."""
        return Database(await asyncio.to_thread(self.sync.fork, path))

    def snapshot(self) -> Snapshot:
        """As `streamtable.Database.snapshot`, which waits for nothing."""
        return self.sync.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """As `streamtable.Database.restore`, which waits for nothing."""
        self.sync.restore(snapshot)

    def reset(self) -> None:
        """As `streamtable.Database.reset`, which waits for nothing."""
        self.sync.reset()

    async def close(self) -> None:
        """As `streamtable.Database.close`."""
        await asyncio.to_thread(self.sync.close)

    @property
    def closed(self) -> bool:
        """Whether the database was closed."""
        return self.sync.closed

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.sync.__exit__, kind, error, traceback)

    def __repr__(self) -> str:
        return f"<streamtable.aio.Database of {self.sync!r}>"


class Clock:
    """Tells the database's time and, when it is a manual clock, moves it."""

    __slots__ = ("_database",)

    def __init__(self, database: Database) -> None:
        self._database = database

    async def now(self) -> datetime:
        """The database's time, in UTC, to the millisecond."""
        return millis_to_moment((await self._database.describe_clock())["Now"])

    @property
    def mode(self) -> str:
        """``"manual"`` or ``"system"``."""
        return self._database.sync.clock.mode

    async def advance(
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
        """As `streamtable.Clock.advance`."""
        parts = {
            "weeks": weeks, "days": days, "hours": hours, "minutes": minutes, "seconds": seconds, "milliseconds": milliseconds,
        }  # fmt: skip
        answer = await self._database.advance_clock(Milliseconds=duration_of(duration, parts))
        return millis_to_moment(answer["Now"])

    async def advance_to(self, moment: datetime | int) -> datetime:
        """As `streamtable.Clock.advance_to`."""
        until = moment_to_millis(moment, "moment")
        now = (await self._database.describe_clock())["Now"]
        answer = await self._database.advance_clock(Milliseconds=until - now)
        return millis_to_moment(answer["Now"])

    def __repr__(self) -> str:
        return f"<streamtable.aio.Clock of {self._database!r}>"


class Stream:
    """A change stream. ``db.stream(arn)`` makes one; it reads anew at every call."""

    __slots__ = ("_stream", "arn")

    def __init__(self, database: Database, arn: str) -> None:
        self._stream = _Stream(database.sync, arn)
        #: The stream's ARN.
        self.arn = arn

    async def describe(self) -> dict[str, Any]:
        """As `streamtable.Stream.describe`."""
        return await asyncio.to_thread(self._stream.describe)

    async def shards(self) -> list[dict[str, Any]]:
        """As `streamtable.Stream.shards`."""
        return await asyncio.to_thread(self._stream.shards)

    async def split(self, shard_id: str | None = None) -> dict[str, Any]:
        """As `streamtable.Stream.split`."""
        return await asyncio.to_thread(self._stream.split, shard_id)

    async def roll(self, shard_id: str | None = None) -> list[dict[str, Any]]:
        """As `streamtable.Stream.roll`."""
        return await asyncio.to_thread(self._stream.roll, shard_id)

    def records(
        self,
        shard_id: str | None = None,
        iterator_type: IteratorType | None = None,
        *,
        sequence_number: str | None = None,
        timestamp: datetime | float | None = None,
        descendants: bool = True,
        limit: int | None = None,
        checkpoint: str | None = None,
        trimmed: Literal["fail", "skip"] = "fail",
    ) -> Records:
        """The stream's records up to what is there now, as `streamtable.Stream.records` gives them, for ``async for``.

        The stream is opened at the first step; ``records = await stream.records("LATEST")`` opens it at once, and mistakes show there.
        """
        return Records(
            functools.partial(
                self._stream.records,
                shard_id,
                iterator_type,
                sequence_number=sequence_number,
                timestamp=timestamp,
                descendants=descendants,
                limit=limit,
                checkpoint=checkpoint,
                trimmed=trimmed,
            )
        )

    def __repr__(self) -> str:
        return f"<streamtable.aio.Stream {self.arn}>"


class Records:
    """The records of a stream, for ``async for``; each page of them is read off the loop."""

    def __init__(self, opener: Callable[[], _Records]) -> None:
        self._opener = opener
        self._records: _Records | None = None

    def __await__(self) -> Generator[Any, None, Records]:
        return self._opened_self().__await__()

    async def _opened_self(self) -> Records:
        await self._opened()
        return self

    async def _opened(self) -> _Records:
        if self._records is None:
            self._records = await asyncio.to_thread(self._opener)
        return self._records

    def __aiter__(self) -> Records:
        return self

    async def __anext__(self) -> Record:
        records = self._records or await self._opened()
        # Read on the other thread, taken on this one: where the task is cancelled meanwhile, no record is lost.
        while (record := records._taken()) is None:
            if not await asyncio.to_thread(records._filled):
                raise StopAsyncIteration
        return record

    @property
    def checkpoint(self) -> str:
        """Where to go on after the record that was given last, in all shards: a text to keep, for ``records(checkpoint=...)``.

        :raises ValueError: the stream was not opened yet.
        """
        return self._begun().checkpoint

    @property
    def gaps(self) -> int:
        """How often records were trimmed before they could be read; only ever above 0 with ``trimmed="skip"``."""
        return self._begun().gaps

    def _begun(self) -> _Records:
        if self._records is None:
            raise ValueError("nothing was read yet: `await` the records, or take the first of them")
        return self._records
