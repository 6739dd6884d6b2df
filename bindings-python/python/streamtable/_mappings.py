"""Functions and event source mappings: handlers of this program that are given the records of streams, as AWS Lambda does it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import inspect
import json
import os
import pathlib
import re
import threading
import traceback
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from ._context import Context, version_of
from ._streamtable import Record, Worker, _finish_invocation, _worker
from .exceptions import DatabaseClosedException, StreamtableError, from_code

if TYPE_CHECKING:
    from ._database import Database

#: What is given events: a function or a coroutine function of an event and a context.
Handler = Callable[[Any, Any], Any]
#: What is told of batches that were given up: a callable, a directory, or an ARN.
OnFailure = Callable[[dict[str, Any]], Any] | str | os.PathLike[str]

_Handler = TypeVar("_Handler", bound=Handler)

#: How long a thread of a mapping sleeps at most, in milliseconds: it is woken by what is written, changed or closed.
_LONGEST_SLEEP = 3_600_000


class Functions:
    """The handlers of a database in this program, and what carries out its event source mappings. `Database.functions` has it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._handlers: dict[str, Handler] = {}
        #: By the identity of the mapping: what is told of failures.
        self._sinks: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self._errors: dict[str, BaseException] = {}
        #: Mappings whose functions' writes are kept with the place.
        self._once: set[str] = set()
        self._lock = threading.Lock()
        self._made: Worker | None = None

    @property
    def worker(self) -> Worker:
        with self._lock:
            if self._made is None:
                self._made = _worker(self._database, 0)
            return self._made

    def tell(self, what: str, **members: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.worker.tell(json.dumps({"Do": what, **members})))
        return answer

    # Functions.

    def register(
        self, name: str, timeout: int, memory_size: int, versions: Sequence[str], aliases: Mapping[str, str]
    ) -> Callable[[_Handler], _Handler]:
        def keep(handler: _Handler) -> _Handler:
            if not callable(handler):
                raise TypeError(f"a handler is a callable, not {type(handler).__name__}")
            answer = self._database.register_function(
                FunctionName=name, TimeoutInSeconds=timeout, MemorySize=memory_size, Versions=list(versions), Aliases=dict(aliases)
            )
            self._handlers[str(answer["Function"]["FunctionName"])] = handler
            return handler

        return keep

    def _name_of(self, handler: Handler) -> str:
        """The name that a handler has, or is given."""
        for name, known in self._handlers.items():
            if known is handler:
                return name
        plain = re.sub(r"[^a-zA-Z0-9_-]", "-", getattr(handler, "__name__", type(handler).__name__)).strip("-") or "handler"
        name, count = plain, 1
        while name in self._handlers:
            count += 1
            name = f"{plain}-{count}"
        self.register(name, 3, 128, (), {})(handler)
        return name

    def invoke(self, function_name: str, payload: Any, writes: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        name = function_name.split(":function:")[-1]
        plain = name.split(":")[0]
        known = {str(function["FunctionName"]): function for function in self._database.list_registered_functions()["Functions"]}
        if plain not in known:
            raise KeyError(f"there is no function {plain!r}")
        function: Mapping[str, Any] = known[plain]
        arn = str(function["FunctionArn"]) + name[len(plain) :]
        now = int(self._database.describe_clock()["Now"])
        deadline = now + 1000 * int(function["TimeoutInSeconds"])
        task = {"Function": function, "FunctionArn": arn, "RequestId": _request_id(arn, now), "Deadline": deadline}
        answer: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": version_of(function, arn)}
        try:
            answer["Payload"] = json.loads(self._run(task, payload, writes) or "null")
        except _NoHandler:
            raise KeyError(f"{plain!r} has no handler in this program") from None
        except Exception as error:
            return {**answer, "FunctionError": "Unhandled", "Payload": error_payload(error, str(task["RequestId"]))}
        return answer

    def answer(self, text: str, payload: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Answers Invoke: status, headers and body. Nobody waits for an event; it is run on the spot all the same, once."""
        task = json.loads(text)
        request_id = str(task["RequestId"])
        try:
            told = self._run(task, json.loads(payload or b"{}"), None).encode()
        except _NoHandler as nobody:
            return _finish_invocation(text, "NotReached", str(nobody).encode())
        except _TimedOut:
            return _finish_invocation(text, "TimedOut", b"")
        except Exception as error:
            failure = error.payload if isinstance(error, _Emulated) else json.dumps(error_payload(error, request_id)).encode()
            return _finish_invocation(text, "Failed", failure)
        outcome = "TimedOut" if int(self._database.describe_clock()["Now"]) > int(task["Deadline"]) else "Answered"
        return _finish_invocation(text, outcome, told)

    def _run(self, task: Mapping[str, Any], event: Any, writes: list[dict[str, Any]] | None) -> str:
        """Runs a function; its answer as JSON. Whatever it raises is raised here. It adds to the writes, if there may be any."""
        function = task.get("Function")
        if function is None:
            raise _NoHandler(f"Function not found: {task['FunctionArn']}")
        if endpoint := function.get("Endpoint"):
            return _emulated(str(endpoint), event, float(function["TimeoutInSeconds"]))
        handler = self._handlers.get(str(function["FunctionName"]))
        if handler is None:
            raise _NoHandler(f"No program has a handler for {task['FunctionArn']}")
        context = Context(
            self._database, function, str(task["FunctionArn"]), str(task["RequestId"]), int(task["Deadline"]), writes
        )
        answer = handler(event, context)
        if inspect.isawaitable(answer):
            answer = _awaited(answer, self._time_left(task))
        return "" if answer is None else json.dumps(answer)

    def _time_left(self, task: Mapping[str, Any]) -> float | None:
        """For how long a coroutine may run, in seconds; without end where the program moves the clock."""
        clock = self._database.describe_clock()
        return None if clock["Mode"] == "manual" else max(0, int(task["Deadline"]) - int(clock["Now"])) / 1_000

    # Mappings.

    def map(
        self,
        source: str,
        handler: Handler | str,
        starting_position: str,
        given: dict[str, Any],
        on_failure: OnFailure | None,
        exactly_once: bool,
        tags: dict[str, str],
    ) -> EventSourceMapping:
        if exactly_once and given.get("FunctionResponseTypes"):
            raise ValueError("a mapping that is exactly_once keeps all writes of an invocation or none: it takes no report_batch_item_failures")
        db: Any = self._database
        function = handler if isinstance(handler, str) else self._name_of(handler)
        arn = source if source.startswith("arn:") else db.describe_table(TableName=source)["Table"].get("LatestStreamArn")
        if arn is None:
            raise ValueError(f"the table {source!r} has no stream")
        if isinstance(on_failure, str) and on_failure.startswith("arn:"):
            given["DestinationConfig"] = {"OnFailure": {"Destination": on_failure}}
            on_failure = None
        there = db.list_event_source_mappings(EventSourceArn=arn, FunctionName=function)["EventSourceMappings"]
        if there:
            told = db.update_event_source_mapping(UUID=there[0]["UUID"], **given)
        else:
            told = db.create_event_source_mapping(
                EventSourceArn=arn, FunctionName=function, StartingPosition=starting_position, Tags=tags, **given
            )
        mapping = EventSourceMapping(self, str(told["UUID"]))
        (self._once.add if exactly_once else self._once.discard)(mapping.uuid)
        self.sink(mapping.uuid, on_failure)
        return mapping

    def sink(self, uuid: str, on_failure: OnFailure | None) -> None:
        if on_failure is None:
            self._sinks.pop(uuid, None)
        elif callable(on_failure):
            self._sinks[uuid] = lambda failure: on_failure(json.loads(failure["Document"]))
        else:
            self._sinks[uuid] = _to_directory(pathlib.Path(on_failure))
        self.tell("DeliverByHost", UUID=uuid, ByHost=on_failure is not None)

    def step(self, only: str | None) -> dict[str, Any]:
        """Does what is to be done next; what it was."""
        todo: dict[str, Any] = json.loads(self.worker.next(only))
        if todo["Do"] == "Invoke":
            told = self.tell("Complete", Ticket=todo["Ticket"], **self._outcome(todo))
            if refused := told.get("Refused"):
                self._errors[str(todo["UUID"])] = _error(refused)
        elif todo["Do"] == "Deliver":
            sink = self._sinks.get(str(todo["UUID"]))
            undelivered = []
            for index, failure in enumerate(todo["Failures"]):
                try:
                    if sink is None:
                        raise LookupError("nobody is told of failures any more")
                    sink(failure)
                except Exception as error:
                    self._errors[str(todo["UUID"])] = error
                    undelivered.append(index)
            self.tell("Delivered", Ticket=todo["Ticket"], Undelivered=undelivered)
        return todo

    def _outcome(self, todo: dict[str, Any]) -> dict[str, Any]:
        uuid = str(todo["UUID"])
        writes: list[dict[str, Any]] | None = [] if uuid in self._once else None
        try:
            response = self._run(todo, todo.pop("Event"), writes)
            items = json.loads(json.dumps(writes or [], default=_base64))
        except _NoHandler as nobody:
            return {"Outcome": "NotInvoked", "Reason": str(nobody)}
        except _TimedOut:
            self._errors[uuid] = _timed_out(todo)
            return {"Outcome": "TimedOut"}
        except Exception as error:
            self._errors[uuid] = error
            return {"Outcome": "Error"}
        if int(self._database.describe_clock()["Now"]) > int(todo["Deadline"]):
            self._errors[uuid] = _timed_out(todo)
            return {"Outcome": "TimedOut"}
        return {"Outcome": "Success", "Response": response, "TransactItems": items}

    def run_until_idle(self, only: str | None, advance: bool, limit: int) -> int:
        invocations = 0
        busy: set[str] = set()
        while True:
            todo = self.step(only)
            if todo["Do"] == "Invoke":
                invocations += 1
                busy.add(str(todo["UUID"]))
                if invocations >= limit:
                    raise RuntimeError(self._too_many(busy, limit))
            elif todo["Do"] == "SleepUntil" and advance:
                now = int(self._database.describe_clock()["Now"])
                self._database.advance_clock(Milliseconds=max(1, int(todo["Moment"]) - now))
            elif todo["Do"] in ("SleepUntil", "RedriveAt", "Idle"):
                # A failure that fails for ever would move the clock on for ever.
                return invocations

    def _too_many(self, busy: set[str], limit: int) -> str:
        text = f"the event source mappings are not idle after {limit} invocations"
        for uuid in sorted(busy):
            status = self.tell("Status", UUID=uuid)["Status"]
            if status and status["Cascades"]:
                arn = self._database.get_event_source_mapping(UUID=uuid)["FunctionArn"]
                text += f"; {arn} seems to write into its own source: {status['Cascades']} times records came while it ran"
        return text

    def error_of(self, uuid: str) -> BaseException | None:
        return self._errors.get(uuid)


class EventSourceMapping:
    """A stream whose records a function is given. `Database.event_source_mapping` makes one.

    Nothing runs by itself: `step` and `run_until_idle` carry it out in the thread that calls them, `start` in one of its own, until `stop` or the
    end of a ``with`` block.
    """

    def __init__(self, functions: Functions, uuid: str) -> None:
        self._functions = functions
        self._thread: threading.Thread | None = None
        self._is_stopping = threading.Event()
        #: The mapping's identity.
        self.uuid = uuid

    @property
    def _db(self) -> Any:
        return self._functions._database

    @property
    def configuration(self) -> dict[str, Any]:
        """What GetEventSourceMapping answers."""
        answer: dict[str, Any] = self._db.get_event_source_mapping(UUID=self.uuid)
        return answer

    @property
    def state(self) -> str:
        """``"Enabled"``, ``"Disabled"``, or what is on the way there."""
        return str(self.configuration["State"])

    @property
    def last_processing_result(self) -> str:
        """What became of the last batch."""
        return str(self.configuration["LastProcessingResult"])

    @property
    def counts(self) -> dict[str, int]:
        """What was counted since this program carries it out, under the names of CloudWatch's metrics; empty before."""
        status = self._functions.tell("Status", UUID=self.uuid)["Status"]
        return {**status["Counts"], "Cascades": status["Cascades"]} if status else {}

    @property
    def lag(self) -> list[dict[str, Any]]:
        """How far behind each shard is."""
        status = self._functions.tell("Status", UUID=self.uuid)["Status"]
        return list(status["Lag"]) if status else []

    @property
    def last_error(self) -> BaseException | None:
        """What the handler raised last, or who was to be told of failures."""
        return self._functions.error_of(self.uuid)

    def step(self) -> bool:
        """Invokes the function once, or tells of failures, if there is anything to do now; whether there was."""
        return self._functions.step(self.uuid)["Do"] in ("Invoke", "Deliver")

    def run_until_idle(self, *, advance: bool = False, limit: int = 10_000) -> int:
        """As `Database.run_until_idle`, for this mapping alone."""
        return self._functions.run_until_idle(self.uuid, advance, limit)

    def explain(self, record: str | Record | Mapping[str, Any]) -> list[dict[str, Any]]:
        """What became of a record, the first first, as far as it is remembered: ``what`` is ``filtered``, ``invoked``, ``succeeded``, ``failed``,
        ``reported``, ``bisected``, ``discarded``, ``expired`` or another word.

        :param record: a record, an entry of an event's ``Records``, a sequence number, or an event id.
        """
        return list(self._functions.tell("Explain", UUID=self.uuid, Record=_number_of(record))["Explanations"])

    def update(self, *, on_failure: OnFailure | None = None, **parameters: Any) -> dict[str, Any]:
        """Changes the mapping: parameters are named as those of `Database.event_source_mapping`, or of UpdateEventSourceMapping."""
        given = parameters_of(parameters)
        if isinstance(on_failure, str) and on_failure.startswith("arn:"):
            given["DestinationConfig"] = {"OnFailure": {"Destination": on_failure}}
        elif on_failure is not None:
            self._functions.sink(self.uuid, on_failure)
        answer: dict[str, Any] = self._db.update_event_source_mapping(UUID=self.uuid, **given)
        return answer

    def delete(self) -> None:
        """Stops and removes the mapping."""
        self.stop()
        self._db.delete_event_source_mapping(UUID=self.uuid)

    def redrive_every(self, interval: timedelta | int | None) -> None:
        """Has what was given up given to the function again in such intervals of the database's clock, a timedelta or milliseconds, from now on; None for no
        more. See `Database.event_source_mapping`. `step`, `run_until_idle` and the thread of `start` carry it out; `run_until_idle` does not move the
        clock for it.

        :raises ValueError: the mapping's failures go to no queue or bucket of the database.
        :raises streamtable.exceptions.ValidationException: less than a second.
        """
        if interval is None:
            self._functions.tell("RedriveEvery", UUID=self.uuid)
            return
        place = self.configuration.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
        if place.split(":")[2:3] not in (["sqs"], ["s3"]):
            raise ValueError("failures are given to the function again from a queue or bucket of the database: name its ARN as on_failure")
        milliseconds = interval // timedelta(milliseconds=1) if isinstance(interval, timedelta) else interval
        # 0 would be no more of it, which nobody means who gives a number.
        self._functions.tell("RedriveEvery", UUID=self.uuid, Milliseconds=max(milliseconds, 1))

    def redrive(self, failure: Mapping[str, Any]) -> Any:
        """Runs the function once more with the records of a failure, which is a document that `on_failure` was given, or an object with the payload;
        what it answers. The records are read again where the failure has no payload.

        What a function of a mapping that is ``exactly_once`` wants to be written is written in one transaction when it has returned, each time that
        this is called.

        :raises streamtable.exceptions.TrimmedDataAccessException: the stream no longer keeps them.
        """
        if payload := failure.get("payload"):
            event = json.loads(payload)
        else:
            event = {"Records": self._passing(list(self._records_of(failure["DDBStreamBatchInfo"])))}
        arn = str(self.configuration["FunctionArn"])
        writes: list[dict[str, Any]] | None = [] if self.uuid in self._functions._once else None
        answer = self._functions.invoke(arn, event, writes)
        if "FunctionError" in answer:
            raise RuntimeError(f"the function failed again: {answer['Payload']['errorType']}: {answer['Payload']['errorMessage']}")
        if writes:
            self._db.transact_write_items(TransactItems=writes)
        return answer["Payload"]

    def _passing(self, records: list[Any]) -> list[Any]:
        """The records that the filters let pass: between those that failed there may be others."""
        from .records import match_filters

        filters = self.configuration.get("FilterCriteria", {}).get("Filters", [])
        if not filters:
            return records
        matches = match_filters([str(each["Pattern"]) for each in filters], records)
        return [record for record, places in zip(records, matches, strict=True) if places]

    def _records_of(self, info: Mapping[str, Any]) -> Iterator[Any]:
        from .records import lambda_event

        place = {"StreamArn": info["streamArn"], "ShardId": info["shardId"]}
        first = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": info["startSequenceNumber"]}
        iterator = self._db.get_shard_iterator(**place, **first)["ShardIterator"]
        while iterator is not None:
            page = self._db.get_records(ShardIterator=iterator)
            for record, told in zip(page["Records"], lambda_event(page["Records"], info["streamArn"])["Records"], strict=True):
                yield told
                if int(record["dynamodb"]["SequenceNumber"]) >= int(info["endSequenceNumber"]):
                    return
            iterator = page.get("NextShardIterator")

    # In the background.

    def start(self) -> EventSourceMapping:
        """Carries the mapping out in a thread of its own, woken by what is written."""
        if self._thread is None:
            self._is_stopping.clear()
            self._thread = threading.Thread(target=self._serve, name=f"streamtable-mapping-{self.uuid}", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Ends the thread, after the invocation that it is at."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._is_stopping.set()
            self._functions.worker.call()
            if thread is not threading.current_thread():
                thread.join()

    def _serve(self) -> None:
        worker = self._functions.worker
        with contextlib.suppress(DatabaseClosedException):
            while not self._is_stopping.is_set():
                known = worker.count()
                todo = self._functions.step(self.uuid)
                if todo["Do"] == "Idle":
                    worker.wait(known, _LONGEST_SLEEP)
                elif todo["Do"] in ("SleepUntil", "RedriveAt"):
                    left = int(todo["Moment"]) - int(self._db.describe_clock()["Now"])
                    worker.wait(known, min(max(left, 1), _LONGEST_SLEEP))

    def __enter__(self) -> EventSourceMapping:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<streamtable.EventSourceMapping {self.uuid} of {self._db!r}>"


#: Parameters of mappings that are handed on as they are.
_PLAIN = {
    "batch_size": "BatchSize",
    "maximum_batching_window_in_seconds": "MaximumBatchingWindowInSeconds",
    "parallelization_factor": "ParallelizationFactor",
    "bisect_batch_on_function_error": "BisectBatchOnFunctionError",
    "maximum_retry_attempts": "MaximumRetryAttempts",
    "maximum_record_age_in_seconds": "MaximumRecordAgeInSeconds",
    "tumbling_window_in_seconds": "TumblingWindowInSeconds",
    "enabled": "Enabled",
}


def parameters_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as the operations name them; those that are None are left out, those of another name handed on."""
    parameters: dict[str, Any] = {}
    for name, value in given.items():
        if value is None:
            continue
        if name == "filters":
            patterns = [text if isinstance(text, str) else json.dumps(text) for text in value]
            parameters["FilterCriteria"] = {"Filters": [{"Pattern": pattern} for pattern in patterns]}
        elif name == "report_batch_item_failures":
            parameters["FunctionResponseTypes"] = ["ReportBatchItemFailures"] if value else []
        else:
            parameters[_PLAIN.get(name, name)] = value
    return parameters


class _NoHandler(Exception):
    """A function cannot be reached from here."""


class _TimedOut(Exception):
    """A coroutine has run for longer than its function may, and was cancelled."""


def _timed_out(task: Mapping[str, Any]) -> TimeoutError:
    """What Lambda reports of a function that has not answered in time. One that is no coroutine has gone on to its end."""
    return TimeoutError(f"RequestId: {task['RequestId']} Error: Task timed out after {float(task['Function']['TimeoutInSeconds']):.2f} seconds")


class _Emulated(RuntimeError):
    """A function behind an emulator has failed; what it told of it."""

    def __init__(self, told: Mapping[str, Any], payload: bytes) -> None:
        super().__init__(f"{told['errorType']}: {told['errorMessage']}")
        self.payload = payload


def error_payload(error: BaseException, request_id: str) -> dict[str, Any]:
    """What Lambda tells of an exception of a handler."""
    frames = traceback.format_tb(error.__traceback__)
    return {"errorMessage": str(error), "errorType": type(error).__name__, "requestId": request_id, "stackTrace": frames}


def _error(told: Mapping[str, Any]) -> StreamtableError:
    """Why writes of a function were not done."""
    response = {
        "Error": {"Code": told["Code"], "Message": told["Message"]},
        "ResponseMetadata": {"HTTPStatusCode": told["Status"], "RetryAttempts": 0},
        **told["Details"],
    }
    return from_code(told["Code"])(response, "TransactWriteItems")


def _base64(value: Any) -> Any:
    """Binary values in JSON."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, (set, frozenset)):
        return list(value)
    raise TypeError(f"{type(value).__name__} in transact_items")


def _request_id(arn: str, now: int) -> str:
    import uuid

    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{arn}/{now}/{threading.get_ident()}"))


def _awaited(answer: Any, seconds: float | None) -> Any:
    """Runs a coroutine to its end or that of its time, also where this thread has a loop that runs."""

    async def whole() -> Any:
        running = asyncio.ensure_future(answer)
        done, _ = await asyncio.wait({running}, timeout=seconds)
        if not done:
            running.cancel()
            raise _TimedOut("the time-out of the function is over")
        return running.result()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(whole())
    result: list[Any] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            result.append(asyncio.run(whole()))
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]
    return result[0]


def _emulated(endpoint: str, event: Any, timeout: float) -> str:
    """Invokes a function behind a runtime interface emulator."""
    url = endpoint.rstrip("/") + "/2015-03-31/functions/function/invocations"
    request = urllib.request.Request(url, json.dumps(event).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            text: str = answer.read().decode()
    except OSError as error:
        raise _NoHandler(f"{endpoint} cannot be reached: {error}") from error
    with contextlib.suppress(ValueError):
        told = json.loads(text)
        if isinstance(told, dict) and {"errorMessage", "errorType"} <= told.keys():
            raise _Emulated(told, text.encode())
    return text


def _to_directory(directory: pathlib.Path) -> Callable[[dict[str, Any]], None]:
    """Writes failures as the objects that a bucket would get."""

    def write(failure: dict[str, Any]) -> None:
        path = directory.joinpath(*str(failure["Key"]).split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(failure["Object"])

    return write


def _number_of(record: str | Record | Mapping[str, Any]) -> str:
    if isinstance(record, str):
        return record
    if isinstance(record, Record):
        return record.sequence_number
    return str(record["dynamodb"]["SequenceNumber"])
