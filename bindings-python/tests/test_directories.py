"""Databases in directories: what is kept, who may open them, and how they end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

from conftest import PEOPLE


def item(key: str) -> dict[str, Any]:
    return {"id": {"S": key}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A directory that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def filled(path: Path) -> Iterator[Path]:
    with streamtable.open(path, clock="manual") as db:
        db.create_table(**PEOPLE)
        db.put_item(TableName="People", Item=item("ada"))
    yield path


@pytest.mark.parametrize("durability", ["sync", "buffered", "none"])
@pytest.mark.parametrize("kind", [str, Path])
def test_an_orderly_end_keeps_everything(path: Path, durability: Any, kind: Any) -> None:
    with streamtable.open(kind(path), clock="manual", durability=durability, sync_every=1, cache_bytes=0) as db:
        arn = db.create_table(**PEOPLE)["TableDescription"]["LatestStreamArn"]
        db.put_item(TableName="People", Item=item("ada"))
        assert db.path == path
        assert repr(str(path)) in repr(db)
    with streamtable.open(kind(path), clock="manual", durability=durability) as db:
        assert db.get_item(TableName="People", Key=item("ada")) == {"Item": item("ada")}
        assert [record.keys for record in db.stream(arn).records()] == [item("ada")]


def test_region_and_account_come_from_the_directory(path: Path) -> None:
    streamtable.open(path, region="eu-west-1", account="111122223333").close()
    with streamtable.open(path) as db:
        assert (db.region, db.account) == ("eu-west-1", "111122223333")
        assert db.boto3_client().meta.region_name == "eu-west-1"
    with pytest.raises(exceptions.OpenException, match="eu-west-1"):
        streamtable.open(path, region="us-west-2")


def test_a_second_opening_names_the_first(path: Path) -> None:
    with streamtable.open(path):
        with pytest.raises(exceptions.OpenException, match=f"pid {os.getpid()}"):
            streamtable.open(path)
    streamtable.open(path).close()


def test_a_second_process_is_told_who_has_the_database(path: Path) -> None:
    script = f"import streamtable; streamtable.open({str(path)!r})"
    with streamtable.open(path):
        child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert child.returncode == 1
    assert f"pid {os.getpid()}" in child.stderr
    assert subprocess.run([sys.executable, "-c", script], timeout=120).returncode == 0


def test_a_killed_process_loses_nothing_that_it_told(path: Path) -> None:
    script = f"""
import os, sys, signal, streamtable
from concurrent.futures import ThreadPoolExecutor
db = streamtable.open({str(path)!r}, clock="manual")
db.create_table(**{PEOPLE!r})
def put(i):
    db.put_item(TableName="People", Item={{"id": {{"S": str(i)}}}})
    os.write(1, f"{{i}}\\n".encode())
    if i == 200:
        os.kill(os.getpid(), signal.SIGKILL)
with ThreadPoolExecutor(8) as pool:
    list(pool.map(put, range(1000)))
"""
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert child.returncode < 0, child.stderr
    told = child.stdout.split()
    assert len(told) >= 100
    with streamtable.open(path, clock="manual") as db:
        for key in told:
            assert "Item" in db.get_item(TableName="People", Key=item(key)), key


def test_many_threads_write_at_once(filled: Path) -> None:
    with streamtable.open(filled, clock="manual") as db:

        def write(part: int) -> None:
            for i in range(20):
                db.put_item(TableName="People", Item=item(f"{part}/{i}"))

        threads = [threading.Thread(target=write, args=(part,)) for part in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert db.scan(TableName="People", Select="COUNT")["Count"] == 16 * 20 + 1


def test_a_backup_opens_like_any_database(filled: Path, tmp_path: Path) -> None:
    with streamtable.open(filled, clock="manual") as db:
        assert db.backup(Directory=str(tmp_path / "copy"))["Bytes"] > 0
        db.put_item(TableName="People", Item=item("bob"))
        assert set(db.compact()) == {"BytesBefore", "BytesAfter"}
    with streamtable.open(tmp_path / "copy", clock="manual") as copy:
        assert copy.scan(TableName="People")["Items"] == [item("ada")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_neither_uses_nor_harms_the_database(filled: Path) -> None:
    with streamtable.open(filled, clock="manual") as db:
        child = os.fork()
        if child == 0:
            # Nothing of pytest may run twice: whatever happens, this process ends here.
            try:
                with pytest.raises(RuntimeError, match="forked"):
                    db.put_item(TableName="People", Item=item("child"))
                with pytest.raises(RuntimeError, match="forked"):
                    db.close()
                with pytest.raises(exceptions.OpenException, match="pid"):
                    streamtable.open(filled, clock="manual")
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        db.put_item(TableName="People", Item=item("parent"))
    with streamtable.open(filled, clock="manual") as db:
        assert {found["id"]["S"] for found in db.scan(TableName="People")["Items"]} == {"ada", "parent"}


def test_an_error_in_the_block_is_heard_before_that_of_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = exceptions.StorageException({"Error": {"Code": "StorageException", "Message": "the disk is gone"}}, "close")

    def fail(_: Any) -> None:
        raise failure

    monkeypatch.setattr(streamtable.Database, "close", fail)
    with pytest.raises(ZeroDivisionError) as caught, streamtable.open():
        raise ZeroDivisionError
    if sys.version_info >= (3, 11):
        assert "the disk is gone" in caught.value.__notes__[0]
    with pytest.raises(exceptions.StorageException), streamtable.open():
        pass
