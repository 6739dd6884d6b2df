"""Records: lazy objects, and the walk along the shards."""

from __future__ import annotations

import copy
import gc
import json
import pickle
import weakref
from collections.abc import Callable, ItemsView, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

Put = Callable[..., Any]


def names(records: Any) -> list[str]:
    return [record.keys["id"]["S"] for record in records]


def raw_records(db: streamtable.Database, arn: str) -> list[Any]:
    """All records by the operations alone."""
    found: list[Any] = []
    for shard in db.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
        iterator: str | None = db.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            answer = db.get_records(ShardIterator=iterator)
            found += answer["Records"]
            iterator = answer.get("NextShardIterator") if answer["Records"] else None
    return found


def test_records_tell_what_changed(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada", born={"N": "1815"})
    db.clock.advance(seconds=1.5)
    put("ada", born={"N": "1816"})
    db.delete_item(TableName="People", Key={"id": {"S": "ada"}})
    insert, modify, remove = db.stream(arn).records()

    assert [record.event_name for record in (insert, modify, remove)] == ["INSERT", "MODIFY", "REMOVE"]
    assert insert.keys == {"id": {"S": "ada"}}
    assert insert.old_image is None
    assert insert.new_image == modify.old_image == {"id": {"S": "ada"}, "born": {"N": "1815"}}
    assert remove.new_image is None
    assert modify.created_at == datetime(2026, 1, 1, 0, 0, 1, tzinfo=timezone.utc)
    assert len({record.event_id for record in (insert, modify, remove)}) == 3
    assert int(insert.sequence_number) < int(modify.sequence_number) < int(remove.sequence_number)
    assert insert.stream_view_type == "NEW_AND_OLD_IMAGES"
    assert insert.size_bytes == insert["dynamodb"]["SizeBytes"] > 0
    assert not insert.by_service


def test_a_record_is_the_dict_that_boto3_has(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada", photo={"B": b"\x00"})
    put("ada", tags={"SS": ["a"]})
    put("bob")
    lazy, eager = list(db.stream(arn).records()), raw_records(db, arn)
    assert len(lazy) == len(eager) == 3
    for record, plain in zip(lazy, eager, strict=True):
        assert type(plain) is dict
        assert record.to_dict() == plain
        assert record == plain
        assert {name: record[name] for name in record} == plain
        assert set(record) == set(plain)
        assert len(record) == len(plain)
        assert type(record["dynamodb"]) is dict
    assert "NewImage" in lazy[0]["dynamodb"] and "OldImage" not in lazy[0]["dynamodb"]


def test_what_a_record_does_not_have_is_a_key_error(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada")
    [record] = db.stream(arn).records()
    with pytest.raises(KeyError, match="Colour"):
        record["Colour"]
    assert record.get("Colour") is None
    assert record.get("Colour", 5) == 5
    assert "Colour" not in record
    assert 5 not in record
    assert record != 5
    with pytest.raises(TypeError):
        record[5]  # type: ignore[call-overload]
    with pytest.raises((TypeError, AttributeError)):
        record["eventName"] = {}  # type: ignore[index]
    with pytest.raises(KeyError):
        record["userIdentity"]
    with pytest.raises(AttributeError):
        record.keys = {}  # type: ignore[misc]


def test_parts_are_converted_once(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada")
    [record] = db.stream(arn).records()
    assert record.keys is record.keys
    assert record["dynamodb"] is record["dynamodb"]
    assert record.new_image is record["dynamodb"]["NewImage"]
    assert record.to_dict() is not record.to_dict()


def test_records_are_equal_by_what_they_say(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada")
    put("bob")
    first, second = db.stream(arn).records()
    again = next(db.stream(arn).records())
    assert again == first and hash(again) == hash(first) and again is not first
    assert first != second
    assert {first, second, again} == {first, second}
    assert repr(first).startswith("<streamtable.Record INSERT {'id': {'S': 'ada'}} at ")


def same_as_a_dict(record: Any, plain: dict[str, Any]) -> None:
    """Whatever programs do with mappings gives what it gives for boto3's dict."""
    assert isinstance(record, Mapping)
    assert dict(record) == {**record} == dict(record.items()) == plain
    assert json.dumps(dict(record), default=str) == json.dumps(plain, default=str)
    assert list(record.keys()) == list(plain) == list(record)
    assert list(record.values()) == list(plain.values())
    assert isinstance(record.items(), ItemsView)
    assert record == plain and plain == record
    match record:
        case {"dynamodb": {"Keys": {"id": {"S": key}}}}:
            assert key == "ada"
        case _:
            raise AssertionError("a record is matched as a mapping is")

    def named(eventName: str, **others: Any) -> str:  # noqa: N803
        return eventName

    assert named(**record) == plain["eventName"]
    for copied in (copy.deepcopy(record), copy.copy(record), pickle.loads(pickle.dumps(record))):
        assert copied == record and copied.to_dict() == plain
        assert copied.keys == record.keys == plain["dynamodb"]["Keys"]
        assert (copied.shard_id, copied.checkpoint) == (record.shard_id, record.checkpoint)
        assert copied.to_lambda() == record.to_lambda()
    assert pickle.loads(pickle.dumps(record.keys)) == copy.deepcopy(record.keys) == record.keys
    assert copy.deepcopy(record).new_image is not record.new_image or record.new_image is None


def test_records_are_mappings(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada", photo={"B": b"\x00\xff"}, tags={"SS": ["a"]})
    put("ada", more={"L": [{"M": {"a": {"N": "1"}}}]})
    db.delete_item(TableName="People", Key={"id": {"S": "ada"}})
    for record, plain in zip(db.stream(arn).records(), raw_records(db, arn), strict=True):
        same_as_a_dict(record, plain)
    first, second, third = db.stream(arn).records()
    assert first != second and second != third and first != {} and {} != first
    assert dict(first) != dict(second)


def test_a_record_is_what_a_function_is_given(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada", photo={"B": b"\x00\xff"})
    [record] = db.stream(arn).records()
    event = record.to_lambda()
    assert event == streamtable.records.lambda_event([record], arn)["Records"][0]
    assert json.loads(json.dumps(event)) == event
    assert event["eventSourceARN"] == arn
    assert event["dynamodb"]["NewImage"]["photo"] == {"B": "AP8="}
    classes = pytest.importorskip("aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event")
    read = classes.DynamoDBRecord(event)
    assert read.event_name == classes.DynamoDBRecordEventName.INSERT
    assert read.dynamodb.new_image == {"id": "ada", "photo": "AP8="}
    assert read.dynamodb.sequence_number == record.sequence_number


def test_each_record_knows_where_to_go_on_after_it(db: streamtable.Database, arn: str, put: Put) -> None:
    """Also later, when its reader is far on, in a stream of several shards."""
    for generation in range(3):
        for n in range(8):
            put(f"{n}", generation={"N": f"{generation}"})
        db.split_shard(TableName="People")
    stream = db.stream(arn)
    found = list(stream.records())
    identities = [record.event_id for record in found]
    assert len(identities) == 24
    for at, record in enumerate(found):
        rest = [later.event_id for later in stream.records(checkpoint=record.checkpoint)]
        assert sorted(identities[: at + 1] + rest) == sorted(identities)


def test_records_outlive_the_database(put: Put, db: streamtable.Database, arn: str) -> None:
    put("ada")
    records = list(db.stream(arn).records())
    db.close()
    assert names(records) == ["ada"]


def test_records_are_collected_with_what_refers_to_them(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada")
    [record] = db.stream(arn).records()
    image: Any = record.new_image
    image["me"] = record
    image["change"] = record["dynamodb"]
    gone = weakref.ref(record)
    del record, image
    gc.collect()
    assert gone() is None


def test_what_a_user_holds_of_a_record_survives_the_collector(db: streamtable.Database, arn: str, put: Put) -> None:
    put("ada")
    [record] = db.stream(arn).records()
    change, keys = record["dynamodb"], record.keys
    del record
    gc.collect()
    assert keys == {"id": {"S": "ada"}} == change["Keys"]
    del change
    gc.collect()
    assert keys == {"id": {"S": "ada"}}


def test_records_follow_the_lineage(db: streamtable.Database, arn: str, put: Put) -> None:
    """Each key's changes come in their order, although they lie in shards that were split between them."""
    for generation in range(4):
        for n in range(20):
            put(f"{n}", generation={"N": str(generation)})
        db.split_shard(TableName="People")
    found = list(db.stream(arn).records())
    assert len(found) == 80
    for n in range(20):
        own = [record.new_image["generation"]["N"] for record in found if record.keys == {"id": {"S": f"{n}"}}]  # type: ignore[index]
        assert own == ["0", "1", "2", "3"], "a child was read before its parent"
    shards = db.stream(arn).shards()
    seen: set[str] = set()
    for shard in shards:
        assert shard.get("ParentShardId") is None or shard["ParentShardId"] in seen
        seen.add(shard["ShardId"])
    assert len(shards) == 1 + 4 * 2


def test_more_shards_than_a_page_are_all_read(db: streamtable.Database, arn: str, put: Put) -> None:
    for n in range(130):
        put(f"{n:03}")
        db.roll_shard(TableName="People")
    assert len(db.stream(arn).shards()) == 131
    assert names(db.stream(arn).records()) == [f"{n:03}" for n in range(130)]


def test_what_is_written_during_the_walk_keeps_its_order(db: streamtable.Database, arn: str, put: Put) -> None:
    put("a")
    found = []
    for record in db.stream(arn).records():
        found += names([record])
        if record.keys == {"id": {"S": "a"}}:
            put("b")
            db.roll_shard(TableName="People")
            put("c")
    assert found == ["a", "b", "c"]


def test_a_walk_may_start_at_a_shard_and_a_record(db: streamtable.Database, arn: str, put: Put) -> None:
    for name in "abc":
        put(name)
    db.roll_shard(TableName="People")
    put("d")
    stream = db.stream(arn)
    first, second = stream.shards()
    _, b, *_ = stream.records()
    at = {"shard_id": first["ShardId"], "sequence_number": b.sequence_number}
    assert names(stream.records(iterator_type="AT_SEQUENCE_NUMBER", **at)) == ["b", "c", "d"]
    assert names(stream.records(iterator_type="AFTER_SEQUENCE_NUMBER", **at)) == ["c", "d"]
    assert names(stream.records(iterator_type="AFTER_SEQUENCE_NUMBER", descendants=False, **at)) == ["c"]
    assert names(stream.records(second["ShardId"])) == ["d"]
    assert names(stream.records(first["ShardId"], descendants=False)) == ["a", "b", "c"]


def test_a_walk_may_start_at_a_moment(db: streamtable.Database, arn: str, put: Put) -> None:
    put("a")
    moment = db.clock.advance(minutes=10)
    put("b")
    db.roll_shard(TableName="People")
    db.clock.advance(minutes=10)
    put("c")
    stream = db.stream(arn)
    first, _ = stream.shards()
    for start in (moment, moment.astimezone(timezone(timedelta(hours=5))), moment.timestamp(), int(moment.timestamp())):
        assert names(stream.records(iterator_type="AT_TIMESTAMP", timestamp=start)) == ["b", "c"]
    assert names(stream.records(first["ShardId"], iterator_type="AT_TIMESTAMP", timestamp=moment)) == ["b", "c"]
    assert names(stream.records(iterator_type="AT_TIMESTAMP", timestamp=db.clock.now())) == ["c"]
    with pytest.raises(exceptions.SerializationException, match="time zone"):
        stream.records(iterator_type="AT_TIMESTAMP", timestamp=datetime(2026, 1, 1))
    with pytest.raises(exceptions.ValidationException):
        stream.records(iterator_type="AT_TIMESTAMP")


def test_latest_is_what_comes_after_the_call(db: streamtable.Database, arn: str, put: Put) -> None:
    put("before")
    records = db.stream(arn).records(iterator_type="LATEST")
    put("after")
    db.roll_shard(TableName="People")
    put("later")
    assert names(records) == ["after", "later"]
    assert list(db.stream(arn).records(iterator_type="LATEST")) == []


def test_a_limit_counts_all_records(db: streamtable.Database, arn: str, put: Put) -> None:
    for n in range(1500):
        put(f"{n:04}")
    assert len(list(db.stream(arn).records())) == 1500
    assert names(db.stream(arn).records(limit=1200)) == [f"{n:04}" for n in range(1200)]
    assert list(db.stream(arn).records(limit=0)) == []
    for wrong in (-1, 1.5, True, "many"):
        with pytest.raises(ValueError, match="limit"):
            db.stream(arn).records(limit=wrong)  # type: ignore[arg-type]


def test_a_slow_reader_does_not_lose_its_place(db: streamtable.Database, arn: str, put: Put) -> None:
    """Iterators expire after 15 minutes; the walk renews them at the record it stands at."""
    for n in range(1100):
        put(f"{n:04}")
    records = db.stream(arn).records()
    found = names([next(records) for _ in range(1000)])
    db.clock.advance(timedelta(minutes=20))
    put("last")
    assert found + names(records) == [f"{n:04}" for n in range(1100)] + ["last"]

    untouched = db.stream(arn).records()
    db.clock.advance(timedelta(minutes=20))
    assert len(list(untouched)) == 1101


def test_a_latest_iterator_that_expired_is_an_error(db: streamtable.Database, arn: str) -> None:
    records = db.stream(arn).records(iterator_type="LATEST")
    db.clock.advance(minutes=20)
    with pytest.raises(exceptions.ExpiredIteratorException):
        next(records)


def test_mistakes_show_at_the_call(db: streamtable.Database, arn: str) -> None:
    with pytest.raises(exceptions.ResourceNotFoundException):
        db.stream(arn + "1").records()
    with pytest.raises(exceptions.StreamtableError):
        db.stream("no arn").records()
    with pytest.raises(exceptions.ResourceNotFoundException):
        db.stream(arn).records("shardId-00000000000000000000-00000000")
    with pytest.raises(exceptions.ValidationException):
        db.stream(arn).records(iterator_type="SOMEWHERE")  # type: ignore[arg-type]
    with pytest.raises(exceptions.ValidationException):
        db.stream(arn).records(iterator_type="AT_SEQUENCE_NUMBER")
    assert repr(db.stream(arn)) == f"<streamtable.Stream {arn}>"


def test_a_checkpoint_goes_on_after_the_last_record(put: Put, arn: str, db: streamtable.Database) -> None:
    for n in range(5):
        put(f"{n}")
        db.split_shard(TableName="People")
    stream = db.stream(arn)
    records = stream.records()
    begun = records.checkpoint
    assert begun == stream.records().checkpoint
    found: list[str] = []
    for record in records:
        found += names([record])
        assert sorted(found + names(stream.records(checkpoint=records.checkpoint))) == ["0", "1", "2", "3", "4"]
    assert len(found) == 5
    put("later")
    assert list(records) == [], "an iterator that has ended stays so"
    assert names(stream.records(checkpoint=records.checkpoint)) == ["later"]
    assert names(stream.records(checkpoint=begun, limit=2)) == found[:2]


def test_a_checkpoint_within_a_page_counts_what_was_given(db: streamtable.Database, arn: str, put: Put) -> None:
    for n in range(20):
        put(f"{n:02}")
    records = db.stream(arn).records()
    for n in range(20):
        assert names(db.stream(arn).records(checkpoint=records.checkpoint)) == [f"{m:02}" for m in range(n, 20)]
        next(records)
    assert names(db.stream(arn).records(checkpoint=records.checkpoint)) == []


def test_records_know_their_shard(db: streamtable.Database, arn: str, put: Put) -> None:
    put("a")
    db.roll_shard(TableName="People")
    put("b")
    shards = [shard["ShardId"] for shard in db.stream(arn).shards()]
    records = list(db.stream(arn).records())
    assert [record.shard_id for record in records] == shards
    assert isinstance(records[0].sequence_number, str)
    for record in records:
        after = {"iterator_type": "AFTER_SEQUENCE_NUMBER", "sequence_number": record.sequence_number}
        assert names(db.stream(arn).records(record.shard_id, descendants=False, **after)) == []  # type: ignore[arg-type]
        with pytest.raises(exceptions.ValidationException, match="several"):
            db.stream(arn).records(**after)  # type: ignore[arg-type]


def test_what_was_trimmed_unread_is_an_error_or_a_gap(db: streamtable.Database, arn: str, put: Put) -> None:
    put("a")
    put("b")
    records = db.stream(arn).records(limit=1)
    assert names(records) == ["a"]
    db.clock.advance(hours=25)
    put("c")
    with pytest.raises(exceptions.TrimmedDataAccessException):
        db.stream(arn).records(checkpoint=records.checkpoint)
    rest = db.stream(arn).records(checkpoint=records.checkpoint, trimmed="skip")
    assert names(rest) == ["c"]
    assert rest.gaps == 1
    assert records.gaps == 0


def test_no_checkpoint_but_a_checkpoint_is_taken(db: streamtable.Database, arn: str, put: Put) -> None:
    put("a")
    stream = db.stream(arn)
    kept = stream.records().checkpoint
    for wrong in ("", "{}", "shardId-1", kept.replace('"version":1', '"version":2'), kept[:-1]):
        with pytest.raises(exceptions.SerializationException, match="checkpoint"):
            stream.records(checkpoint=wrong)
    with pytest.raises(exceptions.ValidationException, match="checkpoint"):
        stream.records(checkpoint=kept, iterator_type="LATEST")
    with pytest.raises(exceptions.ValidationException, match="not of"):
        stream.records(checkpoint=kept.replace("stream/2", "stream/3"))
    with pytest.raises(exceptions.SerializationException):
        stream.records(trimmed="perhaps")  # type: ignore[arg-type]


def test_records_that_are_read_keep_the_database(put: Put, db: streamtable.Database, arn: str) -> None:
    put("a")
    records = db.stream(arn).records()
    db.close()
    with pytest.raises(exceptions.DatabaseClosedException):
        next(records)
    assert isinstance(records.checkpoint, str)


def test_shards_are_split_and_rolled_by_the_stream(db: streamtable.Database, arn: str) -> None:
    stream = db.stream(arn)
    [first] = stream.shards()
    split = stream.split(first["ShardId"])
    assert split["ParentShardId"] == first["ShardId"]
    assert split["PartitionCount"] == 2
    [rolled] = stream.roll(split["ChildShardIds"][0])
    assert rolled["ParentShardId"] == split["ChildShardIds"][0]
    assert len(stream.roll()) == 2
    with pytest.raises(exceptions.ValidationException):
        stream.split(first["ShardId"])
