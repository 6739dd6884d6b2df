"""`streams`: all pages of what is seen of streams, as one list."""

from __future__ import annotations

import streamtable


def table(name: str) -> dict[str, object]:
    return {
        "TableName": name,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    }


def test_all_streams_and_all_shards() -> None:
    with streamtable.open(clock="manual", seed=1, partitions=101) as db:
        for name in ["Orders", "People"]:
            db.call("CreateTable", table(name))
        db.put_item(TableName="Orders", Item={"id": {"S": "a"}})
        orders, people = db.streams()
        assert (orders["TableName"], people["TableName"]) == ("Orders", "People")
        assert [len(stream["Shards"]) for stream in (orders, people)] == [101, 101]
        assert len({shard["ShardId"] for shard in orders["Shards"]}) == 101
        assert sum(shard["RecordCount"] for shard in orders["Shards"]) == 1
        assert "LastEvaluatedShardId" not in orders
        assert db.streams("People") == [people]
        assert db.streams("Nobody") == []
