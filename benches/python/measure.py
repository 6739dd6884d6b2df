"""The claims about Python, as JSON. Rounds of both sides are interleaved; ratios are medians; time is the thread's processor time."""

import json
import queue
import statistics
import sys
import time

import streamtable
import streamtable.boto3
from streamtable._streamtable import _convert_in, _convert_out, _engine

ROUNDS = 9
CALLS = 4_000
SDK_CALLS = 300
RECORDS = 10_000
WAKINGS = 200

ITEM = {
    "id": {"S": "customer-00000001"},
    "name": {"S": "Mr. Example Person of Somewhere"},
    "email": {"S": "example.person@example.com"},
    "age": {"N": "42"},
    "active": {"BOOL": True},
    "address": {"M": {"street": {"S": "1 Long Street With A Rather Long Name, Second Floor, Door On The Left"},
                      "city": {"S": "Anytown"}, "zip": {"S": "12345"}}},
    "tags": {"SS": ["alpha", "beta", "gamma"]},
    "scores": {"L": [{"N": "1"}, {"N": "2.5"}, {"N": "3"}, {"S": "four"}]},
    "note": {"S": "x" * 640},
    "revision": {"N": "1"},
}
KEY = {"id": ITEM["id"]}


def micros(call, count):
    """Microseconds of processor time of one call."""
    start = time.thread_time()
    for _ in range(count):
        call()
    return (time.thread_time() - start) / count * 1e6


def claim(name, sides, bound, limit, count, what):
    """Interleaves the two sides and compares them, first over second."""
    pairs = [(micros(sides[0], count), micros(sides[1], count)) for _ in range(ROUNDS)]
    first, second = (statistics.median(side) for side in zip(*pairs))
    ratio = statistics.median(a / b for a, b in pairs)
    detail = f"{what[0]} {first:.2f} us, {what[1]} {second:.2f} us"
    return {"name": name, "ratio": ratio, "bound": bound, "limit": limit, "detail": detail}


def open_database():
    db = streamtable.open(clock="manual", seed=1)
    db.create_table(
        TableName="Bench",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    db.put_item(TableName="Bench", Item=ITEM)
    return db


def call_claim(name, call, engine_input, written):
    """A call against the sum of its parts: reading the request, the engine's own work, and converting the answer where it has one."""
    operation, members = engine_input
    db = open_database()
    parts = {
        "call": lambda: call(db),
        "read": lambda: _engine(db, operation, members, 0),
        "read and engine": lambda: _engine(db, operation, members, 1),
        "crossing": lambda: _engine(db, "ListTables", {}, 0),
        **written,
    }
    rounds = [{part: micros(work, CALLS) for part, work in parts.items()} for _ in range(ROUNDS)]
    for times in rounds:
        # A part that is measured alone crosses into the engine's language once more than it does as part of a call.
        times["write"] = times["write"] - times["crossing"] if written else 0.0
        times["engine"] = times["read and engine"] - times["read"]
    middle = {part: statistics.median(times[part] for times in rounds) for part in rounds[0]}
    return {
        "name": name,
        "ratio": statistics.median(times["call"] / (times["read and engine"] + times["write"]) for times in rounds),
        "bound": "at_most",
        "limit": 1.1,
        "detail": "call {call:.2f} us; request {read:.2f} us, engine {engine:.2f} us, answer {write:.2f} us".format(**middle),
    }


def binding_claims():
    handle = _convert_in(ITEM)
    put, get = {"TableName": "Bench", "Item": ITEM}, {"TableName": "Bench", "Key": KEY}
    yield call_claim("python.put_item_against_its_parts", lambda db: db.put_item(TableName="Bench", Item=ITEM), ("PutItem", put), {})
    yield call_claim(
        "python.get_item_against_its_parts",
        lambda db: db.get_item(TableName="Bench", Key=KEY),
        ("GetItem", get),
        {"write": lambda: _convert_out(handle)},
    )


def record_claims():
    db = streamtable.open(clock="manual", seed=1)
    table = db.create_table(
        TableName="Bench",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    arn = table["TableDescription"]["LatestStreamArn"]
    for revision in range(1_000):
        db.put_item(TableName="Bench", Item={**ITEM, "revision": {"N": str(revision)}})
    shard = db.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = db.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    yield claim(
        "python.eager_records_against_lazy",
        (lambda: db.get_records(ShardIterator=iterator), lambda: list(db.stream(arn).records())),
        "at_least", 20.0, 5, ("1,000 dicts", "1,000 untouched records"),
    )
    page = statistics.median(micros(lambda: list(db.stream(arn).records()), 20) for _ in range(ROUNDS))
    yield {
        "name": "python.lazy_records_millions_a_second", "ratio": 1_000 / page, "bound": "at_least", "limit": 1.0,
        "detail": f"1,000 untouched records {page:.2f} us",
    }


def mapping_claims():
    """What carrying out an event source mapping costs with a function that does nothing, and how soon it is woken."""
    db = open_stream()

    def handle(event, context):
        seen.append(len(event["Records"]))

    rates = []
    for _ in range(ROUNDS):
        seen = []
        for revision in range(RECORDS):
            db.put_item(TableName="Bench", Item={"id": {"S": str(revision)}, "at": {"N": str(time.monotonic_ns())}})
        mapping = db.event_source_mapping("Bench", handle, batch_size=100)
        start = time.thread_time()
        mapping.run_until_idle()
        rates.append(sum(seen) / (time.thread_time() - start))
        assert sum(seen) == RECORDS, "each record once"
    yield {
        "name": "python.mapping_records_against_100000_a_second", "ratio": statistics.median(rates) / 100_000, "bound": "at_least", "limit": 1.0,
        "detail": f"{statistics.median(rates):,.0f} records/s in batches of 100",
    }
    mapping.delete()

    woken = queue.SimpleQueue()
    waits = []
    with db.event_source_mapping("Bench", lambda event, context: woken.put(time.perf_counter()), starting_position="LATEST"):
        for turn in range(WAKINGS):
            # The one before has been settled, and its thread sleeps again.
            time.sleep(0.002)
            start = time.perf_counter()
            db.put_item(TableName="Bench", Item={"id": {"S": "wakes"}, "turn": {"N": str(turn)}})
            waits.append((woken.get() - start) * 1e6)
    yield {
        "name": "python.mapping_woken_against_100_us", "ratio": statistics.median(waits) / 100, "bound": "at_most", "limit": 1.0,
        "detail": f"from the write to the function, median {statistics.median(waits):.0f} us on the clock on the wall",
    }


def open_stream():
    db = streamtable.open()
    db.create_table(
        TableName="Bench",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    return db


def sdk_claims(db):
    fast = streamtable.boto3.client(db)
    exact = streamtable.boto3.client(db, level="transport")
    put = {"TableName": "Bench", "Item": ITEM}
    body = json.dumps(put).encode()
    yield claim(
        "python.boto3_transport_against_operation_level",
        (lambda: exact.put_item(**put), lambda: fast.put_item(**put)),
        "at_least", 5.0, SDK_CALLS, ("transport", "operation"),
    )
    # What the SDK's own part of a call at transport level is: the call less the engine's work on the same bytes.
    pairs = [
        (micros(lambda: exact.put_item(**put), SDK_CALLS), micros(lambda: db._call_json("PutItem", body), SDK_CALLS))
        for _ in range(ROUNDS)
    ]
    share = statistics.median(1 - engine / call for call, engine in pairs)
    call, engine = (statistics.median(side) for side in zip(*pairs))
    yield {
        "name": "python.boto3_transport_share_of_botocore", "ratio": share, "bound": "at_least", "limit": 0.9,
        "detail": f"call {call:.1f} us, engine {engine:.2f} us",
    }


def main():
    db = open_database()
    json.dump([*binding_claims(), *record_claims(), *mapping_claims(), *sdk_claims(db)], sys.stdout)


main()
