"""The fixtures, as a user's tests see them."""

from __future__ import annotations

import pytest


def test_each_test_gets_a_database_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        seen = []

        @pytest.mark.parametrize("turn", [1, 2])
        def test_database(streamtable_db, turn):
            assert streamtable_db.clock.mode == "manual"
            assert streamtable_db.list_tables() == {"TableNames": []}
            streamtable_db.create_table(
                TableName="People", BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            )
            assert all(other.closed for other in seen)
            seen.append(streamtable_db)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_what_every_test_needs_is_made_once(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def streamtable_setup():
            def setup(db):
                setup.times = getattr(setup, "times", 0) + 1
                assert setup.times == 1
                db.create_table(
                    TableName="People", BillingMode="PAY_PER_REQUEST",
                    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                )
                db.clock.advance(hours=1)
            return setup
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_database(streamtable_db, turn):
            assert streamtable_db.scan(TableName="People")["Items"] == []
            assert streamtable_db.clock.now().hour == 1
            streamtable_db.put_item(TableName="People", Item={"id": {"S": "ada"}})
            streamtable_db.clock.advance(hours=1)
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_boto3_code_works_on_the_database(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(
        """
        import boto3
        import pytest

        @pytest.fixture
        def people(streamtable_boto3):
            return boto3.resource("dynamodb").create_table(
                TableName="People", BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            )

        def test_items(people, streamtable_boto3, streamtable_db):
            people.wait_until_exists()
            people.put_item(Item={"id": "ada"})
            assert streamtable_boto3 is streamtable_db
            assert streamtable_db.scan(TableName="People")["Items"] == [{"id": {"S": "ada"}}]
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_plugin_costs_nothing_to_those_who_do_not_use_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing():
            assert "boto3" not in sys.modules
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


PEOPLE = """
import boto3, pytest, time
from datetime import datetime, timezone

PEOPLE = dict(
    TableName="People", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
)
"""


def test_databases_of_a_module_and_of_the_session(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    module = PEOPLE + """
def test_first(streamtable_module_boto3, streamtable_session_db):
    boto3.client("dynamodb").create_table(**PEOPLE)
    if "People" not in streamtable_session_db.list_tables()["TableNames"]:
        streamtable_session_db.create_table(**PEOPLE)
    streamtable_session_db.put_item(TableName="People", Item={"id": {"S": __name__}})

def test_second(streamtable_module_db, streamtable_db):
    assert streamtable_module_db.list_tables()["TableNames"] == ["People"]
    assert streamtable_db.list_tables()["TableNames"] == []
    assert boto3.client("dynamodb").list_tables()["TableNames"] == ["People"]
"""
    last = """
def test_all(streamtable_session_boto3):
    assert boto3.client("dynamodb").scan(TableName="People")["Count"] == 2
"""
    pytester.makepyfile(test_a=module, test_b=module, test_c=PEOPLE + last)
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=5)


def test_options_of_the_configuration_and_of_markers(pytester: pytest.Pytester) -> None:
    pytester.makeini(
        """
        [pytest]
        addopts = --strict-markers
        streamtable_region = eu-west-1
        streamtable_partitions = 2
        streamtable_start = 2025-06-01T00:00:00Z
        """
    )
    pytester.makepyfile(
        PEOPLE
        + """
pytestmark = pytest.mark.streamtable(partitions=3)

def shards(db):
    arn = db.create_table(**PEOPLE)["TableDescription"]["LatestStreamArn"]
    return len(db.stream(arn).shards())

def test_of_the_configuration_and_the_module(streamtable_db, streamtable_module_db):
    assert streamtable_db.region == "eu-west-1"
    assert shards(streamtable_db) == shards(streamtable_module_db) == 3
    assert streamtable_db.clock.now() == datetime(2025, 6, 1, tzinfo=timezone.utc)

@pytest.mark.streamtable(partitions=4, region="us-west-2", start=datetime(2024, 2, 29, tzinfo=timezone.utc))
def test_of_the_test(streamtable_db):
    assert streamtable_db.region == "us-west-2"
    assert shards(streamtable_db) == 4
    assert streamtable_db.clock.now() == datetime(2024, 2, 29, tzinfo=timezone.utc)

@pytest.mark.streamtable(clock="system")
def test_of_the_systems_clock(streamtable_db):
    assert streamtable_db.clock.mode == "system"

@pytest.mark.streamtable(clock="program")
def test_of_the_programs_clock(streamtable_db, monkeypatch):
    now = time.time() + 86400
    monkeypatch.setattr(time, "time", lambda: now)
    assert abs(streamtable_db.clock.now().timestamp() - now) < 0.01

@pytest.mark.streamtable("manual")
def test_of_a_marker_that_is_wrong(streamtable_db):
    pass
"""
    )
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*takes options by name*"])
