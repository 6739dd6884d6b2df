"""Databases elsewhere, from Python: the same names, errors, iterators and records as of one in this process."""

import asyncio
import http.server
import json
import os
import pathlib
import subprocess
import threading

import pytest

import streamtable
import streamtable.aio
from streamtable import exceptions

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "streamtable"

TABLE = {
    "TableName": "Orders",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}


@pytest.fixture(params=["port", "socket"])
def address(request, tmp_path):
    """A server of its own, behind a port or a socket."""
    where = ["--port", "0"] if request.param == "port" else ["--socket", str(tmp_path / "orders.sock")]
    process = subprocess.Popen([PROGRAM, "serve", "--memory", "--clock", "manual", "--seed", "1", *where], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().removeprefix("listening on ").strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


def test_calls_records_and_errors_are_those_of_a_database_here(address):
    with streamtable.open(address) as db:
        assert (db.address, db.path) == (address, None)
        assert address in repr(db)
        arn = db.create_table(**TABLE)["TableDescription"]["LatestStreamArn"]
        for number in range(30):
            db.put_item(TableName="Orders", Item={"id": {"S": str(number)}, "raw": {"B": b"\x00\xff"}})
        assert db.get_item(TableName="Orders", Key={"id": {"S": "7"}})["Item"]["raw"] == {"B": b"\x00\xff"}
        with pytest.raises(exceptions.ConditionalCheckFailedException) as failed:
            db.put_item(
                TableName="Orders",
                Item={"id": {"S": "7"}},
                ConditionExpression="attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        assert failed.value.response["Item"]["id"] == {"S": "7"}
        records = db.stream(arn).records(limit=20)
        first = [record.new_image["id"]["S"] for record in records]
        rest = [record.new_image["id"]["S"] for record in db.stream(arn).records(checkpoint=records.checkpoint)]
        assert first + rest == [str(number) for number in range(30)]
        now = db.clock.now()
        db.clock.advance(hours=1)
        assert (db.clock.now() - now).total_seconds() == 3600
        assert (db.region, db.call("ListTables")["TableNames"]) == ("us-east-1", ["Orders"])
    with pytest.raises(exceptions.DatabaseClosedException):
        db.list_tables()


def test_mappings_of_a_database_elsewhere_are_carried_out_here(address):
    with streamtable.open(address) as db:
        arn = db.create_table(**TABLE)["TableDescription"]["LatestStreamArn"]
        seen = []
        mapping = db.event_source_mapping(arn, lambda event, context: seen.extend(event["Records"]), batch_size=4)
        for number in range(10):
            db.put_item(TableName="Orders", Item={"id": {"S": str(number)}})
        for _ in range(50):
            if len(seen) == 10:
                break
            mapping.run_until_idle()
            db.clock.advance(seconds=1)
        assert [record["dynamodb"]["Keys"]["id"]["S"] for record in seen] == [str(number) for number in range(10)]


def test_what_is_of_a_database_in_this_process_is_refused_by_its_name(address):
    with streamtable.open(address) as db:
        for name, what in {
            "fork": db.fork,
            "snapshot": db.snapshot,
            "reset": db.reset,
            "in_region": lambda: db.in_region("eu-west-1"),
            "regions": lambda: db.regions,
            "account": lambda: db.account,
        }.items():
            with pytest.raises(exceptions.ValidationException, match=f"{name} is of a database in this process"):
                what()
    with pytest.raises(exceptions.OpenException, match="settings of its own"):
        streamtable.open(address, seed=1)
    with pytest.raises(exceptions.OpenException, match='no setting "colour"'):
        streamtable.open("http://127.0.0.1:1?colour=red")
    with pytest.raises(TypeError, match="for an address"):
        streamtable.open(session=object())


def test_a_client_of_boto3_works_on_it(address):
    with streamtable.open(address) as db:
        client = db.boto3_client("dynamodb")
        client.create_table(**TABLE)
        client.put_item(TableName="Orders", Item={"id": {"S": "1"}})
        assert client.scan(TableName="Orders")["Items"] == [{"id": {"S": "1"}}]
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.describe_table(TableName="None")


def test_a_loop_has_many_calls_on_their_way(address):
    async def run():
        async with streamtable.aio.open(address) as db:
            await db.create_table(**TABLE)
            puts = [db.put_item(TableName="Orders", Item={"id": {"S": str(number)}}) for number in range(64)]
            await asyncio.gather(*puts)
            assert (await db.scan(TableName="Orders", Select="COUNT"))["Count"] == 64
            with pytest.raises(exceptions.ResourceNotFoundException):
                await db.describe_table(TableName="None")

    asyncio.run(run())


class Heard(http.server.BaseHTTPRequestHandler):
    """Answers anything with nothing, and remembers what was sent."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append((dict(self.headers), json.loads(body)))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@pytest.fixture
def stub():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Heard) as server:
        server.heard = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Session:
    """What is used of a session of boto3 or botocore."""

    def __init__(self):
        self.asked = 0

    def get_credentials(self):
        return self

    def get_frozen_credentials(self):
        self.asked += 1
        self.access_key, self.secret_key, self.token = f"id{self.asked}", "secret", "token"
        return self


def test_a_session_gives_the_credentials_of_each_request(stub):
    session = Session()
    with streamtable.open(f"http://127.0.0.1:{stub.server_port}?region=eu-west-1", session=session) as db:
        db.put_item(TableName="Orders", Item={"id": {"S": "1"}})
        db.list_tables()
    heads = [{name.lower(): value for name, value in headers.items()} for headers, _ in stub.heard]
    assert [head["x-amz-security-token"] for head in heads] == ["token", "token"]
    assert "Credential=id1/" in heads[0]["authorization"] and "/eu-west-1/dynamodb/" in heads[0]["authorization"]
    assert "Credential=id2/" in heads[1]["authorization"]


def test_a_session_without_credentials_says_so(stub):
    class Empty:
        def get_credentials(self):
            return None

    with streamtable.open(f"http://127.0.0.1:{stub.server_port}", session=Empty()) as db:
        with pytest.raises(exceptions.CredentialsException, match="it has none"):
            db.list_tables()
    assert stub.heard == []
