"""A materialised view that is rebuilt by replay: when its logic changes, a second mapping reads the stream from its beginning into a new table, beside
the first, which goes on; then readers change over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamtable
from tables import create, images


def view_of(db: streamtable.Database, table: str, amount: Callable[[dict[str, Any]], int]) -> Callable[[Any, Any], None]:
    """A handler that keeps sums of orders by customer in a table. A batch that comes again after a crash would be added again: see `orders.py` for a
    mark that prevents it."""

    def add(event: dict[str, Any], context: Any) -> None:
        for record in event["Records"]:
            old, new = images(record)
            change = (amount(new) if new else 0) - (amount(old) if old else 0)
            customer = (new or old or {})["customer"]
            db.update_item(
                TableName=table,
                Key={"id": {"S": customer}},
                UpdateExpression="ADD #sum :n",
                ExpressionAttributeNames={"#sum": "sum"},
                ExpressionAttributeValues={":n": {"N": str(change)}},
            )

    return add


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        for name in ("Orders", "Sums1", "Sums2"):
            create(db, name)

        def order(key: str, customer: str, net: int) -> None:
            item = {"id": {"S": key}, "customer": {"S": customer}, "net": {"N": str(net)}}
            db.put_item(TableName="Orders", Item=item)

        def sums(table: str) -> dict[str, str]:
            return {item["id"]["S"]: item["sum"]["N"] for item in db.scan(TableName=table)["Items"]}

        db.function("net")(view_of(db, "Sums1", lambda order: int(order["net"])))
        first = db.event_source_mapping("Orders", "net")
        order("1", "ada", 10)
        order("2", "ben", 20)
        order("1", "ada", 15)
        db.run_until_idle()
        assert sums("Sums1") == {"ada": "15", "ben": "20"}

        db.function("gross")(view_of(db, "Sums2", lambda order: int(order["net"]) * 120 // 100))
        db.event_source_mapping("Orders", "gross", starting_position="TRIM_HORIZON")
        order("3", "ben", 5)
        db.run_until_idle()
        assert sums("Sums2") == {"ada": "18", "ben": "30"}
        first.delete()
        print("view: the second view was rebuilt from the stream and goes on")


if __name__ == "__main__":
    main()
