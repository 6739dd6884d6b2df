"""Unmodified boto3 code on a database: the same tests at both levels."""

from __future__ import annotations

import inspect
import json
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import boto3
import botocore.session
import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary, TypeDeserializer
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError, WaiterError
from botocore.stub import Stubber
from botocore.validate import ParamValidator
from conftest import PEOPLE

import streamtable

LEVELS = ["operation", "transport"]

#: Older versions of botocore have neither of these; there is nothing to survive then.
needs_accounts = pytest.mark.skipif(
    "aws_account_id" not in inspect.signature(boto3.Session).parameters, reason="this boto3 knows no account endpoints"
)


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """No credentials, no region, no files of the machine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def served(db: streamtable.Database, level: Any) -> Iterator[streamtable.Database]:
    with streamtable.boto3.patched(db, level=level):
        yield db


@pytest.fixture
def client(served: streamtable.Database) -> Any:
    return boto3.client("dynamodb")


@pytest.fixture
def table(served: streamtable.Database) -> Any:
    return boto3.resource("dynamodb").Table("People")


def test_a_table_takes_and_gives_plain_python_values(table: Any) -> None:
    item = {
        "id": "ada", "born": Decimal("1815.5"), "photo": Binary(b"\x00\x01"), "tags": {"math", "poetry"}, "primes": {Decimal(2), Decimal(3)},
        "nested": {"list": [None, True, "x", {"deep": [Decimal(1)]}]}, "empty": "", "blobs": {Binary(b"a")},
    }  # fmt: skip
    table.put_item(Item=item)
    answer = table.get_item(Key={"id": "ada"})
    assert answer["Item"] == item
    assert answer["Item"]["photo"] == b"\x00\x01"
    table.update_item(Key={"id": "ada"}, UpdateExpression="ADD born :one", ExpressionAttributeValues={":one": 1})
    assert table.get_item(Key={"id": "ada"})["Item"]["born"] == Decimal("1816.5")
    assert table.delete_item(Key={"id": "ada"}, ReturnValues="ALL_OLD")["Attributes"]["born"] == Decimal("1816.5")


def test_conditions_are_built_by_boto3(table: Any) -> None:
    for n in range(5):
        table.put_item(Item={"id": f"k{n}", "n": n, "name": f"name {n}"})
    assert table.query(KeyConditionExpression=Key("id").eq("k1"))["Items"] == [{"id": "k1", "n": 1, "name": "name 1"}]
    found = table.scan(FilterExpression=Attr("n").between(1, 3) & Attr("name").begins_with("name"), ProjectionExpression="n")
    assert sorted(item["n"] for item in found["Items"]) == [1, 2, 3]
    with pytest.raises(table.meta.client.exceptions.ConditionalCheckFailedException):
        table.put_item(Item={"id": "k1"}, ConditionExpression=Attr("id").not_exists())


def test_tables_are_made_waited_for_and_deleted(served: streamtable.Database) -> None:
    resource = boto3.resource("dynamodb")
    made = resource.create_table(**{**PEOPLE, "TableName": "Places"})
    assert made.table_status == "CREATING"
    made.wait_until_exists()
    made.reload()
    assert made.table_status == "ACTIVE"
    assert made.creation_date_time == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert sorted(table.name for table in resource.tables.all()) == ["People", "Places"]
    made.delete()
    made.wait_until_not_exists()
    with pytest.raises(WaiterError):
        resource.meta.client.get_waiter("table_exists").wait(
            TableName="Places", WaiterConfig={"Delay": 0, "MaxAttempts": 2}
        )


def test_pages_are_walked(client: Any) -> None:
    for n in range(25):
        client.put_item(TableName="People", Item={"id": {"S": f"{n}"}})
    pages = list(client.get_paginator("scan").paginate(TableName="People", PaginationConfig={"PageSize": 10}))
    assert [page["Count"] for page in pages[:2]] == [10, 10]
    assert sum(page["Count"] for page in pages) == 25
    some = client.get_paginator("scan").paginate(TableName="People", PaginationConfig={"MaxItems": 7, "PageSize": 3})
    full = some.build_full_result()
    assert len(full["Items"]) == 7
    rest = client.get_paginator("scan").paginate(
        TableName="People", PaginationConfig={"StartingToken": full["NextToken"]}
    )
    assert len(rest.build_full_result()["Items"]) == 18
    assert client.get_paginator("list_tables").paginate().build_full_result()["TableNames"] == ["People"]


def test_answers_have_metadata(client: Any) -> None:
    answers = [client.list_tables() for _ in range(2)]
    for answer in answers:
        metadata = answer["ResponseMetadata"]
        assert metadata["HTTPStatusCode"] == 200
        assert metadata["RetryAttempts"] == 0
        assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
        assert len(metadata["RequestId"]) == 52
    assert answers[0]["ResponseMetadata"]["RequestId"] != answers[1]["ResponseMetadata"]["RequestId"]


def test_errors_are_the_clients_own_classes(client: Any) -> None:
    item = {"id": {"S": "ada"}, "photo": {"B": b"\x00"}}
    client.put_item(TableName="People", Item=item)
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as caught:
        client.put_item(
            TableName="People",
            Item=item,
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    response = caught.value.response
    assert isinstance(caught.value, ClientError)
    assert response["Error"] == {"Code": "ConditionalCheckFailedException", "Message": "The conditional request failed"}
    assert response["Item"] == item
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_table(TableName="Nothing")
    with pytest.raises(client.exceptions.ResourceInUseException):
        client.create_table(**PEOPLE)
    with pytest.raises(ClientError, match="ValidationException.*empty"):
        client.put_item(TableName="People", Item={"id": {"S": ""}})


@pytest.mark.parametrize(
    "members",
    [
        {"TableName": 5, "Item": {"id": {"S": "a"}}},
        {"TableName": "People"},
        {"TableName": "People", "Item": {"id": {"S": None}}},
        {"TableName": "People", "Item": {"id": {"S": 5}}},
        {"TableName": "People", "Item": {"id": {"N": Decimal(5)}}},
        {"TableName": "People", "Item": {"id": {"S": "a"}}, "Itm": {}},
        {"TableName": "People", "Item": {"id": {"S": "a", "X": "b"}}},
        {"TableName": "People", "Item": {"id": {"SS": {"a"}}}},
        {"TableName": "People", "Item": {"id": {"S": "a"}, "b": {"B": object()}}},
        {"TableName": "People", "Item": [("id", {"S": "a"})]},
        {"TableName": "People", "Item": {5: {"S": "a"}}},
        {"TableName": "", "Item": {"id": {"S": "a"}}},
        {"TableName": "People", "Item": {"id": {"S": "a"}}, "ReturnValues": None},
    ],
)
def test_botocores_own_validation_stays(
    client: Any, served: streamtable.Database, members: dict[str, Any]
) -> None:
    """What botocore refuses before it sends anything is refused in its words, and nothing is written."""
    shape = client.meta.service_model.operation_model("PutItem").input_shape
    report = ParamValidator().validate(members, shape) if isinstance(members.get("TableName"), str) else None
    with pytest.raises(Exception) as caught:
        client.put_item(**members)
    assert not isinstance(caught.value, ClientError)
    if report is not None:
        assert report.has_errors()
        assert str(caught.value) == str(ParamValidationError(report=report.generate_report()))
    assert served.scan(TableName="People")["Count"] == 0


def test_a_member_that_only_the_engine_knows_is_unknown_to_botocore(client: Any) -> None:
    members = client.meta.service_model.operation_model("PutItem").input_shape.members
    del members["ReturnValuesOnConditionCheckFailure"]
    with pytest.raises(ParamValidationError, match="Unknown parameter"):
        client.put_item(TableName="People", Item={"id": {"S": "a"}}, ReturnValuesOnConditionCheckFailure="ALL_OLD")


def test_what_only_the_engine_answers_is_not_botocores(client: Any) -> None:
    operation = client.meta.service_model.operation_model("DescribeTable")
    del operation.output_shape.members["Table"].members["TableArn"]
    del operation.output_shape.members["Table"].members["KeySchema"].member.members["KeyType"]
    table = client.describe_table(TableName="People")["Table"]
    assert "TableArn" not in table
    assert table["KeySchema"] == [{"AttributeName": "id"}]


def test_text_and_files_are_bytes_as_botocore_has_it(client: Any) -> None:
    """botocore takes text, bytearrays and files where bytes belong; the uncommon ones go its own way."""
    import io

    for value in (b"ab", bytearray(b"ab"), "ab", io.BytesIO(b"ab")):
        try:
            client.put_item(TableName="People", Item={"id": {"S": "a"}, "photo": {"B": value}})
        except TypeError:
            assert isinstance(value, io.BytesIO)
            continue
        assert client.get_item(TableName="People", Key={"id": {"S": "a"}})["Item"]["photo"] == {"B": b"ab"}


def test_operations_that_are_not_there_say_so(client: Any) -> None:
    with pytest.raises(ClientError) as caught:
        client.describe_endpoints()
    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"
    assert caught.value.operation_name == "DescribeEndpoints"
    with pytest.raises(AttributeError):
        client.advance_clock(Milliseconds=1)


def test_streams_are_read(client: Any, served: streamtable.Database, arn: str) -> None:
    client.put_item(TableName="People", Item={"id": {"S": "ada"}, "photo": {"B": b"\xff"}})
    streams = boto3.client("dynamodbstreams")
    assert [stream["StreamArn"] for stream in streams.list_streams(TableName="People")["Streams"]] == [arn]
    description = streams.describe_stream(StreamArn=arn)["StreamDescription"]
    iterator = streams.get_shard_iterator(
        StreamArn=arn, ShardId=description["Shards"][0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    answer = streams.get_records(ShardIterator=iterator)
    [record] = answer["Records"]
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "ada"}, "photo": {"B": b"\xff"}}
    assert record["dynamodb"]["ApproximateCreationDateTime"] == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert [record] == [lazy.to_dict() for lazy in served.stream(arn).records()]
    image = {name: TypeDeserializer().deserialize(value) for name, value in record["dynamodb"]["NewImage"].items()}
    assert image == {"id": "ada", "photo": Binary(b"\xff")}
    served.clock.advance(minutes=16)
    with pytest.raises(streams.exceptions.ExpiredIteratorException):
        streams.get_records(ShardIterator=answer["NextShardIterator"])


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


@needs_accounts
@pytest.mark.parametrize("mode", ["preferred", "required", "disabled"])
def test_account_endpoints_lead_here_too(served: streamtable.Database, mode: str) -> None:
    hosts: list[str] = []
    for service in ("dynamodb", "dynamodbstreams"):
        session = boto3.Session(
            aws_access_key_id="AKID", aws_secret_access_key="secret", aws_account_id="111122223333", region_name="eu-west-1"
        )
        client = session.client(service, config=Config(account_id_endpoint_mode=mode))
        assert client.meta.region_name == "eu-west-1"
        call = client.list_tables if service == "dynamodb" else client.list_streams
        assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200
        client.meta.events.register("before-send", lambda request, **_: hosts.append(request.url))
        call()
    # The session's own credentials, account and region count.
    assert all("eu-west-1" in host for host in hosts)
    assert ("111122223333" in hosts[0]) == (mode != "disabled")


@needs_accounts
def test_accounts_are_no_matter_without_credentials(served: streamtable.Database) -> None:
    client = boto3.client("dynamodb", config=Config(account_id_endpoint_mode="required"))
    assert client.list_tables()["TableNames"] == ["People"]


@needs_accounts
def test_explicit_account_credentials_are_kept(served: streamtable.Database) -> None:
    hosts: list[str] = []
    for service in ("dynamodb", "dynamodbstreams"):
        client = boto3.client(
            service, region_name="eu-west-1", aws_access_key_id="AKID", aws_secret_access_key="secret", aws_account_id="111122223333"
        )  # fmt: skip
        client.meta.events.register("before-send", lambda request, **_: hosts.append(request.url))
        (client.list_tables if service == "dynamodb" else client.list_streams)()
    # The streams model of this botocore may have such endpoints or not; the tables model has.
    assert "111122223333.ddb" in hosts[0]
    assert len(hosts) == 2


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


def test_several_databases_serve_side_by_side(db: streamtable.Database, level: Any) -> None:
    with streamtable.open() as other:
        with streamtable.boto3.patched(db, level=level):
            outer = boto3.client("dynamodb")
            with streamtable.boto3.patched(other, level=level):
                inner = boto3.client("dynamodb")
                own = db.boto3_client("dynamodb", level=level)
            again = boto3.client("dynamodb")
        assert [client.list_tables()["TableNames"] for client in (outer, inner, own, again)] == [["People"], [], ["People"], ["People"]]
        assert other.boto3_client(level=level).list_tables()["TableNames"] == []
        assert other.boto3_resource(level=level).meta.client.list_tables()["TableNames"] == []


def test_the_patch_leaves_no_trace(db: streamtable.Database) -> None:
    before = botocore.session.Session.create_client
    with streamtable.boto3.patched(db), streamtable.boto3.patched(db):
        assert botocore.session.Session.create_client is not before
        untouched = boto3.client("lambda", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    assert botocore.session.Session.create_client is before
    assert "_make_request" not in vars(untouched)
    with pytest.raises(ZeroDivisionError), streamtable.boto3.patched(db):
        raise ZeroDivisionError
    assert botocore.session.Session.create_client is before


def test_sessions_from_before_are_reached_and_clients_from_before_are_not(db: streamtable.Database, level: Any) -> None:
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2")
    before = session.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    with streamtable.boto3.patched(db, level=level):
        assert session.client("dynamodb").list_tables()["TableNames"] == ["People"]
        assert botocore.session.get_session().create_client("dynamodb").list_tables()["TableNames"] == ["People"]
        with pytest.raises(EndpointConnectionError):
            before.list_tables()
    streamtable.boto3.attach(before, db, level=level)
    assert before.list_tables()["TableNames"] == ["People"]
    assert before.meta.region_name == "us-west-2"


def test_clients_are_used_by_many_threads(client: Any, served: streamtable.Database) -> None:
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(20):
                client.put_item(TableName="People", Item={"id": {"S": f"{number}-{n}"}})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert served.scan(TableName="People", Select="COUNT")["Count"] == 120


def test_a_closed_database_is_a_client_error(client: Any, served: streamtable.Database) -> None:
    served.close()
    with pytest.raises(ClientError) as caught:
        client.list_tables()
    assert caught.value.response["Error"]["Code"] == "DatabaseClosedException"


@pytest.mark.parametrize("before", LEVELS)
def test_the_last_attachment_counts(db: streamtable.Database, level: Any, before: Any) -> None:
    with streamtable.open() as other:
        client = other.boto3_client("dynamodb", level=before)
        client.list_tables()
        streamtable.boto3.attach(client, db, level=level)
        assert client.list_tables()["TableNames"] == ["People"]
        with pytest.raises(client.exceptions.ResourceInUseException):
            client.create_table(**PEOPLE)
        assert client.list_tables()["TableNames"] == ["People"]
        assert other.list_tables()["TableNames"] == []
        assert ("_make_request" in vars(client)) == (level == "operation")


def test_a_detached_client_is_as_it_was(db: streamtable.Database, level: Any) -> None:
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-west-2")
    client = session.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    streamtable.boto3.attach(client, db, level=level)
    assert client.list_tables()["TableNames"] == ["People"]
    streamtable.boto3.detach(client)
    assert "_make_request" not in vars(client)
    with pytest.raises(EndpointConnectionError):
        client.list_tables()
    streamtable.boto3.detach(client)
    streamtable.boto3.attach(client, db, level=level)
    assert client.list_tables()["TableNames"] == ["People"]


def test_a_level_that_is_none_is_refused(db: streamtable.Database) -> None:
    with pytest.raises(ValueError, match="level"), streamtable.boto3.patched(db, level="socket"):  # type: ignore[arg-type]
        pass


def test_a_botocore_without_the_known_steps_is_served_by_its_transport(
    db: streamtable.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streamtable.boto3, "_STEPS", (*streamtable.boto3._STEPS, "_a_step_of_the_future"))
    client = db.boto3_client("dynamodb")
    assert "_make_request" not in vars(client)
    assert client.list_tables()["TableNames"] == ["People"]

