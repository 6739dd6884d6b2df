"""The exceptions of a database: one base class, and a class for each error code of the engine, with the service's names.

    try:
        db.put_item(TableName="People", Item=ada, ConditionExpression="attribute_not_exists(id)")
    except streamtable.exceptions.ConditionalCheckFailedException as error:
        error.code, error.message, error.response.get("Item")
"""

from __future__ import annotations

from typing import Any

from ._streamtable import ERROR_CODES


class StreamtableError(Exception):
    """An operation failed.

    `response` has the form it has in botocore's ``ClientError``: ``{"Error": {"Code", "Message"}, "ResponseMetadata":
    {"HTTPStatusCode"}}``, and whatever else the service answers, such as the ``Item`` a condition failed on, or the
    ``CancellationReasons`` of a transaction.
    """

    #: The status the error has over HTTP; 0 for the base class.
    http_status = 0

    def __init__(self, response: dict[str, Any], operation_name: str, hint: str | None = None) -> None:
        error = response["Error"]
        message = error["Message"]
        text = f"{message} ({hint})" if message and hint else message or hint or ""
        super().__init__(f"An error occurred ({error['Code']}) when calling the {operation_name} operation: {text}")
        self.response = response
        self.operation_name = operation_name
        #: Where in the request something is wrong, what was found there and what belongs there; None where the message says enough. The service
        #: tells nothing of it, so it is not in the response.
        self.hint = hint

    @property
    def code(self) -> str:
        """The service's name for the error, such as ``"ValidationException"``."""
        code: str = self.response["Error"]["Code"]
        return code

    @property
    def message(self) -> str:
        """The service's text; the hint where it has none."""
        message: str = self.response["Error"]["Message"]
        return message or self.hint or ""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.response, self.operation_name, self.hint)


def from_code(code: str) -> type[StreamtableError]:
    """The class of an error code; the base class for a code that has none."""
    return _CLASSES.get(code, StreamtableError)


def _make(
    operation: str, code: str, status: int, message: str, details: dict[str, Any] | None, hint: str | None
) -> StreamtableError:
    """Called by the engine's binding for every error; the details are what the service answers besides, the hint what it leaves out."""
    response: dict[str, Any] = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RetryAttempts": 0},
    }
    if details is not None:
        response.update(details)
    return from_code(code)(response, operation, hint)


def _class(code: str, status: int) -> type[StreamtableError]:
    members = {"__doc__": f"The error code {code}.", "__module__": __name__, "http_status": status}
    return type(code, (StreamtableError,), members)


_CLASSES: dict[str, type[StreamtableError]] = {code: _class(code, status) for code, status in ERROR_CODES}
globals().update(_CLASSES)

__all__ = ["StreamtableError", "from_code", *_CLASSES]
