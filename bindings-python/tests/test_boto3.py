"""Unmodified boto3 code on a database: the same tests at both levels."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary, TypeDeserializer
from boto3_serving import client, level, no_configuration, served, table  # fixtures
from botocore.exceptions import ClientError, ParamValidationError, WaiterError
from botocore.validate import ParamValidator
from conftest import PEOPLE

import streamtable


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
    operations = client.meta.service_model._service_description["operations"]
    operations["Invented"] = {**operations["ListTables"], "name": "Invented"}
    with pytest.raises(ClientError) as caught:
        client._make_api_call("Invented", {})
    assert caught.value.response["Error"]["Code"] == "UnknownOperationException"
    assert caught.value.operation_name == "Invented"
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
