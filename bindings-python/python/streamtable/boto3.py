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

import contextlib
import copy
import functools
import inspect
import io
import itertools
import json
import secrets
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

import boto3 as _boto3
import botocore
from botocore.awsrequest import AWSResponse
from botocore.utils import parse_timestamp

from ._patching import SERVICES, Patch, Tie, tie_of
from ._streamtable import Handle, _rest

if TYPE_CHECKING:
    from ._mappings import Functions

__all__ = ["Level", "aiobotocore_session", "attach", "attached", "client", "detach", "patched", "resource", "session"]

_Database = TypeVar("_Database", bound=Handle)

#: How a client reaches the database.
Level = Literal["operation", "transport"]

#: Events that say nothing at operation level: who listens to one of them gets the long way.
_TRANSPORT_EVENTS = (
    "before-endpoint-resolution",
    "before-call",
    "request-created",
    "choose-signer",
    "before-sign",
    "before-send",
    "response-received",
    "before-parse",
    "needs-retry",
    "after-call-error",
)

#: What a client's listeners to the transport are known by.
_UNIQUE_ID = "streamtable"
_UNSIGNED_ID = "streamtable-unsigned"

#: The failure of a request that the operation level has run already: the answer to the first attempt of the transport, and to no other.
_failure: ContextVar[tuple[int, bytes] | None] = ContextVar("streamtable_failure", default=None)

#: The steps of a client's API call that the operation level replaces.
_STEPS = ("_resolve_endpoint_ruleset", "_convert_to_request_dict", "_make_request")

#: Packages whose own listeners belong to the transport and are not missed: that of Powertools names itself in the header of the user agent. Stubs
#: answer in the transport's place, and are missed.
_OWN_LISTENERS = ("botocore", "boto3", "aiobotocore", "aioboto3", "aws_lambda_powertools", "streamtable")
_STUBS = ("botocore.stub", "aiobotocore.stub")


@contextlib.contextmanager
def patched(database: _Database, *, level: Level = "operation") -> Iterator[_Database]:
    """Inside this context, every client and resource for DynamoDB, DynamoDB Streams, Kinesis Data Streams, SQS and Lambda of boto3, botocore or aiobotocore works on `database`,
    in any thread, whenever and by whichever session it was made. Clients of other services are left alone, and clients that were given a
    database by name (`client`, `attach` and the others here) keep that one.

    Contexts may be nested; the innermost of the moment counts. When the last one ends, a client is as it was before: one that was made inside
    keeps the database it was made on, one that is older asks the service again.
    """
    door = _Door(database, level, is_given=False)
    Patch.enter(door)
    try:
        yield database
    finally:
        Patch.leave(door)


def client(database: Handle, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
    """A boto3 client on `database`; `options` are those of ``boto3.client``."""
    return session(database, level=level).client(service_name, **options)


def resource(database: Handle, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
    """A boto3 resource on `database`; `options` are those of ``boto3.resource``."""
    return session(database, level=level).resource(service_name, **options)


def session(database: Handle, *, level: Level = "operation", **options: Any) -> Any:
    """A boto3 session whose DynamoDB clients and resources work on `database`; `options` are those of ``boto3.Session``."""
    door = _Door(database, level)
    made = _boto3.Session(**options)
    core: Any = made._session
    core.create_client = functools.partial(door.create_client, _unpatched(type(core), "create_client"), core)
    return made


def aiobotocore_session(database: Handle, *, level: Level = "operation") -> Any:
    """An aiobotocore session whose DynamoDB clients work on `database`."""
    from aiobotocore.session import AioSession

    door = _Door(database, level)
    made: Any = AioSession()
    made._create_client = functools.partial(door.create_aio_client, _unpatched(AioSession, "_create_client"), made)
    return made


def attach(client: Any, database: Handle, *, level: Level = "operation") -> Any:
    """Makes an existing client, of boto3, botocore or aiobotocore, or the client of a boto3 resource, work on `database` from now on, whatever
    it worked on before, and also inside `patched`; returns what it was given. Not while a call of the client is under way.

    A client of another region works on that region of the database (`Database.in_region`), here as everywhere.
    """
    _Door(database, level).take(_client_of(client))
    return client


def detach(client: Any) -> Any:
    """Takes an existing client, or that of a resource, away from its database: from now on it asks the service, as it was made to, and inside
    `patched` works on that database; returns what it was given. Nothing happens to a client that works on no database.
    """
    _restore(_client_of(client), Tie())
    return client


@contextlib.contextmanager
def attached(client: Any, database: Handle, *, level: Level = "operation") -> Iterator[Any]:
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

    def __init__(self, database: Handle, level: Level, *, is_given: bool = True) -> None:
        if level not in ("operation", "transport"):
            raise ValueError(f'level must be "operation" or "transport", not {level!r}')
        self.database = database
        #: The database as clients of other regions see it, by region.
        self._elsewhere: dict[str, Any] = {}
        self.level = level
        #: Whether the clients it makes were given their database by name, and keep it inside `patched`.
        self._is_given = is_given
        self._request_prefix = secrets.token_hex(16).upper()
        self._request_count = itertools.count(1)

    # Creation.

    def create_client(self, original: Callable[..., Any], session: Any, *args: Any, **kwargs: Any) -> Any:
        members = self._client_members(original, session, args, kwargs)
        made = original(**members)
        if members["service_name"] in SERVICES:
            self.take(made)
        return made

    async def create_aio_client(self, original: Callable[..., Any], session: Any, *args: Any, **kwargs: Any) -> Any:
        members = self._client_members(original, session, args, kwargs)
        made = await original(**members)
        if members["service_name"] in SERVICES:
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
        if members["service_name"] not in SERVICES:
            return members
        given = members.get("aws_access_key_id") or members.get("aws_secret_access_key")
        if not given and getattr(session, "_credentials", None) is None:
            members["aws_access_key_id"] = members["aws_secret_access_key"] = "streamtable"
            if "aws_account_id" in inspect.signature(original).parameters:
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
        answer = functools.partial(self._aio_response if is_async else self._response, self.database_of(client))
        events.register_last("before-send", answer, unique_id=_UNIQUE_ID)
        if getattr(getattr(client, "_request_signer", None), "_credentials", None) is None:
            # Nobody checks signatures here, and there is nothing to sign with.
            events.register_last("choose-signer", _unsigned, unique_id=_UNSIGNED_ID)
        if self.level == "operation" and not _has_paths(client) and all(hasattr(client, step) for step in _STEPS):
            # Where botocore no longer has these steps, its transport serves as well, only slower.
            (_AioShortcut if is_async else _Shortcut)(self, client)
        tie_of(client).now = self

    def database_of(self, client: Any) -> Any:
        """The database in the client's region."""
        region = client.meta.region_name
        # A client of no region, and one of a partition, is at home.
        if region in (None, "aws-global", self.database.region):
            return self.database
        if region not in self._elsewhere:
            self._elsewhere[region] = self.database.in_region(region)
        return self._elsewhere[region]

    @staticmethod
    def leave(client: Any) -> None:
        """Makes the client ask the service, whatever it worked on."""
        client.meta.events.unregister("before-send", unique_id=_UNIQUE_ID)
        client.meta.events.unregister("choose-signer", unique_id=_UNSIGNED_ID)
        for step in _STEPS:
            if isinstance(getattr(vars(client).get(step), "__self__", None), _Shortcut):
                # What hid the method of the class.
                delattr(client, step)
        tie_of(client).now = None

    # Transport level.

    def _answer(self, database: Any, request: Any) -> tuple[int, dict[str, str], bytes]:
        failure = _failure.get()
        _failure.set(None)
        headers = self.headers()
        if failure is None and not request.headers.get("X-Amz-Target"):
            status, told, answer = _run_path(database, request)
            return status, {"x-amzn-requestid": headers["x-amzn-requestid"], **dict(told), "content-length": str(len(answer))}, answer
        status, answer = failure or self._run(database, request)
        headers["x-amz-crc32"] = str(zlib.crc32(answer))
        headers["content-length"] = str(len(answer))
        if status >= 400 and (told := self._query_error(answer)):
            headers["x-amzn-query-error"] = told
        return status, headers, answer

    def _query_error(self, answer: bytes) -> str | None:
        code: str = json.loads(answer).get("__type", "").rpartition("#")[2]
        return self.database._query_error(code)

    @staticmethod
    def _run(database: Any, request: Any) -> tuple[Any, bytes]:
        target = request.headers["X-Amz-Target"]
        service, _, name = (target.decode() if isinstance(target, bytes) else target).rpartition(".")
        answer: tuple[Any, bytes] = database._call_json(_named(service.lower(), name), _bytes_of(request.body))
        return answer

    def headers(self) -> dict[str, str]:
        request_id = f"{self._request_prefix}{next(self._request_count):020d}"
        return {"x-amzn-requestid": request_id, "content-type": "application/x-amz-json-1.0"}

    def _response(self, database: Any, request: Any, **_: Any) -> AWSResponse:
        status, headers, answer = self._answer(database, request)
        return AWSResponse(request.url, status, headers, _Body(answer))

    async def _aio_response(self, database: Any, request: Any, **_: Any) -> AWSResponse:
        from aiobotocore.awsrequest import AioAWSResponse

        status, headers, answer = self._answer(database, request)
        return AioAWSResponse(request.url, status, headers, _AioBody(answer, headers))


def _run_path(database: Any, request: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    """A request whose operation its path tells: status, headers and body."""
    url = urlsplit(request.url)
    body = _bytes_of(request.body)
    headers = [(name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in request.headers.items()]
    answer = _rest(database, request.method, f"{url.path}?{url.query}", headers, body, str(uuid.uuid4()))
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
    """Whether the operations of a client's service are told by paths: those take the transport, at whichever level."""
    return bool(client.meta.service_model.metadata.get("protocol") == "rest-json")


def _bytes_of(body: Any) -> bytes:
    """The body of a request, whatever botocore has it as."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body.read() if hasattr(body, "read") else body)


def _unsigned(**_: Any) -> Any:
    return botocore.UNSIGNED


class _Body(io.BytesIO):
    """A body as urllib3 has it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class _AioBody:
    """A body as aiohttp and httpx have it. Older versions of aiobotocore read the headers from it, too."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        self._content = content
        self.raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def read(self) -> bytes:
        return self._content

    aread = read


#: What the names of a service's operations begin with in the engine, by what its name begins with in clients and targets: others have
#: operations of these names, too.
_PREFIXES = {"kinesis": "Kinesis", "sqs": "Sqs", "amazonsqs": "Sqs"}


def _named(service: str, operation: str) -> str:
    """An operation as the engine names it."""
    prefix = next((prefix for begin, prefix in _PREFIXES.items() if service.startswith(begin)), "")
    return prefix + operation


class _Shortcut:
    """Replaces three steps of a client's API call; botocore's own call goes on around them, with its events and errors.

    The request is read into the engine's form where botocore would serialise it, and run where botocore would send it. What is read without
    a doubt is what botocore's validation takes; anything else is given back to botocore.

    So is what the engine refuses, but it is not run again: botocore then makes and sends the request, the failure at hand is what it gets
    in answer, and whether there is a second attempt is for its own retry handler to say.
    """

    #: Where the shortcut keeps its notes in botocore's own dicts.
    NOTE = "streamtable"

    def __init__(self, door: _Door, client: Any) -> None:
        self._database = door.database_of(client)
        self._door = door
        self._emitter = client.meta.events
        self._service = client.meta.service_model.service_id.hyphenize()
        self._endpoint_url = client.meta.endpoint_url
        self._zone = parse_timestamp(0).tzinfo
        self._cuts: dict[str, Callable[[Any], None] | None] = {}
        self._listeners_seen: Any = None
        self._listened_to = False
        self._resolve = client._resolve_endpoint_ruleset
        self._convert = client._convert_to_request_dict
        self._send = client._make_request
        client._resolve_endpoint_ruleset = self.resolve_endpoint_ruleset
        client._convert_to_request_dict = self.convert_to_request_dict
        client._make_request = self.make_request

    def resolve_endpoint_ruleset(self, operation_model: Any, params: Any, request_context: Any, **options: Any) -> Any:
        # A member that the engine has and this botocore does not is a mistake in botocore's eyes.
        known = operation_model.input_shape.members.keys()
        if options or self._is_listened_to() or not params.keys() <= known:
            return self._resolve(operation_model, params, request_context, **options)
        prepared = self._database._prepare(_named(self._service, operation_model.name), params)
        if prepared is None:
            return self._resolve(operation_model, params, request_context)
        request_context[self.NOTE] = prepared
        return self._endpoint_url, {}, {}

    def convert_to_request_dict(self, api_params: Any, operation_model: Any, **options: Any) -> Any:
        prepared = self._taken(options)
        if prepared is None:
            return self._convert(api_params=api_params, operation_model=operation_model, **options)
        request = self._request(options)
        request[self.NOTE] = (prepared, api_params, options)
        return request

    def make_request(self, operation_model: Any, request_dict: Any, request_context: Any) -> Any:
        note = request_dict.pop(self.NOTE, None)
        if note is None:
            return self._send(operation_model, request_dict, request_context)
        prepared, api_params, options = note
        answer = self._database._run(prepared, self._zone)
        if isinstance(answer, dict):
            return self._answered(operation_model, answer)
        endpoint_url, headers, _ = self._resolve(operation_model, api_params, request_context)
        options.update(endpoint_url=endpoint_url, headers=headers)
        request_dict = self._convert(api_params=api_params, operation_model=operation_model, **options)
        with _answering(answer):
            return self._send(operation_model, request_dict, request_context)

    def _taken(self, options: dict[str, Any]) -> Any:
        context = options.get("context")
        return context.pop(self.NOTE, None) if context else None

    def _request(self, options: dict[str, Any]) -> dict[str, Any]:
        """As much of a request as listeners of botocore's own expect."""
        return {
            "url_path": "/",
            "query_string": "",
            "method": "POST",
            "headers": {},
            "body": b"",
            "url": options.get("endpoint_url"),
            "context": options.get("context"),
        }

    def _answered(self, operation_model: Any, answer: dict[str, Any]) -> tuple[AWSResponse, dict[str, Any]]:
        name = operation_model.name
        if name not in self._cuts:
            self._cuts[name] = _cut_to(operation_model.output_shape)
        if cut := self._cuts[name]:
            cut(answer)
        headers = self._door.headers()
        answer["ResponseMetadata"] = {
            "RequestId": headers["x-amzn-requestid"],
            "HTTPStatusCode": 200,
            "HTTPHeaders": headers,
            "RetryAttempts": 0,
        }
        return self._http_response(headers), answer

    def _http_response(self, headers: dict[str, str]) -> AWSResponse:
        return AWSResponse(self._endpoint_url, 200, headers, _Body())

    def _is_listened_to(self) -> bool:
        """Whether anybody but botocore itself listens to the transport. The emitter renews its cache whenever a listener comes or goes."""
        emitter = getattr(self._emitter, "_emitter", self._emitter)
        cache = getattr(emitter, "_lookup_cache", None)
        if cache is None:
            return True
        if cache is not self._listeners_seen:
            self._listeners_seen = cache
            self._listened_to = any(
                not _is_own(listener)
                for event in _TRANSPORT_EVENTS
                for listener in _listeners(emitter._handlers, event, self._service)
            )
        return self._listened_to


class _AioShortcut(_Shortcut):
    """The same for aiobotocore, whose steps are coroutines."""

    async def resolve_endpoint_ruleset(
        self, operation_model: Any, params: Any, request_context: Any, **options: Any
    ) -> Any:
        answer = super().resolve_endpoint_ruleset(operation_model, params, request_context, **options)
        return await answer if inspect.isawaitable(answer) else answer

    async def convert_to_request_dict(self, api_params: Any, operation_model: Any, **options: Any) -> Any:
        answer = super().convert_to_request_dict(api_params, operation_model, **options)
        return await answer if inspect.isawaitable(answer) else answer

    async def make_request(self, operation_model: Any, request_dict: Any, request_context: Any) -> Any:
        note = request_dict.pop(self.NOTE, None)
        if note is None:
            return await self._send(operation_model, request_dict, request_context)
        prepared, api_params, options = note
        answer = self._database._run(prepared, self._zone)
        if isinstance(answer, dict):
            return self._answered(operation_model, answer)
        endpoint_url, headers, _ = await self._resolve(operation_model, api_params, request_context)
        options.update(endpoint_url=endpoint_url, headers=headers)
        request_dict = await self._convert(api_params=api_params, operation_model=operation_model, **options)
        with _answering(answer):
            return await self._send(operation_model, request_dict, request_context)

    def _http_response(self, headers: dict[str, str]) -> AWSResponse:
        from aiobotocore.awsrequest import AioAWSResponse

        return AioAWSResponse(self._endpoint_url, 200, headers, _AioBody(b"", headers))


@contextlib.contextmanager
def _answering(failure: tuple[int, bytes]) -> Iterator[None]:
    """Inside, the first request that this thread or task sends through a client's transport is answered with `failure`."""
    token = _failure.set(failure)
    try:
        yield
    finally:
        _failure.reset(token)


def _cut_to(shape: Any) -> Callable[[Any], None] | None:
    """What drops from an answer the members that a model does not have, as botocore's parsers do; None where there is nothing to drop."""
    if shape is None or shape.name == "AttributeValue":
        return None
    if shape.type_name == "structure":
        members = shape.members.keys()
        inner = {name: cut for name, member in shape.members.items() if (cut := _cut_to(member))}

        def cut_structure(value: dict[str, Any]) -> None:
            for name in value.keys() - members:
                del value[name]
            for name, cut in inner.items():
                if name in value:
                    cut(value[name])

        return cut_structure
    cut = _cut_to(shape.member if shape.type_name == "list" else shape.value) if shape.type_name in ("list", "map") else None
    if cut is None:
        return None

    def cut_each(values: Any) -> None:
        for value in values.values() if isinstance(values, dict) else values:
            cut(value)

    return cut_each


def _listeners(trie: Any, event: str, service: str) -> Iterator[Any]:
    """Every listener to an event of a service, for whichever operation."""
    chunks: tuple[str, ...] = (event, service)
    nodes = [trie._root]
    for chunk in chunks:
        nodes = [child for node in nodes for child in _children(node, chunk)]
        for node in nodes:
            yield from _values(node)
    while nodes:
        nodes = [child for node in nodes for child in node["children"].values()]
        for node in nodes:
            yield from _values(node)


def _children(node: Any, chunk: str) -> list[Any]:
    return [node["children"][name] for name in (chunk, "*") if name in node["children"]]


def _values(node: Any) -> Iterator[Any]:
    for section in node["values"] or ():
        yield from section


def _is_own(listener: Any) -> bool:
    while isinstance(listener, functools.partial):
        listener = listener.func
    module = getattr(listener, "__module__", None) or type(listener).__module__
    return module.partition(".")[0] in _OWN_LISTENERS and module not in _STUBS


def _unpatched(owner: Any, name: str) -> Any:
    """A method as it is without `patched`: a session of one database keeps to it inside the context of another."""
    method = getattr(owner, name)
    return getattr(method, "streamtable_original", method)
