"""`Database`: what `open` gives."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _clients
from ._address import credentials_of, is_address
from ._clock import Clock, Source
from ._faults import Faults
from ._mappings import EventSourceMapping, Functions, Handler, OnFailure, parameters_of
from ._operations import Operations
from ._stream import Stream
from ._streamtable import Handle, Record, _forked
from ._streamtable import Snapshot as _Snapshot
from ._time import told_to_millis
from .exceptions import StreamtableError

if TYPE_CHECKING:
    from ._operations import InspectStreamOutputDict, RecordDict

_Handler = TypeVar("_Handler", bound=Handler)

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
        whole: Any = self.call("InspectStream", {"StreamArn": stream_arn})
        last = whole.pop("LastEvaluatedShardId", None)
        while last is not None:
            page = self.call("InspectStream", {"StreamArn": stream_arn, "ExclusiveStartShardId": last})
            whole["Shards"] += page["Shards"]
            last = page.get("LastEvaluatedShardId")
        described: InspectStreamOutputDict = whole
        return described

    @property
    def functions(self) -> Functions:
        """The functions of this program that event source mappings hand records to."""
        found: Functions | None = self.__dict__.get("_functions")
        if found is None:
            # Of two threads that come first at once, one makes it.
            found = self.__dict__.setdefault("_functions", Functions(self))
        return found

    def function(
        self, name: str, *, timeout: int = 3, memory_size: int = 128, versions: Sequence[str] = (), aliases: Mapping[str, str] | None = None
    ) -> Callable[[_Handler], _Handler]:
        """Makes a handler a function by a name, for event source mappings and `invoke`::

            @db.function("orders")
            def handle(event, context):
                for record in event["Records"]:
                    ...

        The handler may be a coroutine function. It is given the event as Lambda gives it, and the context.

        :param timeout: how long an invocation may take on the database's clock, in seconds. It is not interrupted; one that took longer counts as
            failed.
        :param memory_size: what the context tells, in mebibytes.
        :param versions: versions besides ``$LATEST`` that mappings may name.
        :param aliases: aliases, and the version that each of them means.
        """
        return self.functions.register(name, timeout, memory_size, versions, aliases or {})

    def event_source_mapping(
        self,
        source: str | Stream,
        handler: Handler | str,
        *,
        batch_size: int | None = None,
        maximum_batching_window_in_seconds: int | None = None,
        parallelization_factor: int | None = None,
        starting_position: str = "TRIM_HORIZON",
        bisect_batch_on_function_error: bool | None = None,
        maximum_retry_attempts: int | None = None,
        maximum_record_age_in_seconds: int | None = None,
        report_batch_item_failures: bool = False,
        tumbling_window_in_seconds: int | None = None,
        filters: Sequence[str | Mapping[str, Any]] = (),
        on_failure: OnFailure | None = None,
        exactly_once: bool = False,
        redrive_every: timedelta | int | None = None,
        enabled: bool = True,
        tags: Mapping[str, str] | None = None,
    ) -> EventSourceMapping:
        """Hands the records of a stream to a function, in batches, as an event source mapping of AWS Lambda does.

        Nothing runs by itself: `EventSourceMapping.step`, `EventSourceMapping.run_until_idle` and `EventSourceMapping.start` do it. A mapping of
        this stream and function that is there already is taken and set so.

        :param source: the ARN of a stream, a `Stream`, or the name of a table that has one.
        :param handler: the function: a handler, or the name or ARN of one that is registered.
        :param maximum_batching_window_in_seconds: in seconds, as `maximum_record_age_in_seconds` and `tumbling_window_in_seconds` are.
        :param filters: event patterns, as text or as dicts.
        :param on_failure: what is told of batches that were given up: a callable that is given the document, a directory that gets the objects a
            bucket would get, or an ARN.
        :param exactly_once: the handler's effects are writes into this database that it appends to ``context.transact_items``, as TransactWriteItems takes
            them. They are done when it has returned, in the commit that settles its records: all of them once, whatever is killed in between. Where
            they cannot be done, by a condition that is false or as more than 100, none is, and the function has failed; ``last_error`` says why.
        :param redrive_every: how often what was given up is given to the function again, on the database's clock: a timedelta or milliseconds, a second at
            least. It takes an ``on_failure`` that is the ARN of a queue or bucket of this database; what the function has done with is removed there.
            The schedule is that of this program, and is not kept.
        :raises ValueError: ``exactly_once`` with ``report_batch_item_failures``, ``redrive_every`` without a queue or bucket.
        :raises streamtable.exceptions.InvalidParameterValueException: a parameter is wrong.
        """
        given = parameters_of(
            {
                "batch_size": batch_size,
                "maximum_batching_window_in_seconds": maximum_batching_window_in_seconds,
                "parallelization_factor": parallelization_factor,
                "bisect_batch_on_function_error": bisect_batch_on_function_error,
                "maximum_retry_attempts": maximum_retry_attempts,
                "maximum_record_age_in_seconds": maximum_record_age_in_seconds,
                "tumbling_window_in_seconds": tumbling_window_in_seconds,
                "report_batch_item_failures": report_batch_item_failures,
                "filters": filters,
                "enabled": enabled,
            }
        )
        arn = source.arn if isinstance(source, Stream) else source
        mapping = self.functions.map(arn, handler, starting_position, given, on_failure, exactly_once, dict(tags or {}))
        mapping.redrive_every(redrive_every)
        return mapping

    def run_until_idle(self, *, advance: bool = False, limit: int = 10_000) -> int:
        """Carries out all event source mappings until there is nothing to do, and returns how often a function was invoked.

        :param advance: moves a manual clock on to whatever is due next: retries, batching windows.
        :param limit: invocations at most; more are taken for functions that write into their own source.
        :raises RuntimeError: the limit was reached.
        """
        return self.functions.run_until_idle(None, advance, limit)

    def invoke(self, function_name: str, payload: Any = None) -> dict[str, Any]:
        """Invokes a function of this program, and gives what Lambda's Invoke answers: ``StatusCode``, ``ExecutedVersion``, ``Payload`` as a value, and
        ``FunctionError`` where it raised."""
        return self.functions.invoke(function_name, payload)

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
        return self._alike(Database(None, self._fork(path)))

    def _alike(self, other: Database) -> Database:
        """Another database, with its clock where this one's is."""
        if (source := self.__dict__.get("_source")) is not None:
            other._go_by(source)
        return other

    def _go_by(self, source: Source) -> None:
        """Has the clock, a manual one, go by the program's own."""
        self._source = source
        self._follow(source)

    def in_region(self, region: str) -> Database:
        """The database as clients of another region see it: with tables, streams, queues, mappings and ARNs of that region.

        A region begins empty when it is first asked for. All regions have one clock, and are copied, forked, put back, reset and closed together;
        faults, metrics and functions are those of a region. With the option ``share_regions``, and for the region's own name, it is this
        database again. boto3's clients find their region by themselves.

        :raises streamtable.exceptions.OpenException: that is no name of a region.
        :raises streamtable.exceptions.ValidationException: there are 64 others already.
        """
        return self._alike(Database(None, self._in_region(region)))

    @property
    def regions(self) -> list[str]:
        """The names of the regions that there are: that of the database itself, then the others in order."""
        return self._regions()

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

    boto3_client = _clients.client
    boto3_resource = _clients.resource
    boto3_session = _clients.session
    aiobotocore_session = _clients.aiobotocore_session

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
        if self.address is not None:
            place = f"at {self.address}"
        else:
            place = "in memory" if self.path is None else f"in {str(self.path)!r}"
        return f"<streamtable.Database {'closed' if self.closed else place} at {builtins.id(self):#x}>"

    def __reduce__(self) -> Any:
        raise TypeError("an open database cannot be pickled")


def opened(path: str | os.PathLike[str] | None, options: dict[str, Any], session: Any = None) -> Database:
    """Opens a database; the option ``clock`` may be a callable, and the path an address."""
    if isinstance(path, str) and is_address(path):
        # The environment's region is for new databases of this process.
        options.pop("default_region", None)
        return Database(path, options, credentials_of(path, session))
    if session is not None:
        raise TypeError("a session gives the credentials for an address, such as dynamodb://eu-west-1")
    source = options.get("clock")
    if not callable(source):
        return Database(path, options)
    options = {**options, "clock": "manual"}
    if path is None:
        # A stored clock goes on from where it stands, a new one begins where the program's is.
        options.setdefault("now", told_to_millis(source()))
    database = Database(path, options)
    try:
        database._go_by(source)
    except BaseException:
        database.close()
        raise
    return database
