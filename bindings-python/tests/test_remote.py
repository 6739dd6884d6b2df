"""Databases elsewhere, from Python: the same names, errors, iterators and records as of one in this process."""

import asyncio
import datetime
import gzip
import http.server
import json
import os
import pathlib
import ssl
import subprocess
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

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
    """Answers anything with nothing, packed where that is taken, and remembers what was sent."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.heard.append((dict(self.headers), json.loads(body)))
        answer = b"{}"
        self.send_response(200)
        if self.headers.get("accept-encoding") == "gzip":
            answer = gzip.compress(answer)
            self.send_header("content-encoding", "gzip")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def do_CONNECT(self):
        self.server.heard.append((self.path, None))
        self.send_response(403)
        self.send_header("content-length", "0")
        self.end_headers()

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


def certificate(name, key, issuer, signer, *extensions):
    def named(text):
        return x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, text)])

    today = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder(named(issuer), named(name), key.public_key(), x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
    )
    for extension in extensions:
        made = made.add_extension(extension, critical=False)
    return made.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority(stub, tmp_path):
    """The file of an authority that has certified the stub, which speaks TLS then."""
    own, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    bundle, chain = tmp_path / "authority.pem", tmp_path / "chain.pem"
    bundle.write_bytes(certificate("authority", own, "authority", own, x509.BasicConstraints(ca=True, path_length=None)))
    private = other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain.write_bytes(private + certificate("stub", other, "authority", own, x509.SubjectAlternativeName([x509.DNSName("localhost")])))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    stub.socket = context.wrap_socket(stub.socket, server_side=True)
    return bundle


def test_certificates_are_those_of_the_environment(stub, authority, monkeypatch):
    address = f"https://localhost:{stub.server_port}?attempts=1"
    with streamtable.open(address) as db:
        # Nothing was sent to somebody who may be anybody.
        with pytest.raises(exceptions.EndpointUnreachableException, match="UnknownIssuer"):
            db.put_item(TableName="Orders", Item={"id": {"S": "1"}})
    assert stub.heard == []
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority))
    with streamtable.open(address) as db:
        for _ in range(3):
            assert db.put_item(TableName="Orders", Item={"id": {"S": "1"}}) == {}
    # From afar answers are packed.
    assert [headers["accept-encoding"] for headers, _ in stub.heard] == ["gzip"] * 3


def test_proxies_are_those_of_the_environment(stub, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{stub.server_port}")
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{stub.server_port}")
    with streamtable.open("http://db.example:8000?attempts=1") as db:
        with pytest.raises(exceptions.EndpointUnreachableException, match="403"):
            db.list_tables()
    assert stub.heard == [("db.example:8000", None)]
