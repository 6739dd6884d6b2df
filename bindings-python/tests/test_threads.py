"""Threads and processes."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

Put = Callable[..., Any]


def in_threads(count: int, work: Callable[[int], None]) -> None:
    errors: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_many_threads_write_and_nothing_is_lost(db: streamtable.Database, arn: str, put: Put) -> None:
    def work(number: int) -> None:
        for n in range(100):
            put(f"{number}", n={"N": str(n)})
            db.update_item(
                TableName="People",
                Key={"id": {"S": "counter"}},
                UpdateExpression="ADD hits :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
            )

    in_threads(8, work)
    assert db.get_item(TableName="People", Key={"id": {"S": "counter"}})["Item"]["hits"] == {"N": "800"}
    records = list(db.stream(arn).records())
    assert len(records) == 1600
    for number in range(8):
        own = [record.new_image["n"]["N"] for record in records if record.keys == {"id": {"S": f"{number}"}}]  # type: ignore[index]
        assert own == [str(n) for n in range(100)]


def test_records_are_read_by_many_threads_at_once(db: streamtable.Database, arn: str, put: Put) -> None:
    for n in range(50):
        put(f"{n}", text={"S": "x" * 50})
    records = list(db.stream(arn).records())
    images: list[list[int]] = [[] for _ in range(8)]

    def work(number: int) -> None:
        images[number] += [id(record.new_image) for record in records]

    in_threads(8, work)
    assert all(own == images[0] for own in images), "one record gave different threads different dicts"


def test_the_interpreter_lock_is_released_while_the_engine_works(db: streamtable.Database, put: Put) -> None:
    for n in range(2000):
        put(f"{n}", text={"S": "x" * 100})
    reached, go = threading.Event(), threading.Event()

    def other() -> None:
        go.wait()
        reached.set()

    thread = threading.Thread(target=other)
    interval = sys.getswitchinterval()
    thread.start()
    try:
        # From here on, the interpreter never takes the lock away by itself: the other thread runs only when a call lets go.
        sys.setswitchinterval(1000)
        go.set()
        for _ in range(500):
            if reached.is_set():
                break
            db.call("Scan", {"TableName": "People", "FilterExpression": "attribute_exists(nothing)"})
        assert reached.is_set()
    finally:
        sys.setswitchinterval(interval)
        go.set()
        thread.join()


def test_closing_while_others_work_is_an_error_for_them_and_no_more(db: streamtable.Database, put: Put) -> None:
    started = threading.Barrier(5)

    def work(number: int) -> None:
        started.wait()
        if number == 0:
            db.close()
            return
        with pytest.raises(exceptions.DatabaseClosedException):
            for n in range(1_000_000):
                put(f"{number}-{n}")

    in_threads(5, work)


def in_a_child(work: Callable[[], None]) -> int:
    """The exit status of `work` in a forked child that is ended when it hangs."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(60)
            work()
            status = 0
        except BaseException as error:
            os.write(2, f"in the child: {error!r}\n".encode())
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("clock", ["system", "manual"])
def test_a_forked_child_is_told_that_the_database_is_not_its_own(clock: str) -> None:
    shared = [streamtable.open(clock=clock)]

    def work() -> None:
        for use in (shared[0].list_tables, shared[0].close, lambda: shared[0].call("ListTables"), lambda: shared[0]._call_json("ListTables", b"{}")):
            with pytest.raises(RuntimeError, match="forked"):
                use()
        shared.clear()
        with streamtable.open(clock=clock) as own:
            assert own.list_tables() == {"TableNames": []}
            with pytest.raises(exceptions.ResourceNotFoundException):
                own.describe_table(TableName="nothing")

    assert in_a_child(work) == 0
    assert shared[0].list_tables() == {"TableNames": []}
    shared[0].close()


def fill(db: streamtable.Database) -> None:
    db.create_table(
        TableName="People",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    for number in range(20):
        db.put_item(TableName="People", Item={"id": {"S": str(number)}})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_children_work_on_databases_of_their_own(tmp_path: Path) -> None:
    """The threads of the parent's databases wait for what may fall due; a child has their waiting, and not them. One fork in six ended in a
    crash, in optimised builds."""
    parents = [streamtable.open(None if number % 2 else tmp_path / str(number)) for number in range(5)]
    for db in parents:
        fill(db)

    def work() -> None:
        for turn in range(10):
            with streamtable.open(None if turn else tmp_path / f"child-{os.getpid()}", durability="none") as own:
                fill(own)

    assert [in_a_child(work) for _ in range(20)] == [0] * 20
    for db in parents:
        assert db.put_item(TableName="People", Item={"id": {"S": "after"}}) == {}
        db.close()


def own_threads() -> list[str]:
    """The names of the library's threads in this process."""
    names = []
    for task in Path("/proc/self/task").iterdir():
        # A thread may end while it is looked at.
        with contextlib.suppress(OSError):
            names.append((task / "comm").read_text())
    return [name for name in names if name.startswith("streamtable")]


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells the threads of a process")
def test_hundreds_of_databases_share_their_threads(tmp_path: Path) -> None:
    databases = [streamtable.open(tmp_path / str(n) if n % 4 == 0 else None, durability="buffered") for n in range(200)]
    try:
        for db in databases:
            db.create_table(
                TableName="Orders",
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            )
        # A machine under load may make work wait, which adds some.
        assert 0 < len(own_threads()) < 50
    finally:
        for db in databases:
            db.close()
