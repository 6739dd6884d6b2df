"""An order pipeline: one table of orders, and three functions on its stream. One confirms, one takes the goods out of the inventory, one tells the
warehouse. Each has its own place in the stream, its own retries, and fails for itself.
"""

from __future__ import annotations

from typing import Any

import streamtable
from streamtable.exceptions import ConditionalCheckFailedException, TransactionCanceledException
from tables import create, images

ORDERED = {"eventName": ["INSERT"]}


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        for name in ("Orders", "Inventory", "Booked"):
            create(db, name)
        db.put_item(TableName="Inventory", Item={"id": {"S": "tea"}, "left": {"N": "10"}})
        confirmed: list[str] = []
        warehouse: list[str] = []
        sold_out: list[dict[str, Any]] = []

        @db.function("confirm")
        def confirm(event: dict[str, Any], context: Any) -> None:
            confirmed.extend(record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"])

        @db.function("book")
        def book(event: dict[str, Any], context: Any) -> None:
            """Takes the goods once for each order, however often its record comes: the booking and the mark that it was done are one write."""
            for record in event["Records"]:
                _, order = images(record)
                assert order is not None
                try:
                    db.transact_write_items(
                        TransactItems=[
                            {
                                "Put": {
                                    "TableName": "Booked",
                                    "Item": {"id": {"S": order["id"]}},
                                    "ConditionExpression": "attribute_not_exists(id)",
                                }
                            },
                            {
                                "Update": {
                                    "TableName": "Inventory",
                                    "Key": {"id": {"S": order["goods"]}},
                                    "UpdateExpression": "SET #left = #left - :n",
                                    "ConditionExpression": "#left >= :n",
                                    "ExpressionAttributeNames": {"#left": "left"},
                                    "ExpressionAttributeValues": {":n": {"N": str(order["count"])}},
                                }
                            },
                        ]
                    )
                except TransactionCanceledException as error:
                    if [reason["Code"] for reason in error.response["CancellationReasons"]][0] != "ConditionalCheckFailed":
                        raise

        @db.function("ship")
        def ship(event: dict[str, Any], context: Any) -> None:
            warehouse.extend(record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"])

        db.event_source_mapping("Orders", "confirm", filters=[ORDERED])
        db.event_source_mapping("Orders", "ship", filters=[ORDERED], batch_size=1)
        db.event_source_mapping(
            "Orders",
            "book",
            filters=[ORDERED],
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=2,
            on_failure=sold_out.append,
        )
        for order, count in (("1", 3), ("2", 9), ("3", 7)):
            db.put_item(TableName="Orders", Item={"id": {"S": order}, "goods": {"S": "tea"}, "count": {"N": str(count)}})
        db.run_until_idle(advance=True)

        assert confirmed == warehouse == ["1", "2", "3"]
        assert db.get_item(TableName="Inventory", Key={"id": {"S": "tea"}})["Item"]["left"] == {"N": "0"}
        assert [failure["DDBStreamBatchInfo"]["batchSize"] for failure in sold_out] == [1]
        try:
            db.put_item(TableName="Booked", Item={"id": {"S": "1"}}, ConditionExpression="attribute_not_exists(id)")
        except ConditionalCheckFailedException:
            print("orders: three confirmed, two booked, one without goods told of")
        else:
            raise AssertionError("order 1 was booked")


if __name__ == "__main__":
    main()
