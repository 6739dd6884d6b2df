"""Unmodified boto3 clients of Kinesis Data Streams, and of tables that deliver to them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import boto3
import pytest
from boto3_serving import LEVELS, client, level, no_configuration, served  # fixtures
from botocore.exceptions import ClientError
from conftest import PEOPLE

import streamtable


def records(kinesis: Any, stream: str, shard: str = "shardId-000000000000") -> list[dict[str, Any]]:
    start = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    page = kinesis.get_records(ShardIterator=start["ShardIterator"])
    assert page["MillisBehindLatest"] == 0
    return page["Records"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("at", LEVELS)
def test_a_stream_from_its_creation_to_its_removal(at: Any) -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        kinesis = db.boto3_client("kinesis", level=at)
        kinesis.create_stream(StreamName="feed", ShardCount=2)
        kinesis.get_waiter("stream_exists").wait(StreamName="feed")
        put = kinesis.put_record(StreamName="feed", PartitionKey="a", Data=b"\x00\xff", ExplicitHashKey="0")
        assert (put["ShardId"], len(put["SequenceNumber"])) == ("shardId-000000000000", 56)
        many = kinesis.put_records(StreamName="feed", Records=[{"PartitionKey": "b", "Data": "text", "ExplicitHashKey": "1"}])
        assert many["FailedRecordCount"] == 0
        first, second = records(kinesis, "feed")
        assert (first["Data"], first["PartitionKey"], first["SequenceNumber"]) == (b"\x00\xff", "a", put["SequenceNumber"])
        assert second["Data"] == b"text"
        assert isinstance(first["ApproximateArrivalTimestamp"], datetime)
        kinesis.split_shard(StreamName="feed", ShardToSplit="shardId-000000000000", NewStartingHashKey="7")
        shards = kinesis.get_paginator("list_shards").paginate(StreamName="feed").build_full_result()["Shards"]
        assert [shard.get("ParentShardId") for shard in shards] == [None, None] + 2 * ["shardId-000000000000"]
        kinesis.delete_stream(StreamName="feed")
        with pytest.raises(ClientError) as refused:
            kinesis.describe_stream(StreamName="feed")
        assert refused.value.response["Error"] == {
            "Code": "ResourceNotFoundException",
            "Message": "Stream feed under account 000000000000 not found.",
        }
        with pytest.raises(kinesis.exceptions.InvalidArgumentException):
            kinesis.get_records(ShardIterator="made up")


def test_names_of_both_services_are_apart(served: streamtable.Database) -> None:
    kinesis = boto3.client("kinesis", region_name="us-east-1")
    kinesis.create_stream(StreamName="feed", ShardCount=1)
    assert kinesis.list_streams()["StreamNames"] == ["feed"]
    assert [stream["TableName"] for stream in boto3.client("dynamodbstreams").list_streams()["Streams"]] == ["People"]


def test_a_table_delivers() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        kinesis, tables = db.boto3_client("kinesis"), db.boto3_client("dynamodb")
        kinesis.create_stream(StreamName="feed", ShardCount=1)
        arn = kinesis.describe_stream_summary(StreamName="feed")["StreamDescriptionSummary"]["StreamARN"]
        tables.create_table(**PEOPLE)
        tables.enable_kinesis_streaming_destination(TableName="People", StreamArn=arn)
        tables.put_item(TableName="People", Item={"id": {"S": "ada"}})
        (record,) = records(kinesis, "feed")
        change = json.loads(record["Data"])
        assert (change["eventName"], change["dynamodb"]["NewImage"]) == ("INSERT", {"id": {"S": "ada"}})


def test_keyword_methods_take_and_give_bytes() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        db.kinesis_create_stream(StreamName="feed", ShardCount=1)
        db.kinesis_put_record(StreamName="feed", PartitionKey="a", Data=b"\x01")
        start = db.kinesis_get_shard_iterator(StreamName="feed", ShardId="0", ShardIteratorType="TRIM_HORIZON")
        assert db.kinesis_get_records(ShardIterator=start["ShardIterator"])["Records"][0]["Data"] == b"\x01"
