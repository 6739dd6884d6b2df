"""What the door to databases elsewhere signs and where it sends, against botocore: the service's own SDK."""

import datetime
import json
import os
import pathlib
import random
import subprocess

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.regions
import botocore.session
import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError

ROOT = pathlib.Path(__file__).resolve().parents[2]
ORACLE = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "oracle"

REQUESTS = 3_000


def ask(questions):
    """The answers of our own code."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    told = subprocess.run([ORACLE], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    answers = [json.loads(line) for line in told.splitlines()]
    assert len(answers) == len(questions)
    return answers


def text(chance, letters, most):
    return "".join(chance.choice(letters) for _ in range(chance.randint(1, most)))


def random_request(chance):
    letters = "abcXYZ019+/=-_.~ \t%é漢"
    headers = {
        "content-type": chance.choice(["application/x-amz-json-1.0", "application/x-amz-json-1.1"]),
        "x-amz-target": text(chance, letters[:13], 30),
    }
    for _ in range(chance.randint(0, 3)):
        # Spaces at the ends and several between words are written in many ways and signed in one.
        headers[f"x-amz-{text(chance, 'abcdef-', 9)}"] = chance.choice(["a  b", "  a", "b ", text(chance, "abc019;,=/ ", 20)])
    return {
        "id": text(chance, "ABCDEF0123456789", 20),
        "secret": text(chance, letters, 40),
        "token": chance.choice([None, text(chance, "abcXYZ019+/=", 300)]),
        "at": chance.randint(0, 4_102_444_800) * 1000 + chance.randint(0, 999),
        "region": chance.choice(["eu-west-1", "us-gov-west-1", "cn-north-1", "local"]),
        "service": chance.choice(["dynamodb", "kinesis", "sqs"]),
        "headers": headers,
        "body": "".join(chance.choice(letters + '{}":,\n\0') for _ in range(chance.choice([0, 1, 50, 3_000]))),
    }


def botocores(request, monkeypatch):
    """The Authorization header that botocore makes."""
    moment = datetime.datetime.fromtimestamp(request["at"] // 1000, datetime.timezone.utc).replace(tzinfo=None)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda remove_tzinfo=True: moment)
    asked = botocore.awsrequest.AWSRequest("POST", "https://dynamodb.example/", headers=request["headers"], data=request["body"].encode())
    key = botocore.credentials.Credentials(request["id"], request["secret"], request["token"])
    botocore.auth.SigV4Auth(key, request["service"], request["region"]).add_auth(asked)
    return asked.headers


def test_random_requests_have_the_signatures_that_botocore_makes(monkeypatch):
    chance = random.Random(1)
    requests = [random_request(chance) for _ in range(REQUESTS)]
    expected = [botocores(request, monkeypatch) for request in requests]
    questions = []
    for request, headers in zip(requests, expected, strict=True):
        signed = [("host", "dynamodb.example")] + [pair for pair in headers.items() if pair[0] != "Authorization"]
        questions.append({"sign": {**request, "headers": signed}})
    for request, headers, told in zip(requests, expected, ask(questions), strict=True):
        assert told == headers["Authorization"], request


def provider(loader, service):
    rules = loader.load_service_model(service, "endpoint-rule-set-1")
    return EndpointProvider(rules, loader.load_data("partitions"))


def resolved(of, **parameters):
    try:
        return of.resolve_endpoint(**parameters).url
    except EndpointProviderError:
        return None


@pytest.mark.parametrize("account", [None, "123456789012"])
def test_endpoints_of_all_regions_are_those_that_botocore_finds(account):
    loader = botocore.session.get_session().get_component("data_loader")
    partitions = loader.load_data("partitions")["partitions"]
    regions = [region for partition in partitions for region in partition["regions"] if "global" not in region]
    assert len(regions) > 40
    # Those of tomorrow are named as those of today.
    regions += ["eu-tomorrow-7", "cn-tomorrow-1", "us-gov-tomorrow-1", "local"]
    tables, streams = provider(loader, "dynamodb"), provider(loader, "dynamodbstreams")
    choices = [(region, fips, dual) for region in regions for fips in (False, True) for dual in (False, True)]
    told = ask([{"endpoint": {"region": region, "fips": fips, "dual_stack": dual, "account": account}} for region, fips, dual in choices])
    for (region, fips, dual), ours in zip(choices, told, strict=True):
        given = {"Region": region, "UseFIPS": fips, "UseDualStack": dual}
        for_account = {"AccountId": account, "AccountIdEndpointMode": "preferred"} if account else {}
        expected = resolved(tables, **given, **for_account)
        if region == "local":
            # One program answers both; botocore asks for no streams of it.
            assert (ours["tables"], ours["streams"], ours["signed"]) == ("http://localhost:8000", "http://localhost:8000", "us-east-1")
            continue
        assert ours["tables"] == expected, (region, fips, dual)
        assert ours["streams"] == resolved(streams, **given), (region, fips, dual)
        assert ours["signed"] == region
