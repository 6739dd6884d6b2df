"""Notification: a customer is told when an order is shipped, once, and of nothing else. The filter decides; the function never sees the rest."""

from __future__ import annotations

from typing import Any

import streamtable
from tables import create

SHIPPED = {
    "eventName": ["MODIFY"],
    "dynamodb": {
        "NewImage": {"status": {"S": ["SHIPPED"]}},
        "OldImage": {"status": {"S": [{"anything-but": "SHIPPED"}]}},
    },
}


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Orders")
        told: list[str] = []

        def tell(event: dict[str, Any], context: Any) -> None:
            told.extend(record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"])

        mapping = db.event_source_mapping("Orders", tell, filters=[SHIPPED])
        for status in ("NEW", "PAID", "SHIPPED", "SHIPPED", "DELIVERED"):
            note = {"S": f"set at {db.clock.now()}"}
            db.put_item(TableName="Orders", Item={"id": {"S": "1"}, "status": {"S": status}, "note": note})
            db.clock.advance(seconds=1)
        db.run_until_idle()
        assert told == ["1"], (told, mapping.counts, db.list_event_source_mappings())
        assert mapping.counts["FilteredOutEventCount"] == 4
        print("notification: told once, of five changes")


if __name__ == "__main__":
    main()
