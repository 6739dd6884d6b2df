"""`Database`: what `open` gives."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._clock import Clock
from ._faults import Faults
from ._operations import Operations
from ._stream import Stream
from ._streamtable import Handle, Record, _forked
from ._streamtable import Snapshot as _Snapshot
from .exceptions import StreamtableError

if TYPE_CHECKING:
    from ._operations import InspectStreamOutputDict, RecordDict
    from .boto3 import Level

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Snapshot:
    """A database in memory at one moment. It does not change, and can be forked any number of times, also after its database is closed."""

    __slots__ = ("_frozen",)

    def __init__(self, frozen: _Snapshot) -> None:
        self._frozen = frozen

    def fork(self) -> Database:
        """A database of its own that goes on from here, as `Database.fork`."""
        return Database(None, self._frozen._fork())

    def __reduce__(self) -> Any:
        raise TypeError("a snapshot cannot be pickled")


class Database(Handle, Operations):
    """An open database. `streamtable.open` makes one.

    Every operation is a keyword method with the shapes boto3 has: ``db.put_item(TableName="People", Item={"id": {"S": "ada"}})``; `call`
    runs one by its name. The methods may be called from any thread; the interpreter lock is released while the engine works.

    A database closes at the end of a ``with`` block, with `close`, or when the last reference to it goes. Of these the first two tell what
    goes wrong with the disk.

    A forked child cannot use the database of its parent: it opens one of its own, in another directory.
    """

    @property
    def clock(self) -> Clock:
        """The database's clock."""
        return Clock(self)

    @property
    def faults(self) -> Faults:
        """The faults that calls of this database meet: ``db.faults(script)`` sets them."""
        return Faults(self)

    def stream(self, stream_arn: str) -> Stream:
        """A change stream of this database, by its ARN (``LatestStreamArn`` of a table, ``StreamArn`` of `list_streams`)."""
        return Stream(self, stream_arn)

    def streams(self, table_name: str | None = None) -> list[InspectStreamOutputDict]:
        """The change streams, of one table or of all, with their shards as they stand: which continues which, how many records each has and how
        old they are, and who reads it, with how far behind it is (`inspect_stream`, all pages of it). Looking changes nothing.
        """
        found: list[InspectStreamOutputDict] = []
        more: str | None = None
        while True:
            asked = {"TableName": table_name, "ExclusiveStartStreamArn": more}
            page = self.call("ListStreams", {name: given for name, given in asked.items() if given is not None})
            found += [self._inspected(stream["StreamArn"]) for stream in page["Streams"]]
            more = page.get("LastEvaluatedStreamArn")
            if more is None:
                return found

    def _inspected(self, stream_arn: str) -> InspectStreamOutputDict:
        whole: InspectStreamOutputDict = self.call("InspectStream", {"StreamArn": stream_arn})
        last = whole.pop("LastEvaluatedShardId", None)
        while last is not None:
            page = self.call("InspectStream", {"StreamArn": stream_arn, "ExclusiveStartShardId": last})
            whole["Shards"] += page["Shards"]
            last = page.get("LastEvaluatedShardId")
        return whole

    def apply(self, table_name: str, records: Iterable[Record | RecordDict]) -> dict[str, int]:
        """Replays records of a stream into a table: new images are put, removed items deleted.

        Each record is applied once, and never after a later one of its item, however often it comes: beside the table a second one,
        ``<table_name>.applied``, keeps the sequence number of each item's last record. Returns how many were ``Applied`` and how many
        ``Skipped``.

        :raises streamtable.exceptions.ValidationException: a record of another key, or one that does not hold the image it led to.
        :raises streamtable.exceptions.ResourceNotFoundException: no such table.
        """
        members = [record.to_dict() if isinstance(record, Record) else record for record in records]
        return self._apply({"TableName": table_name, "Records": members})

    def fork(self, path: str | os.PathLike[str] | None = None) -> Database:
        """A database that goes on from this one's present: tables, items, streams, iterators, clock. From then on both are independent.

        In memory it takes microseconds, whatever there is: what both have in common is shared until one of them changes it. With a seed the
        fork makes the same choices as this database.

        :param path: for a database in a directory, and only for one: the directory of the fork, which is made. Files that are never written
            again are shared by hard links, where the file system has them.
        :raises streamtable.exceptions.ValidationException: a path for a database in memory, none for one in a directory, or a directory that
            holds something.
        """
        return Database(None, self._fork(path))

    def snapshot(self) -> Snapshot:
        """The database, which is in memory, at this moment: to fork from it, or to come back to it with `restore`. Takes microseconds.

        :raises streamtable.exceptions.ValidationException: the database is in a directory.
        """
        return Snapshot(self._snapshot())

    def restore(self, snapshot: Snapshot) -> None:
        """Puts the database back to a snapshot of it, or of a database it was forked from or into: tables, items, streams, clock.

        The database, its boto3 clients and its streams go on working; a call that runs meanwhile is answered by the database as it was
        before. A snapshot can be restored any number of times.

        :raises streamtable.exceptions.ValidationException: the database is in a directory, or the snapshot is of one in another region or
            account.
        """
        self._restore(snapshot._frozen)

    def boto3_client(self, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 client for ``"dynamodb"``, ``"dynamodbstreams"``, ``"kinesis"`` or ``"sqs"`` that works on this database. See `streamtable.boto3`."""
        return self.boto3_session(level=level).client(service_name, **options)

    def boto3_resource(self, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 resource that works on this database. See `streamtable.boto3`."""
        return self.boto3_session(level=level).resource(service_name, **options)

    def boto3_session(self, *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 session whose DynamoDB clients and resources work on this database. See `streamtable.boto3`."""
        from . import boto3

        return boto3.session(self, level=level, **options)

    def aiobotocore_session(self, *, level: Level = "operation") -> Any:
        """An aiobotocore session whose DynamoDB clients work on this database. See `streamtable.boto3`."""
        from . import boto3

        return boto3.aiobotocore_session(self, level=level)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.close()
        except StreamtableError as failure:
            # What happened in the block is what has to be heard of first.
            if error is None:
                raise
            if sys.version_info >= (3, 11):
                error.add_note(f"The database was not closed in order, either: {failure}")

    def __repr__(self) -> str:
        place = "in memory" if self.path is None else f"in {str(self.path)!r}"
        return f"<streamtable.Database {'closed' if self.closed else place} at {builtins.id(self):#x}>"

    def __reduce__(self) -> Any:
        raise TypeError("an open database cannot be pickled")
