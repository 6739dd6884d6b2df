# Printed by `cargo xtask gen` from the options of the engine. Do not edit.
"""`open`, with a keyword for every option."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from ._database import Database, opened
from ._time import duration_to_millis, moment_to_millis


def open(
    path: str | os.PathLike[str] | None = None,
    *,
    session: Any = None,
    clock: Literal["system", "manual"] | Callable[[], datetime | float] | None = None,
    now: datetime | int | None = None,
    seed: int | None = None,
    region: str | None = None,
    default_region: str | None = None,
    account: str | None = None,
    share_regions: bool | None = None,
    partitions: int | None = None,
    control_plane_delay: timedelta | int | None = None,
    shard_rollover: timedelta | int | None = None,
    shard_rollover_jitter: timedelta | int | None = None,
    split_bytes: int | None = None,
    split_write_units: int | None = None,
    split_read_units: int | None = None,
    split_after: timedelta | int | None = None,
    reader_limits: bool | None = None,
    metrics: bool | None = None,
    call_trace: int | None = None,
    stream_retention: timedelta | int | None = None,
    expiry_delay: timedelta | int | None = None,
    throttling: bool | None = None,
    index_delay: timedelta | int | None = None,
    item_collection_limit: int | None = None,
    buckets: str | None = None,
    durability: Literal["sync", "buffered", "none"] | None = None,
    sync_every: timedelta | int | None = None,
    cache_bytes: int | None = None,
    wording: Literal["current", "classic"] | None = None,
) -> Database:
    """Opens a database.

    :param path: the directory of the database, which is made if there is none; None for a database in memory. One process at a time has it
        open. Options that speak of a disk mean nothing in memory. Or the address of a database elsewhere: ``"dynamodb://eu-west-1"``,
        ``"http://127.0.0.1:8000"``, ``"unix:///path.sock"``, which takes none of the options below but `session`; what there is to be set stands
        in the address, as in ``"dynamodb://eu-west-1?attempts=8"``.
    :param session: a boto3 or botocore session that gives the credentials for an address. When absent: for Amazon DynamoDB without a
        ``profile`` in its address those of boto3, where that is installed, and otherwise those that the address leads to.
    :param clock: Who moves time. ``"system"``: the computer's clock; threads that all databases of a process share do the background work.
        ``"manual"``: the caller, with `AdvanceClock`; background work happens then and there, in order. Or a callable: a manual clock that
        goes by what it gives whenever the database is used, an aware datetime or seconds since 1970 as ``time.time`` gives them, and stands
        where that goes back. Default: ``"system"``.
    :param now: Where a manual clock starts. A stored clock moves forward to this time; it cannot go back. An aware datetime or epoch
        milliseconds. When absent: where the stored one is, 2026-01-01T00:00:00Z in a new database.
    :param seed: Makes every random choice repeatable: the same calls give the same answers. When absent: the stored one, and in a new
        database chance.
    :param region: Region in names and records. Another one than is stored is refused. When absent: what is stored, and in a new database
        `default_region`.
    :param default_region: Region of a new database where `region` names none; one that is there keeps its own. Python takes it from
        `AWS_DEFAULT_REGION` of the environment, as boto3 does. When absent: ``"us-east-1"``.
    :param account: Account in names. Another one than is stored is refused. When absent: what is stored, ``"000000000000"`` in a new
        database.
    :param share_regions: Whether clients of every region see the same tables, under the ARNs of the database's own region, as with one
        server for all of them. Otherwise each region has its own. Default: off.
    :param partitions: Partitions of a new table, each with one open shard. 1 to 1,024. Default: 1.
    :param control_plane_delay: How long a table stays CREATING, UPDATING or DELETING. With 0 the answer shows that state and the next call
        the final one. A timedelta or milliseconds. Default: 0.
    :param shard_rollover: Age at which background work replaces an open shard by a child; 0 is never. A timedelta or milliseconds. Default:
        4 hours.
    :param shard_rollover_jitter: By how much that age differs from shard to shard, at most, either way; drawn by the seed. The service's
        shards live 3.5 to 4.5 hours: half an hour. With 0, moving a manual clock by years costs no more than by days. A timedelta or
        milliseconds. Default: 0.
    :param split_bytes: Size at which background work splits a partition, its shard closing with two children; 0 is never. The service
        splits at about 10 GB. The size is an estimate: what is there when the database is opened, or the partition is split, is taken to be
        spread evenly. Bytes. Default: 0.
    :param split_write_units: Write capacity units a second, sustained for `split_after`, at which a partition is split; 0 is never. The
        service's partitions take 1000. One that is used for a single partition key is left alone. 0 to 1,000,000,000. Default: 0.
    :param split_read_units: The same for read capacity units, of which the service's partitions give 3000. What is read of global indexes
        does not count. 0 to 1,000,000,000. Default: 0.
    :param split_after: How long a partition has to be used at such a rate, on the database's clock. A timedelta or milliseconds. Default:
        300 seconds.
    :param reader_limits: Whether readers of streams have the service's limits, on the database's clock: 10 calls of GetRecords a second on
        a shard, which is two readers of 5 each, and 2 MB; 10 calls of DescribeStream and 5 of ListStreams a second. Default: off.
    :param metrics: Whether calls are counted, by operation, table and outcome, for `DescribeMetrics` and for `GET /metrics` of the server,
        and readers of a shard that begin in one millisecond told apart. Default: off.
    :param call_trace: How many of the latest calls are remembered for `DescribeCalls`; 0 is none. 0 to 1,000,000. Default: 0.
    :param stream_retention: How long the records of a stream can be read that is turned on from now on. The service has 24 hours. A stream
        keeps the time it began with. A timedelta or milliseconds. Default: 24 hours.
    :param expiry_delay: How long after its time an item is deleted that time to live makes expire. A timedelta or milliseconds. When
        absent: 0 on a manual clock, a minute on the system's.
    :param throttling: Whether tables and global indexes refuse what is beyond their provisioned capacity, or their ceilings on demand, on
        the database's clock: up to five minutes of units are saved, one second of a ceiling, and no partition reads more than 3000 or
        writes more than 1000 units a second. Default: off.
    :param index_delay: How long after a write global indexes show it, on the database's clock: what a program reads from one may be so old,
        as the service's may. With 0 they show it at once. A timedelta or milliseconds. Default: 0.
    :param item_collection_limit: Bytes that the items of one partition key may have with their entries in local indexes, in a table that
        has local indexes. Bytes. Default: 10,240 MiB.
    :param buckets: A directory that stands for the object store: a bucket is a folder of it. Without one, exports and imports are refused,
        and the buckets of S3's operations are rows of the database. When absent: none.
    :param durability: What an acknowledged write survives. ``"sync"``: the end of the process, and a power cut: it is on the disk before it
        is acknowledged. Many calls at once share one write. ``"buffered"``: the end of the process, however violent. A power cut may take
        what was acknowledged in the last `sync_every`, never a part from the middle, nor half a commit. ``"none"``: closing. Anything else
        may take what was acknowledged last; what is left is whole. Default: ``"sync"``.
    :param sync_every: How often written data is forced to the disk with ``"buffered"``, and so the most that a power cut takes. A timedelta
        or milliseconds, 1 to 60,000. Default: 50 ms.
    :param cache_bytes: Memory for items and pages that were read from the disk; 0 keeps only what is needed. Bytes. Default: 256 MiB.
    :param wording: Which generation of the service's texts errors speak. ``"current"``: the one that the service brings to its regions
        since June 2026. ``"classic"``: the one before it. Default: ``"current"``.
    :raises streamtable.exceptions.OpenException: an option is out of range, or the directory cannot be opened: another process has it (the
        message says which), it is no database, or one of another version.
    :raises streamtable.exceptions.CorruptionException: what is stored is damaged.
    """
    options: dict[str, Any] = {
        "clock": clock,
        "now": _moment(now, "now"),
        "seed": seed,
        "region": region,
        "default_region": default_region,
        "account": account,
        "share_regions": share_regions,
        "partitions": partitions,
        "control_plane_delay": _duration(control_plane_delay, "control_plane_delay"),
        "shard_rollover": _duration(shard_rollover, "shard_rollover"),
        "shard_rollover_jitter": _duration(shard_rollover_jitter, "shard_rollover_jitter"),
        "split_bytes": split_bytes,
        "split_write_units": split_write_units,
        "split_read_units": split_read_units,
        "split_after": _duration(split_after, "split_after"),
        "reader_limits": reader_limits,
        "metrics": metrics,
        "call_trace": call_trace,
        "stream_retention": _duration(stream_retention, "stream_retention"),
        "expiry_delay": _duration(expiry_delay, "expiry_delay"),
        "throttling": throttling,
        "index_delay": _duration(index_delay, "index_delay"),
        "item_collection_limit": item_collection_limit,
        "buckets": buckets,
        "durability": durability,
        "sync_every": _duration(sync_every, "sync_every"),
        "cache_bytes": cache_bytes,
        "wording": wording,
    }
    if default_region is None:
        # Where clients of boto3 that are given no region find theirs.
        options["default_region"] = os.environ.get("AWS_DEFAULT_REGION") or None
    return opened(path, {name: value for name, value in options.items() if value is not None}, session)


def _moment(moment: datetime | int | None, name: str) -> int | None:
    return None if moment is None else moment_to_millis(moment, name)


def _duration(duration: timedelta | int | None, name: str) -> int | None:
    return None if duration is None else duration_to_millis(duration, name)
