"""Content moderation: what is posted is looked at by a slow, unreliable service. A post waits in its table until the verdict is there; the function
writes that back without waking itself again, because its mapping wants only posts that have none.
"""

from __future__ import annotations

from typing import Any

import streamtable
from tables import create, images

UNJUDGED = {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": {"verdict": {"S": [{"exists": False}]}}}}


def main() -> None:
    with streamtable.open(clock="manual", seed=1) as db:
        create(db, "Posts")
        outages = 2

        async def judge(event: dict[str, Any], context: Any) -> None:
            nonlocal outages
            if outages:
                outages -= 1
                raise ConnectionError("the model is not there")
            for record in event["Records"]:
                _, post = images(record)
                assert post is not None
                verdict = "refused" if "spam" in post["text"] else "accepted"
                db.update_item(
                    TableName="Posts",
                    Key={"id": {"S": post["id"]}},
                    UpdateExpression="SET verdict = :v",
                    ConditionExpression="#text = :text",
                    ExpressionAttributeNames={"#text": "text"},
                    ExpressionAttributeValues={":v": {"S": verdict}, ":text": {"S": post["text"]}},
                )

        mapping = db.event_source_mapping("Posts", judge, filters=[UNJUDGED])
        db.put_item(TableName="Posts", Item={"id": {"S": "1"}, "text": {"S": "hello"}})
        db.put_item(TableName="Posts", Item={"id": {"S": "2"}, "text": {"S": "buy spam"}})
        n = mapping.run_until_idle(advance=True)
        assert n == 3, (n, mapping.counts, mapping.last_error)
        verdicts = {item["id"]["S"]: item["verdict"]["S"] for item in db.scan(TableName="Posts")["Items"]}
        assert verdicts == {"1": "accepted", "2": "refused"}
        assert mapping.counts["FilteredOutEventCount"] == 2, "its own two writes"
        print("moderation: two posts judged after two outages")


if __name__ == "__main__":
    main()
