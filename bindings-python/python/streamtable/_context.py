"""What a handler is told of its invocation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ._operations import Operations


class Context:
    """What a handler is told of its invocation, as the context object of AWS Lambda."""

    client_context = None
    identity = None

    def __init__(
        self,
        database: Operations,
        function: Mapping[str, Any],
        arn: str,
        request_id: str,
        deadline: int,
        writes: list[dict[str, Any]] | None = None,
    ) -> None:
        self._database = database
        self._deadline = deadline
        self._writes = writes
        self.aws_request_id = request_id
        self.function_name = str(function["FunctionName"])
        self.function_version = version_of(function, arn)
        self.invoked_function_arn = arn
        self.memory_limit_in_mb = str(function["MemorySize"])
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = f"[{self.function_version}]{request_id}"

    def get_remaining_time_in_millis(self) -> int:
        """How long the invocation may still take, on the database's clock."""
        return max(0, self._deadline - int(self._database.describe_clock()["Now"]))

    @property
    def transact_items(self) -> list[dict[str, Any]]:
        """What is to be written in the commit that settles the records, as TransactWriteItems takes it, at most 100: append to it. Of a mapping that is
        ``exactly_once``; any other invocation has no such attribute."""
        if self._writes is None:
            raise AttributeError("transact_items: this invocation is not one of a mapping that is exactly_once")
        return self._writes

    def __repr__(self) -> str:
        return f"<Context of {self.invoked_function_arn}, request {self.aws_request_id}>"


def version_of(function: Mapping[str, Any], arn: str) -> str:
    """The version that the qualifier of an ARN means."""
    parts = arn.split(":")
    qualifier = parts[7] if len(parts) > 7 else "$LATEST"
    return str(function["Aliases"].get(qualifier, qualifier))
