"""Reading a change stream as a person would: record after record, along the lineage of its shards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from .exceptions import StreamtableError, from_code

if TYPE_CHECKING:
    from ._database import Database
    from ._streamtable import Record

IteratorType = Literal["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"]

#: Most records the service gives at once.
PAGE = 1000

_Expired = from_code("ExpiredIteratorException")


class Stream:
    """A change stream. ``db.stream(arn)`` makes one; it reads anew at every call."""

    __slots__ = ("_database", "arn")

    def __init__(self, database: Database, arn: str) -> None:
        self._database = database
        #: The stream's ARN.
        self.arn = arn

    def describe(self) -> dict[str, Any]:
        """The stream's description with all its shards."""
        members: dict[str, Any] = {"StreamArn": self.arn}
        description: dict[str, Any] = self._database.call("DescribeStream", members)["StreamDescription"]
        page = description
        while last := page.get("LastEvaluatedShardId"):
            members["ExclusiveStartShardId"] = last
            page = self._database.call("DescribeStream", members)["StreamDescription"]
            description["Shards"] += page.get("Shards", [])
        description.pop("LastEvaluatedShardId", None)
        return description

    def shards(self) -> list[dict[str, Any]]:
        """The stream's shards as `describe_stream` has them, parents before children."""
        return _parents_first(self.describe().get("Shards", []))

    def records(
        self,
        shard_id: str | None = None,
        iterator_type: IteratorType = "TRIM_HORIZON",
        *,
        sequence_number: str | None = None,
        timestamp: datetime | float | None = None,
        descendants: bool = True,
        limit: int | None = None,
    ) -> Iterator[Record]:
        """The stream's records up to what is there now: parent shards before their children, each shard in order.

        Records are converted when they are looked at; one that is only counted or passed on costs nothing. What is written while the
        iteration runs may be part of it. Start again after the last record with ``shard_id`` and ``sequence_number``.

        :param shard_id: start at this shard and go on with its descendants; all shards when absent.
        :param iterator_type: where to start in the first shards, as `get_shard_iterator` has it. With ``"LATEST"`` the iteration is of what
            was written after this call.
        :param sequence_number: the record to start at or after, for the types that need one.
        :param timestamp: the moment to start at, for ``"AT_TIMESTAMP"``: an aware datetime or epoch seconds.
        :param descendants: whether to go on with the shards that continue the first ones.
        :param limit: at most this many records in all.
        :raises streamtable.exceptions.ResourceNotFoundException: there is no such stream or shard.
        :raises streamtable.exceptions.TrimmedDataAccessException: the position is older than 24 hours.
        """
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            raise ValueError("limit must be a whole number of records, 0 or more")
        shards = self.shards()
        if shard_id is not None:
            first = [shard_id]
        elif iterator_type == "LATEST":
            first = [shard["ShardId"] for shard in shards if _is_open(shard)]
        else:
            first = [shard["ShardId"] for shard in shards]
        start = _members(ShardIteratorType=iterator_type, SequenceNumber=sequence_number, Timestamp=timestamp)
        # Where a moment is given, it counts for the children, too; all else is a place in one shard.
        later = start if iterator_type == "AT_TIMESTAMP" else {"ShardIteratorType": "TRIM_HORIZON"}
        # Iterators are taken at the call, so that mistakes show here and "latest" means now.
        readers = [_ShardReader(self._database, self.arn, shard, start) for shard in first]
        return self._read(readers, later if descendants else None, limit)

    def _read(
        self, readers: list[_ShardReader], later: dict[str, Any] | None, limit: int | None
    ) -> Iterator[Record]:
        left = limit
        seen: set[str] = set()
        ended: set[str] = set()
        while readers:
            for reader in readers:
                seen.add(reader.shard_id)
                while left is None or left > 0:
                    page = reader.page(PAGE if left is None else min(left, PAGE))
                    if not page:
                        break
                    yield from page
                    if left is not None:
                        left -= len(page)
                if left == 0:
                    return
                if reader.ended:
                    ended.add(reader.shard_id)
            readers = [] if later is None else self._children(ended, seen, later)

    def _children(self, ended: set[str], seen: set[str], start: dict[str, Any]) -> list[_ShardReader]:
        """Readers of the shards that continue those read to their end. A shard that is still open may get records before its children do,
        so theirs are not for this iteration."""
        return [
            _ShardReader(self._database, self.arn, shard["ShardId"], start)
            for shard in self.shards()
            if shard.get("ParentShardId") in ended and shard["ShardId"] not in seen
        ]

    def __repr__(self) -> str:
        return f"<streamtable.Stream {self.arn}>"


class _ShardReader:
    """One shard, read page by page."""

    def __init__(self, database: Database, arn: str, shard_id: str, start: dict[str, Any]) -> None:
        self._database = database
        self._arn = arn
        self.shard_id = shard_id
        self._start = start
        self._iterator: str | None = self._iterator_at(start)
        self._last: str | None = None

    def page(self, limit: int) -> list[Record]:
        """The next records; none at the end of what is there."""
        while self._iterator is not None:
            try:
                records, self._iterator = self._database._records(self._iterator, limit)
            except _Expired as expired:
                self._iterator = self._renewed(expired)
                continue
            if records:
                self._last = records[-1].sequence_number
                return records
            if self._iterator is not None:
                return []
        return []

    @property
    def ended(self) -> bool:
        """Whether the shard is closed and read to its end."""
        return self._iterator is None

    def _renewed(self, expired: StreamtableError) -> str:
        """An iterator for one that grew older than 15 minutes between two pages, at the same place."""
        if self._last is not None:
            return self._iterator_at({"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last})
        if self._start["ShardIteratorType"] == "LATEST":
            # Which record was the latest then, nobody knows any more.
            raise expired
        return self._iterator_at(self._start)

    def _iterator_at(self, place: dict[str, Any]) -> str:
        members = {"StreamArn": self._arn, "ShardId": self.shard_id, **place}
        iterator: str = self._database.call("GetShardIterator", members)["ShardIterator"]
        return iterator


def _members(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def _is_open(shard: dict[str, Any]) -> bool:
    return "EndingSequenceNumber" not in shard["SequenceNumberRange"]


def _parents_first(shards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shards in an order in which no child stands before its parent; a parent that is gone by age counts as read."""
    by_id = {shard["ShardId"]: shard for shard in shards}
    ordered: dict[str, dict[str, Any]] = {}
    for shard in shards:
        line: list[dict[str, Any]] = []
        step: dict[str, Any] | None = shard
        while step is not None and step["ShardId"] not in ordered:
            line.append(step)
            step = by_id.get(step.get("ParentShardId", ""))
        for step in reversed(line):
            ordered[step["ShardId"]] = step
    return list(ordered.values())
