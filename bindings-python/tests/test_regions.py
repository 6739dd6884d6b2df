"""Clients of several regions on one database."""

from __future__ import annotations

import boto3
import pytest

import streamtable

TABLE = {
    "TableName": "People",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
}


def arn(client):
    return client.create_table(**TABLE)["TableDescription"]["TableArn"]


@pytest.mark.parametrize("level", ["operation", "transport"])
def test_a_client_works_in_its_own_region(level):
    with streamtable.open(region="us-east-1", seed=1) as db, streamtable.boto3.patched(db, level=level):
        home = boto3.client("dynamodb", region_name="us-east-1")
        away = boto3.client("dynamodb", region_name="eu-west-1")
        resource = boto3.resource("dynamodb", region_name="eu-west-1")
        assert arn(home) == "arn:aws:dynamodb:us-east-1:000000000000:table/People"
        assert away.list_tables()["TableNames"] == []
        assert arn(away) == "arn:aws:dynamodb:eu-west-1:000000000000:table/People"
        resource.Table("People").put_item(Item={"id": "ada"})
        assert away.scan(TableName="People")["Count"] == 1
        assert home.scan(TableName="People")["Count"] == 0
        with pytest.raises(away.exceptions.ConditionalCheckFailedException):
            away.put_item(TableName="People", Item={"id": {"S": "ada"}}, ConditionExpression="attribute_not_exists(id)")
        assert db.regions == ["us-east-1", "eu-west-1"]
        assert db.in_region("eu-west-1").scan(TableName="People")["Count"] == 1


def test_an_attached_client_keeps_its_region():
    with streamtable.open(region="us-east-1") as db:
        credentials = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
        client = boto3.client("dynamodb", region_name="ap-south-1", **credentials)
        streamtable.boto3.attach(client, db)
        assert ":ap-south-1:" in arn(client)
        db.reset()
        assert client.list_tables()["TableNames"] == []
        assert db.boto3_client(region_name="ap-south-1").list_tables()["TableNames"] == []


def test_regions_may_be_shared():
    with streamtable.open(region="us-east-1", share_regions=True) as db, streamtable.boto3.patched(db):
        assert ":us-east-1:" in arn(boto3.client("dynamodb", region_name="eu-west-1"))
        assert boto3.client("dynamodb", region_name="sa-east-1").list_tables()["TableNames"] == ["People"]
        assert db.in_region("eu-west-1").region == "us-east-1"


def test_a_new_database_is_in_the_region_of_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with streamtable.open(tmp_path / "data") as db, streamtable.boto3.patched(db):
        assert db.region == "eu-central-1"
        arn(boto3.client("dynamodb"))
        assert db.list_tables()["TableNames"] == ["People"]
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    with streamtable.open(tmp_path / "data") as db:
        assert db.region == "eu-central-1"
    with streamtable.open() as db:
        assert db.region == "eu-west-3"
    with streamtable.open(region="us-west-2") as db:
        assert db.region == "us-west-2"


def test_regions_are_of_one_database(tmp_path):
    with streamtable.open(tmp_path / "data", region="us-east-1") as db:
        away = db.in_region("eu-west-1")
        away.create_table(**TABLE)
        away.put_item(TableName="People", Item={"id": {"S": "ada"}})
    with pytest.raises(streamtable.exceptions.DatabaseClosedException):
        away.list_tables()
    with streamtable.open(tmp_path / "data") as db:
        assert db.regions == ["us-east-1", "eu-west-1"]
        assert db.in_region("eu-west-1").scan(TableName="People")["Count"] == 1
    with pytest.raises(streamtable.exceptions.OpenException), streamtable.open() as db:
        db.in_region("../elsewhere")
