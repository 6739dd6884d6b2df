"""Replication: a table is kept in step in a second table, and in SQLite. Records may come twice; neither copy minds."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any

import streamtable
from tables import create, images


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db, contextlib.closing(sqlite3.connect(":memory:")) as sql:
        create(db, "People")
        create(db, "Copy")
        sql.execute("CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT, at TEXT NOT NULL)")
        sql.execute("CREATE TABLE applied (id TEXT PRIMARY KEY, at TEXT NOT NULL)")

        def to_table(event: dict[str, Any], context: Any) -> None:
            # Replays each record once, and never an older one after a newer.
            db.apply("Copy", [{**record, "eventSource": "aws:dynamodb"} for record in event["Records"]])

        def to_sqlite(event: dict[str, Any], context: Any) -> None:
            with sql:
                for record in event["Records"]:
                    key = record["dynamodb"]["Keys"]["id"]["S"]
                    # Numbers of a stream have different lengths: filled up, they sort as text.
                    at = record["dynamodb"]["SequenceNumber"].zfill(40)
                    newer = "INSERT INTO applied VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at WHERE excluded.at > at"
                    if sql.execute(newer, (key, at)).rowcount == 0:
                        continue
                    sql.execute("DELETE FROM people WHERE id = ?", (key,))
                    if (new := images(record)[1]) is not None:
                        sql.execute("INSERT INTO people VALUES (?, ?, ?)", (key, new.get("name"), at))

        db.event_source_mapping("People", to_table)
        db.event_source_mapping("People", to_sqlite, parallelization_factor=4)
        for number in range(50):
            person = f"p{number % 10}"
            if number % 7 == 6:
                db.delete_item(TableName="People", Key={"id": {"S": person}})
            else:
                db.put_item(TableName="People", Item={"id": {"S": person}, "name": {"S": f"name {number}"}})
        db.run_until_idle()

        def rows(table: str) -> dict[str, str]:
            return {item["id"]["S"]: item["name"]["S"] for item in db.scan(TableName=table)["Items"]}

        copied = dict(sql.execute("SELECT id, name FROM people"))
        assert rows("Copy") == rows("People") == copied, (rows("People"), copied)
        print(f"replication: {len(copied)} people, three times the same")


if __name__ == "__main__":
    main()
