"""What the examples share: a table with a stream, and its values without type tags."""

from __future__ import annotations

from typing import Any

import streamtable
from streamtable.records import to_plain


def create(db: streamtable.Database, name: str, key: str = "id") -> None:
    """A table with a stream of old and new images."""
    db.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def images(record: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The item before and after the change that a record tells, as plain values; none where there was none."""
    change = record["dynamodb"]
    old, new = (change.get(name) for name in ("OldImage", "NewImage"))
    return old and to_plain(old, numbers="native"), new and to_plain(new, numbers="native")
