"""Unmodified boto3 and aiobotocore code on a database, in-process: no socket, no credentials, no region needed.

One line makes all clients of DynamoDB use the database:

    with streamtable.boto3.patched(db):
        table = boto3.resource("dynamodb").Table("People")
        table.put_item(Item={"id": "ada", "born": 1815})

So does everything that was created before, at the top of a module for instance.

`client`, `resource`, `session` and `aiobotocore_session` make single ones, also for several databases side by side, and `attach` takes a client
or resource that exists, until `detach`; `attached` for the time of a context. The same are methods of a database: ``db.boto3_client("dynamodb")``.

There are two levels, with the same answers:

``"operation"`` (the default)
    The parameters go from botocore's events straight into the engine, and its answer straight back. Serialising, signing, HTTP and parsing
    are left out, which is nearly all of the time. Whatever is not entirely ordinary takes the long way by itself: requests that botocore
    finds fault with, and clients on which somebody listens to events of the transport. An error of the engine is told, and tried again, by
    botocore's transport, which gets it in place of the first answer.
``"transport"``
    botocore does all it does for a remote service, up to the HTTP request, which the database answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import functools
import inspect
import itertools
import json
import secrets
import uuid
import zlib
from collections.abc import Callable, Collection, Iterator
from datetime import timezone
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import boto3 as _boto3
import botocore
from botocore.awsrequest import AWSResponse

from ._clients import Level, aiobotocore_session, client, resource, session
from ._listeners import displace
from ._patching import SERVICES, USUAL_SERVICES, Patch, Tie, tie_of
from ._shortcut import STEPS, AioBody, AioShortcut, Body, Shortcut, failure, named
from ._streamtable import Handle, _rest, _unknown_operation
from ._waiting import settled

if TYPE_CHECKING:
    from ._mappings import Functions

__all__ = ["Level", "aiobotocore_session", "attach", "attached", "client", "detach", "patched", "resource", "session"]

_Database = TypeVar("_Database", bound=Handle)
_Client = TypeVar("_Client")

#: What a client's listeners to the transport are known by.
_UNIQUE_ID = "streamtable"
_UNSIGNED_ID = "streamtable-unsigned"

@contextlib.contextmanager
def patched(
    database: _Database, *, level: Level = "operation", services: Collection[str] = USUAL_SERVICES
) -> Iterator[_Database]:
    """Inside this context, every client and resource for `services` of boto3, botocore or aiobotocore works on `database`, in any thread, whenever and by
    whichever session it was made. Clients of other services are left alone, and clients that were given a database by name (`client`, `attach` and the
    others here) keep that one.

    The services are named as in ``boto3.client``. When nothing is said they are ``dynamodb``, ``dynamodbstreams``, ``kinesis``, ``sqs`` and ``lambda``;
    ``s3`` and ``sns`` are taken by request, since there is little of them here.

    Contexts may be nested; the innermost of the moment counts. When the last one ends, a client is as it was before: one that was made inside
    keeps the database it was made on, one that is older asks the service again.
    """
    if unknown := set(services) - set(SERVICES):
        raise ValueError(f"there are no clients of {sorted(unknown)} on a database, only of {', '.join(SERVICES)}")
    door = _Door(database, level, is_given=False, services=services)
    Patch.enter(door)
    try:
        yield database
    finally:
        Patch.leave(door)


def session_on(database: Handle, level: Level, options: dict[str, Any]) -> Any:
    """What `session` answers."""
    door = _Door(database, level)
    made = _boto3.Session(**options)
    core: Any = made._session
    core.create_client = functools.partial(door.create_client, _unpatched(type(core), "create_client"), core)
    return made


def aio_session_on(database: Handle, level: Level) -> Any:
    """What `aiobotocore_session` answers."""
    from aiobotocore.session import AioSession

    door = _Door(database, level)
    made: Any = AioSession()
    made._create_client = functools.partial(door.create_aio_client, _unpatched(AioSession, "_create_client"), made)
    return made


def attach(client: _Client, database: Handle, *, level: Level = "operation") -> _Client:
    """Makes an existing client, of boto3, botocore or aiobotocore, or the client of a boto3 resource, work on `database` from now on, whatever
    it worked on before, and also inside `patched`; returns what it was given. Not while a call of the client is under way.

    A client of another region works on that region of the database (`Database.in_region`), here as everywhere.
    """
    _Door(database, level).take(_client_of(client))
    return client


def detach(client: _Client) -> _Client:
    """Takes an existing client, or that of a resource, away from its database: from now on it asks the service, as it was made to, and inside
    `patched` works on that database; returns what it was given. Nothing happens to a client that works on no database.
    """
    _restore(_client_of(client), Tie())
    return client


@contextlib.contextmanager
def attached(client: _Client, database: Handle, *, level: Level = "operation") -> Iterator[_Client]:
    """`attach` for the time of a context, after which the client is as it was."""
    before = copy.copy(tie_of(_client_of(client)))
    try:
        yield attach(client, database, level=level)
    finally:
        _restore(_client_of(client), before)


def _client_of(client: Any) -> Any:
    """A client, or the one of a resource."""
    return getattr(client.meta, "client", client)


def _restore(client: Any, before: Tie) -> None:
    if before.now is None:
        _Door.leave(client)
    else:
        before.now.serve(client)
    tie = tie_of(client)
    tie.home, tie.is_given = before.home, before.is_given


class _Door:
    """What leads from clients into one database."""

    def __init__(
        self, database: Handle, level: Level, *, is_given: bool = True, services: Collection[str] = SERVICES
    ) -> None:
        if level not in ("operation", "transport"):
            raise ValueError(f'level must be "operation" or "transport", not {level!r}')
        self.database = database
        self.level = level
        #: The database as clients of other regions see it, by region.
        self._elsewhere: dict[str, Any] = {}
        #: Whether the clients it makes were given their database by name, and keep it inside `patched`.
        self._is_given = is_given
        #: Whose clients work on the database.
        self.services = frozenset(services)
        self._request_prefix = secrets.token_hex(16).upper()
        self._request_count = itertools.count(1)

    # Creation.

    def create_client(self, original: Callable[..., Any], session: Any, *args: Any, **kwargs: Any) -> Any:
        members = self._client_members(original, session, args, kwargs)
        made = original(**members)
        if members["service_name"] in self.services:
            self.take(made)
        return made

    async def create_aio_client(self, original: Callable[..., Any], session: Any, *args: Any, **kwargs: Any) -> Any:
        members = self._client_members(original, session, args, kwargs)
        made = await original(**members)
        if members["service_name"] in self.services:
            self.take(made)
        return made

    def _client_members(
        self, original: Callable[..., Any], session: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        """The arguments of a new client, with credentials and a region where the caller gave none: botocore would search the machine and the
        network for them."""
        bound = inspect.signature(original).bind(session, *args, **kwargs)
        members = {**bound.arguments, **bound.arguments.get("kwargs", {})}
        members.pop("kwargs", None)
        if members["service_name"] not in self.services:
            return members
        given = members.get("aws_access_key_id") or members.get("aws_secret_access_key")
        if not given and getattr(session, "_credentials", None) is None:
            members["aws_access_key_id"] = members["aws_secret_access_key"] = "streamtable"
            if self.database.address is None and "aws_account_id" in inspect.signature(original).parameters:
                members["aws_account_id"] = self.database.account
        config_region = getattr(members.get("config"), "region_name", None)
        if not (members.get("region_name") or config_region or session.get_config_variable("region")):
            members["region_name"] = self.database.region
        return members

    def take(self, client: Any) -> None:
        """Makes this the client's own door."""
        self.serve(client)
        tie = tie_of(client)
        tie.home, tie.is_given = self, self._is_given

    def serve(self, client: Any) -> None:
        """Makes the client work on the database, whatever it worked on."""
        self.leave(client)
        is_async = inspect.iscoroutinefunction(type(client)._make_api_call)
        events = client.meta.events
        tie_of(client).displaced = displace(events)
        answer = functools.partial(self._aio_response if is_async else self._response, self.database_of(client))
        events.register_last("before-send", answer, unique_id=_UNIQUE_ID)
        if getattr(getattr(client, "_request_signer", None), "_credentials", None) is None:
            # Nobody checks signatures here, and there is nothing to sign with.
            events.register_last("choose-signer", _unsigned, unique_id=_UNSIGNED_ID)
        if self.level == "operation" and not _has_paths(client) and all(hasattr(client, step) for step in STEPS):
            # Where botocore no longer has these steps, its transport serves as well, only slower.
            (AioShortcut if is_async else Shortcut)(self, client)
        tie_of(client).now = self

    def database_of(self, client: Any) -> Any:
        """The database in the client's region."""
        region = client.meta.region_name
        # A client of no region, and one of a partition, is at home.
        if region in (None, "aws-global", self.database.region):
            return self.database
        if region not in self._elsewhere:
            # A handle has no regions; every database that users have is a `Database`, which does.
            home: Any = self.database
            self._elsewhere[region] = home.in_region(region)
        return self._elsewhere[region]

    @staticmethod
    def leave(client: Any) -> None:
        """Makes the client ask the service, whatever it worked on."""
        client.meta.events.unregister("before-send", unique_id=_UNIQUE_ID)
        client.meta.events.unregister("choose-signer", unique_id=_UNSIGNED_ID)
        for step in STEPS:
            if isinstance(getattr(vars(client).get(step), "__self__", None), Shortcut):
                # What hid the method of the class.
                delattr(client, step)
        tie = tie_of(client)
        for listener in tie.displaced:
            client.meta.events.register("before-send", listener)
        tie.now, tie.displaced = None, ()

    # Transport level.

    def _framed(self, operation: str, status: int, answer: bytes) -> tuple[int, dict[str, str], bytes]:
        """The answer as HTTP has it, with its headers."""
        headers = self.headers()
        if status == 400:
            answer = _told_unknown(operation, answer)
        headers["x-amz-crc32"] = str(zlib.crc32(answer))
        headers["content-length"] = str(len(answer))
        if status >= 400 and (told := self._query_error(answer)):
            headers["x-amzn-query-error"] = told
        return status, headers, answer

    def _query_error(self, answer: bytes) -> str | None:
        code: str = json.loads(answer).get("__type", "").rpartition("#")[2]
        return self.database._query_error(code)

    def _answer(self, database: Any, request: Any, event_name: str) -> tuple[int, dict[str, str], bytes]:
        operation = _operation_of(request)
        if operation is None:
            return self._by_path(database, request, event_name)
        status, answer = failure.take() or database._call_json(operation, _bytes_of(request.body))
        return self._framed(operation, status, answer)

    async def _aio_answer(self, database: Any, request: Any, event_name: str) -> tuple[int, dict[str, str], bytes]:
        operation = _operation_of(request)
        if operation is None:
            # A function may run there, for as long as it likes.
            return await asyncio.to_thread(self._by_path, database, request, event_name)
        told = failure.take()
        if told is None:
            started = database._start_json(operation, _bytes_of(request.body))
            await settled(started)
            told = started.answered(timezone.utc)
        return self._framed(operation, *told)

    def _by_path(self, database: Any, request: Any, event_name: str) -> tuple[int, dict[str, str], bytes]:
        status, told, answer = _run_path(database, request, event_name.split(".")[1])
        request_id = self.headers()["x-amzn-requestid"]
        return status, {"x-amzn-requestid": request_id, **dict(told), **_length(told, answer)}, answer

    def headers(self) -> dict[str, str]:
        request_id = f"{self._request_prefix}{next(self._request_count):020d}"
        return {"x-amzn-requestid": request_id, "content-type": "application/x-amz-json-1.0"}

    def _response(self, database: Any, request: Any, event_name: str = "", **_: Any) -> AWSResponse:
        status, headers, answer = self._answer(database, request, event_name)
        return AWSResponse(request.url, status, headers, Body(answer))

    async def _aio_response(self, database: Any, request: Any, event_name: str = "", **_: Any) -> AWSResponse:
        from aiobotocore.awsrequest import AioAWSResponse

        status, headers, answer = await self._aio_answer(database, request, event_name)
        return AioAWSResponse(request.url, status, headers, AioBody(answer, headers))


def _operation_of(request: Any) -> str | None:
    """The operation that a request's header names; None where its path does."""
    target = request.headers.get("X-Amz-Target", "")
    if not target:
        return None
    service, _, name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")
    return named(service.lower(), name)


def _told_unknown(operation: str, answer: bytes) -> bytes:
    """An error; the one for an operation that is not here, which the service leaves without a word, with words."""
    error = json.loads(answer)
    if "message" in error or not error.get("__type", "").endswith("#UnknownOperationException"):
        return answer
    return json.dumps({**error, "message": _unknown_operation(operation)}).encode()


def _run_path(database: Any, request: Any, service: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """A request whose operation its path or its form tells: status, headers and body."""
    url = urlsplit(request.url)
    body = _bytes_of(request.body)
    headers = [(name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in request.headers.items()]
    path = url.path
    if service == "s3":
        # Signed or not, this is what it is for; the bucket may be a part of the host.
        headers.append(("authorization", "Credential=streamtable/s3/aws4_request"))
        bucket, dot, _ = (url.hostname or "").partition(".s3.")
        path = f"/{bucket}{path}" if dot else path
    answer = _rest(database, request.method, f"{path}?{url.query}", headers, body, str(uuid.uuid4()))
    if isinstance(answer, str):
        # A handle has no functions; every database that users have is a `Database`, which does.
        functions: Functions = database.functions
        return functions.answer(answer, body)
    if answer is not None:
        return answer
    text = f"streamtable has no operation at {request.method} {url.path}"
    told = [("content-type", "application/json"), ("x-amzn-errortype", "UnknownOperationException")]
    return 404, told, json.dumps({"message": text}).encode()


def _has_paths(client: Any) -> bool:
    """Whether the operations of a client's service are told by paths or forms: those take the transport, at whichever level."""
    return bool(client.meta.service_model.metadata.get("protocol") in ("rest-json", "rest-xml", "query"))


def _length(told: list[tuple[str, str]], body: bytes) -> dict[str, str]:
    """The length of a body, which the answer to HEAD says without having one."""
    return {} if "content-length" in dict(told) else {"content-length": str(len(body))}


def _bytes_of(body: Any) -> bytes:
    """The body of a request, whatever botocore has it as."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body.read() if hasattr(body, "read") else body)


def _unsigned(**_: Any) -> Any:
    return botocore.UNSIGNED


def _unpatched(owner: Any, name: str) -> Any:
    """A method as it is without `patched`: a session of one database keeps to it inside the context of another."""
    method = getattr(owner, name)
    return getattr(method, "streamtable_original", method)
