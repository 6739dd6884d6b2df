"""Loads a real data set into a table with boto3 and reads what its change stream says.

    python demo.py gapminder.csv

Each row is one country in one year. The first year of a country becomes an item, each later year changes it. Everything between the two lines
marked (1) is plain boto3 that runs against Amazon DynamoDB as it stands; the marked line makes it run on a database inside this process.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import boto3
import streamtable

LAST_YEAR = "2007"


def create(dynamodb: Any) -> Any:
    return dynamodb.create_table(
        TableName="Countries",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "country", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "country", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def load(table: Any, rows: list[dict[str, str]]) -> int:
    """Writes the rows; gives the number of changes."""
    for row in rows:
        country = row["country"]
        values = {
            "year": Decimal(row["year"]),
            "life_expectancy": Decimal(row["lifeExp"]),
            "population": Decimal(row["pop"]),
            "income": Decimal(row["gdpPercap"]),
        }
        if row["year"] == "1952":
            table.put_item(Item={"country": country, "continent": row["continent"], **values})
        else:
            table.update_item(
                Key={"country": country},
                UpdateExpression="SET #y = :y, life_expectancy = :l, population = :p, income = :i",
                ExpressionAttributeNames={"#y": "year"},
                ExpressionAttributeValues=dict(zip([":y", ":l", ":p", ":i"], values.values(), strict=True)),
            )
    return len(rows)


def read(streams: Any, iterator: str) -> Iterator[dict[str, Any]]:
    """Every record from an iterator to the end of what is there."""
    while True:
        page = streams.get_records(ShardIterator=iterator)
        yield from page["Records"]
        if not page["Records"] or "NextShardIterator" not in page:
            return
        iterator = page["NextShardIterator"]


def show(record: dict[str, Any]) -> None:
    change = record["dynamodb"]
    new = {name: next(iter(value.values())) for name, value in change["NewImage"].items()}
    print(f"  {record['eventName']} {new['country']}, {new['year']}: ", end="")
    if "OldImage" not in change:
        print(f"life expectancy {new['life_expectancy']}, population {new['population']}")
        return
    old = {name: next(iter(value.values())) for name, value in change["OldImage"].items()}
    print(
        f"life expectancy {old['life_expectancy']} -> {new['life_expectancy']}, "
        f"population {old['population']} -> {new['population']}"
    )


def digest(records: list[dict[str, Any]]) -> str:
    """SHA-256 over a line per record: event name, keys, images and size, the maps as JSON without spaces and with sorted names."""
    total = hashlib.sha256()
    for record in records:
        parts = [record["dynamodb"].get(name) for name in ("Keys", "OldImage", "NewImage", "SizeBytes")]
        texts = [json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for part in parts]
        total.update(" ".join([record["eventName"], *texts]).encode() + b"\n")
    return total.hexdigest()


def main(path: str) -> None:
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    earlier = [row for row in rows if row["year"] != LAST_YEAR]
    later = [row for row in rows if row["year"] == LAST_YEAR]

    table = create(boto3.resource("dynamodb", region_name="us-east-1"))
    streams = boto3.client("dynamodbstreams", region_name="us-east-1")
    changes = load(table, earlier)
    arn = table.latest_stream_arn
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]

    def iterator(kind: str, **position: str) -> str:
        answer = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType=kind, **position)
        return answer["ShardIterator"]

    latest = iterator("LATEST")
    changes += load(table, later)
    middle = changes // 2

    print("TRIM_HORIZON: everything from the beginning, such as")
    records = list(read(streams, iterator("TRIM_HORIZON")))
    assert len(records) == changes, "one record for each change"
    for record in records[:3]:
        show(record)

    print("AT_SEQUENCE_NUMBER: from one record on, such as")
    sequence_number = records[middle]["dynamodb"]["SequenceNumber"]
    found = list(read(streams, iterator("AT_SEQUENCE_NUMBER", SequenceNumber=sequence_number)))
    assert found == records[middle:]
    show(found[0])

    print("AFTER_SEQUENCE_NUMBER: from the one after it, such as")
    found = list(read(streams, iterator("AFTER_SEQUENCE_NUMBER", SequenceNumber=sequence_number)))
    assert found == records[middle + 1 :]
    show(found[0])

    print(f"LATEST: only what came later, here the year {LAST_YEAR}, such as")
    found = list(read(streams, latest))
    assert found == records[-len(later) :]
    for record in found[:2]:
        show(record)

    print(f"stream: {len(records)} records, sha256 {digest(records)}")


if __name__ == "__main__":
    with streamtable.open() as db, streamtable.boto3.patched(db):  # (1)
        main(sys.argv[1])  # (1)
