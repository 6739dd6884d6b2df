"""`open` and `Database`."""

from __future__ import annotations

import builtins
import os
import sys
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from ._clock import Clock
from ._operations import Operations
from ._stream import Stream
from ._streamtable import Handle, _forked
from ._time import duration_to_millis, moment_to_millis
from .exceptions import StreamtableError

if TYPE_CHECKING:
    from .boto3 import Level

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


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
    durability: Literal["sync", "buffered", "none"] | None = None,
    sync_every: timedelta | int | None = None,
    cache_bytes: int | None = None,
    wording: Literal["classic", "current"] | None = None,
) -> Database:
    """Opens a database.

    :param path: the directory of the database, which is made if there is none; None for a database in memory. One process at a time has a
        directory open.
    :param clock: ``"system"``, or ``"manual"`` for time that only moves with ``db.clock.advance(...)``.
    :param now: where a manual clock starts, an aware datetime or epoch milliseconds. When absent: where the stored one is, or
        2026-01-01T00:00:00Z. It cannot go back.
    :param seed: makes every random choice repeatable: the same calls give the same answers.
    :param region: region in ARNs and records; when absent what is stored, or ``"us-east-1"``. Another one than is stored is refused.
    :param account: account in ARNs; when absent what is stored, or ``"000000000000"``. Another one than is stored is refused.
    :param partitions: partitions of a new table, each with one open shard, 1 to 1,024; 1 when absent.
    :param control_plane_delay: how long a table stays CREATING, UPDATING or DELETING, a timedelta or milliseconds. With 0, the default,
        the answer shows that state and the next call the final one.
    :param shard_rollover: age at which an open shard is replaced by a child, a timedelta or milliseconds; 4 hours when absent, never with 0.
    :param durability: what an acknowledged write survives: ``"sync"`` (the default) a power cut, ``"buffered"`` the end of the process (a
        power cut may take the last `sync_every`), ``"none"`` closing. Means nothing in memory, as the next two.
    :param sync_every: how often written data is forced to the disk with ``"buffered"``, a timedelta or milliseconds, 1 ms to a minute; 50 ms
        when absent.
    :param cache_bytes: memory for what was read from the disk; 256 MiB when absent.
    :param wording: which generation of the service's texts errors speak: ``"current"`` (the default), which it brings to its regions since June
        2026, or ``"classic"``, the one before.
    :raises streamtable.exceptions.OpenException: an option is out of range, or the directory cannot be opened: another process has it (the
        message says which), it is no database, or one of another version.
    :raises streamtable.exceptions.CorruptionException: what is stored is damaged.
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
        "durability": durability,
        "sync_every": _millis(sync_every, "sync_every"),
        "cache_bytes": cache_bytes,
        "wording": wording,
    }
    return Database(path, {name: value for name, value in options.items() if value is not None})


def _millis(duration: timedelta | int | None, name: str) -> int | None:
    return None if duration is None else duration_to_millis(duration, name)
