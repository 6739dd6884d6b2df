"""Programs as users of moto have them, side by side: each runs on moto and here, with nothing but the fixture changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import boto3
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

moto = pytest.importorskip("moto")

REGION = "eu-central-1"


@pytest.fixture(params=["moto", "streamtable"])
def aws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    if request.param == "moto":
        with moto.mock_aws():
            yield "moto"
    else:
        request.getfixturevalue("streamtable_boto3")
        yield "streamtable"


@pytest.fixture
def orders(aws: str) -> Any:
    return boto3.resource("dynamodb", region_name=REGION).create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "customer", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "number", "AttributeType": "N"},
            {"AttributeName": "state", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-state",
                "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def test_a_table_is_made_waited_for_described_and_deleted(aws: str) -> None:
    client = boto3.client("dynamodb", region_name=REGION)
    client.create_table(
        TableName="jobs",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    )
    client.get_waiter("table_exists").wait(TableName="jobs", WaiterConfig={"Delay": 1})
    table = client.describe_table(TableName="jobs")["Table"]
    assert (table["TableStatus"], table["ItemCount"]) == ("ACTIVE", 0)
    assert table["ProvisionedThroughput"]["ReadCapacityUnits"] == 5
    with pytest.raises(client.exceptions.ResourceInUseException):
        client.create_table(
            TableName="jobs",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    client.delete_table(TableName="jobs")
    client.get_waiter("table_not_exists").wait(TableName="jobs", WaiterConfig={"Delay": 1})
    assert client.list_tables()["TableNames"] == []


def test_items_have_plain_values(orders: Any) -> None:
    item = {
        "customer": "ada", "number": 1, "total": Decimal("19.90"), "tags": {"new", "gift"}, "lines": [{"sku": "a", "count": 2}],
        "note": None, "paid": False,
    }  # fmt: skip
    orders.put_item(Item=item)
    assert orders.get_item(Key={"customer": "ada", "number": 1})["Item"] == item
    assert "Item" not in orders.get_item(Key={"customer": "bob", "number": 1})
    assert orders.item_count in (0, 1)
    with pytest.raises(TypeError, match="[Ff]loat"):
        orders.put_item(Item={"customer": "ada", "number": 2, "total": 19.9})


def test_conditions_and_updates(orders: Any) -> None:
    key = {"customer": "ada", "number": 1}
    orders.put_item(Item={**key, "state": "new", "count": 1})
    with pytest.raises(ClientError) as caught:
        orders.put_item(Item=key, ConditionExpression="attribute_not_exists(customer)")
    assert caught.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert caught.value.response["Error"]["Message"] == "The conditional request failed"
    with pytest.raises(orders.meta.client.exceptions.ConditionalCheckFailedException):
        orders.delete_item(Key=key, ConditionExpression=Attr("state").eq("paid"))
    answer = orders.update_item(
        Key=key,
        UpdateExpression="SET #s = :paid, #c = #c + :one REMOVE gone ADD seen :one",
        ConditionExpression=Attr("state").is_in(["new", "open"]),
        ExpressionAttributeNames={"#s": "state", "#c": "count"},
        ExpressionAttributeValues={":paid": "paid", ":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    assert answer["Attributes"] == {"state": "paid", "count": 2, "seen": 1}


def test_queries_pages_and_indexes(orders: Any) -> None:
    with orders.batch_writer(overwrite_by_pkeys=["customer", "number"]) as batch:
        for number in range(60):
            batch.put_item(Item={"customer": "ada", "number": number, "state": "even" if number % 2 == 0 else "odd", "total": number})
            batch.put_item(Item={"customer": "bob", "number": number, "state": "none"})
        batch.delete_item(Key={"customer": "bob", "number": 0})
    found = orders.query(KeyConditionExpression=Key("customer").eq("ada") & Key("number").between(10, 14), ScanIndexForward=False)
    assert [item["number"] for item in found["Items"]] == [14, 13, 12, 11, 10]
    even = orders.query(IndexName="by-state", KeyConditionExpression=Key("state").eq("even"), FilterExpression=Attr("total").gte(50))
    assert [item["number"] for item in even["Items"]] == [50, 52, 54, 56, 58]

    page = orders.scan(Limit=25)
    count = page["Count"]
    while "LastEvaluatedKey" in page:
        page = orders.scan(Limit=25, ExclusiveStartKey=page["LastEvaluatedKey"])
        count += page["Count"]
    assert count == 119
    pages = orders.meta.client.get_paginator("query").paginate(
        TableName="orders", KeyConditionExpression=Key("customer").eq("bob"), PaginationConfig={"PageSize": 20}
    )
    assert [len(page["Items"]) for page in pages if page["Items"]] == [20, 20, 19]


def test_batches_and_transactions(orders: Any) -> None:
    client = boto3.client("dynamodb", region_name=REGION)
    key = {"customer": {"S": "ada"}, "number": {"N": "1"}}
    client.transact_write_items(TransactItems=[{"Put": {"TableName": "orders", "Item": key}}])
    with pytest.raises(client.exceptions.TransactionCanceledException) as caught:
        client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": "orders", "Item": {**key, "number": {"N": "2"}}}},
                {"Put": {"TableName": "orders", "Item": key, "ConditionExpression": "attribute_not_exists(customer)"}},
            ]
        )
    assert [reason["Code"] for reason in caught.value.response["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    read = client.batch_get_item(RequestItems={"orders": {"Keys": [key, {**key, "number": {"N": "2"}}]}})
    assert read["Responses"]["orders"] == [key]
    assert client.transact_get_items(TransactItems=[{"Get": {"TableName": "orders", "Key": key}}])["Responses"] == [{"Item": key}]


def test_streams_are_polled(orders: Any) -> None:
    orders.put_item(Item={"customer": "ada", "number": 1, "state": "new"})
    orders.update_item(Key={"customer": "ada", "number": 1}, UpdateExpression="SET note = :n", ExpressionAttributeValues={":n": "!"})
    orders.delete_item(Key={"customer": "ada", "number": 1})
    streams = boto3.client("dynamodbstreams", region_name=REGION)
    found = []
    for shard in streams.describe_stream(StreamArn=orders.latest_stream_arn)["StreamDescription"]["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=orders.latest_stream_arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found += streams.get_records(ShardIterator=iterator)["Records"]
    assert [record["eventName"] for record in found] == ["INSERT", "MODIFY", "REMOVE"]
    assert found[1]["dynamodb"]["NewImage"]["note"] == {"S": "!"}
    assert "NewImage" not in found[2]["dynamodb"]
    assert streams.list_streams(TableName="orders")["Streams"][0]["StreamArn"] == orders.latest_stream_arn


def test_what_goes_wrong_has_the_services_codes(aws: str, orders: Any) -> None:
    client = boto3.client("dynamodb", region_name=REGION)
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("get_item", {"TableName": "nothing", "Key": {"id": {"S": "a"}}}, "ResourceNotFoundException"),
        ("get_item", {"TableName": "orders", "Key": {"customer": {"S": "a"}}}, "ValidationException"),
        ("put_item", {"TableName": "orders", "Item": {"customer": {"S": "a"}}}, "ValidationException"),
        (
            "update_item",
            {"TableName": "orders", "Key": {"customer": {"S": "a"}, "number": {"N": "1"}}, "UpdateExpression": "SET"},
            "ValidationException",
        ),
        ("query", {"TableName": "orders", "KeyConditionExpression": "customer = :c"}, "ValidationException"),
        ("describe_table", {"TableName": "nothing"}, "ResourceNotFoundException"),
    ]
    for method, members, code in cases:
        with pytest.raises(ClientError) as caught:
            getattr(client, method)(**members)
        assert caught.value.response["Error"]["Code"] == code, (method, aws)
        assert caught.value.response["Error"]["Message"]
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_tags_and_time_to_live(orders: Any) -> None:
    client = orders.meta.client
    client.tag_resource(ResourceArn=orders.table_arn, Tags=[{"Key": "team", "Value": "shop"}])
    assert client.list_tags_of_resource(ResourceArn=orders.table_arn)["Tags"] == [{"Key": "team", "Value": "shop"}]
    client.update_time_to_live(TableName="orders", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    described = client.describe_time_to_live(TableName="orders")["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}


def test_models_of_pynamodb(aws: str) -> None:
    models = pytest.importorskip("pynamodb.models")
    from pynamodb.attributes import NumberAttribute, UnicodeAttribute
    from pynamodb.exceptions import DoesNotExist, PutError

    class Person(models.Model):  # type: ignore[misc, name-defined]
        class Meta:
            table_name = "people"
            region = REGION

        name = UnicodeAttribute(hash_key=True)
        born = NumberAttribute(range_key=True)
        field = UnicodeAttribute(null=True)

    Person.create_table(read_capacity_units=1, write_capacity_units=1, wait=True)
    assert Person.exists()
    Person("ada", 1815, field="mathematics").save()
    with Person.batch_write() as batch:
        for year in (1912, 1954):
            batch.save(Person("alan", year))
    assert Person.get("ada", 1815).field == "mathematics"
    assert [person.born for person in Person.query("alan", Person.born > 1920)] == [1954]
    person = Person.get("ada", 1815)
    person.update(actions=[Person.field.set("poetry")])
    assert {found.field for found in Person.scan(Person.field.exists())} == {"poetry"}
    with pytest.raises(DoesNotExist):
        Person.get("nobody", 1)
    with pytest.raises(PutError):
        Person("ada", 1815).save(condition=Person.name.does_not_exist())
    assert Person.count() == 3


CLIENT: Any = None


def client_at_module_level() -> Any:
    """A client that a module keeps, as functions of AWS Lambda do."""
    global CLIENT
    if CLIENT is None:
        CLIENT = boto3.client("dynamodb", region_name=REGION)
    return CLIENT


@pytest.mark.parametrize("turn", [1, 2])
def test_a_client_that_is_kept_sees_what_each_test_makes(aws: str, turn: int) -> None:
    client = client_at_module_level()
    assert client.list_tables()["TableNames"] == []
    client.create_table(
        TableName=f"turn-{turn}",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert client.list_tables()["TableNames"] == [f"turn-{turn}"]


def test_two_threads_and_a_task_see_one_database(orders: Any) -> None:
    async def main() -> None:
        await asyncio.gather(
            *(asyncio.to_thread(orders.put_item, Item={"customer": "ada", "number": n}) for n in range(5)),
        )

    asyncio.run(main())
    assert orders.scan(Select="COUNT")["Count"] == 5
