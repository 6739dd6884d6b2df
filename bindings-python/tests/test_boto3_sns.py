"""Unmodified boto3 clients of SNS, on topics of a database."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import boto3
import pytest
from conftest import PEOPLE

import streamtable
from streamtable.boto3 import Level, aiobotocore_session, patched

QUEUE = "arn:aws:sqs:us-east-1:000000000000:dead"


@pytest.mark.parametrize("level", ["operation", "transport"])
def test_what_is_published_is_received(level: Level) -> None:
    with streamtable.open() as db:
        sns: Any = db.boto3_client("sns", level=level)
        sqs: Any = db.boto3_client("sqs", level=level)
        url = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sns.create_topic(Name="told", Attributes={"DisplayName": "a & b"}, Tags=[{"Key": "k", "Value": "<v>"}])["TopicArn"]
        assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == "a & b"
        assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "<v>"}]
        policy = json.dumps({"kind": ["a+b", "100%"]})
        subscription = sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=QUEUE, Attributes={"FilterPolicy": policy})["SubscriptionArn"]
        sns.publish(TopicArn=arn, Message="not asked for")
        attributes = {"kind": {"DataType": "String", "StringValue": "100%"}, "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
        published = sns.publish(TopicArn=arn, Message="ü & =", Subject="s", MessageAttributes=attributes)
        assert published["ResponseMetadata"]["RequestId"]
        (message,) = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        body = json.loads(message["Body"])
        assert (body["MessageId"], body["Message"], body["Subject"]) == (published["MessageId"], "ü & =", "s")
        assert body["MessageAttributes"]["raw"] == {"Type": "Binary", "Value": "AP8="}
        sns.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="RawMessageDelivery", AttributeValue="true")
        batch = sns.publish_batch(
            TopicArn=arn, PublishBatchRequestEntries=[{"Id": str(i), "Message": str(i), "MessageAttributes": attributes} for i in range(10)]
        )
        assert ([entry["Id"] for entry in batch["Successful"]], batch["Failed"]) == ([str(i) for i in range(10)], [])
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])["Messages"]
        assert [message["Body"] for message in messages] == [str(i) for i in range(10)]
        assert messages[0]["MessageAttributes"] == attributes
        found = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn).build_full_result()["Subscriptions"]
        assert [each["SubscriptionArn"] for each in found] == [subscription]
        sns.unsubscribe(SubscriptionArn=subscription)
        sns.delete_topic(TopicArn=arn)
        assert sns.list_topics()["Topics"] == []


@pytest.mark.parametrize("level", ["operation", "transport"])
def test_errors_are_the_service_s(level: Level) -> None:
    with streamtable.open() as db:
        sns: Any = db.boto3_client("sns", level=level)
        with pytest.raises(sns.exceptions.NotFoundException) as raised:
            sns.publish(TopicArn="arn:aws:sns:us-east-1:000000000000:none", Message="x")
        response = raised.value.response
        assert response["Error"] == {"Code": "NotFound", "Message": "Topic does not exist", "Type": "Sender"}
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 404
        with pytest.raises(sns.exceptions.InvalidParameterException, match="Topic Name"):
            sns.create_topic(Name="no name")
        with pytest.raises(sns.exceptions.ClientError, match="The action ListPhoneNumbersOptedOut is not valid for this web service."):
            sns.list_phone_numbers_opted_out()


def test_the_context_takes_it_by_request() -> None:
    with streamtable.open() as db, patched(db, services=["sns", "sqs"]):
        topic = boto3.resource("sns", region_name="us-east-1").create_topic(Name="told")
        queue = boto3.resource("sqs", region_name="us-east-1").create_queue(QueueName="dead")
        topic.subscribe(Protocol="sqs", Endpoint=queue.attributes["QueueArn"])
        topic.publish(Message="x")
        (message,) = queue.receive_messages()
        assert json.loads(message.body)["TopicArn"] == topic.arn


def test_regions_and_forks_have_topics_of_their_own() -> None:
    with streamtable.open() as db:
        here: Any = db.boto3_client("sns")
        there: Any = db.boto3_client("sns", region_name="eu-west-1")
        arn = here.create_topic(Name="told")["TopicArn"]
        assert there.list_topics()["Topics"] == []
        assert there.create_topic(Name="told")["TopicArn"] == "arn:aws:sns:eu-west-1:000000000000:told"
        with pytest.raises(there.exceptions.NotFoundException):
            there.publish(TopicArn=arn, Message="x")
        with db.fork() as fork:
            of_fork: Any = fork.boto3_client("sns")
            of_fork.create_topic(Name="only-there")
            assert len(of_fork.list_topics()["Topics"]) == 2
        assert here.list_topics()["Topics"] == [{"TopicArn": arn}]


def test_clients_of_asyncio() -> None:
    async def publish(db: streamtable.Database) -> str:
        async with aiobotocore_session(db).create_client("sns") as sns:
            arn: str = (await sns.create_topic(Name="told"))["TopicArn"]
            await sns.publish(TopicArn=arn, Message="x")
            return arn

    with streamtable.open() as db:
        assert asyncio.run(publish(db)).endswith(":told")


def test_failures_of_a_mapping_are_read_from_a_queue_that_has_subscribed() -> None:
    with streamtable.open(clock="manual") as db:
        db.create_table(**PEOPLE)
        sns: Any = db.boto3_client("sns")
        sqs: Any = db.boto3_client("sqs")
        url = sqs.create_queue(QueueName="dead")["QueueUrl"]
        arn = sns.create_topic(Name="failures")["TopicArn"]
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=QUEUE)

        def fails(event: Any, context: Any) -> None:
            raise ValueError("poison")

        mapping = db.event_source_mapping("People", fails, maximum_retry_attempts=0, on_failure=arn)
        db.put_item(TableName="People", Item={"id": {"S": "1"}})
        db.run_until_idle(advance=True)
        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        document = json.loads(json.loads(message["Body"])["Message"])
        assert document["requestContext"]["condition"] == "RetryAttemptsExhausted"
        assert document["DDBStreamBatchInfo"]["batchSize"] == 1
        assert mapping.counts["OnFailureDestinationDeliveredEventCount"] == 1
