"""Reading a change stream as a person would: record after record, along the lineage of its shards."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ._streamtable import Handle, Records, _read

IteratorType = Literal["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"]


class Stream:
    """A change stream. ``db.stream(arn)`` makes one; it reads anew at every call."""

    __slots__ = ("_database", "arn")

    def __init__(self, database: Handle, arn: str) -> None:
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

    def split(self, shard_id: str | None = None) -> dict[str, Any]:
        """Splits the partition of an open shard, or the widest one: the shard closes and two children open, as the service does by itself.

        :returns: ``ParentShardId``, ``ChildShardIds`` and ``PartitionCount``, as `split_shard`.
        :raises streamtable.exceptions.ResourceNotFoundException: there is no such stream or shard.
        :raises streamtable.exceptions.ValidationException: the shard is closed, or the stream is turned off.
        """
        answer: dict[str, Any] = self._database.call("SplitShard", {"TableName": self.arn, "ShardId": shard_id})
        return answer

    def roll(self, shard_id: str | None = None) -> list[dict[str, Any]]:
        """Closes an open shard, or all of them, each with one child in its place, as the service does every few hours.

        :returns: ``ParentShardId`` and ``ChildShardIds`` of each, as `roll_shard`.
        :raises: as `split`.
        """
        answer: list[dict[str, Any]] = self._database.call("RollShard", {"TableName": self.arn, "ShardId": shard_id})["Successions"]
        return answer

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
        """The stream's records up to what is there now: parent shards before their children, each shard in order.

        Records are converted when they are looked at; one that is only counted or passed on costs nothing. What is written while the
        iteration runs may be part of it. The iterator's ``checkpoint`` tells at any time where to go on after the record it gave last.

        :param shard_id: start at this shard and go on with its descendants; all shards when absent.
        :param iterator_type: where to start in the first shards, as `get_shard_iterator` has it; ``"TRIM_HORIZON"`` when absent. With
            ``"LATEST"`` the iteration is of what was written after this call.
        :param sequence_number: the record to start at or after, for the types that need one. It is a place in one shard: without `shard_id` it
            is refused where the stream has or had several.
        :param timestamp: the moment to start at, for ``"AT_TIMESTAMP"``: an aware datetime or epoch seconds.
        :param descendants: whether to go on with the shards that continue `shard_id`.
        :param limit: at most this many records in all.
        :param checkpoint: go on where other records stood, with the text that their ``checkpoint`` was; in place of all above but `limit`.
        :param trimmed: what to do where records grew older than 24 hours before they were read: ``"fail"``, or ``"skip"`` to go on with what is
            left and count it in the iterator's ``gaps``.
        :raises streamtable.exceptions.ResourceNotFoundException: there is no such stream or shard.
        :raises streamtable.exceptions.TrimmedDataAccessException: the position is older than 24 hours.
        :raises streamtable.exceptions.ValidationException: the arguments contradict each other, or the checkpoint is of another stream.
        """
        if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
            raise ValueError("limit must be a whole number of records, 0 or more")
        options = {
            "shard_id": shard_id,
            "iterator_type": iterator_type,
            "sequence_number": sequence_number,
            "timestamp": timestamp,
            "descendants": descendants,
            "limit": limit,
            "checkpoint": checkpoint,
            "trimmed": trimmed,
        }
        # The first iterators are taken here, so that mistakes show at the call and "latest" means now.
        return _read(self._database, self.arn, options)

    def __repr__(self) -> str:
        return f"<streamtable.Stream {self.arn}>"


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
