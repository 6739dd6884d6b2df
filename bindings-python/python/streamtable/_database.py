"""`Database`: what `open` gives."""

from __future__ import annotations

import builtins
import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._clock import Clock
from ._operations import Operations
from ._stream import Stream
from ._streamtable import Handle, _forked
from .exceptions import StreamtableError

if TYPE_CHECKING:
    from .boto3 import Level

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


class Database(Handle, Operations):
    """An open database. `streamtable.open` makes one.

    Every operation is a keyword method with the shapes boto3 has: ``db.put_item(TableName="People", Item={"id": {"S": "ada"}})``; `call`
    runs one by its name. The methods may be called from any thread; the interpreter lock is released while the engine works.

    A database closes at the end of a ``with`` block, with `close`, or when the last reference to it goes. Of these the first two tell what
    goes wrong with the disk.

    A forked child cannot use the database of its parent: it opens one of its own, in another directory.
    """

    @property
    def clock(self) -> Clock:
        """The database's clock."""
        return Clock(self)

    def stream(self, stream_arn: str) -> Stream:
        """A change stream of this database, by its ARN (``LatestStreamArn`` of a table, ``StreamArn`` of `list_streams`)."""
        return Stream(self, stream_arn)

    def boto3_client(self, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 client for ``"dynamodb"`` or ``"dynamodbstreams"`` that works on this database. See `streamtable.boto3`."""
        return self.boto3_session(level=level).client(service_name, **options)

    def boto3_resource(self, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 resource that works on this database. See `streamtable.boto3`."""
        return self.boto3_session(level=level).resource(service_name, **options)

    def boto3_session(self, *, level: Level = "operation", **options: Any) -> Any:
        """A boto3 session whose DynamoDB clients and resources work on this database. See `streamtable.boto3`."""
        from . import boto3

        return boto3.session(self, level=level, **options)

    def aiobotocore_session(self, *, level: Level = "operation") -> Any:
        """An aiobotocore session whose DynamoDB clients work on this database. See `streamtable.boto3`."""
        from . import boto3

        return boto3.aiobotocore_session(self, level=level)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.close()
        except StreamtableError as failure:
            # What happened in the block is what has to be heard of first.
            if error is None:
                raise
            if sys.version_info >= (3, 11):
                error.add_note(f"The database was not closed in order, either: {failure}")

    def __repr__(self) -> str:
        place = "in memory" if self.path is None else f"in {str(self.path)!r}"
        return f"<streamtable.Database {'closed' if self.closed else place} at {builtins.id(self):#x}>"

    def __reduce__(self) -> Any:
        raise TypeError("an open database cannot be pickled")
