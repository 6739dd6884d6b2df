"""Dead letters and their requeue: what failed too often is kept in a queue and tried again every hour, on the database's clock, until it succeeds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import streamtable
from tables import create

DEAD = "arn:aws:sqs:us-east-1:000000000000:dead"


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Payments")
        db.sqs_create_queue(QueueName="dead")
        booked: set[str] = set()
        unknown = {"EUR"}

        def book(event: dict[str, Any], context: Any) -> None:
            for record in event["Records"]:
                payment = record["dynamodb"]["NewImage"]
                if payment["currency"]["S"] in unknown:
                    raise LookupError(f"no rate for {payment['currency']['S']}")
                booked.add(payment["id"]["S"])

        mapping = db.event_source_mapping(
            "Payments",
            book,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=0,
            on_failure=DEAD,
            redrive_every=timedelta(hours=1),
        )
        for key, currency in (("1", "USD"), ("2", "EUR"), ("3", "USD")):
            db.put_item(TableName="Payments", Item={"id": {"S": key}, "currency": {"S": currency}})
        mapping.run_until_idle(advance=True)
        assert booked == {"1", "3"}

        tried = []
        for hour in range(1, 6):
            db.clock.advance(hours=1)
            if hour == 3:
                unknown.clear()
            tried.append(mapping.run_until_idle())
        assert (booked, tried) == ({"1", "2", "3"}, [1, 1, 1, 0, 0])
        print("dead letters: one payment booked in the third hour")


if __name__ == "__main__":
    main()
