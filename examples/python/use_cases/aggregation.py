"""Counters in tumbling windows: sales of each minute are added up over many batches; the state goes from invocation to invocation."""

from __future__ import annotations

from typing import Any

import streamtable
from tables import create, images


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Sales")
        create(db, "Minutes")

        def add_up(event: dict[str, Any], context: Any) -> dict[str, Any]:
            state = event["state"]
            for record in event["Records"]:
                _, sale = images(record)
                assert sale is not None
                state[sale["goods"]] = state.get(sale["goods"], 0) + sale["count"]
            if event["isFinalInvokeForWindow"]:
                sums = {goods: {"N": str(count)} for goods, count in state.items()}
                db.put_item(TableName="Minutes", Item={"id": {"S": event["window"]["start"]}, "sums": {"M": sums}})
            return {"state": state}

        db.event_source_mapping("Sales", add_up, batch_size=2, tumbling_window_in_seconds=60)
        for number in range(9):
            goods = "tea" if number % 3 else "coffee"
            db.put_item(TableName="Sales", Item={"id": {"S": str(number)}, "goods": {"S": goods}, "count": {"N": "1"}})
            db.clock.advance(seconds=20)
            db.run_until_idle()
        # A window is closed by a record after it, or two minutes after its end.
        db.clock.advance(minutes=3)
        db.run_until_idle()
        minutes = {item["id"]["S"]: item["sums"]["M"] for item in db.scan(TableName="Minutes")["Items"]}
        each = {"coffee": {"N": "1"}, "tea": {"N": "2"}}
        assert minutes == {f"2026-01-01T00:0{minute}:00Z": each for minute in range(3)}, minutes
        print("aggregation: three minutes, each with its sums")


if __name__ == "__main__":
    main()
