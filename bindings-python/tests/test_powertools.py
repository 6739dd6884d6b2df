"""Powertools for AWS Lambda, unchanged, in handlers of a database's event source mappings."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from boto3_serving import no_configuration  # fixtures

import streamtable

pytest.importorskip("aws_lambda_powertools")

from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent, KinesisStreamEvent, event_source
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecordEventName
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function

IDEMPOTENCY: dict[str, Any] = {
    "TableName": "Idempotency",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


def put(db: streamtable.Database, *ids: str) -> None:
    for one in ids:
        db.put_item(TableName="People", Item={"id": {"S": one}, "born": {"N": "1815"}})


def test_data_classes_read_events_of_tables(db: streamtable.Database) -> None:
    seen: list[Any] = []

    @event_source(data_class=DynamoDBStreamEvent)
    def handle(event: DynamoDBStreamEvent, context: Any) -> None:
        for record in event.records:
            assert record.dynamodb is not None
            seen.append((record.event_name, record.dynamodb.keys, record.dynamodb.new_image, record.dynamodb.old_image))

    mapping = db.event_source_mapping("People", handle)
    put(db, "ada")
    db.delete_item(TableName="People", Key={"id": {"S": "ada"}})
    mapping.run_until_idle()
    item = {"id": "ada", "born": 1815}
    assert seen == [
        (DynamoDBRecordEventName.INSERT, {"id": "ada"}, item, {}),
        (DynamoDBRecordEventName.REMOVE, {"id": "ada"}, {}, item),
    ]


def test_data_classes_read_events_of_data_streams(db: streamtable.Database) -> None:
    seen: list[Any] = []

    @event_source(data_class=KinesisStreamEvent)
    def handle(event: KinesisStreamEvent, context: Any) -> None:
        seen.extend((record.kinesis.partition_key, record.kinesis.data_as_text()) for record in event.records)

    db.kinesis_create_stream(StreamName="clicks", ShardCount=1)
    arn = db.kinesis_describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]
    mapping = db.event_source_mapping(arn, handle)
    db.kinesis_put_record(StreamName="clicks", PartitionKey="a", Data=b"hello")
    mapping.run_until_idle()
    assert seen == [("a", "hello")]


def test_what_comes_twice_is_done_once(db: streamtable.Database) -> None:
    """The persistence layer keeps what was done in a table of the database, by conditional writes of its own client."""
    done: list[str] = []
    db.create_table(**IDEMPOTENCY)
    with streamtable.boto3.patched(db):
        config = IdempotencyConfig(event_key_jmespath="eventID")
        layer = DynamoDBPersistenceLayer(table_name="Idempotency", boto3_session=boto3.Session(region_name="us-east-1"))

        @idempotent_function(data_keyword_argument="record", persistence_store=layer, config=config)
        def welcome(*, record: dict[str, Any]) -> str:
            done.append(record["dynamodb"]["Keys"]["id"]["S"])
            return f"welcome, {done[-1]}"

        def handle(event: Any, context: Any) -> None:
            config.register_lambda_context(context)
            for record in event["Records"]:
                assert welcome(record=record) == f"welcome, {record['dynamodb']['Keys']['id']['S']}"
                if record["dynamodb"]["Keys"]["id"]["S"] == "bob" and done.count("bob") == 1 and not failed:
                    failed.append(True)
                    raise ValueError("once")

        failed: list[bool] = []
        mapping = db.event_source_mapping("People", handle, maximum_retry_attempts=2)
        put(db, "ada", "bob", "cleo")
        mapping.run_until_idle(advance=True)
    assert failed == [True], "the batch came twice"
    assert done == ["ada", "bob", "cleo"]
    assert mapping.last_processing_result == "OK"
    kept = db.scan(TableName="Idempotency")["Items"]
    assert sorted(item["status"]["S"] for item in kept) == ["COMPLETED"] * 3
