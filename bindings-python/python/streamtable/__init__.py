"""An embeddable, DynamoDB-compatible table store whose change streams behave as Amazon DynamoDB Streams does.

    import streamtable

    with streamtable.open(clock="manual") as db:
        db.create_table(
            TableName="People",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        db.put_item(TableName="People", Item={"id": {"S": "ada"}})
        arn = db.describe_table(TableName="People")["Table"]["LatestStreamArn"]
        for record in db.stream(arn).records():
            print(record.event_name, record.keys, record.new_image)

With a path, ``streamtable.open("data/")``, the database is kept in a directory, and what was acknowledged survives a power cut.

Requests and answers have the shapes boto3 has. `streamtable.boto3` serves unmodified boto3 and aiobotocore code in-process, and a pytest
plugin brings the fixtures `streamtable_db` and `streamtable_boto3`. `streamtable.aio` is the same for asyncio.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import exceptions
from ._clock import Clock
from ._context import Context
from ._database import Database, Snapshot
from ._faults import Faults
from ._mappings import EventSourceMapping
from ._open import open
from ._stream import Stream
from ._record import ItemKeys
from ._streamtable import Record, Records, __version__
from .exceptions import StreamtableError

if TYPE_CHECKING:
    # Those that are imported when they are first asked for.
    from . import aio as aio
    from . import boto3 as boto3
    from . import records as records
    from . import testing as testing

__all__ = [
    "Clock",
    "Context",
    "Database",
    "EventSourceMapping",
    "Faults",
    "ItemKeys",
    "Record",
    "Records",
    "Snapshot",
    "Stream",
    "StreamtableError",
    "__version__",
    "exceptions",
    "open",
]


def __getattr__(name: str) -> Any:
    # What not everybody needs is imported when it is first asked for; boto3 takes long, and is optional.
    if name in ("aio", "boto3", "records", "testing"):
        return importlib.import_module(f"streamtable.{name}")
    raise AttributeError(f"module 'streamtable' has no attribute {name!r}")
