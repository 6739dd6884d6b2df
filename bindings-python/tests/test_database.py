"""Opening, calling, closing, and what a database is as a Python object."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import pydoc
import sys
import weakref
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

ADA = {"id": {"S": "ada"}, "born": {"N": "1815"}}


def test_a_written_item_is_read_back(db: streamtable.Database) -> None:
    assert db.put_item(TableName="People", Item=ADA) == {}
    assert db.get_item(TableName="People", Key={"id": {"S": "ada"}}) == {"Item": ADA}
    assert db.get_item(TableName="People", Key={"id": {"S": "bob"}}) == {}


def test_call_runs_an_operation_by_name(db: streamtable.Database) -> None:
    assert db.call("PutItem", {"TableName": "People", "Item": ADA}) == {}
    assert db.call("ListTables") == db.list_tables() == {"TableNames": ["People"]}
    assert db.call("ListTables", None) == db.call("ListTables", {})


def test_call_passes_over_members_the_operation_does_not_have_and_methods_do_not(db: streamtable.Database) -> None:
    assert db.call("ListTables", {"Colour": "blue"}) == {"TableNames": ["People"]}
    with pytest.raises(TypeError, match=r"list_tables\(\) got an unexpected keyword argument 'Colour'"):
        db.list_tables(Colour="blue")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional"):
        db.list_tables("People")  # type: ignore[call-arg]


def test_a_mistyped_keyword_is_refused_before_anything_is_written(db: streamtable.Database) -> None:
    with pytest.raises(TypeError):
        db.put_item(TableName="People", Item=ADA, ConditonExpression="attribute_not_exists(id)")  # type: ignore[call-arg]
    assert "Item" not in db.get_item(TableName="People", Key={"id": {"S": "ada"}})


def test_an_unknown_operation_has_the_services_error(db: streamtable.Database) -> None:
    with pytest.raises(exceptions.UnknownOperationException) as caught:
        db.call("MakeCoffee")
    assert caught.value.operation_name == "MakeCoffee"
    with pytest.raises(AttributeError):
        db.make_coffee()  # type: ignore[attr-defined]


def test_moments_are_aware_datetimes(db: streamtable.Database) -> None:
    created = db.describe_table(TableName="People")["Table"]["CreationDateTime"]
    assert created == datetime(2026, 1, 1, tzinfo=timezone.utc)
    assert created.utcoffset() == timedelta(0)


def test_options_are_taken_as_python_has_them() -> None:
    start = datetime(2027, 5, 1, 12, 0, 0, 250_000, tzinfo=timezone(timedelta(hours=2)))
    with streamtable.open(
        clock="manual", now=start, region="eu-west-1", account="111122223333", control_plane_delay=timedelta(seconds=5),
        shard_rollover=timedelta(0), expiry_delay=timedelta(hours=1), partitions=3, seed=2**64 - 1,
    ) as db:  # fmt: skip
        assert db.clock.now() == start
        assert db.region == "eu-west-1"
        create: dict[str, Any] = {
            "TableName": "Slow",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
        }
        table = db.create_table(**create)["TableDescription"]
        assert table["TableArn"] == "arn:aws:dynamodb:eu-west-1:111122223333:table/Slow"
        assert db.describe_table(TableName="Slow")["Table"]["TableStatus"] == "CREATING"
        db.clock.advance(seconds=5)
        assert db.describe_table(TableName="Slow")["Table"]["TableStatus"] == "ACTIVE"
        assert len(db.stream(table["LatestStreamArn"]).shards()) == 3


def test_a_seed_makes_answers_repeatable() -> None:
    def answers(seed: int) -> Any:
        with streamtable.open(clock="manual", seed=seed) as db:
            return db.call(
                "CreateTable",
                {
                    "TableName": "People",
                    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "BillingMode": "PAY_PER_REQUEST",
                },
            )

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"partitions": 0}, "partitions is 0"),
        ({"partitions": "many"}, "partitions: "),
        ({"clock": "sundial"}, "sundial"),
        ({"clock": 5}, "clock: "),
        ({"seed": -1}, "seed: "),
        ({"seed": 2**64}, "seed: "),
        ({"now": 5}, "manual clock"),
        ({"region": ""}, "region"),
        ({"region": "\ud800"}, "surrogate"),
        ({"account": object()}, "account: a value of type object"),
        ({"shard_rollover": -1}, "shard_rollover: "),
        ({"expiry_delay": -1}, "expiry_delay: "),
        ({"durability": "perhaps"}, "perhaps"),
        ({"sync_every": 0}, "sync_every is 0 ms; it is 1 to 60000"),
        ({"sync_every": timedelta(minutes=2)}, "sync_every"),
        ({"cache_bytes": -1}, "cache_bytes: "),
        ({"path": __file__}, "test_database.py"),
        ({"path": Path(__file__, "below")}, "test_database.py"),
    ],
)
def test_a_wrong_option_is_an_open_exception_that_names_it(options: dict[str, Any], words: str) -> None:
    with pytest.raises(exceptions.OpenException) as caught:
        streamtable.open(**options)
    assert words in caught.value.message
    assert caught.value.operation_name == "open"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"now": datetime(2026, 1, 1)}, TypeError),
        ({"now": 1.5}, TypeError),
        ({"now": True}, TypeError),
        ({"control_plane_delay": "5s"}, TypeError),
        ({"control_plane_delay": timedelta(microseconds=1)}, ValueError),
        ({"colour": "blue"}, TypeError),
        ({"path": 5}, TypeError),
        ({"sync_every": "50ms"}, TypeError),
    ],
)
def test_an_option_of_a_wrong_type_is_pythons_own_error(options: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        streamtable.open(**options)


def test_a_context_closes_the_database() -> None:
    with streamtable.open() as db:
        assert not db.closed
        assert "in memory" in repr(db)
    assert db.closed
    assert "closed" in repr(db)
    db.close()
    for use in (db.list_tables, db.clock.now, lambda: db.call("ListTables"), lambda: db.stream("arn").shards(), db.maintain):
        with pytest.raises(exceptions.DatabaseClosedException):
            use()
    assert db._call_json("ListTables", b"{}")[0] == 400


def test_a_context_closes_the_database_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), streamtable.open() as db:
        raise ZeroDivisionError
    assert db.closed


def test_a_dropped_database_goes_at_once(db: streamtable.Database) -> None:
    for clock in ("manual", "system"):
        database = streamtable.open(clock=clock)
        database.list_tables()
        with pytest.raises(exceptions.StreamtableError):
            database.describe_table(TableName="nothing")
        gone = weakref.ref(database)
        del database
        assert gone() is None, "something still refers to the database"


def test_records_and_streams_keep_nothing_open(db: streamtable.Database) -> None:
    database = streamtable.open()
    stream, clock = database.stream("arn"), database.clock
    gone = weakref.ref(database)
    del database
    assert gone() is not None
    del stream, clock
    assert gone() is None


def test_calls_leak_no_objects(db: streamtable.Database) -> None:
    text, name, blob = "a text of this test", "an attribute of this test", b"bytes of this test"
    item = {"id": {"S": text}, name: {"L": [{"B": blob}, {"SS": {text}}]}}

    def work() -> None:
        for _ in range(50):
            db.put_item(TableName="People", Item=item)
            db.get_item(TableName="People", Key={"id": {"S": text}})
            db.scan(TableName="People")
            with pytest.raises(exceptions.SerializationException):
                db.put_item(TableName="People", Item={"id": {"S": object()}, name: {"B": text}})  # type: ignore[dict-item]
            with pytest.raises(exceptions.ResourceNotFoundException):
                db.scan(TableName=text.replace(" ", "-"))

    work()
    gc.collect()
    before = [sys.getrefcount(thing) for thing in (text, blob, item)]
    objects = len(gc.get_objects())
    work()
    gc.collect()
    assert [sys.getrefcount(thing) for thing in (text, blob, item)] == before
    assert abs(len(gc.get_objects()) - objects) < 50


def test_a_database_can_be_neither_copied_nor_pickled(db: streamtable.Database) -> None:
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled"):
            attempt(db)  # type: ignore[operator]


def test_methods_explain_themselves(db: streamtable.Database) -> None:
    text = pydoc.plain(pydoc.render_doc(streamtable.Database.put_item))
    assert "put_item(" in text and "TableName: 'str'" in text
    assert "ConditionExpression" in text
    assert ":param TableName:" in text
    assert "streamtable" in text
    signature = inspect.signature(db.put_item)
    assert list(signature.parameters)[:2] == ["TableName", "Item"]
    assert signature.parameters["TableName"].default is inspect.Parameter.empty
    assert signature.parameters["ReturnValues"].default is None
    for operation in streamtable._streamtable._operations():
        assert inspect.getdoc(getattr(streamtable.Database, operation["method"])), operation["name"]
