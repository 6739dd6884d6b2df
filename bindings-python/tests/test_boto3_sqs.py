"""Unmodified boto3 clients of SQS, on queues of a database."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import streamtable
from streamtable.boto3 import Level, patched


@pytest.mark.parametrize("level", ["operation", "transport"])
def test_messages_are_sent_received_and_removed(level: Level) -> None:
    with streamtable.open() as db:
        sqs: Any = db.boto3_client("sqs", level=level)
        url = sqs.create_queue(QueueName="dead", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
        assert sqs.get_queue_url(QueueName="dead")["QueueUrl"] == url
        value = {"DataType": "Binary", "BinaryValue": b"\x00\xff"}
        sent = sqs.send_message(QueueUrl=url, MessageBody="hello", MessageAttributes={"raw": value})
        (message,) = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"], AttributeNames=["All"])["Messages"]
        assert (message["Body"], message["MessageId"], message["MD5OfBody"]) == ("hello", sent["MessageId"], sent["MD5OfMessageBody"])
        assert message["MessageAttributes"] == {"raw": value}
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"
        assert "Messages" not in sqs.receive_message(QueueUrl=url)
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        batch = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": str(i)} for i in range(3)])
        assert len(batch["Successful"]) == 3
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        assert [message["Body"] for message in messages] == ["0", "1", "2"]
        assert sqs.get_paginator("list_queues").paginate().build_full_result()["QueueUrls"] == [url]


@pytest.mark.parametrize("level", ["operation", "transport"])
def test_errors_have_both_their_names(level: Level) -> None:
    with streamtable.open() as db:
        sqs: Any = db.boto3_client("sqs", level=level)
        with pytest.raises(sqs.exceptions.QueueDoesNotExist) as raised:
            sqs.get_queue_url(QueueName="none")
        error = raised.value.response["Error"]
        assert error["Code"] == "AWS.SimpleQueueService.NonExistentQueue"
        assert error["Message"] == "The specified queue does not exist."
        sqs.create_queue(QueueName="dead")
        with pytest.raises(ClientError, match="DelaySeconds"):
            sqs.create_queue(QueueName="dead", Attributes={"DelaySeconds": "7"})


def test_the_resource_works_in_a_context() -> None:
    with streamtable.open() as db, patched(db):
        queue = boto3.resource("sqs", region_name="us-east-1").create_queue(QueueName="dead")
        queue.send_message(MessageBody="x")
        (message,) = queue.receive_messages()
        assert message.body == "x"
        message.delete()
        queue.load()
        assert queue.attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
