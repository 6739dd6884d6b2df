"""How `streamtable.boto3.patched` reaches every client: by the methods of botocore and aiobotocore that make clients and that call."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import botocore.client
import botocore.session

#: The services a database stands for, as `boto3.client` names them.
SERVICES = ("dynamodb", "dynamodbstreams", "kinesis", "sqs", "lambda", "s3", "sns")

#: Those that a context takes when nothing is said. Of S3 and SNS there is little here, and programs use them for much else.
USUAL_SERVICES = tuple(service for service in SERVICES if service not in ("s3", "sns"))

#: The attribute of a client that has its `Tie`.
_TIE = "_streamtable_tie"


class Tie:
    """What a client works on. A door is what leads into one database, see `streamtable.boto3`; None is the service."""

    __slots__ = ("displaced", "home", "is_given", "now")

    def __init__(self) -> None:
        #: The door it works on.
        self.now: Any = None
        #: The one it works on where no context says otherwise.
        self.home: Any = None
        #: Whether somebody has given it that one by name; contexts then say nothing to it.
        self.is_given = False
        #: Listeners that answer in the place of the service, away while the client has a database.
        self.displaced: tuple[Any, ...] = ()


def tie_of(client: Any) -> Tie:
    """The tie of a client; a new one for a client of the service."""
    tie: Tie = vars(client).setdefault(_TIE, Tie())
    return tie


class Patch:
    """The doors of the contexts, innermost last, and the methods it stands in for."""

    _lock = threading.Lock()
    _doors: tuple[Any, ...] = ()
    #: Clients that a context has taken away from where they are at home.
    _away: weakref.WeakSet[Any] = weakref.WeakSet()

    @classmethod
    def enter(cls, door: Any) -> None:
        with cls._lock:
            if not cls._doors:
                for owner, name, wrap in cls._targets():
                    setattr(owner, name, wrap(getattr(owner, name)))
            cls._doors += (door,)

    @classmethod
    def leave(cls, door: Any) -> None:
        with cls._lock:
            cls._doors = tuple(other for other in cls._doors if other is not door)
            for client in [client for client in cls._away if tie_of(client).now is door]:
                cls._away.discard(client)
                home = tie_of(client).home
                # Where another context goes on, the client's next call finds its way there.
                if home is None:
                    door.leave(client)
                else:
                    home.serve(client)
            if not cls._doors:
                for owner, name, _ in cls._targets():
                    # Where somebody patched over us, our wrapper stays below and passes everything on.
                    if hasattr(getattr(owner, name), "streamtable_original"):
                        setattr(owner, name, getattr(owner, name).streamtable_original)

    @classmethod
    def _innermost(cls) -> Any:
        doors = cls._doors
        return doors[-1] if doors else None

    @classmethod
    def _follow(cls, client: Any) -> None:
        """Makes a client work on the database of the innermost context."""
        door = cls._innermost()
        tie = vars(client).get(_TIE)
        if door is None or (tie is not None and (tie.now is door or tie.is_given)):
            return
        if client.meta.service_model.service_name not in door.services:
            return
        with cls._lock:
            # Another thread may have done it, and the context may be over.
            if door in cls._doors and tie_of(client).now is not door:
                door.serve(client)
                if tie_of(client).home is not door:
                    cls._away.add(client)

    @classmethod
    def _targets(cls) -> Iterator[tuple[Any, str, Callable[[Any], Any]]]:
        yield botocore.session.Session, "create_client", cls._wrap_creation
        yield botocore.client.BaseClient, "_make_api_call", cls._wrap_call
        if importlib.util.find_spec("aiobotocore") is not None:
            # An aiobotocore that does not fit the installed botocore fails to import, and then nobody can use it.
            with contextlib.suppress(ImportError):
                from aiobotocore.client import AioBaseClient
                from aiobotocore.session import AioSession

                yield AioSession, "_create_client", cls._wrap_aio_creation
                yield AioBaseClient, "_make_api_call", cls._wrap_aio_call

    @classmethod
    def _wrap_creation(cls, original: Any) -> Any:
        @functools.wraps(original)
        def create_client(session: Any, *args: Any, **kwargs: Any) -> Any:
            door = cls._innermost()
            if door is None:
                return original(session, *args, **kwargs)
            return door.create_client(original, session, *args, **kwargs)

        create_client.streamtable_original = original  # type: ignore[attr-defined]
        return create_client

    @classmethod
    def _wrap_aio_creation(cls, original: Any) -> Any:
        @functools.wraps(original)
        async def create_client(session: Any, *args: Any, **kwargs: Any) -> Any:
            door = cls._innermost()
            if door is None:
                return await original(session, *args, **kwargs)
            return await door.create_aio_client(original, session, *args, **kwargs)

        create_client.streamtable_original = original  # type: ignore[attr-defined]
        return create_client

    @classmethod
    def _wrap_call(cls, original: Any) -> Any:
        @functools.wraps(original)
        def make_api_call(client: Any, *args: Any, **kwargs: Any) -> Any:
            cls._follow(client)
            return original(client, *args, **kwargs)

        make_api_call.streamtable_original = original  # type: ignore[attr-defined]
        return make_api_call

    @classmethod
    def _wrap_aio_call(cls, original: Any) -> Any:
        @functools.wraps(original)
        async def make_api_call(client: Any, *args: Any, **kwargs: Any) -> Any:
            cls._follow(client)
            return await original(client, *args, **kwargs)

        make_api_call.streamtable_original = original  # type: ignore[attr-defined]
        return make_api_call
