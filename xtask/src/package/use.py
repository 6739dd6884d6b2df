# Uses an installed package: puts an item and finds it in the stream.
import streamtable

with streamtable.open() as db:
    db.create_table(
        TableName="Things",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    db.put_item(TableName="Things", Item={"id": {"S": "a"}})
    arn = db.describe_table(TableName="Things")["Table"]["LatestStreamArn"]
    shard = db.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = db.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    records = db.get_records(ShardIterator=iterator["ShardIterator"])["Records"]
    assert [r["dynamodb"]["NewImage"] for r in records] == [{"id": {"S": "a"}}], records
