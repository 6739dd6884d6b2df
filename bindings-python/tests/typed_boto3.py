"""Code with boto3's clients as a user with boto3-stubs writes it, for the type checkers: it must pass, and each expected mistake must be one."""

from __future__ import annotations

import streamtable
from mypy_boto3_dynamodb import DynamoDBClient


def program(db: streamtable.Database) -> list[str]:
    client = db.boto3_client()
    names: list[str] = client.list_tables()["TableNames"]
    same: DynamoDBClient = streamtable.boto3.attach(client, db)
    with streamtable.boto3.attached(same, db) as attached:
        names += [stream.get("StreamArn", "") for stream in db.boto3_client("dynamodbstreams").list_streams()["Streams"]]
        names += attached.list_tables()["TableNames"]
    for table in streamtable.boto3.resource(db, region_name="eu-west-1").tables.all():
        names.append(table.table_arn)
    return names + db.boto3_session().client("dynamodb").list_tables()["TableNames"]


def mistakes(db: streamtable.Database) -> None:
    db.boto3_client().put_item(TableName=5, Item={})  # type: ignore[arg-type]
    db.boto3_client("dynamodbstreams").get_records()  # type: ignore[call-arg]
    db.boto3_resource().Tabel("People")  # type: ignore[attr-defined]
    streamtable.boto3.client(db, level="socket")  # type: ignore[call-overload]
    with streamtable.boto3.attached(db.boto3_client(), db) as client:
        client.put_itm()  # type: ignore[attr-defined]
