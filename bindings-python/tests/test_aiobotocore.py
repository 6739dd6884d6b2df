"""Unmodified aiobotocore code on a database: the same tests at both levels."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from conftest import PEOPLE, Turn

import streamtable

aiobotocore_session = pytest.importorskip("aiobotocore.session")

Program = Callable[[Any], Awaitable[None]]


@pytest.fixture(params=["operation", "transport"])
def level(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def served(db: streamtable.Database, level: Any) -> Iterator[streamtable.Database]:
    with streamtable.boto3.patched(db, level=level):
        yield db


def run(program: Program, service: str = "dynamodb") -> None:
    async def main() -> None:
        async with aiobotocore_session.get_session().create_client(service) as client:
            await program(client)

    asyncio.run(main())


def test_items_are_written_and_read(served: streamtable.Database) -> None:
    item = {"id": {"S": "ada"}, "photo": {"B": b"\x00\xff"}, "tags": {"SS": ["a", "b"]}}

    async def program(client: Any) -> None:
        answer = await client.put_item(TableName="People", Item=item)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
        assert (await client.get_item(TableName="People", Key={"id": {"S": "ada"}}))["Item"] == item
        table = (await client.describe_table(TableName="People"))["Table"]
        assert table["CreationDateTime"] == datetime(2026, 1, 1, tzinfo=timezone.utc)

    run(program)
    assert served.get_item(TableName="People", Key={"id": {"S": "ada"}})["Item"] == item


def test_errors_are_the_clients_own_classes(served: streamtable.Database) -> None:
    async def program(client: Any) -> None:
        await client.put_item(TableName="People", Item={"id": {"S": "ada"}})
        with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
            await client.put_item(
                TableName="People",
                Item={"id": {"S": "ada"}},
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        assert caught.value.response["Item"] == {"id": {"S": "ada"}}
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            await client.describe_table(TableName="Nothing")
        with pytest.raises(ParamValidationError):
            await client.put_item(TableName="People", Item={"id": {"S": 5}})
        operations = client.meta.service_model._service_description["operations"]
        operations["Invented"] = {**operations["ListTables"], "name": "Invented"}
        with pytest.raises(ClientError, match="UnknownOperationException"):
            await client._make_api_call("Invented", {})

    run(program)


def test_a_request_that_fails_reaches_the_engine_once(
    served: streamtable.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also while many are under way: each failure is told to the call it belongs to."""
    requests: list[str] = []
    for name in ("_start", "_start_json"):
        original = getattr(streamtable.Database, name)

        def count(self: Any, *args: Any, name: str = name, original: Any = original) -> Any:
            requests.append(name)
            return original(self, *args)

        monkeypatch.setattr(streamtable.Database, name, count)

    async def program(client: Any) -> None:
        async def put(number: int) -> Any:
            await client.put_item(TableName="People", Item={"id": {"S": f"{number}"}})
            with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
                await client.put_item(
                    TableName="People",
                    Item={"id": {"S": f"{number}"}},
                    ConditionExpression="attribute_not_exists(id)",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            return caught.value.response["Item"]["id"]["S"]

        assert await asyncio.gather(*(put(n) for n in range(20))) == [f"{n}" for n in range(20)]

    run(program)
    assert len(requests) == 40


def test_pages_and_waiters(served: streamtable.Database) -> None:
    async def program(client: Any) -> None:
        for n in range(10):
            await client.put_item(TableName="People", Item={"id": {"S": f"{n}"}})
        count = 0
        async for page in client.get_paginator("scan").paginate(TableName="People", PaginationConfig={"PageSize": 3}):
            count += page["Count"]
        assert count == 10
        await client.get_waiter("table_exists").wait(TableName="People")

    run(program)


def test_many_tasks_write_at_once(served: streamtable.Database) -> None:
    async def program(client: Any) -> None:
        await asyncio.gather(*(client.put_item(TableName="People", Item={"id": {"S": f"{n}"}}) for n in range(100)))

    run(program)
    assert served.scan(TableName="People", Select="COUNT")["Count"] == 100


def test_streams_are_read(served: streamtable.Database, arn: str) -> None:
    served.put_item(TableName="People", Item={"id": {"S": "ada"}})

    async def program(client: Any) -> None:
        shard = (await client.describe_stream(StreamArn=arn))["StreamDescription"]["Shards"][0]["ShardId"]
        iterator = await client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
        [record] = (await client.get_records(ShardIterator=iterator["ShardIterator"]))["Records"]
        assert record["dynamodb"]["NewImage"] == {"id": {"S": "ada"}}

    run(program, "dynamodbstreams")


def test_events_and_listeners_of_the_transport(served: streamtable.Database) -> None:
    async def program(client: Any) -> None:
        requests: list[Any] = []

        async def change(params: dict[str, Any], **_: Any) -> None:
            params["Item"]["added"] = {"S": "by an event"}

        client.meta.events.register("before-parameter-build.dynamodb.PutItem", change)
        await client.put_item(TableName="People", Item={"id": {"S": "a"}})
        client.meta.events.register("before-send.dynamodb.GetItem", lambda request, **_: requests.append(request))
        answer = await client.get_item(TableName="People", Key={"id": {"S": "a"}})
        assert answer["Item"]["added"] == {"S": "by an event"}
        assert len(requests) == 1

    run(program)


def test_a_session_of_one_database(db: streamtable.Database, level: Any) -> None:
    async def main() -> None:
        with streamtable.open() as other:
            async with (
                db.aiobotocore_session(level=level).create_client("dynamodb") as first,
                other.aiobotocore_session(level=level).create_client("dynamodb", region_name="eu-west-1") as second,
            ):
                assert (await first.list_tables())["TableNames"] == ["People"]
                assert (await second.list_tables())["TableNames"] == []
                assert second.meta.region_name == "eu-west-1"

    asyncio.run(main())


def test_at_operation_level_nothing_is_sent(db: streamtable.Database) -> None:
    async def main() -> None:
        sent: list[str] = []
        for level in ("operation", "transport"):
            async with db.aiobotocore_session(level=level).create_client("dynamodb") as client:
                send = client._endpoint.make_request

                async def make_request(*args: Any, send: Any = send, level: str = level) -> Any:
                    sent.append(level)
                    return await send(*args)

                client._endpoint.make_request = make_request
                await client.list_tables()
        assert sent == ["transport"]

    asyncio.run(main())


def test_a_client_works_on_the_database_of_the_moment(db: streamtable.Database, level: Any) -> None:
    async def main() -> None:
        session = aiobotocore_session.get_session()
        keys = {"region_name": "us-east-1", "aws_access_key_id": "x", "aws_secret_access_key": "x"}
        async with session.create_client("dynamodb", **keys) as client:
            with streamtable.boto3.patched(db, level=level), streamtable.open() as other:
                assert (await client.list_tables())["TableNames"] == ["People"]
                with streamtable.boto3.patched(other, level=level):
                    assert (await client.list_tables())["TableNames"] == []
                with pytest.raises(client.exceptions.ResourceNotFoundException):
                    await client.describe_table(TableName="Nothing")
                assert (await client.list_tables())["TableNames"] == ["People"]
            assert "_make_request" not in vars(client)

    asyncio.run(main())


def test_every_call_lets_others_have_their_turn(served: streamtable.Database) -> None:
    async def program(client: Any) -> None:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await Turn()

        task = asyncio.create_task(other())
        for _ in range(20):
            await client.get_item(TableName="People", Key={"id": {"S": "ada"}})
        task.cancel()
        assert turns >= 20

    run(program)


def test_the_disk_is_waited_for_on_another_thread(tmp_path: Any, level: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[bool] = []
    original = streamtable._shortcut.settled

    async def watch(started: Any) -> None:
        waited.append(not started.settled)
        await original(started)

    for module in (streamtable.boto3, streamtable._shortcut):
        monkeypatch.setattr(module, "settled", watch)

    async def program(client: Any) -> None:
        await client.create_table(**PEOPLE)
        waited.clear()
        await asyncio.gather(*(client.put_item(TableName="People", Item={"id": {"S": f"{n}"}}) for n in range(20)))
        assert any(waited), "the calls waited for the disk themselves"
        assert (await client.scan(TableName="People"))["Count"] == 20

    with streamtable.open(tmp_path / "data") as db, streamtable.boto3.patched(db, level=level):
        run(program)


def test_an_operation_that_is_not_here_is_told_by_name(served: streamtable.Database) -> None:
    async def program(client: Any) -> None:
        with pytest.raises(ClientError, match='no operation "KinesisRegisterStreamConsumer".*compatibility'):
            await client.register_stream_consumer(StreamARN="arn:aws:kinesis:us-east-1:000000000000:stream/x", ConsumerName="a")

    run(program, "kinesis")
