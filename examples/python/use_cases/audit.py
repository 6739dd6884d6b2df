"""An audit log: who changed what, attribute by attribute, in a table of its own that only grows. A record that comes twice makes one entry."""

from __future__ import annotations

from typing import Any

import streamtable
from streamtable.records import differences
from tables import create


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Accounts")
        create(db, "Audit")

        def write(event: dict[str, Any], context: Any) -> None:
            for record in event["Records"]:
                change = record["dynamodb"]
                lines = [
                    {"M": {"path": {"S": path}, "from": old or {"NULL": True}, "to": new or {"NULL": True}}}
                    for path, old, new in (
                        (entry["Path"], entry.get("From"), entry.get("To"))
                        for entry in differences(change.get("OldImage"), change.get("NewImage"))
                    )
                ]
                entry = {"id": {"S": record["eventID"]}, "what": {"S": record["eventName"]}, "changes": {"L": lines}}
                db.put_item(TableName="Audit", Item=entry)

        mapping = db.event_source_mapping("Accounts", write)
        db.put_item(TableName="Accounts", Item={"id": {"S": "1"}, "limit": {"N": "100"}, "owner": {"S": "ada"}})
        db.update_item(
            TableName="Accounts",
            Key={"id": {"S": "1"}},
            UpdateExpression="SET #l = :l",
            ExpressionAttributeNames={"#l": "limit"},
            ExpressionAttributeValues={":l": {"N": "500"}},
        )
        mapping.run_until_idle()
        entries = {item["what"]["S"]: item["changes"]["L"] for item in db.scan(TableName="Audit")["Items"]}
        assert entries["MODIFY"] == [{"M": {"path": {"S": "/limit"}, "from": {"N": "100"}, "to": {"N": "500"}}}]
        print("audit: each change with what it was and what it became")


if __name__ == "__main__":
    main()
