"""Fixtures of the tests of boto3 code: a database behind it, at each level; nothing of the machine's configuration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

import streamtable

LEVELS = ["operation", "transport"]


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """No credentials, no region, no files of the machine."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def served(db: streamtable.Database, level: Any) -> Iterator[streamtable.Database]:
    with streamtable.boto3.patched(db, level=level):
        yield db


@pytest.fixture
def client(served: streamtable.Database) -> Any:
    return boto3.client("dynamodb")


@pytest.fixture
def table(served: streamtable.Database) -> Any:
    return boto3.resource("dynamodb").Table("People")
