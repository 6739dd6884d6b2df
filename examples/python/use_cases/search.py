"""Full-text search kept in step: SQLite's FTS5 holds the words of a table's items."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any

import streamtable
from tables import create, images


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db, contextlib.closing(sqlite3.connect(":memory:")) as index:
        create(db, "Articles")
        index.execute("CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, title, text)")

        def update(event: dict[str, Any], context: Any) -> None:
            with index:
                for record in event["Records"]:
                    index.execute("DELETE FROM articles WHERE id = ?", (record["dynamodb"]["Keys"]["id"]["S"],))
                    if (new := images(record)[1]) is not None:
                        index.execute("INSERT INTO articles VALUES (?, ?, ?)", (new["id"], new["title"], new["text"]))

        def found(words: str) -> list[str]:
            return [row[0] for row in index.execute("SELECT id FROM articles WHERE articles MATCH ? ORDER BY id", (words,))]

        db.event_source_mapping("Articles", update, batch_size=1000)
        for key, title, text in (("1", "Tea", "green and black"), ("2", "Coffee", "black"), ("3", "Water", "clear")):
            db.put_item(TableName="Articles", Item={"id": {"S": key}, "title": {"S": title}, "text": {"S": text}})
        db.run_until_idle()
        assert found("black") == ["1", "2"]
        db.delete_item(TableName="Articles", Key={"id": {"S": "2"}})
        db.put_item(TableName="Articles", Item={"id": {"S": "3"}, "title": {"S": "Ink"}, "text": {"S": "black"}})
        db.run_until_idle()
        assert (found("black"), found("clear"), found("title:ink")) == (["1", "3"], [], ["3"])
        print("search: the index follows the table")


if __name__ == "__main__":
    main()
