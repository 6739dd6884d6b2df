"""A transactional outbox: a service writes only its table; a relay publishes each change as an event, with the item as it is now and a JSON Patch
(RFC 6902) that tells what changed. Events are named after their records, so that a receiver can pass over those it has seen.
"""

from __future__ import annotations

import uuid
from typing import Any

import streamtable
from streamtable.records import patch, to_plain
from tables import create

OPERATIONS = {"INSERT": "C", "MODIFY": "U", "REMOVE": "D"}


def change_event(record: dict[str, Any]) -> dict[str, Any]:
    change = record["dynamodb"]
    old, new = change.get("OldImage"), change.get("NewImage")
    return {
        "data_op": OPERATIONS[record["eventName"]],
        "data": to_plain(new or old, numbers="native"),
        "patch": patch(old, new),
        "metadata": {"eid": str(uuid.uuid5(uuid.NAMESPACE_OID, record["eventID"]))},
    }


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Articles")
        published: dict[str, dict[str, Any]] = {}
        is_down = True

        def relay(event: dict[str, Any], context: Any) -> dict[str, Any]:
            nonlocal is_down
            for at, record in enumerate(event["Records"]):
                if at == 1 and is_down:
                    is_down = False
                    return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
                told = change_event(record)
                published[told["metadata"]["eid"]] = told
            return {}

        mapping = db.event_source_mapping("Articles", relay, report_batch_item_failures=True)
        db.put_item(TableName="Articles", Item={"id": {"S": "1"}, "title": {"S": "Tea"}, "size": {"N": "1"}})
        db.put_item(TableName="Articles", Item={"id": {"S": "1"}, "title": {"S": "Tea"}, "size": {"N": "2"}})
        db.delete_item(TableName="Articles", Key={"id": {"S": "1"}})
        assert mapping.run_until_idle() == 2, "the relay was down after the first"
        events = list(published.values())
        assert [event["data_op"] for event in events] == ["C", "U", "D"]
        assert events[1]["patch"] == [{"op": "replace", "path": "/size", "value": 2}]
        assert events[2]["data"] == {"id": "1", "title": "Tea", "size": 2}
        print("outbox: three changes, three events, one interruption")


if __name__ == "__main__":
    main()
