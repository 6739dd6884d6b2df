"""Fixtures for pytest: databases with a clock that the test moves.

    def test_expiry(streamtable_db):
        streamtable_db.clock.advance(hours=24)

    def test_of_boto3_code(streamtable_boto3):
        boto3.resource("dynamodb").create_table(...)

| fixture | the database |
|---|---|
| `streamtable_db` | one for each test |
| `streamtable_module_db` | one for the tests of a module |
| `streamtable_session_db` | one for all tests |
| `streamtable_boto3`, `streamtable_module_boto3`, `streamtable_session_boto3` | the same, with boto3 and aiobotocore working on it |

What every database needs is made once, by a fixture of the scope ``session`` in ``conftest.py``; each gets a fork of it, in microseconds:

    @pytest.fixture(scope="session")
    def streamtable_setup():
        def setup(db):
            db.create_table(...)
        return setup

Options come from the configuration of pytest (``streamtable_region``, ``streamtable_partitions``, ``streamtable_clock``, ``streamtable_start``,
``streamtable_seed``) and from a marker, of a test or a module, which takes every option of `streamtable.open`:

    @pytest.mark.streamtable(partitions=4, start="2026-02-28T23:59:00Z")
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from ._database import Database, Snapshot

    Setup: TypeAlias = Callable[[Database], object]
    Maker: TypeAlias = Callable[[pytest.FixtureRequest], AbstractContextManager[Database]]

#: The options of the configuration, and what each is.
_INI = {
    "region": "Region of the databases of the fixtures; us-east-1 when absent.",
    "partitions": "Partitions of their new tables; 1 when absent.",
    "clock": "Who moves their time: manual (the test, when absent), system, or program (time.time, which freezegun and time-machine move).",
    "start": "Where a manual clock starts; 2026-01-01T00:00:00Z when absent.",
    "seed": "What their choices follow; 1 when absent.",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    for name, text in _INI.items():
        parser.addini(f"streamtable_{name}", text)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "streamtable(**options): options of streamtable.open for the databases of the fixtures, and `start`, a moment."
    )


@pytest.fixture(scope="session")
def streamtable_setup() -> Setup | None:
    """What fills the database that each test gets a fork of; for tests to define. None for an empty one."""
    return None


@pytest.fixture(scope="session")
def _streamtable_maker(streamtable_setup: Setup | None) -> Maker:
    snapshots: dict[str, Snapshot] = {}

    def make(request: pytest.FixtureRequest) -> AbstractContextManager[Database]:
        options = _options(request)
        if callable(options["clock"]):
            # Its time is that of the moment; what was made at another would be as old.
            return _filled(options, streamtable_setup)
        key = repr(sorted(options.items()))
        if key not in snapshots:
            with _filled(options, streamtable_setup) as database:
                snapshots[key] = database.snapshot()
        return snapshots[key].fork()

    return make


def _filled(options: dict[str, Any], setup: Setup | None) -> Database:
    import streamtable

    database = streamtable.open(**options)
    try:
        if setup is not None:
            setup(database)
    except BaseException:
        database.close()
        raise
    return database


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Of the configuration, and over them those of the markers, the innermost last."""
    options: dict[str, Any] = {"clock": "manual", "seed": 1}
    for name in _INI:
        if given := request.config.getini(f"streamtable_{name}"):
            options[name] = int(given) if name in ("partitions", "seed") else given
    for marker in reversed(list(request.node.iter_markers("streamtable"))):
        if marker.args:
            raise pytest.UsageError("the marker streamtable takes options by name, such as streamtable(partitions=4)")
        options.update(marker.kwargs)
    if options["clock"] == "program":
        options["clock"] = _program_time
    # Only a clock that is moved by the test is told where to start; one of the configuration says nothing to others.
    if (start := options.pop("start", None)) is not None and options["clock"] == "manual":
        options["now"] = _moment(start) if isinstance(start, str) else start
    return options


def _program_time() -> float:
    # Looked up at every call: freezegun puts another function in its place.
    return time.time()


def _moment(text: str) -> datetime:
    # Python 3.10 reads no "Z".
    moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def _served(database: Database) -> AbstractContextManager[Database]:
    import streamtable

    served: AbstractContextManager[Database] = streamtable.boto3.patched(database)
    return served


@pytest.fixture
def streamtable_db(request: pytest.FixtureRequest, _streamtable_maker: Maker) -> Iterator[Database]:
    """A database on a manual clock, with repeatable choices, as `streamtable_setup` has filled it; closed after the test."""
    with _streamtable_maker(request) as database:
        yield database


@pytest.fixture(scope="module")
def streamtable_module_db(request: pytest.FixtureRequest, _streamtable_maker: Maker) -> Iterator[Database]:
    """As `streamtable_db`, one for the tests of a module, which see what the others of them have done."""
    with _streamtable_maker(request) as database:
        yield database


@pytest.fixture(scope="session")
def streamtable_session_db(request: pytest.FixtureRequest, _streamtable_maker: Maker) -> Iterator[Database]:
    """As `streamtable_db`, one for all tests, which see what the others have done."""
    with _streamtable_maker(request) as database:
        yield database


@pytest.fixture
def streamtable_boto3(streamtable_db: Database) -> Iterator[Database]:
    """As `streamtable_db`; the DynamoDB clients and resources of boto3 and aiobotocore work on it during the test."""
    with _served(streamtable_db):
        yield streamtable_db


@pytest.fixture(scope="module")
def streamtable_module_boto3(streamtable_module_db: Database) -> Iterator[Database]:
    """As `streamtable_module_db`; clients work on it while the tests of the module run."""
    with _served(streamtable_module_db):
        yield streamtable_module_db


@pytest.fixture(scope="session")
def streamtable_session_boto3(streamtable_session_db: Database) -> Iterator[Database]:
    """As `streamtable_session_db`; clients work on it from then on."""
    with _served(streamtable_session_db):
        yield streamtable_session_db
