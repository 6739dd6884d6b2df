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


def test_an_error_without_words_has_an_empty_message(db: streamtable.Database) -> None:
    with pytest.raises(exceptions.UnknownOperationException) as caught:
        db.call("CreateNothing", {})
    assert caught.value.message == ""


def test_what_the_service_tells_besides_is_in_the_response() -> None:
    reasons = [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": {"id": {"S": "ada"}}}]
    error = exceptions._make("TransactWriteItems", "TransactionCanceledException", 400, "text", {"CancellationReasons": reasons})
    assert type(error) is exceptions.TransactionCanceledException
    assert error.response["CancellationReasons"] == reasons
    assert "Item" not in error.response
