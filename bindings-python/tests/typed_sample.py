"""A program as a user writes it, for the type checker: it must pass `mypy --strict`, and each expected mistake must be one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import streamtable
from streamtable.exceptions import ConditionalCheckFailedException, StreamtableError


def program() -> list[str]:
    seen: list[str] = []
    with streamtable.open(clock="manual", now=datetime(2026, 1, 1, tzinfo=timezone.utc), seed=7) as db:
        db.create_table(
            TableName="People",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        db.put_item(TableName="People", Item={"id": {"S": "ada"}, "born": {"N": "1815"}})
        try:
            db.put_item(TableName="People", Item={"id": {"S": "ada"}}, ConditionExpression="attribute_not_exists(id)")
        except ConditionalCheckFailedException as error:
            seen.append(error.code)
        except StreamtableError:
            raise
        answer = db.get_item(TableName="People", Key={"id": {"S": "ada"}})
        seen.append(answer["Item"]["born"]["N"])
        now: datetime = db.clock.advance(timedelta(hours=1), seconds=5)
        seen.append(now.isoformat())
        arn: str = db.describe_table(TableName="People")["Table"]["LatestStreamArn"]
        for record in db.stream(arn).records(limit=10):
            image = record.new_image
            if image is not None and record.event_name == "INSERT":
                seen.append(image["id"]["S"])
            seen.append(record["dynamodb"]["SequenceNumber"])
            seen.append(record.shard_id)
        records: streamtable.Records = db.stream(arn).records(trimmed="skip")
        place: str = records.checkpoint
        seen += [record.event_id for record in db.stream(arn).records(checkpoint=place)] if records.gaps == 0 else []
    return seen


def mistakes(db: streamtable.Database) -> None:
    db.put_item(TableNme="People", Item={})  # type: ignore[call-arg]
    db.put_item(TableName=5, Item={})  # type: ignore[arg-type]
    db.get_item(TableName="People")  # type: ignore[call-arg]
    db.create_table(TableName="People", BillingMode="FREE")  # type: ignore[arg-type, call-arg]
    db.clock.advance("an hour")  # type: ignore[arg-type]
