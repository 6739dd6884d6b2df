"""What readers of changes do with them: plain values of items, differences and patches of images, events of AWS Lambda.

    from streamtable.records import differences, to_plain

    for record in db.stream(arn).records():
        if record.event_name == "MODIFY":
            print(to_plain(record.new_image), differences(record.old_image, record.new_image))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from ._streamtable import Record, _tool

if TYPE_CHECKING:
    from ._operations import AttributeValue, RecordDict

__all__ = ["Numbers", "differences", "lambda_event", "match_filters", "patch", "to_item", "to_plain"]

#: What numbers become: an item's number has up to 38 digits, more than a float holds. ``"decimal"`` is a `decimal.Decimal`, ``"native"`` an int
#: where the number is whole, else the nearest float.
Numbers = Literal["decimal", "text", "float", "native"]


def to_plain(item: Mapping[str, AttributeValue], *, numbers: Numbers = "decimal") -> dict[str, Any]:
    """An item as plain values: ``{"id": {"S": "1"}, "n": {"N": "9.9"}}`` as ``{"id": "1", "n": Decimal("9.9")}``.

    Binary values are bytes, sets are sets, lists lists, maps dicts, and NULL is None.

    :raises streamtable.exceptions.SerializationException: it is no item.
    """
    plain: dict[str, Any] = _tool("plain", {"Item": item, "Numbers": numbers})
    return plain


def to_item(values: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """Plain values as an item: str, bool, None, int, float, `decimal.Decimal`, bytes, dicts, lists and tuples, and sets of one type of str,
    numbers or bytes. A float is written with the fewest digits that read back as it.

    :raises TypeError: a value of another type, a float that is no number, or a set that is empty or mixed.
    """
    return {name: _attribute(value) for name, value in values.items()}


def _attribute(value: Any) -> Any:
    if value is None:
        return {"NULL": True}
    if isinstance(value, Mapping):
        return {"M": to_item(value)}
    if isinstance(value, (list, tuple)):
        return {"L": [_attribute(member) for member in value]}
    if isinstance(value, AbstractSet):
        members = [_attribute(member) for member in value]
        kinds = {kind for member in members for kind in member}
        if len(kinds) == 1 and (kind := kinds.pop()) in ("S", "N", "B"):
            return {f"{kind}S": [member[kind] for member in members]}
        raise TypeError("a set of an item has members of one type, str, numbers or bytes, and at least one")
    kind = _scalar(value)
    if kind is None:
        raise TypeError(f"a value of type {type(value).__name__} has no place in an item")
    return kind


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, (float, Decimal)):
        return {"N": str(value)} if isfinite(value) else None
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"B": bytes(value)}
    return None


def differences(
    old: Mapping[str, AttributeValue] | None, new: Mapping[str, AttributeValue] | None
) -> list[dict[str, Any]]:
    """What is not the same in two images of an item, in order of the places: ``{"Path": "/total", "From": {"N": "1"}, "To": {"N": "2"}}``,
    without ``From`` where nothing was and without ``To`` where nothing is.

    ``Path`` is a JSON Pointer. Maps and lists are looked into, lists place by place; sets differ as a whole.

    :raises streamtable.exceptions.SerializationException: an image is no item.
    """
    found: list[dict[str, Any]] = _tool("differences", {"Old": old, "New": new})
    return found


def patch(
    old: Mapping[str, AttributeValue] | None,
    new: Mapping[str, AttributeValue] | None,
    *,
    numbers: Literal["text", "float", "native"] = "native",
) -> list[dict[str, Any]]:
    """The JSON Patch (RFC 6902) that makes the plain JSON values of the old image into those of the new one. There sets are sorted lists, and
    binary values base64 text.

    :raises streamtable.exceptions.SerializationException: an image is no item.
    """
    operations: list[dict[str, Any]] = _tool("patch", {"Old": old, "New": new, "Numbers": numbers})
    return operations


def lambda_event(records: Iterable[Record | RecordDict], stream_arn: str) -> dict[str, Any]:
    """The event that a function of AWS Lambda is given for records of a stream: ``{"Records": [...]}``, with base64 text for binary values
    and ``eventSourceARN`` in each record.

    :raises streamtable.exceptions.SerializationException: a record has not the form that `get_records` answers.
    """
    members = [record.to_dict() if isinstance(record, Record) else record for record in records]
    event: dict[str, Any] = _tool("lambda_event", {"Records": members, "StreamArn": stream_arn})
    return event


def match_filters(
    patterns: Iterable[str | Mapping[str, Any]], events: Iterable[Mapping[str, Any]], *, documented: bool = False
) -> list[list[int]]:
    """Which filters of an event source mapping match each event, as a function is given it (``lambda_event(...)["Records"]``): for each event the
    places of all filters that match, from 0. A pattern is its text, or a mapping of which the text is made. With ``documented``, operators that
    AWS Lambda does not document are refused.

    :raises streamtable.exceptions.ValidationException: a pattern is none; the message says which, where and why.
    """
    texts = [pattern if isinstance(pattern, str) else json.dumps(pattern) for pattern in patterns]
    criteria = {"Filters": [{"Pattern": text} for text in texts]}
    made: dict[str, Any] = _tool("filter", {"FilterCriteria": criteria, "Events": list(events), "Documented": documented})
    matches: list[list[int]] = made["Matches"]
    return matches
