"""Dead letters and their requeue: what failed too often is kept aside and tried again every hour, on the database's clock, until it succeeds."""

from __future__ import annotations

from typing import Any

import streamtable
from streamtable.testing import assert_dead_lettered
from tables import create


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Payments")
        booked: set[str] = set()
        letters: list[dict[str, Any]] = []
        unknown = {"EUR"}

        def book(event: dict[str, Any], context: Any) -> None:
            for record in event["Records"]:
                payment = record["dynamodb"]["NewImage"]
                if payment["currency"]["S"] in unknown:
                    raise LookupError(f"no rate for {payment['currency']['S']}")
                booked.add(payment["id"]["S"])

        mapping = db.event_source_mapping(
            "Payments", book, bisect_batch_on_function_error=True, maximum_retry_attempts=0, on_failure=letters.append
        )
        for key, currency in (("1", "USD"), ("2", "EUR"), ("3", "USD")):
            db.put_item(TableName="Payments", Item={"id": {"S": key}, "currency": {"S": currency}})
        mapping.run_until_idle(advance=True)
        assert booked == {"1", "3"}
        assert_dead_lettered(mapping, letters[0]["DDBStreamBatchInfo"]["startSequenceNumber"])

        for hour in range(1, 6):
            db.clock.advance(hours=1)
            if hour == 3:
                unknown.clear()
            for letter in letters[:]:
                try:
                    mapping.redrive(letter)
                except RuntimeError:
                    continue
                letters.remove(letter)
        assert (booked, letters) == ({"1", "2", "3"}, [])
        print("dead letters: one payment booked in the third hour")


if __name__ == "__main__":
    main()
