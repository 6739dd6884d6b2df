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
