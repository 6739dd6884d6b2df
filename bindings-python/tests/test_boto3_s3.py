"""Unmodified boto3 clients of S3, on buckets of a database: what failed is read there."""

from __future__ import annotations

import io
import json
import pathlib
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

import streamtable
from streamtable.testing import assert_dead_lettered


@pytest.fixture(params=["operation", "transport"])
def client(db: streamtable.Database, request: pytest.FixtureRequest) -> Any:
    return db.boto3_client("s3", level=request.param)


def test_objects_are_written_read_listed_and_removed(client: Any) -> None:
    client.create_bucket(Bucket="dead")
    assert client.head_bucket(Bucket="dead")["BucketRegion"] == "us-east-1"
    assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["dead"]
    put = client.put_object(Bucket="dead", Key="a/ü & <1>", Body=b"\x00\xff", ContentType="image/png", Metadata={"of": "me"})
    client.put_object(Bucket="dead", Key="b", Body="text")
    client.upload_fileobj(io.BytesIO(b"stream"), "dead", "c")
    answer = client.get_object(Bucket="dead", Key="a/ü & <1>")
    assert (answer["Body"].read(), answer["ContentType"], answer["Metadata"]) == (b"\x00\xff", "image/png", {"of": "me"})
    assert (answer["ETag"], answer["ContentLength"]) == (put["ETag"], 2)
    head = client.head_object(Bucket="dead", Key="c")
    assert (head["ContentLength"], head["LastModified"]) == (6, answer["LastModified"])
    assert [each["Key"] for each in client.list_objects_v2(Bucket="dead")["Contents"]] == ["a/ü & <1>", "b", "c"]
    folders = client.list_objects_v2(Bucket="dead", Delimiter="/")
    assert [each["Prefix"] for each in folders["CommonPrefixes"]] == ["a/"]
    pages = client.get_paginator("list_objects_v2").paginate(Bucket="dead", PaginationConfig={"PageSize": 1})
    assert [each["Key"] for each in pages.build_full_result()["Contents"]] == ["a/ü & <1>", "b", "c"]
    for key in ("a/ü & <1>", "b", "c"):
        client.delete_object(Bucket="dead", Key=key)
    client.delete_bucket(Bucket="dead")
    with pytest.raises(ClientError) as gone:
        client.head_bucket(Bucket="dead")
    assert gone.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_errors_are_those_of_the_service(client: Any) -> None:
    with pytest.raises(client.exceptions.NoSuchBucket, match="The specified bucket does not exist"):
        client.get_object(Bucket="none", Key="a")
    client.create_bucket(Bucket="dead")
    with pytest.raises(client.exceptions.NoSuchKey) as missing:
        client.get_object(Bucket="dead", Key="a")
    assert missing.value.response["Error"]["Key"] == "a"
    with pytest.raises(ClientError) as refused:
        client.get_bucket_acl(Bucket="dead")
    error = refused.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("NotImplemented", 501)
    client.put_object(Bucket="dead", Key="a")
    with pytest.raises(ClientError) as full:
        client.delete_bucket(Bucket="dead")
    error = full.value.response
    assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("BucketNotEmpty", 409)


def test_what_failed_is_read_from_a_bucket(db: streamtable.Database) -> None:
    def handle(event: Any, context: Any) -> None:
        raise ValueError("no such order")

    with streamtable.boto3.patched(db, services=["s3"]):
        buckets: Any = boto3.client("s3")
        buckets.create_bucket(Bucket="dead")
        mapping = db.event_source_mapping("People", handle, maximum_retry_attempts=0, on_failure="arn:aws:s3:::dead")
        db.put_item(TableName="People", Item={"id": {"S": "a"}})
        mapping.run_until_idle()
        (found,) = buckets.list_objects_v2(Bucket="dead", Prefix=f"aws/lambda/{mapping.uuid}/shardId-")["Contents"]
        answer = buckets.get_object(Bucket="dead", Key=found["Key"])
        failure = json.loads(answer["Body"].read())
    assert answer["ContentType"] == "application/octet-stream"
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    (record,) = json.loads(failure["payload"])["Records"]
    assert record["dynamodb"]["Keys"] == {"id": {"S": "a"}}
    assert_dead_lettered(mapping, record)
    assert mapping.counts["DroppedEventCount"] == 0
    with pytest.raises(RuntimeError, match="the function failed again"):
        mapping.redrive(failure)


def test_buckets_are_kept_and_forked(tmp_path: pathlib.Path) -> None:
    with streamtable.open(tmp_path / "db") as db:
        db.s3_create_bucket(Bucket="dead")
        db.s3_put_object(Bucket="dead", Key="a", Body=b"x" * 3_000_000)
    with streamtable.open(tmp_path / "db") as db:
        assert db.s3_get_object(Bucket="dead", Key="a")["Body"] == b"x" * 3_000_000
        with db.fork(tmp_path / "fork") as fork:
            fork.s3_delete_object(Bucket="dead", Key="a")
            fork.s3_delete_bucket(Bucket="dead")
            assert fork.s3_list_buckets()["Buckets"] == []
        assert db.s3_head_object(Bucket="dead", Key="a")["ContentLength"] == 3_000_000


def test_a_context_takes_clients_of_buckets_by_request_alone(db: streamtable.Database) -> None:
    elsewhere: Any = boto3.client("s3", region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
    with streamtable.boto3.patched(db, services=["s3", "dynamodb"]):
        elsewhere.create_bucket(Bucket="dead")
    with streamtable.boto3.patched(db), pytest.raises(EndpointConnectionError):
        elsewhere.head_bucket(Bucket="dead")
    with pytest.raises(ValueError, match="ec2"), streamtable.boto3.patched(db, services=["ec2"]):
        pass
