"""Fixtures for pytest: a database for every test, with a clock that the test moves.

    def test_expiry(streamtable_db):
        streamtable_db.clock.advance(hours=24)

    def test_of_boto3_code(streamtable_boto3):
        boto3.resource("dynamodb").create_table(...)

What every test needs is made once, by a fixture of the scope ``session`` in ``conftest.py``; each test gets a fork of it, in microseconds:

    @pytest.fixture(scope="session")
    def streamtable_setup():
        def setup(db):
            db.create_table(...)
        return setup
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ._database import Database, Snapshot


@pytest.fixture(scope="session")
def streamtable_setup() -> Callable[[Database], object] | None:
    """What fills the database that each test gets a fork of; for tests to define. None for an empty one."""
    return None


@pytest.fixture(scope="session")
def _streamtable_snapshot(streamtable_setup: Callable[[Database], object] | None) -> Snapshot:
    import streamtable

    with streamtable.open(clock="manual", seed=1) as database:
        if streamtable_setup is not None:
            streamtable_setup(database)
        return database.snapshot()


@pytest.fixture
def streamtable_db(_streamtable_snapshot: Snapshot) -> Iterator[Database]:
    """A database on a manual clock, with repeatable choices, as `streamtable_setup` has filled it; closed after the test."""
    with _streamtable_snapshot.fork() as database:
        yield database


@pytest.fixture
def streamtable_boto3(streamtable_db: Database) -> Iterator[Database]:
    """As `streamtable_db`; the DynamoDB clients and resources that boto3 or aiobotocore creates in the test work on it."""
    import streamtable

    with streamtable.boto3.patched(streamtable_db):
        yield streamtable_db
