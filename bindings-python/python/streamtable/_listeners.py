"""Who listens to the transport of a client, besides botocore itself."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

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

#: Packages whose own listeners belong to the transport and are not missed: that of Powertools names itself in the header of the user agent. Stubs
#: answer in the transport's place, and are missed.
_OWN_LISTENERS = ("botocore", "boto3", "aiobotocore", "aioboto3", "aws_lambda_powertools", "streamtable")
_STUBS = ("botocore.stub", "aiobotocore.stub")


def is_listened_to(emitter: Any, service: str) -> bool:
    """Whether anybody but botocore itself listens to the transport of a service's clients."""
    return any(not _is_own(listener) for event in _TRANSPORT_EVENTS for listener in _listeners(emitter._handlers, event, service))


def displace(events: Any) -> tuple[Any, ...]:
    """Takes those away who answer in the place of the service for all clients there are, where a client has a database; returns them. moto
    does so as soon as it is imported, whether it is in use or not."""
    emitter = getattr(events, "_emitter", events)
    handlers = getattr(emitter, "_handlers", None)
    if handlers is None:
        return ()
    found = tuple(
        listener for node in _children(handlers._root, "before-send") for listener in _values(node) if _package_of(listener) == "moto"
    )
    for listener in found:
        events.unregister("before-send", listener)
    return found


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
    return _package_of(listener) in _OWN_LISTENERS and _module_of(listener) not in _STUBS


def _package_of(listener: Any) -> str:
    return _module_of(listener).partition(".")[0]


def _module_of(listener: Any) -> str:
    while isinstance(listener, functools.partial):
        listener = listener.func
    module: str = getattr(listener, "__module__", None) or type(listener).__module__
    return module
