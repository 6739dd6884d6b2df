"""Exceptions: classes, contents, pickling."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from botocore.exceptions import ClientError

import streamtable
from streamtable import exceptions


def failed_condition(db: streamtable.Database) -> exceptions.StreamtableError:
    item = {"id": {"S": "ada"}, "photo": {"B": b"\x00"}}
    db.put_item(TableName="People", Item=item)
    with pytest.raises(exceptions.ConditionalCheckFailedException) as caught:
        db.put_item(
            TableName="People",
            Item={"id": {"S": "ada"}},
            ConditionExpression="attribute_not_exists(id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    return caught.value


def test_an_error_has_what_botocores_has(db: streamtable.Database) -> None:
    error = failed_condition(db)
    assert error.code == "ConditionalCheckFailedException"
    assert error.message == "The conditional request failed"
    assert error.operation_name == "PutItem"
    assert error.response == {
        "Error": {"Code": "ConditionalCheckFailedException", "Message": "The conditional request failed"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RetryAttempts": 0},
        "Item": {"id": {"S": "ada"}, "photo": {"B": b"\x00"}},
    }
    alike: Any = error.response
    assert str(error) == str(ClientError(alike, "PutItem"))


def test_every_code_of_the_engine_is_a_class() -> None:
    codes = streamtable._streamtable.ERROR_CODES
    assert len(codes) >= 13
    for code, status in codes:
        kind = getattr(exceptions, code)
        assert issubclass(kind, exceptions.StreamtableError)
        assert kind is exceptions.from_code(code)
        assert kind.__name__ == code
        assert kind.__module__ == "streamtable.exceptions"
        assert kind.http_status == status
        assert code in exceptions.__all__
    assert exceptions.from_code("NoSuchCode") is exceptions.StreamtableError
    assert streamtable.StreamtableError is exceptions.StreamtableError
    assert not issubclass(exceptions.StreamtableError, OSError)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_survive_pickling(db: streamtable.Database, protocol: int) -> None:
    error = failed_condition(db)
    for other in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
        assert type(other) is exceptions.ConditionalCheckFailedException
        assert (other.response, other.operation_name, str(other)) == (error.response, error.operation_name, str(error))


def test_an_operation_that_is_not_here_is_told_by_name(db: streamtable.Database) -> None:
    for name in ("CreateNothing", "put_item", "KinesisRegisterStreamConsumer"):
        with pytest.raises(exceptions.UnknownOperationException) as caught:
            db.call(name, {})
        assert f'no operation "{name}"' in str(caught.value) and "compatibility" in str(caught.value)
        assert caught.value.message == caught.value.hint
        assert caught.value.response["Error"]["Message"] == "", "the service says nothing"
        assert ("PutItem" in str(caught.value)) == (name == "put_item")


ITEM = {"id": {"S": "a"}}
TYPES = "an attribute value, a dict with one of 'S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL', belongs"

HINTS: list[tuple[str, dict[str, Any], str]] = [
    ("PutItem", {"Item": {"id": {"S": 1}}}, "Item.id.S is 1, an int, where a str belongs"),
    ("PutItem", {"Item": {**ITEM, "n": 5}}, f"Item.n is 5, an int, where {TYPES}"),
    ("PutItem", {"Item": {**ITEM, "v": {"n": 5}}}, f"Item.v is a dict with 'n', where {TYPES}"),
    ("PutItem", {"Item": {**ITEM, "v": None}}, f"Item.v is None, where {TYPES}"),
    ("PutItem", {"Item": {**ITEM, "v": {"S": None}}}, "Item.v.S is None, where a str belongs"),
    ("PutItem", {"Item": {**ITEM, "v": {"L": [{"S": "a"}, None]}}}, f"Item.v.L.1 is None, where {TYPES}"),
    ("PutItem", {"Item": {**ITEM, "v": {"M": {"x": "text"}}}}, f'Item.v.M.x is "text", a str, where {TYPES}'),
    ("PutItem", {"Item": {**ITEM, "v": {"SS": ["a", 1.5]}}}, "Item.v.SS.1 is 1.5, a float, where a str belongs"),
    ("PutItem", {"Item": {**ITEM, "v": {"B": "text"}}}, 'Item.v.B is "text", a str, where bytes belongs'),
    ("PutItem", {"Item": {**ITEM, "v": {"BOOL": "true"}}}, 'Item.v.BOOL is "true", a str, where a bool belongs'),
    ("PutItem", {"Item": {**ITEM, "v": {}}}, f"Item.v is an empty dict, where {TYPES}"),
    ("Scan", {"Limit": 2**53}, "Limit is 9007199254740992, an int, where an int of 32 bits belongs"),
    ("Scan", {"Limit": "5"}, 'Limit is "5", a str, where an int of 32 bits belongs'),
    ("Scan", {"ConsistentRead": "yes"}, 'ConsistentRead is "yes", a str, where a bool belongs'),
    ("GetItem", {"Keys": ITEM}, "the request has 'Keys', which is none of its members: TableName, Key, "),
    ("CreateTable", {"KeySchema": [{"AttributeName": "id", "KeyTyp": "HASH"}]}, "KeySchema.0 has 'KeyTyp', which is none of its members: "),
    ("BatchWriteItem", {"RequestItems": {"People": [None]}}, "RequestItems.People.0 is None, where a dict with "),
]


@pytest.mark.parametrize(("operation", "members", "words"), HINTS)
def test_the_place_what_was_found_and_what_belongs_there_are_told(
    db: streamtable.Database, operation: str, members: dict[str, Any], words: str
) -> None:
    with pytest.raises((exceptions.SerializationException, exceptions.ValidationException)) as caught:
        db.call(operation, {"TableName": "People", **members})
    assert words in str(caught.value)
    assert caught.value.hint is not None and caught.value.hint.startswith(words)
    assert caught.value.message
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.hint) == (str(caught.value), caught.value.hint)


def test_what_says_enough_has_no_hint(db: streamtable.Database) -> None:
    assert failed_condition(db).hint is None
    with pytest.raises(exceptions.ValidationException) as caught:
        db.put_item(TableName="People", Item={"other": {"S": "a"}})
    assert caught.value.hint is None


def test_what_the_service_tells_besides_is_in_the_response() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"id": {"S": "ada"}}}]
    error = exceptions._make("TransactWriteItems", "TransactionCanceledException", 400, "text", {"CancellationReasons": reasons}, None)
    assert type(error) is exceptions.TransactionCanceledException
    assert error.response["CancellationReasons"] == reasons
    assert "Item" not in error.response
