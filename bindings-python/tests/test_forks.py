"""Forks and snapshots: a database for each test, from one that was filled once."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

from conftest import PEOPLE

ADA = {"id": {"S": "ada"}}
BOB = {"id": {"S": "bob"}}


def people(db: streamtable.Database) -> list[str]:
    return sorted(item["id"]["S"] for item in db.scan(TableName="People")["Items"])


def test_a_fork_goes_its_own_way(db: streamtable.Database, arn: str, put: Callable[..., Any]) -> None:
    put("ada")
    fork = db.fork()
    put("bob")
    fork.put_item(TableName="People", Item={"id": {"S": "cleo"}})
    fork.clock.advance(hours=1)
    assert (people(db), people(fork)) == (["ada", "bob"], ["ada", "cleo"])
    assert [record.keys["id"]["S"] for record in fork.stream(arn).records()] == ["ada", "cleo"]
    assert (fork.clock.now() - db.clock.now()).total_seconds() == 3600
    db.close()
    assert fork.closed is False
    fork.close()
    with pytest.raises(exceptions.DatabaseClosedException):
        fork.fork()


def test_a_snapshot_is_forked_and_restored_any_number_of_times(db: streamtable.Database, put: Callable[..., Any]) -> None:
    put("ada")
    snapshot = db.snapshot()
    before = db.clock.now()
    client = db.boto3_client()
    for _ in range(2):
        put("bob")
        client.put_item(TableName="People", Item={"id": {"S": "cleo"}})
        db.clock.advance(days=2)
        db.restore(snapshot)
        assert people(db) == ["ada"]
        assert db.clock.now() == before
        assert client.scan(TableName="People")["Items"] == [ADA]
        with snapshot.fork() as fork:
            assert people(fork) == ["ada"]
            fork.put_item(TableName="People", Item=BOB)
    db.close()
    assert people(snapshot.fork()) == ["ada"]
    with pytest.raises(TypeError):
        pickle.dumps(snapshot)


def test_resetting_empties_the_database_and_keeps_its_clients(db: streamtable.Database, put: Callable[..., Any]) -> None:
    put("ada")
    client = db.boto3_client()
    begun = streamtable.open(clock="manual", seed=1).clock.now()
    db.clock.advance(days=1)
    db.reset()
    assert client.list_tables()["TableNames"] == []
    assert db.clock.now() == begun
    db.create_table(**PEOPLE)
    assert people(db) == []


def test_a_fork_in_a_directory(tmp_path: Path) -> None:
    with streamtable.open(tmp_path / "one", clock="manual") as db:
        db.create_table(**PEOPLE)
        db.put_item(TableName="People", Item=ADA)
        with db.fork(tmp_path / "two") as fork:
            assert fork.path == tmp_path / "two"
            fork.put_item(TableName="People", Item=BOB)
            assert (people(db), people(fork)) == (["ada"], ["ada", "bob"])
        with streamtable.open(tmp_path / "two", clock="manual") as again:
            assert people(again) == ["ada", "bob"]
        with pytest.raises(exceptions.ValidationException, match="holds something already"):
            db.fork(tmp_path / "two")
        for refused in (db.fork, db.snapshot, db.reset):
            with pytest.raises(exceptions.ValidationException):
                refused()
    with streamtable.open(clock="manual") as memory, pytest.raises(exceptions.ValidationException):
        memory.fork(tmp_path / "three")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork of processes here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_snapshot_lives_in_the_process_that_took_it(db: streamtable.Database) -> None:
    snapshot = db.snapshot()
    child = os.fork()
    if child == 0:
        try:
            snapshot.fork()
        except RuntimeError:
            os._exit(7)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
