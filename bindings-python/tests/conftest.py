from __future__ import annotations

import socket
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

import streamtable

pytest_plugins = ["pytester"]

PEOPLE: dict[str, Any] = {
    "TableName": "People",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sockets: a test of connections to this machine")


@pytest.fixture(autouse=True)
def no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a connection fails: everything here is in-process, but what says otherwise."""
    if request.node.get_closest_marker("sockets"):
        return

    def refuse(*_: Any) -> None:
        raise OSError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


class Turn:
    """Awaited, lets every other task have its turn once."""

    def __await__(self) -> Generator[None, None, None]:
        yield


@pytest.fixture
def db() -> Iterator[streamtable.Database]:
    """A database on a manual clock with the table People and its stream."""
    with streamtable.open(clock="manual", seed=1) as database:
        database.create_table(**PEOPLE)
        yield database


@pytest.fixture
def arn(db: streamtable.Database) -> str:
    return db.describe_table(TableName="People")["Table"]["LatestStreamArn"]


@pytest.fixture
def put(db: streamtable.Database) -> Callable[..., Any]:
    def put(key: str, **attributes: Any) -> Any:
        return db.put_item(TableName="People", Item={"id": {"S": key}, **attributes})

    return put
