"""Unmodified boto3 clients over a real socket to `streamtable serve`: what a program does against the service, address aside."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from boto3_serving import no_configuration  # fixtures
from conftest import PEOPLE

pytestmark = pytest.mark.sockets

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", pathlib.Path(__file__).parents[2] / "target"))
PROGRAM = TARGET / "debug" / ("streamtable.exe" if os.name == "nt" else "streamtable")


@pytest.fixture
def client() -> Iterator[Callable[[str], Any]]:
    """Makes clients of a server of this test's own."""
    with subprocess.Popen([PROGRAM, "serve", "--memory", "--port", "0", "--clock", "manual"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().removeprefix("listening on ").strip()
            keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
            yield lambda service: boto3.client(service, endpoint_url=url, region_name="us-east-1", **keys)
        finally:
            server.terminate()


def test_mappings_and_functions_have_their_paths(client: Callable[[str], Any]) -> None:
    stream = client("dynamodb").create_table(**PEOPLE)["TableDescription"]["LatestStreamArn"]
    functions: Any = client("lambda")
    # Functions are made known by an operation of this store's own, which its clients have and boto3 has not.
    with pytest.raises(functions.exceptions.InvalidParameterValueException, match="Function does not exist"):
        functions.create_event_source_mapping(EventSourceArn=stream, FunctionName="f", StartingPosition="LATEST")
    register(functions.meta.endpoint_url, {"FunctionName": "f"})
    made = functions.create_event_source_mapping(EventSourceArn=stream, FunctionName="f", StartingPosition="LATEST", Tags={"a": "1"})
    assert (made["State"], made["ResponseMetadata"]["HTTPStatusCode"]) == ("Creating", 202)
    pages = functions.get_paginator("list_event_source_mappings").paginate(FunctionName="f")
    assert [one["UUID"] for one in pages.build_full_result()["EventSourceMappings"]] == [made["UUID"]]
    assert functions.list_tags(Resource=made["EventSourceMappingArn"])["Tags"] == {"a": "1"}
    functions.update_event_source_mapping(UUID=made["UUID"], BatchSize=7)
    assert functions.get_event_source_mapping(UUID=made["UUID"])["BatchSize"] == 7
    functions.delete_event_source_mapping(UUID=made["UUID"])
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.get_event_source_mapping(UUID=made["UUID"])
    assert functions.get_function_configuration(FunctionName="f")["State"] == "Active"
    with pytest.raises(functions.exceptions.ResourceConflictException, match="no program that has its handler is here"):
        functions.invoke(FunctionName="f")
    assert functions.invoke(FunctionName="f", InvocationType="DryRun")["StatusCode"] == 204


def register(url: str, members: dict[str, Any]) -> None:
    import urllib.request

    headers = {"X-Amz-Target": "Streamtable_20261120.RegisterFunction", "Content-Type": "application/x-amz-json-1.0", "Authorization": "any"}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(members).encode(), headers)) as answer:
        assert answer.status == 200


def test_data_streams(client: Callable[[str], Any]) -> None:
    streams: Any = client("kinesis")
    streams.create_stream(StreamName="feed", ShardCount=1)
    streams.get_waiter("stream_exists").wait(StreamName="feed")
    put = streams.put_record(StreamName="feed", PartitionKey="a", Data=b"\x00\xff")
    streams.split_shard(StreamName="feed", ShardToSplit="0", NewStartingHashKey="7")
    start = streams.get_shard_iterator(StreamName="feed", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")
    page = streams.get_records(ShardIterator=start["ShardIterator"])
    assert [(record["Data"], record["SequenceNumber"]) for record in page["Records"]] == [(b"\x00\xff", put["SequenceNumber"])]
    assert [child["ShardId"] for child in page["ChildShards"]] == ["shardId-000000000001", "shardId-000000000002"]
    with pytest.raises(streams.exceptions.InvalidArgumentException):
        streams.get_records(ShardIterator="made up")
    # It has the name of one of the operations of DynamoDB Streams, and is told apart by its target.
    assert client("dynamodbstreams").list_streams()["Streams"] == []


def test_queues(client: Callable[[str], Any]) -> None:
    queues: Any = client("sqs")
    url = queues.create_queue(QueueName="dead")["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="hello")
    (message,) = queues.receive_message(QueueUrl=url)["Messages"]
    assert message["Body"] == "hello"
    queues.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    with pytest.raises(queues.exceptions.QueueDoesNotExist):
        queues.get_queue_url(QueueName="none")


def test_buckets(client: Callable[[str], Any]) -> None:
    buckets: Any = client("s3")
    buckets.create_bucket(Bucket="dead")
    assert [bucket["Name"] for bucket in buckets.list_buckets()["Buckets"]] == ["dead"]
    buckets.put_object(Bucket="dead", Key="a b", Body=b"hello", Metadata={"of": "me"})
    assert buckets.head_object(Bucket="dead", Key="a b")["ContentLength"] == 5
    answer = buckets.get_object(Bucket="dead", Key="a b")
    assert (answer["Body"].read(), answer["Metadata"]) == (b"hello", {"of": "me"})
    assert [each["Key"] for each in buckets.list_objects_v2(Bucket="dead")["Contents"]] == ["a b"]
    with pytest.raises(buckets.exceptions.NoSuchKey):
        buckets.get_object(Bucket="dead", Key="none")
    buckets.delete_object(Bucket="dead", Key="a b")
    buckets.delete_bucket(Bucket="dead")


def test_topics(client: Callable[[str], Any]) -> None:
    topics: Any = client("sns")
    queues: Any = client("sqs")
    queues.create_queue(QueueName="dead")
    arn = topics.create_topic(Name="told", Tags=[{"Key": "a", "Value": "b & c"}])["TopicArn"]
    topics.subscribe(TopicArn=arn, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:000000000000:dead")
    answer = topics.publish(TopicArn=arn, Message="ü <1>")
    # The answer names the request as its header does.
    metadata = answer["ResponseMetadata"]
    assert metadata["RequestId"] == metadata["HTTPHeaders"]["x-amzn-requestid"]
    (message,) = queues.receive_message(QueueUrl="http://any/000000000000/dead")["Messages"]
    assert json.loads(message["Body"])["Message"] == "ü <1>"
    with pytest.raises(topics.exceptions.NotFoundException, match="Topic does not exist"):
        topics.publish(TopicArn=f"{arn}-none", Message="x")
    # Other services of this protocol are not here.
    sts: Any = client("sts")
    with pytest.raises(sts.exceptions.ClientError, match="The action GetCallerIdentity is not valid") as raised:
        sts.get_caller_identity()
    assert raised.value.response["Error"]["Code"] == "InvalidAction"
