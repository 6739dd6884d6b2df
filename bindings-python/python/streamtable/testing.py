"""Events for unit tests of functions that read changes, with identities, sizes and sequence numbers as the service would give them.

    from streamtable.records import to_item
    from streamtable.testing import modify

    event = modify(to_item({"id": "1", "total": 9}), to_item({"id": "1", "total": 10}), keys=["id"])
    handler(event, None)

The records are those of a database in memory that makes the changes: what it would refuse is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ._streamtable import _tool
from ._time import moment_to_millis

if TYPE_CHECKING:
    from ._mappings import EventSourceMapping
    from ._operations import AttributeValue

__all__ = ["assert_dead_lettered", "assert_delivered", "event", "insert", "modify", "remove"]

#: An item in its typed form.
Image = Mapping[str, "AttributeValue"]


def event(
    changes: Sequence[tuple[Image | None, Image | None]],
    *,
    keys: Sequence[str],
    table_name: str = "Table",
    stream_view_type: Literal["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] = "NEW_AND_OLD_IMAGES",
    region: str | None = None,
    account: str | None = None,
    now: datetime | int | None = None,
    seed: int | None = None,
) -> dict[str, Any]:
    """The event of AWS Lambda for changes, each an old image and a new one in the typed form of items; None stands for no item, so that
    ``(None, new)`` is an insertion and ``(old, None)`` a removal. A change that changes nothing has no record.

    :param keys: the names of the table's key: the partition key, and the sort key if there is one.
    :param now: when it happens, an aware datetime or epoch milliseconds; 2026-01-01T00:00:00Z when absent.
    :param seed: another one gives other identities.
    :raises streamtable.exceptions.ValidationException: two images with different keys, no image, or what no table would take.
    """
    members: dict[str, Any] = {
        "Changes": [{"Old": old, "New": new} for old, new in changes],
        "Keys": list(keys),
        "TableName": table_name,
        "StreamViewType": stream_view_type,
        "Region": region,
        "Account": account,
        "Now": None if now is None else moment_to_millis(now, "now"),
        "Seed": seed,
    }
    made: dict[str, Any] = _tool("make_event", members)
    return made


def insert(new: Image, *, keys: Sequence[str], **options: Any) -> dict[str, Any]:
    """The event of one insertion; options as `event` has them."""
    return event([(None, new)], keys=keys, **options)


def modify(old: Image, new: Image, *, keys: Sequence[str], **options: Any) -> dict[str, Any]:
    """The event of one modification; options as `event` has them."""
    return event([(old, new)], keys=keys, **options)


def remove(old: Image, *, keys: Sequence[str], **options: Any) -> dict[str, Any]:
    """The event of one removal; options as `event` has them."""
    return event([(old, None)], keys=keys, **options)


def assert_delivered(mapping: EventSourceMapping, record: Any) -> None:
    """Asserts that a function has done with a record, which is one, an entry of an event, a sequence number or an event id.

    :raises AssertionError: it has not; the text tells what became of it.
    """
    found = mapping.explain(record)
    assert any(step["what"] == "succeeded" for step in found), f"not delivered: {found}"


def assert_dead_lettered(mapping: EventSourceMapping, record: Any) -> None:
    """Asserts that a record was given up and its failure told of.

    :raises AssertionError: it was not; the text tells what became of it.
    """
    found = mapping.explain(record)
    is_given_up = any(step["what"] in ("discarded", "expired") and step.get("destination") for step in found)
    assert is_given_up, f"not given up: {found}"
