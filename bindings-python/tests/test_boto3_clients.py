"""Which clients work on which database."""

from __future__ import annotations

import inspect
import threading
from typing import Any

import boto3
import botocore.client
import botocore.session
import pytest
from boto3_serving import LEVELS, client, level, no_configuration, served  # fixtures
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from conftest import PEOPLE

import streamtable

#: Older versions of botocore have neither of these; there is nothing to survive then.
needs_accounts = pytest.mark.skipif(
    "aws_account_id" not in inspect.signature(boto3.Session).parameters, reason="this boto3 knows no account endpoints"
)


@needs_accounts
@pytest.mark.parametrize("mode", ["preferred", "required", "disabled"])
def test_account_endpoints_lead_here_too(served: streamtable.Database, mode: str) -> None:
    hosts: list[str] = []
    for service in ("dynamodb", "dynamodbstreams"):
        session = boto3.Session(
            aws_access_key_id="AKID", aws_secret_access_key="secret", aws_account_id="111122223333", region_name="eu-west-1"
        )
        client = session.client(service, config=Config(account_id_endpoint_mode=mode))
        assert client.meta.region_name == "eu-west-1"
        call = client.list_tables if service == "dynamodb" else client.list_streams
        assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200
        client.meta.events.register("before-send", lambda request, **_: hosts.append(request.url))
        call()
    # The session's own credentials, account and region count.
    assert all("eu-west-1" in host for host in hosts)
    assert ("111122223333" in hosts[0]) == (mode != "disabled")


@needs_accounts
def test_accounts_are_no_matter_without_credentials(served: streamtable.Database) -> None:
    client = boto3.client("dynamodb", config=Config(account_id_endpoint_mode="required"))
    assert client.list_tables()["TableNames"] == ["People"]


@needs_accounts
def test_explicit_account_credentials_are_kept(served: streamtable.Database) -> None:
    hosts: list[str] = []
    for service in ("dynamodb", "dynamodbstreams"):
        client = boto3.client(
            service, region_name="eu-west-1", aws_access_key_id="AKID", aws_secret_access_key="secret", aws_account_id="111122223333"
        )  # fmt: skip
        client.meta.events.register("before-send", lambda request, **_: hosts.append(request.url))
        (client.list_tables if service == "dynamodb" else client.list_streams)()
    # The streams model of this botocore may have such endpoints or not; the tables model has.
    assert "111122223333.ddb" in hosts[0]
    assert len(hosts) == 2


def test_several_databases_serve_side_by_side(db: streamtable.Database, level: Any) -> None:
    with streamtable.open() as other:
        with streamtable.boto3.patched(db, level=level):
            outer = boto3.client("dynamodb")
            with streamtable.boto3.patched(other, level=level):
                inner = boto3.client("dynamodb")
                own = db.boto3_client("dynamodb", level=level)
            again = boto3.client("dynamodb")
        assert [client.list_tables()["TableNames"] for client in (outer, inner, own, again)] == [["People"], [], ["People"], ["People"]]
        assert other.boto3_client(level=level).list_tables()["TableNames"] == []
        assert other.boto3_resource(level=level).meta.client.list_tables()["TableNames"] == []


def test_the_patch_leaves_no_trace(db: streamtable.Database) -> None:
    before = (botocore.session.Session.create_client, botocore.client.BaseClient._make_api_call)
    with streamtable.boto3.patched(db), streamtable.boto3.patched(db):
        assert botocore.session.Session.create_client is not before[0]
        untouched = boto3.client("lambda", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    assert (botocore.session.Session.create_client, botocore.client.BaseClient._make_api_call) == before
    assert "_make_request" not in vars(untouched)
    with pytest.raises(ZeroDivisionError), streamtable.boto3.patched(db):
        raise ZeroDivisionError
    assert (botocore.session.Session.create_client, botocore.client.BaseClient._make_api_call) == before


def old_client(**members: Any) -> Any:
    """A client as modules make them when they are imported."""
    session = boto3.Session(region_name="us-east-1", **members)
    return session.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))


KEYS = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}


def test_clients_and_sessions_from_before_are_reached(db: streamtable.Database, level: Any) -> None:
    session = boto3.Session(region_name="us-east-1", **KEYS)
    before = old_client(**KEYS)
    table = session.resource("dynamodb", config=Config(retries={"total_max_attempts": 1})).Table("People")
    with streamtable.boto3.patched(db, level=level):
        assert session.client("dynamodb").list_tables()["TableNames"] == ["People"]
        assert botocore.session.get_session().create_client("dynamodb").list_tables()["TableNames"] == ["People"]
        assert before.list_tables()["TableNames"] == ["People"]
        assert before.meta.region_name == "us-east-1"
        table.put_item(Item={"id": "ada"})
        with pytest.raises(before.exceptions.ResourceInUseException):
            before.create_table(**PEOPLE)
    assert db.scan(TableName="People")["Count"] == 1
    for left in (before, table.meta.client):
        assert "_make_request" not in vars(left)
        with pytest.raises(EndpointConnectionError):
            left.list_tables()


def test_a_client_from_before_needs_no_credentials(
    db: streamtable.Database, level: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    before = old_client()
    with streamtable.boto3.patched(db, level=level):
        assert before.list_tables()["TableNames"] == ["People"]
        with pytest.raises(before.exceptions.ResourceInUseException):
            before.create_table(**PEOPLE)
    with pytest.raises(NoCredentialsError):
        before.list_tables()


def test_a_client_works_on_the_database_of_the_moment(db: streamtable.Database, level: Any) -> None:
    """Clients are cached: by functools, by PynamoDB's models. The database of each test comes and goes."""
    cached: list[Any] = []
    for turn in range(3):
        with streamtable.open() as own, streamtable.boto3.patched(own, level=level):
            cached = cached or [boto3.client("dynamodb"), boto3.resource("dynamodb").meta.client]
            for client in cached:
                assert client.list_tables()["TableNames"] == []
            cached[0].create_table(**PEOPLE)
            with streamtable.boto3.patched(db, level=level):
                assert cached[1].scan(TableName="People")["Count"] == turn
                cached[0].put_item(TableName="People", Item={"id": {"S": f"{turn}"}})
            assert own.scan(TableName="People")["Count"] == 0
            assert cached[0].scan(TableName="People")["Count"] == 0
    for client in cached:
        with pytest.raises(ClientError, match="DatabaseClosedException"):
            client.list_tables()


def test_who_was_given_a_database_by_name_keeps_it(db: streamtable.Database, level: Any) -> None:
    with streamtable.open() as other:
        given = [db.boto3_client(level=level), streamtable.boto3.attach(old_client(**KEYS), db, level=level)]
        with streamtable.boto3.patched(other, level=level):
            for client in given:
                assert client.list_tables()["TableNames"] == ["People"]
            streamtable.boto3.detach(given[1])
            assert given[1].list_tables()["TableNames"] == []
        assert given[0].list_tables()["TableNames"] == ["People"]
        with pytest.raises(EndpointConnectionError):
            given[1].list_tables()


def test_clients_of_other_services_are_left_alone(db: streamtable.Database) -> None:
    client = boto3.client("sns", region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}), **KEYS)
    with streamtable.boto3.patched(db), pytest.raises(EndpointConnectionError):
        client.list_topics()


def test_threads_may_find_a_client_from_before_at_once(db: streamtable.Database, level: Any) -> None:
    before, errors = old_client(**KEYS), []
    gate = threading.Barrier(6)

    def work(number: int) -> None:
        gate.wait()
        try:
            before.put_item(TableName="People", Item={"id": {"S": f"{number}"}})
        except BaseException as error:
            errors.append(error)

    with streamtable.boto3.patched(db, level=level):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert errors == []
    assert db.scan(TableName="People")["Count"] == 6


def test_a_resource_is_attached_and_detached(db: streamtable.Database, level: Any) -> None:
    resource = boto3.resource("dynamodb", region_name="us-east-1", config=Config(retries={"total_max_attempts": 1}), **KEYS)
    assert streamtable.boto3.attach(resource, db, level=level) is resource
    assert [table.name for table in resource.tables.all()] == ["People"]
    table = resource.Table("People")
    with streamtable.open() as other, streamtable.boto3.attached(table, other, level=level) as inside:
        assert inside is table
        with pytest.raises(table.meta.client.exceptions.ResourceNotFoundException):
            table.put_item(Item={"id": "ada"})
    table.put_item(Item={"id": "ada"})
    assert streamtable.boto3.detach(table) is table
    with pytest.raises(EndpointConnectionError):
        table.put_item(Item={"id": "ada"})


def test_clients_are_used_by_many_threads(client: Any, served: streamtable.Database) -> None:
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for n in range(20):
                client.put_item(TableName="People", Item={"id": {"S": f"{number}-{n}"}})
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert served.scan(TableName="People", Select="COUNT")["Count"] == 120


def test_a_closed_database_is_a_client_error(client: Any, served: streamtable.Database) -> None:
    served.close()
    with pytest.raises(ClientError) as caught:
        client.list_tables()
    assert caught.value.response["Error"]["Code"] == "DatabaseClosedException"


@pytest.mark.parametrize("before", LEVELS)
def test_the_last_attachment_counts(db: streamtable.Database, level: Any, before: Any) -> None:
    with streamtable.open() as other:
        client = other.boto3_client("dynamodb", level=before)
        client.list_tables()
        streamtable.boto3.attach(client, db, level=level)
        assert client.list_tables()["TableNames"] == ["People"]
        with pytest.raises(client.exceptions.ResourceInUseException):
            client.create_table(**PEOPLE)
        assert client.list_tables()["TableNames"] == ["People"]
        assert other.list_tables()["TableNames"] == []
        assert ("_make_request" in vars(client)) == (level == "operation")


def test_a_detached_client_is_as_it_was(db: streamtable.Database, level: Any) -> None:
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1")
    client = session.client("dynamodb", config=Config(retries={"total_max_attempts": 1}))
    streamtable.boto3.attach(client, db, level=level)
    assert client.list_tables()["TableNames"] == ["People"]
    streamtable.boto3.detach(client)
    assert "_make_request" not in vars(client)
    with pytest.raises(EndpointConnectionError):
        client.list_tables()
    streamtable.boto3.detach(client)
    streamtable.boto3.attach(client, db, level=level)
    assert client.list_tables()["TableNames"] == ["People"]
