"""The operation level: a client's API call without what only a network needs."""

from __future__ import annotations

import contextlib
import inspect
import io
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, Protocol

from botocore.awsrequest import AWSResponse
from botocore.utils import parse_timestamp

from ._listeners import is_listened_to
from ._streamtable import Handle
from ._waiting import settled


class Door(Protocol):
    """What leads from clients into one database, see `streamtable.boto3`."""

    def database_of(self, client: Any) -> Any: ...

    def headers(self) -> dict[str, str]: ...


#: The steps of a client's API call that the operation level replaces.
STEPS = ("_resolve_endpoint_ruleset", "_convert_to_request_dict", "_make_request")

#: What the names of a service's operations begin with in the engine, by what its name begins with in clients and targets: others have
#: operations of these names, too.
_PREFIXES = {"kinesis": "Kinesis", "sqs": "Sqs", "amazonsqs": "Sqs"}


def named(service: str, operation: str) -> str:
    """An operation as the engine names it."""
    prefix = next((prefix for begin, prefix in _PREFIXES.items() if service.startswith(begin)), "")
    return prefix + operation


class Body(io.BytesIO):
    """A body as urllib3 has it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class AioBody:
    """A body as aiohttp and httpx have it. Older versions of aiobotocore read the headers from it, too."""

    def __init__(self, content: bytes, headers: dict[str, str]) -> None:
        self._content = content
        self.raw_headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def read(self) -> bytes:
        return self._content

    aread = read


class _Failure:
    """The failure of a request that the operation level has run already: the answer to the first attempt of the transport, and to no other."""

    def __init__(self) -> None:
        self._answer: ContextVar[tuple[int, bytes] | None] = ContextVar("streamtable_failure", default=None)

    def take(self) -> tuple[int, bytes] | None:
        answer = self._answer.get()
        self._answer.set(None)
        return answer

    @contextlib.contextmanager
    def answering(self, answer: tuple[int, bytes]) -> Iterator[None]:
        """Inside, the first request that this thread or task sends through a client's transport is answered with this."""
        token = self._answer.set(answer)
        try:
            yield
        finally:
            self._answer.reset(token)


failure = _Failure()


class Shortcut:
    """Replaces three steps of a client's API call; botocore's own call goes on around them, with its events and errors.

    The request is read into the engine's form where botocore would serialise it, and run where botocore would send it. What is read without
    a doubt is what botocore's validation takes; anything else is given back to botocore.

    So is what the engine refuses, but it is not run again: botocore then makes and sends the request, the failure at hand is what it gets
    in answer, and whether there is a second attempt is for its own retry handler to say.
    """

    #: Where the shortcut keeps its notes in botocore's own dicts.
    NOTE = "streamtable"

    def __init__(self, door: Door, client: Any) -> None:
        self._database: Handle = door.database_of(client)
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
        prepared = self._database._prepare(named(self._service, operation_model.name), params)
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
        with failure.answering(answer):
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
            self._cuts[name] = cut_to(operation_model.output_shape)
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
        return AWSResponse(self._endpoint_url, 200, headers, Body())

    def _is_listened_to(self) -> bool:
        """Whether anybody but botocore itself listens to the transport. The emitter renews its cache whenever a listener comes or goes."""
        emitter = getattr(self._emitter, "_emitter", self._emitter)
        cache = getattr(emitter, "_lookup_cache", None)
        if cache is None:
            return True
        if cache is not self._listeners_seen:
            self._listeners_seen = cache
            self._listened_to = is_listened_to(emitter, self._service)
        return self._listened_to


class AioShortcut(Shortcut):
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
        started = self._database._start(prepared)
        await settled(started)
        answer = started.answered(self._zone)
        if isinstance(answer, dict):
            return self._answered(operation_model, answer)
        endpoint_url, headers, _ = await self._resolve(operation_model, api_params, request_context)
        options.update(endpoint_url=endpoint_url, headers=headers)
        request_dict = await self._convert(api_params=api_params, operation_model=operation_model, **options)
        with failure.answering(answer):
            return await self._send(operation_model, request_dict, request_context)

    def _http_response(self, headers: dict[str, str]) -> AWSResponse:
        from aiobotocore.awsrequest import AioAWSResponse

        return AioAWSResponse(self._endpoint_url, 200, headers, AioBody(b"", headers))


def cut_to(shape: Any) -> Callable[[Any], None] | None:
    """What drops from an answer the members that a model does not have, as botocore's parsers do; None where there is nothing to drop."""
    if shape is None or shape.name == "AttributeValue":
        return None
    if shape.type_name == "structure":
        members = shape.members.keys()
        inner = {name: cut for name, member in shape.members.items() if (cut := cut_to(member))}

        def cut_structure(value: dict[str, Any]) -> None:
            for name in value.keys() - members:
                del value[name]
            for name, cut in inner.items():
                if name in value:
                    cut(value[name])

        return cut_structure
    cut = cut_to(shape.member if shape.type_name == "list" else shape.value) if shape.type_name in ("list", "map") else None
    if cut is None:
        return None

    def cut_each(values: Any) -> None:
        for value in values.values() if isinstance(values, dict) else values:
            cut(value)

    return cut_each
