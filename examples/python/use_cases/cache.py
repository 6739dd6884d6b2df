"""Cache invalidation: what is read is kept until the table says that it has changed. A thread carries the mapping out, woken by each write."""

from __future__ import annotations

import threading
from typing import Any

import streamtable
from tables import create


def main() -> None:
    with streamtable.open() as db:
        create(db, "Prices")
        cached: dict[str, Any] = {}
        misses = 0
        changed = threading.Event()

        def price(goods: str) -> Any:
            nonlocal misses
            if goods not in cached:
                misses += 1
                cached[goods] = db.get_item(TableName="Prices", Key={"id": {"S": goods}})["Item"]["price"]
            return cached[goods]

        def forget(event: dict[str, Any], context: Any) -> None:
            for record in event["Records"]:
                cached.pop(record["dynamodb"]["Keys"]["id"]["S"], None)
            changed.set()

        with db.event_source_mapping("Prices", forget):
            for amount in ("1", "2"):
                db.put_item(TableName="Prices", Item={"id": {"S": "tea"}, "price": {"N": amount}})
                assert changed.wait(60), "the thread is woken by what is written"
                changed.clear()
                assert price("tea") == price("tea") == {"N": amount}
        assert misses == 2
        print("cache: read twice, asked for four times")


if __name__ == "__main__":
    main()
