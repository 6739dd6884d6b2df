"""Event source mappings: handlers of a program that are given the records of streams."""

from __future__ import annotations

import asyncio
import json
import pathlib
import threading
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import streamtable
from streamtable.testing import assert_dead_lettered, assert_delivered


def put(db: streamtable.Database, *ids: str) -> None:
    for one in ids:
        db.put_item(TableName="People", Item={"id": {"S": one}})


def ids(event: dict[str, Any]) -> list[str]:
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]]


def test_a_handler_is_given_events_as_lambda_gives_them(db: streamtable.Database) -> None:
    seen: list[tuple[Any, Any]] = []

    @db.function("orders", timeout=5, memory_size=256, versions=["1"], aliases={"live": "1"})
    def handle(event: Any, context: Any) -> None:
        seen.append((event, context))

    mapping = db.event_source_mapping("People", "orders:live", batch_size=2)
    db.put_item(TableName="People", Item={"id": {"S": "a"}, "bytes": {"B": b"\x01"}})
    put(db, "b", "c")
    assert mapping.run_until_idle() == 2
    event, context = seen[0]
    record = event["Records"][0]
    arn = db.describe_table(TableName="People")["Table"]["LatestStreamArn"]
    assert (record["eventSourceARN"], record["eventVersion"], record["eventSource"]) == (arn, "1.1", "aws:dynamodb")
    assert record["dynamodb"]["NewImage"] == {"id": {"S": "a"}, "bytes": {"B": "AQ=="}}
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], float)
    assert context.function_name == "orders"
    assert (context.function_version, context.memory_limit_in_mb) == ("1", "256")
    assert context.invoked_function_arn == "arn:aws:lambda:us-east-1:000000000000:function:orders:live"
    assert (context.log_group_name, len(context.aws_request_id)) == ("/aws/lambda/orders", 36)
    assert context.get_remaining_time_in_millis() == 5_000
    assert [ids(event) for event, _ in seen] == [["a", "b"], ["c"]]
    assert_delivered(mapping, record)
    assert mapping.counts["InvokedEventCount"] == 3
    assert (mapping.state, mapping.last_processing_result) == ("Enabled", "OK")
    with pytest.raises(AssertionError, match="not delivered"):
        assert_delivered(mapping, "1")


def test_coroutine_functions_are_handlers_also_inside_a_loop(db: streamtable.Database) -> None:
    seen: list[list[str]] = []

    async def handle(event: Any, context: Any) -> None:
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
        seen.append(ids(event))

    mapping = db.event_source_mapping("People", handle)
    put(db, "a")
    mapping.run_until_idle()
    put(db, "b")

    async def inside() -> int:
        return db.run_until_idle()

    assert asyncio.run(inside()) == 1
    assert seen == [["a"], ["b"]]


def test_what_fails_is_tried_again_and_told_of(db: streamtable.Database, tmp_path: pathlib.Path) -> None:
    seen: list[list[str]] = []
    told: list[dict[str, Any]] = []
    heals = False

    def handle(event: Any, context: Any) -> str:
        seen.append(ids(event))
        if "poison" in seen[-1] and not heals:
            raise ValueError("no such order")
        return "done"

    mapping = db.event_source_mapping(
        "People", handle, maximum_retry_attempts=1, bisect_batch_on_function_error=True, on_failure=told.append
    )
    put(db, "a", "poison", "c")
    assert mapping.run_until_idle() == 4
    assert mapping.run_until_idle(advance=True) == 2
    assert seen == [["a", "poison", "c"], ["a"], ["poison", "c"], ["poison"], ["poison"], ["c"]]
    (failure,) = told
    assert list(failure) == ["requestContext", "responseContext", "version", "timestamp", "DDBStreamBatchInfo"]
    assert failure["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert str(mapping.last_error) == "no such order"
    assert_dead_lettered(mapping, failure["DDBStreamBatchInfo"]["startSequenceNumber"])
    assert mapping.counts["OnFailureDestinationDeliveredEventCount"] == 1
    with pytest.raises(RuntimeError, match="ValueError: no such order"):
        mapping.redrive(failure)
    heals = True
    assert mapping.redrive(failure) == "done"
    assert seen[-1] == ["poison"]
    heals = False
    mapping.update(on_failure=tmp_path, maximum_retry_attempts=0)
    db.delete_item(TableName="People", Key={"id": {"S": "poison"}})
    mapping.run_until_idle(advance=True)
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.relative_to(tmp_path).parts[:3] == ("aws", "lambda", mapping.uuid)
    assert ids(json.loads(json.loads(path.read_text())["payload"])) == ["poison"]


def test_item_failures_are_reported(db: streamtable.Database) -> None:
    seen: list[list[str]] = []

    def handle(event: Any, context: Any) -> dict[str, Any]:
        seen.append(ids(event))
        failed = [record for record in event["Records"] if record["dynamodb"]["Keys"]["id"]["S"] == "b" and len(seen) == 1]
        return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in failed]}

    mapping = db.event_source_mapping("People", handle, report_batch_item_failures=True)
    put(db, "a", "b", "c")
    mapping.run_until_idle()
    assert seen == [["a", "b", "c"], ["b", "c"]]


def test_a_thread_is_woken_by_writes(db: streamtable.Database) -> None:
    done = threading.Event()

    def handle(event: Any, context: Any) -> None:
        if "last" in ids(event):
            done.set()

    with db.event_source_mapping("People", handle):
        put(db, "first")
        put(db, "last")
        assert done.wait(60)


def test_one_mapping_feeds_another_and_a_cascade_is_named(db: streamtable.Database) -> None:
    db.create_table(
        TableName="Copies",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    counted: list[str] = []

    @db.function("copy")
    def copy(event: Any, context: Any) -> None:
        for record in event["Records"]:
            db.put_item(TableName="Copies", Item=record["dynamodb"]["NewImage"])

    @db.function("count")
    def count(event: Any, context: Any) -> None:
        counted.extend(ids(event))

    db.event_source_mapping("People", "copy")
    db.event_source_mapping("Copies", "count")
    put(db, "a", "b")
    assert db.run_until_idle() == 2
    assert counted == ["a", "b"]

    @db.function("again")
    def again(event: Any, context: Any) -> None:
        put(db, context.aws_request_id)

    db.event_source_mapping("People", "again")
    with pytest.raises(RuntimeError, match="write into its own source"):
        db.run_until_idle(limit=20)


def test_functions_are_invoked_by_name(db: streamtable.Database) -> None:
    @db.function("double", versions=["7"])
    def double(event: Any, context: Any) -> Any:
        return event * 2

    assert db.invoke("double:7", 21) == {"StatusCode": 200, "ExecutedVersion": "7", "Payload": 42}
    failed = db.invoke("double", {})
    assert (failed["FunctionError"], failed["Payload"]["errorType"]) == ("Unhandled", "TypeError")
    with pytest.raises(KeyError):
        db.invoke("no", None)


def test_a_function_without_a_handler_waits_for_one(db: streamtable.Database) -> None:
    db.register_function(FunctionName="later")
    mapping = db.event_source_mapping("People", "later")
    put(db, "a")
    assert mapping.run_until_idle() == 1
    assert mapping.counts["FailedInvokeEventCount"] == 0
    seen: list[list[str]] = []
    db.function("later")(lambda event, context: seen.append(ids(event)))
    db.clock.advance(minutes=1)
    mapping.run_until_idle()
    assert seen == [["a"]]


@pytest.mark.parametrize("level", ["operation", "transport"])
def test_clients_of_lambda_work_unmodified(db: streamtable.Database, level: Any) -> None:
    seen: list[list[str]] = []
    db.function("orders")(lambda event, context: seen.append(ids(event)))
    arn = db.describe_table(TableName="People")["Table"]["LatestStreamArn"]
    with streamtable.boto3.patched(db, level=level):
        client = boto3.client("lambda", region_name="us-east-1")
        made = client.create_event_source_mapping(
            EventSourceArn=arn, FunctionName="orders", StartingPosition="TRIM_HORIZON", BatchSize=10, Tags={"a": "1"}
        )
        assert (made["State"], made["ResponseMetadata"]["HTTPStatusCode"]) == ("Creating", 202)
        with pytest.raises(ClientError) as refused:
            client.create_event_source_mapping(EventSourceArn=arn, FunctionName="orders", StartingPosition="TRIM_HORIZON")
        error = refused.value.response
        assert (error["Error"]["Code"], error["ResponseMetadata"]["HTTPStatusCode"]) == ("ResourceConflictException", 409)
        assert error["Type"] == "User"
        pages = client.get_paginator("list_event_source_mappings").paginate(FunctionName="orders")
        assert [one["UUID"] for one in pages.build_full_result()["EventSourceMappings"]] == [made["UUID"]]
        assert client.list_tags(Resource=made["EventSourceMappingArn"])["Tags"] == {"a": "1"}
        client.untag_resource(Resource=made["EventSourceMappingArn"], TagKeys=["a"])
        client.tag_resource(Resource=made["EventSourceMappingArn"], Tags={"b": "2"})
        client.update_event_source_mapping(UUID=made["UUID"], BatchSize=3)
        put(db, "a")
        db.run_until_idle()
        assert seen == [["a"]]
        told = client.get_event_source_mapping(UUID=made["UUID"])
        assert (told["LastProcessingResult"], told["BatchSize"], told["State"]) == ("OK", 3, "Enabled")
        client.delete_event_source_mapping(UUID=made["UUID"])
        with pytest.raises(client.exceptions.ResourceNotFoundException, match="The resource you requested does not exist"):
            client.get_event_source_mapping(UUID=made["UUID"])
        with pytest.raises(ClientError, match="UnknownOperationException"):
            client.list_layers()


def test_batch_processors_of_powertools_run_unchanged(db: streamtable.Database) -> None:
    batch = pytest.importorskip("aws_lambda_powertools.utilities.batch")
    processor = batch.BatchProcessor(event_type=batch.EventType.DynamoDBStreams)
    seen: list[str] = []

    def handle_record(record: Any) -> None:
        one = record.dynamodb.new_image["id"]
        seen.append(one)
        if one == "b" and seen.count("b") == 1:
            raise ValueError("once")

    def handle(event: Any, context: Any) -> Any:
        return batch.process_partial_response(event=event, record_handler=handle_record, processor=processor, context=context)

    mapping = db.event_source_mapping("People", handle, report_batch_item_failures=True)
    put(db, "a", "b", "c")
    mapping.run_until_idle(advance=True)
    assert seen == ["a", "b", "c", "b", "c"]
    assert mapping.last_processing_result == "OK"


def test_filters_are_set_and_changed(db: streamtable.Database) -> None:
    seen: list[list[str]] = []

    def handle(event: Any, context: Any) -> None:
        seen.append(ids(event))

    def only(key: str) -> dict[str, Any]:
        return {"dynamodb": {"Keys": {"id": {"S": [key]}}}}

    mapping = db.event_source_mapping("People", handle, filters=[only("b"), json.dumps(only("d"))])
    put(db, "a", "b", "c", "d")
    mapping.run_until_idle()
    assert (seen, mapping.counts["FilteredOutEventCount"]) == ([["b", "d"]], 2)
    mapping.update(filters=[only("a")], batch_size=1)
    db.delete_item(TableName="People", Key={"id": {"S": "a"}})
    db.delete_item(TableName="People", Key={"id": {"S": "b"}})
    mapping.run_until_idle()
    assert seen == [["b", "d"], ["a"]]
    with pytest.raises(streamtable.exceptions.InvalidParameterValueException, match="Invalid filter pattern definition"):
        mapping.update(filters=["not a pattern"])


def test_what_failed_runs_again_without_what_was_filtered(db: streamtable.Database) -> None:
    told: list[dict[str, Any]] = []
    heals = False

    def handle(event: Any, context: Any) -> list[str]:
        if not heals:
            raise ValueError("not yet")
        return ids(event)

    ends = {"dynamodb": {"Keys": {"id": {"S": ["a", "c"]}}}}
    mapping = db.event_source_mapping("People", handle, filters=[ends], maximum_retry_attempts=0, on_failure=told.append)
    put(db, "a", "b", "c")
    mapping.run_until_idle()
    heals = True
    assert mapping.redrive(told[0]) == ["a", "c"]


def test_what_failed_is_tried_every_hour(db: streamtable.Database) -> None:
    db.sqs_create_queue(QueueName="dead")
    is_well = False
    seen: list[list[str]] = []

    def handle(event: Any, context: Any) -> None:
        seen.append(ids(event))
        if not is_well:
            raise ValueError("not yet")

    options: Any = {"maximum_retry_attempts": 0, "on_failure": "arn:aws:sqs:us-east-1:000000000000:dead"}
    mapping = db.event_source_mapping("People", handle, redrive_every=timedelta(hours=1), **options)
    put(db, "a", "b")
    # The clock is not moved on to it: that would never end.
    assert mapping.run_until_idle(advance=True) == 1
    db.clock.advance(hours=1)
    assert mapping.run_until_idle() == 1
    assert isinstance(mapping.last_error, ValueError)
    is_well = True
    db.clock.advance(hours=1)
    assert mapping.run_until_idle() == 1
    db.clock.advance(hours=1)
    assert mapping.run_until_idle() == 0
    assert seen == [["a", "b"]] * 3
    mapping.redrive_every(None)
    with pytest.raises(streamtable.exceptions.ValidationException, match="every second at most"):
        mapping.redrive_every(999)
    mapping.update(DestinationConfig={"OnFailure": {"Destination": ""}})
    with pytest.raises(ValueError, match="name its ARN as on_failure"):
        mapping.redrive_every(3_600_000)


def test_a_function_that_took_too_long_is_told_of(db: streamtable.Database) -> None:
    told: list[Any] = []
    left: list[int] = []

    @db.function("slow", timeout=2)
    def slow(event: Any, context: Any) -> None:
        db.clock.advance(milliseconds=1_500)
        left.append(context.get_remaining_time_in_millis())
        db.clock.advance(milliseconds=501)
        left.append(context.get_remaining_time_in_millis())

    mapping = db.event_source_mapping("People", slow, maximum_retry_attempts=0, on_failure=told.append)
    put(db, "a")
    mapping.run_until_idle()
    assert left == [500, 0]
    assert isinstance(mapping.last_error, TimeoutError)
    assert str(mapping.last_error).endswith(" Error: Task timed out after 2.00 seconds")
    assert told[0]["requestContext"]["requestId"] in str(mapping.last_error)


def create_totals(db: streamtable.Database) -> None:
    db.create_table(
        TableName="Totals",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


def adds(event: Any, context: Any) -> None:
    for one in ids(event):
        context.transact_items.append(
            {
                "Put": {
                    "TableName": "Totals",
                    "Item": {"id": {"S": one}, "seal": {"B": b"\x01\x02"}, "seals": {"BS": [b"a", b"b"]}},
                    "ConditionExpression": "attribute_not_exists(id)",
                }
            }
        )


def test_effects_are_kept_with_the_place_once(db: streamtable.Database) -> None:
    create_totals(db)
    dies = True

    def handle(event: Any, context: Any) -> None:
        adds(event, context)
        if dies:
            raise SystemExit

    mapping = db.event_source_mapping("People", handle, exactly_once=True)
    put(db, "a", "b")
    with pytest.raises(SystemExit):
        mapping.step()
    assert db.scan(TableName="Totals")["Count"] == 0
    dies = False
    db.functions._made = None  # The worker of a program that was started anew.
    mapping.step()
    assert db.get_item(TableName="Totals", Key={"id": {"S": "b"}})["Item"]["seal"] == {"B": b"\x01\x02"}
    assert (db.scan(TableName="Totals")["Count"], mapping.run_until_idle(), mapping.last_error) == (2, 0, None)


def test_effects_that_cannot_be_are_errors_of_the_function(db: streamtable.Database) -> None:
    create_totals(db)
    db.put_item(TableName="Totals", Item={"id": {"S": "b"}})
    told: list[dict[str, Any]] = []
    mapping = db.event_source_mapping(
        "People", adds, exactly_once=True, bisect_batch_on_function_error=True, maximum_retry_attempts=0, on_failure=told.append
    )
    put(db, "a", "b", "c")
    mapping.run_until_idle(advance=True)
    assert {item["id"]["S"] for item in db.scan(TableName="Totals")["Items"]} == {"a", "b", "c"}
    assert [failure["DDBStreamBatchInfo"]["batchSize"] for failure in told] == [1]
    error = mapping.last_error
    assert isinstance(error, streamtable.exceptions.TransactionCanceledException)
    assert error.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"
    db.delete_item(TableName="Totals", Key={"id": {"S": "b"}})
    mapping.redrive(told[0])
    assert db.scan(TableName="Totals")["Count"] == 3

    def many(event: Any, context: Any) -> None:
        context.transact_items.extend({"Delete": {"TableName": "Totals", "Key": {"id": {"S": str(n)}}}} for n in range(101))

    mapping = db.event_source_mapping("People", many, exactly_once=True, maximum_retry_attempts=0)
    mapping.run_until_idle()
    assert "101 writes" in str(mapping.last_error)


def test_only_mappings_that_ask_for_it_take_effects(db: streamtable.Database) -> None:
    mapping = db.event_source_mapping("People", adds, maximum_retry_attempts=0)
    put(db, "a")
    mapping.run_until_idle()
    assert isinstance(mapping.last_error, AttributeError)
    with pytest.raises(ValueError, match="report_batch_item_failures"):
        db.event_source_mapping("People", adds, exactly_once=True, report_batch_item_failures=True)


def test_a_coroutine_that_takes_longer_than_its_function_may_is_cancelled(
    db: streamtable.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    records: list[Any] = []
    ended: list[str] = []

    async def handle(event: Any, context: Any) -> None:
        records.extend(event["Records"])
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(context.aws_request_id)

    mapping = db.event_source_mapping("People", handle)
    put(db, "a")
    # None of its time is left when it is asked for; the clock of the machine need not go on.
    monkeypatch.setattr(type(db.functions), "_time_left", lambda functions, task: 0.0)
    assert mapping.step()
    assert len(ended) == 1
    assert "Task timed out after 3.00 seconds" in str(mapping.last_error)
    assert [told.get("how", told["what"]) for told in mapping.explain(records[0])] == ["invoked", "timed_out"]
