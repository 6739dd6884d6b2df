"""moto beside us, as in tests that mock other services with it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from boto3_serving import client, level, no_configuration, served, table
from botocore.exceptions import ClientError

import streamtable

moto = pytest.importorskip("moto")

__all__ = ["client", "level", "no_configuration", "served", "table"]


def requests_of(client: Any, work: Callable[[], Any]) -> int:
    """How many HTTP requests a client makes."""
    made: list[Any] = []
    send = client._endpoint.make_request
    client._endpoint.make_request = lambda *args: made.append(args) or send(*args)
    try:
        work()
    finally:
        client._endpoint.make_request = send
    return len(made)


@pytest.mark.parametrize("in_use", [True, False])
def test_it_mocks_the_others_and_leaves_ours_as_they_are(db: streamtable.Database, level: Any, in_use: bool) -> None:
    with moto.mock_aws() if in_use else contextlib.nullcontext(), streamtable.boto3.patched(db, level=level):
        client = boto3.client("dynamodb", region_name="us-east-1")
        put = lambda: client.put_item(TableName="People", Item={"id": {"S": "ada"}})  # noqa: E731
        assert requests_of(client, put) == (0 if level == "operation" else 1), "moto turned the short way off"
        # What fails is told by botocore's transport: that must be answered by the database, too.
        with pytest.raises(client.exceptions.ConditionalCheckFailedException):
            client.put_item(TableName="People", Item={"id": {"S": "ada"}}, ConditionExpression="attribute_not_exists(id)")
        with pytest.raises(ClientError, match="Requested resource not found"):
            client.get_item(TableName="Nothing", Key={"id": {"S": "ada"}})
        if not in_use:
            return
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="photos")
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["photos"]
        assert db.scan(TableName="People")["Count"] == 1


def test_a_client_that_is_given_back_is_motos_again(db: streamtable.Database) -> None:
    with moto.mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        assert client.list_tables()["TableNames"] == []
        with streamtable.boto3.attached(client, db):
            assert client.list_tables()["TableNames"] == ["People"]
        assert client.list_tables()["TableNames"] == []
        with streamtable.boto3.patched(db):
            assert client.list_tables()["TableNames"] == ["People"]
        assert client.list_tables()["TableNames"] == []


def test_other_listeners_hear_of_requests_as_before(db: streamtable.Database) -> None:
    heard: list[str] = []
    with moto.mock_aws():
        client = db.boto3_client("dynamodb")
        client.meta.events.register("before-send.dynamodb", lambda request, **_: heard.append(request.url))
        client.list_tables()
    assert len(heard) == 1
