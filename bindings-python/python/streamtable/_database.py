"""`open` and `Database`."""

from __future__ import annotations

import builtins
import os
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._clock import Clock
from ._operations import Operations
from ._stream import Stream
from ._streamtable import Handle, _forked
from ._time import duration_to_millis, moment_to_millis

if TYPE_CHECKING:
    from .boto3 import Level

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Database(Handle, Operations):
    """An open database. `streamtable.open` makes one.

    Every operation is a keyword method with the shapes boto3 has: ``db.put_item(TableName="People", Item={"id": {"S": "ada"}})``; `call`
    runs one by its name. The methods may be called from any thread; the interpreter lock is released while the engine works.

    A database closes at the end of a ``with`` block, with `close`, or when the last reference to it goes.
    """

    @property
    def clock(self) -> Clock:
        """The database's clock."""
        return Clock(self)

    def stream(self, stream_arn: str) -> Stream:
        """A change stream of this database, by its ARN (``LatestStreamArn`` of a table, ``StreamArn`` of `list_streams`)."""
        return Stream(self, stream_arn)

    def boto3_client(self, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 client for ``"dynamodb"`` or ``"dynamodbstreams"`` that works on this database. See `streamtable.boto3`."""
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
        self.close()

    def __repr__(self) -> str:
        return f"<streamtable.Database {'closed' if self.closed else 'in memory'} at {builtins.id(self):#x}>"

    def __reduce__(self) -> Any:
        raise TypeError("an open database cannot be pickled")


def open(
    path: str | os.PathLike[str] | None = None,
    *,
    clock: str = "system",
    now: datetime | int | None = None,
    seed: int | None = None,
    region: str | None = None,
    account: str | None = None,
    partitions: int | None = None,
    control_plane_delay: timedelta | int | None = None,
    shard_rollover: timedelta | int | None = None,
) -> Database:
    """Opens a database.

    :param path: where the data lives; None for a database in memory, which is all that this version has.
    :param clock: ``"system"``, or ``"manual"`` for time that only moves with ``db.clock.advance(...)``.
    :param now: where a manual clock starts, an aware datetime or epoch milliseconds; 2026-01-01T00:00:00Z when absent.
    :param seed: makes every random choice repeatable: the same calls give the same answers.
    :param region: region in ARNs and records, ``"us-east-1"`` when absent.
    :param account: account in ARNs, ``"000000000000"`` when absent.
    :param partitions: partitions of a new table, each with one open shard, 1 to 1,024; 1 when absent.
    :param control_plane_delay: how long a table stays CREATING, UPDATING or DELETING, a timedelta or milliseconds. With 0, the default,
        the answer shows that state and the next call the final one.
    :param shard_rollover: age at which an open shard is replaced by a child, a timedelta or milliseconds; 4 hours when absent, never with 0.
    :raises streamtable.exceptions.OpenException: an option is out of range, or the path cannot be opened.
    """
    options: dict[str, Any] = {
        "clock": clock,
        "now": None if now is None else moment_to_millis(now, "now"),
        "seed": seed,
        "region": region,
        "account": account,
        "partitions": partitions,
        "control_plane_delay": _millis(control_plane_delay, "control_plane_delay"),
        "shard_rollover": _millis(shard_rollover, "shard_rollover"),
    }
    return Database(path, {name: value for name, value in options.items() if value is not None})


def _millis(duration: timedelta | int | None, name: str) -> int | None:
    return None if duration is None else duration_to_millis(duration, name)
