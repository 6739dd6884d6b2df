"""Unmodified boto3 clients of Lambda, on functions of this program and of others."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

import streamtable


@pytest.fixture(params=["operation", "transport"])
def client(db: streamtable.Database, request: pytest.FixtureRequest) -> Any:
    return db.boto3_client("lambda", level=request.param, region_name="us-east-1")


def test_invoke_runs_the_handler(db: streamtable.Database, client: Any) -> None:
    seen: list[tuple[Any, Any]] = []

    @db.function("orders", versions=["1"], aliases={"live": "1"})
    def handle(event: Any, context: Any) -> Any:
        seen.append((event, context))
        return {"total": 3}

    answer = client.invoke(FunctionName="orders", Qualifier="live", Payload=json.dumps({"a": 1}), LogType="Tail")
    assert json.loads(answer["Payload"].read()) == {"total": 3}
    assert (answer["StatusCode"], answer["ExecutedVersion"], answer["LogResult"]) == (200, "1", "")
    assert "FunctionError" not in answer
    event, context = seen.pop()
    assert (event, context.function_version, len(context.aws_request_id)) == ({"a": 1}, "1", 36)
    assert context.invoked_function_arn.endswith(":function:orders:live")
    assert client.invoke(FunctionName="orders", InvocationType="Event")["StatusCode"] == 202
    assert seen.pop()[0] == {}
    assert client.invoke(FunctionName="orders:live", InvocationType="DryRun")["StatusCode"] == 204
    assert seen == []
    assert client.get_function_configuration(FunctionName="orders", Qualifier="live")["Version"] == "1"
    client.get_waiter("function_active").wait(FunctionName="orders")


def test_failures_of_functions_are_answers(db: streamtable.Database, client: Any) -> None:
    @db.function("slow", timeout=2)
    def slow(event: Any, context: Any) -> None:
        db.advance_clock(Milliseconds=3_000)

    @db.function("broken")
    def broken(event: Any, context: Any) -> None:
        raise ValueError("no such order")

    answer = client.invoke(FunctionName="broken")
    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    told = json.loads(answer["Payload"].read())
    assert (told["errorType"], told["errorMessage"]) == ("ValueError", "no such order")
    assert client.invoke(FunctionName="broken", InvocationType="Event")["StatusCode"] == 202
    told = json.loads(client.invoke(FunctionName="slow")["Payload"].read())
    assert told["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 2.00 seconds" in told["errorMessage"]


def test_what_cannot_be_invoked_is_refused(db: streamtable.Database, client: Any) -> None:
    db.register_function(FunctionName="elsewhere")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as missing:
        client.invoke(FunctionName="none")
    error = missing.value.response["Error"]
    assert error["Message"] == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:none"
    with pytest.raises(client.exceptions.InvalidRequestContentException, match="Could not parse request body into json"):
        client.invoke(FunctionName="elsewhere", Payload=b"{")
    with pytest.raises(client.exceptions.ResourceConflictException, match="No program has a handler"):
        client.invoke(FunctionName="elsewhere")


class Emulator(http.server.BaseHTTPRequestHandler):
    """Answers as a runtime interface emulator does: also failures with status 200."""

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = {"errorType": "Boom", "errorMessage": "no"} if event.get("fail") else {"path": self.path}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Emulator) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.sockets
def test_functions_behind_an_emulator_are_invoked(db: streamtable.Database, client: Any, endpoint: str) -> None:
    db.register_function(FunctionName="there", Endpoint=endpoint)
    answer = client.invoke(FunctionName="there", Payload=b"{}")
    assert json.loads(answer["Payload"].read()) == {"path": "/2015-03-31/functions/function/invocations"}
    answer = client.invoke(FunctionName="there", Payload=b'{"fail": true}')
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read()) == {"errorType": "Boom", "errorMessage": "no"}


@pytest.mark.sockets
def test_mappings_hand_records_to_an_emulator(db: streamtable.Database, endpoint: str) -> None:
    db.register_function(FunctionName="there", Endpoint=endpoint)
    mapping = db.event_source_mapping("People", "there")
    db.put_item(TableName="People", Item={"id": {"S": "a"}})
    assert mapping.run_until_idle() == 1
    assert mapping.last_processing_result == "OK"


def test_destinations_that_are_none_are_refused(db: streamtable.Database, client: Any) -> None:
    db.register_function(FunctionName="f")
    source = db.describe_table(TableName="People")["Table"]["LatestStreamArn"]
    arn = "arn:aws:events:us-east-1:000000000000:event-bus/default"
    with pytest.raises(ClientError, match=f"The destination ARN {arn} is invalid."):
        client.create_event_source_mapping(
            EventSourceArn=source,
            FunctionName="f",
            StartingPosition="LATEST",
            DestinationConfig={"OnFailure": {"Destination": arn}},
        )
