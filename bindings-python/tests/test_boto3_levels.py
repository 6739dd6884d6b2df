"""The two levels at which boto3 code reaches a database: events, stubs, retries, what is sent."""

from __future__ import annotations

import json
import time
import zlib
from datetime import datetime, timezone
from typing import Any

import boto3
import pytest
from boto3_serving import LEVELS, client, level, no_configuration, served  # fixtures
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from conftest import PEOPLE

import streamtable


def test_both_levels_answer_alike() -> None:
    """One history through each level on databases of the same seed: all answers and errors are the same."""

    def history(level: Any) -> list[Any]:
        answers: list[Any] = []
        with streamtable.open(clock="manual", seed=5) as db:
            client = db.boto3_client("dynamodb", level=level)
            streams = db.boto3_client("dynamodbstreams", level=level)

            def step(target: Any, method: str, **members: Any) -> Any:
                try:
                    answer = getattr(target, method)(**members)
                except ClientError as error:
                    answer = error.response
                metadata = answer.pop("ResponseMetadata")
                answers.append((method, metadata["HTTPStatusCode"], metadata["RetryAttempts"], answer))
                return answer

            step(client, "create_table", **PEOPLE)
            arn = step(client, "describe_table", TableName="People")["Table"]["LatestStreamArn"]
            for n in range(4):
                item = {"id": {"S": f"{n}"}, "all": {"M": {"b": {"B": b"\x00"}, "l": {"L": [{"NULL": True}, {"NS": ["1", "2"]}]}}}}
                step(client, "put_item", TableName="People", Item=item, ReturnConsumedCapacity="TOTAL", ReturnValues="ALL_OLD")
                step(client, "put_item", TableName="People", Item=item, ConditionExpression="attribute_not_exists(id)")
            step(client, "update_item", TableName="People", Key={"id": {"S": "0"}}, UpdateExpression="SET #a = :b",
                 ExpressionAttributeNames={"#a": "new"}, ExpressionAttributeValues={":b": {"N": "1.50"}}, ReturnValues="ALL_NEW")  # fmt: skip
            step(client, "update_item", TableName="People", Key={"id": {"S": "0"}}, UpdateExpression="SET ((((")
            step(client, "query", TableName="People", KeyConditionExpression="id = :k", ExpressionAttributeValues={":k": {"S": "1"}})
            page = step(client, "scan", TableName="People", Limit=2)
            step(client, "scan", TableName="People", ExclusiveStartKey=page["LastEvaluatedKey"], ConsistentRead=True)
            step(client, "delete_item", TableName="People", Key={"id": {"S": "9"}})
            step(client, "delete_item", TableName="People", Key={"id": {"S": "3"}}, ReturnValues="ALL_OLD")
            step(client, "get_item", TableName="People", Key={"wrong": {"S": "3"}})
            step(client, "list_tables", Limit=1)
            step(client, "describe_limits")
            step(streams, "list_streams")
            shard = step(streams, "describe_stream", StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
            iterator = step(streams, "get_shard_iterator", StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            step(streams, "get_records", ShardIterator=iterator)
            step(streams, "get_records", ShardIterator="forged")
            knows_moments = "Timestamp" in streams.meta.service_model.operation_model("GetShardIterator").input_shape.members
            moments = (datetime(2026, 1, 1, tzinfo=timezone.utc), 1767225600, 1767225600.5, datetime(2027, 1, 1, tzinfo=timezone.utc))
            for moment in moments if knows_moments else ():
                step(streams, "get_shard_iterator", StreamArn=arn, ShardId=shard, ShardIteratorType="AT_TIMESTAMP", Timestamp=moment)
            step(client, "update_table", TableName="People", StreamSpecification={"StreamEnabled": False})
            step(client, "delete_table", TableName="People")
            step(client, "delete_table", TableName="Nothing")
        return answers

    fast, exact = history("operation"), history("transport")
    for left, right in zip(fast, exact, strict=True):
        assert left == right
    assert any(status == 400 for _, status, *_ in fast)


def test_the_levels_are_what_they_say(db: streamtable.Database) -> None:
    """At operation level nothing is serialised, signed or sent; at transport level everything is."""
    sent: list[str] = []

    for level in LEVELS:
        client = db.boto3_client("dynamodb", level=level)
        endpoint = client._endpoint.make_request
        client._endpoint.make_request = lambda *args, endpoint=endpoint, level=level: (sent.append(level), endpoint(*args))[1]
        client.put_item(TableName="People", Item={"id": {"S": level}})
        client.get_item(TableName="People", Key={"id": {"S": level}})
    assert sent == ["transport", "transport"]


def test_events_of_a_call_are_heard_and_may_change_it(client: Any) -> None:
    heard: list[str] = []

    def change(params: dict[str, Any], **_: Any) -> None:
        params["Item"]["added"] = {"S": "by an event"}

    def note(event_name: str, **_: Any) -> None:
        heard.append(event_name.partition(".")[0])

    events = client.meta.events
    for event in ("provide-client-params", "before-parameter-build", "after-call"):
        events.register(f"{event}.dynamodb.PutItem", note)
    events.register("before-parameter-build.dynamodb.PutItem", change)
    events.register("after-call.dynamodb.GetItem", lambda parsed, http_response, **_: parsed.update(seen=http_response.status_code))
    client.put_item(TableName="People", Item={"id": {"S": "a"}})
    assert heard == ["provide-client-params", "before-parameter-build", "after-call"]
    answer = client.get_item(TableName="People", Key={"id": {"S": "a"}})
    assert answer["Item"]["added"] == {"S": "by an event"}
    assert answer["seen"] == 200


def test_who_listens_to_the_transport_hears_it(client: Any) -> None:
    client.list_tables()
    requests: list[Any] = []

    def listen(request: Any, **_: Any) -> None:
        requests.append(request)

    client.meta.events.register("before-send.dynamodb.PutItem", listen)
    client.put_item(TableName="People", Item={"id": {"S": "a"}})
    [request] = requests
    assert request.headers["X-Amz-Target"] in (b"DynamoDB_20120810.PutItem", "DynamoDB_20120810.PutItem")
    assert b'"TableName"' in request.body and "Authorization" in request.headers
    client.meta.events.unregister("before-send.dynamodb.PutItem", listen)
    client.put_item(TableName="People", Item={"id": {"S": "a"}})
    assert len(requests) == 1


def test_listeners_of_a_session_are_heard(db: streamtable.Database, level: Any) -> None:
    requests: list[Any] = []
    session = db.boto3_session(level=level)
    session.events.register("request-created.dynamodb", lambda request, **_: requests.append(request))
    session.client("dynamodb").list_tables()
    assert len(requests) == 1


def test_a_stub_answers_in_the_databases_place(client: Any) -> None:
    client.list_tables()
    with Stubber(client) as stubber:
        stubber.add_response("list_tables", {"TableNames": ["Stubbed"]}, {})
        stubber.add_client_error("put_item", "ProvisionedThroughputExceededException", "slow down", 400)
        assert client.list_tables()["TableNames"] == ["Stubbed"]
        with pytest.raises(client.exceptions.ProvisionedThroughputExceededException):
            client.put_item(TableName="People", Item={"id": {"S": "a"}})
        stubber.assert_no_pending_responses()
    assert client.list_tables()["TableNames"] == ["People"]
    assert "Item" not in client.get_item(TableName="People", Key={"id": {"S": "a"}})


@pytest.mark.parametrize("retries", ["legacy", "standard", "adaptive"])
def test_retry_modes_work(served: streamtable.Database, retries: str) -> None:
    client = boto3.client("dynamodb", config=Config(retries={"mode": retries, "max_attempts": 5}))
    assert client.list_tables()["ResponseMetadata"]["RetryAttempts"] == 0
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_table(TableName="Nothing")


class Engine:
    """Counts the requests that reach the engine, and answers the next ones itself where it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests = 0
        self.failures: list[tuple[int, bytes]] = []
        for name in ("_run", "_call_json"):
            monkeypatch.setattr(streamtable.Database, name, self._counting(getattr(streamtable.Database, name)))

    def _counting(self, original: Any) -> Any:
        def run(db: streamtable.Database, *args: Any) -> Any:
            self.requests += 1
            return self.failures.pop(0) if self.failures else original(db, *args)

        return run

    def fail(self, times: int, code: str, status: int) -> None:
        body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "not now"}).encode()
        self.failures = [(status, body)] * times


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    return Engine(monkeypatch)


def test_a_request_that_fails_reaches_the_engine_once(client: Any, engine: Engine) -> None:
    client.put_item(TableName="People", Item={"id": {"S": "ada"}})
    engine.requests = 0
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(TableName="People", Item={"id": {"S": "ada"}}, ConditionExpression="attribute_not_exists(id)")
    assert engine.requests == 1
    assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == 0
    with pytest.raises(ClientError, match="ValidationException.*empty"):
        client.put_item(TableName="People", Item={"id": {"S": ""}})
    assert engine.requests == 2


@pytest.mark.parametrize("retries", ["legacy", "standard", "adaptive"])
def test_what_may_pass_is_tried_again_as_botocore_does(
    served: streamtable.Database, engine: Engine, monkeypatch: pytest.MonkeyPatch, retries: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    client = boto3.client("dynamodb", config=Config(retries={"mode": retries, "total_max_attempts": 3}))
    adding = {"TableName": "People", "Key": {"id": {"S": "ada"}}, "UpdateExpression": "ADD visits :one",
              "ExpressionAttributeValues": {":one": {"N": "1"}}, "ReturnValues": "ALL_NEW"}  # fmt: skip
    engine.fail(1, "ProvisionedThroughputExceededException", 400)
    answer = client.update_item(**adding)
    assert answer["Attributes"]["visits"] == {"N": "1"}
    assert (engine.requests, answer["ResponseMetadata"]["RetryAttempts"]) == (2, 1)
    engine.requests = 0
    engine.fail(3, "InternalServerError", 500)
    with pytest.raises(client.exceptions.InternalServerError, match="not now") as caught:
        client.update_item(**adding)
    assert (engine.requests, caught.value.response["ResponseMetadata"]["RetryAttempts"]) == (3, 2)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert client.update_item(**adding)["Attributes"]["visits"] == {"N": "2"}


def test_checksums_are_right_and_a_wrong_one_is_noticed(db: streamtable.Database) -> None:
    client = db.boto3_client("dynamodb", level="transport")
    headers: list[Any] = []
    client.meta.events.register(
        "after-call.dynamodb", lambda http_response, **_: headers.append((http_response.headers, http_response.content))
    )
    client.list_tables()
    [(seen, body)] = headers
    assert int(seen["x-amz-crc32"]) == zlib.crc32(body)
    assert int(seen["content-length"]) == len(body)


def test_a_level_that_is_none_is_refused(db: streamtable.Database) -> None:
    with pytest.raises(ValueError, match="level"), streamtable.boto3.patched(db, level="socket"):  # type: ignore[arg-type]
        pass


def test_a_botocore_without_the_known_steps_is_served_by_its_transport(
    db: streamtable.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamtable.boto3, "STEPS", (*streamtable.boto3.STEPS, "_a_step_of_the_future"))
    client = db.boto3_client("dynamodb")
    assert "_make_request" not in vars(client)
    assert client.list_tables()["TableNames"] == ["People"]


def test_powertools_does_not_send_calls_the_long_way(db: streamtable.Database) -> None:
    """It listens to the transport of every client, from its import on, to name itself in the user agent."""
    pytest.importorskip("aws_lambda_powertools")
    client = db.boto3_client("dynamodb")
    client._endpoint.make_request = lambda *_: pytest.fail("it was sent")
    client.put_item(TableName="People", Item={"id": {"S": "a"}})
