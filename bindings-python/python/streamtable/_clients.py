"""Clients, resources and sessions on a database: functions of `streamtable.boto3`, and methods of a database.

They have the types of boto3-stubs where those of the service are installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from ._streamtable import Handle

if TYPE_CHECKING:
    from aiobotocore.session import AioSession
    from boto3 import Session
    from mypy_boto3_dynamodb import DynamoDBClient, DynamoDBServiceResource  # type: ignore[import-not-found, unused-ignore]
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient  # type: ignore[import-not-found, unused-ignore]
    from mypy_boto3_kinesis import KinesisClient  # type: ignore[import-not-found, unused-ignore]
    from mypy_boto3_lambda import LambdaClient  # type: ignore[import-not-found, unused-ignore]
    from mypy_boto3_s3 import S3Client, S3ServiceResource  # type: ignore[import-not-found, unused-ignore]
    from mypy_boto3_sns import SNSClient, SNSServiceResource  # type: ignore[import-not-found, unused-ignore]
    from mypy_boto3_sqs import SQSClient, SQSServiceResource  # type: ignore[import-not-found, unused-ignore]

#: How a client reaches the database.
Level = Literal["operation", "transport"]


@overload
def client(database: Handle, service_name: Literal["dynamodb"] = "dynamodb", *, level: Level = ..., **options: Any) -> DynamoDBClient: ...
@overload
def client(database: Handle, service_name: Literal["dynamodbstreams"], *, level: Level = ..., **options: Any) -> DynamoDBStreamsClient: ...
@overload
def client(database: Handle, service_name: Literal["kinesis"], *, level: Level = ..., **options: Any) -> KinesisClient: ...
@overload
def client(database: Handle, service_name: Literal["lambda"], *, level: Level = ..., **options: Any) -> LambdaClient: ...
@overload
def client(database: Handle, service_name: Literal["s3"], *, level: Level = ..., **options: Any) -> S3Client: ...
@overload
def client(database: Handle, service_name: Literal["sns"], *, level: Level = ..., **options: Any) -> SNSClient: ...
@overload
def client(database: Handle, service_name: Literal["sqs"], *, level: Level = ..., **options: Any) -> SQSClient: ...
@overload
def client(database: Handle, service_name: str, *, level: Level = ..., **options: Any) -> Any: ...
def client(database: Handle, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
    """A boto3 client that works on the database; `options` are those of ``boto3.client``. See `streamtable.boto3`."""
    made: Any = session(database, level=level)
    return made.client(service_name, **options)


@overload
def resource(database: Handle, service_name: Literal["dynamodb"] = "dynamodb", *, level: Level = ..., **options: Any) -> DynamoDBServiceResource: ...
@overload
def resource(database: Handle, service_name: Literal["s3"], *, level: Level = ..., **options: Any) -> S3ServiceResource: ...
@overload
def resource(database: Handle, service_name: Literal["sns"], *, level: Level = ..., **options: Any) -> SNSServiceResource: ...
@overload
def resource(database: Handle, service_name: Literal["sqs"], *, level: Level = ..., **options: Any) -> SQSServiceResource: ...
@overload
def resource(database: Handle, service_name: str, *, level: Level = ..., **options: Any) -> Any: ...
def resource(database: Handle, service_name: str = "dynamodb", *, level: Level = "operation", **options: Any) -> Any:
    """A boto3 resource that works on the database; `options` are those of ``boto3.resource``. See `streamtable.boto3`."""
    made: Any = session(database, level=level)
    return made.resource(service_name, **options)


def session(database: Handle, *, level: Level = "operation", **options: Any) -> Session:
    """A boto3 session whose clients and resources work on the database; `options` are those of ``boto3.Session``. See `streamtable.boto3`."""
    from .boto3 import session_on

    return session_on(database, level, options)


def aiobotocore_session(database: Handle, *, level: Level = "operation") -> AioSession:
    """An aiobotocore session whose clients work on the database. See `streamtable.boto3`."""
    from .boto3 import aio_session_on

    return aio_session_on(database, level)
