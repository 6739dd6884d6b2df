"""Fixtures for pytest: a fresh database for every test, with a clock that the test moves.

    def test_expiry(streamtable_db):
        streamtable_db.clock.advance(hours=24)

    def test_of_boto3_code(streamtable_boto3):
        boto3.resource("dynamodb").create_table(...)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ._database import Database


@pytest.fixture
def streamtable_db() -> Iterator[Database]:
    """An empty database on a manual clock, with repeatable choices; closed after the test."""
    import streamtable

    with streamtable.open(clock="manual", seed=1) as database:
        yield database


@pytest.fixture
def streamtable_boto3(streamtable_db: Database) -> Iterator[Database]:
    """As `streamtable_db`; the DynamoDB clients and resources that boto3 or aiobotocore creates in the test work on it."""
    import streamtable

    with streamtable.boto3.patched(streamtable_db):
        yield streamtable_db
