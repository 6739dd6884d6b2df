"""Plain values, differences, patches, and events of AWS Lambda."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

import streamtable
from streamtable import exceptions, records, testing
from streamtable.records import differences, lambda_event, match_filters, patch, to_item, to_plain

from conftest import PEOPLE

PLAIN: dict[str, Any] = {
    "s": "text",
    "n": Decimal("12345678901234567890.123456789"),
    "b": b"\x00\xff",
    "t": True,
    "z": None,
    "ss": {"a", "b"},
    "ns": {Decimal(1), Decimal("2.5")},
    "bs": {b"x"},
    "l": [Decimal(1), {"deep": []}],
    "m": {"k": "v"},
}


def test_items_become_plain_values_and_come_back() -> None:
    item = to_item(PLAIN)
    assert item["n"] == {"N": "12345678901234567890.123456789"}
    assert to_plain(item) == PLAIN
    assert to_item(to_plain(item)).keys() == item.keys()
    boto = pytest.importorskip("boto3.dynamodb.types")
    deserialize = boto.TypeDeserializer().deserialize
    theirs = {name: deserialize(value) for name, value in item.items() if name not in ("b", "bs")}
    assert theirs == {name: value for name, value in PLAIN.items() if name not in ("b", "bs")}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ("decimal", [Decimal(1), Decimal("0.1"), Decimal(2**70)]),
        ("text", ["1", "0.1", str(2**70)]),
        ("float", [1.0, 0.1, float(2**70)]),
        ("native", [1, 0.1, 2**70]),
    ],
)
def test_numbers_are_what_was_asked_for(numbers: Any, expected: list[Any]) -> None:
    plain = to_plain(to_item({"n": [1, 0.1, 2**70]}), numbers=numbers)["n"]
    assert plain == expected
    assert [type(number) for number in plain] == [type(number) for number in expected]


@pytest.mark.parametrize("value", [object(), float("nan"), Decimal("Infinity"), set(), {1, "a"}, {None}, {(1,)}])
def test_what_no_item_holds_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        to_item({"a": value})


def test_what_is_no_item_is_refused() -> None:
    with pytest.raises(exceptions.SerializationException, match="Item.a"):
        to_plain({"a": {"N": 1}})  # type: ignore[typeddict-item, dict-item]
    with pytest.raises(exceptions.SerializationException, match="roman"):
        to_plain({}, numbers="roman")  # type: ignore[arg-type]


def test_differences_and_patches() -> None:
    old, new = to_item({"id": "1", "n": 1, "tags": {"a"}}), to_item({"id": "1", "n": 2, "more": b"x"})
    assert differences(old, new) == [
        {"Path": "/more", "To": {"B": b"x"}},
        {"Path": "/n", "From": {"N": "1"}, "To": {"N": "2"}},
        {"Path": "/tags", "From": {"SS": ["a"]}},
    ]
    operations = {operation["path"]: operation for operation in patch(old, new)}
    assert operations["/n"] == {"op": "replace", "path": "/n", "value": 2}
    assert operations["/more"] == {"op": "add", "path": "/more", "value": "eA=="}
    assert operations["/tags"]["op"] == "remove"
    assert patch(None, to_item({"id": "1"})) == [{"op": "add", "path": "", "value": {"id": "1"}}]


def test_records_of_a_stream_become_an_event_of_lambda(
    db: streamtable.Database, arn: str, put: Callable[..., Any]
) -> None:
    put("ada", raw={"B": b"\x00"})
    read = list(db.stream(arn).records())
    event = lambda_event(read, arn)
    assert event == lambda_event([record.to_dict() for record in read], arn)
    record = json.loads(json.dumps(event))["Records"][0]
    assert record["eventSourceARN"] == arn
    assert record["dynamodb"]["NewImage"]["raw"] == {"B": "AA=="}
    assert record["dynamodb"]["ApproximateCreationDateTime"] == read[0].created_at.timestamp()
    assert record["eventID"] == read[0].event_id


def test_events_for_tests_are_those_of_a_database() -> None:
    old, new = to_item({"id": "1", "n": 1}), to_item({"id": "1", "n": 2})
    event = testing.event(
        [(None, old), (old, new), (new, new), (new, None)],
        keys=["id"],
        table_name="Orders",
        region="eu-west-1",
        now=datetime(2027, 1, 1, tzinfo=timezone.utc),
    )
    names = [record["eventName"] for record in event["Records"]]
    assert names == ["INSERT", "MODIFY", "REMOVE"]
    numbers = [int(record["dynamodb"]["SequenceNumber"]) for record in event["Records"]]
    assert numbers == sorted(set(numbers))
    assert event["Records"][1]["dynamodb"]["OldImage"] == old
    assert event["Records"][1]["dynamodb"]["SizeBytes"] == 3 + 6 + 6
    assert event["Records"][0]["dynamodb"]["ApproximateCreationDateTime"] == 1798761600
    assert ":table/Orders/stream/2027-01-01T" in event["Records"][0]["eventSourceARN"]
    [inserted] = testing.insert(new, keys=["id"])["Records"]
    [modified] = testing.modify(old, new, keys=["id"], stream_view_type="NEW_IMAGE")["Records"]
    [removed] = testing.remove(old, keys=["id"], seed=7)["Records"]
    assert (inserted["eventName"], modified["eventName"], removed["eventName"]) == ("INSERT", "MODIFY", "REMOVE")
    assert "OldImage" not in modified["dynamodb"]
    with pytest.raises(exceptions.ValidationException, match="different keys"):
        testing.modify(old, to_item({"id": "2"}), keys=["id"])


def test_the_names_of_the_module_are_those_it_exports() -> None:
    assert all(hasattr(records, name) for name in records.__all__)


def test_records_are_replayed_once(db: streamtable.Database, arn: str, put: Callable[..., Any]) -> None:
    put("ada", raw={"B": b"\x00"})
    put("bob")
    db.delete_item(TableName="People", Key={"id": {"S": "bob"}})
    read = list(db.stream(arn).records())
    with streamtable.open(clock="manual") as other:
        other.create_table(**PEOPLE)
        assert other.apply("People", read[:2]) == {"Applied": 2, "Skipped": 0}
        assert other.apply("People", (record.to_dict() for record in read)) == {"Applied": 1, "Skipped": 2}
        assert other.scan(TableName="People")["Items"] == db.scan(TableName="People")["Items"]
        with pytest.raises(exceptions.ResourceNotFoundException):
            other.apply("Nobody", read)
        with pytest.raises(exceptions.SerializationException):
            other.apply("People", [{}])  # type: ignore[list-item]


def test_filters_say_which_of_them_match() -> None:
    event = testing.insert({"id": {"S": "1"}, "n": {"N": "7"}, "b": {"B": b"\x01"}}, keys=["id"])
    patterns = ['{"eventName":["INSERT"]}', {"dynamodb": {"NewImage": {"n": {"N": ["8"]}}}}, {"dynamodb": {"NewImage": {"b": {"B": ["AQ=="]}}}}]
    assert match_filters(patterns, event["Records"]) == [[0, 2]]
    with pytest.raises(exceptions.ValidationException, match=r"Invalid filter pattern definition\. Filter 0: "):
        match_filters([{}], [])
    with pytest.raises(exceptions.ValidationException):
        match_filters([{"a": [{"wildcard": "*"}]}], [], documented=True)
