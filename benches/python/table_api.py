"""What programs do with tables, in Python, against what the same costs the peer in its own language: claims as JSON.

The argument is the file in which the peer's program has left its requests and what each kind of them costs it.
"""

import json
import statistics
import sys
import time

import streamtable

ROUNDS = 5


def micros(call, requests):
    """Microseconds of the thread's processor time of one request."""
    start = time.thread_time()
    for request in requests:
        call(**request)
    return (time.thread_time() - start) / len(requests) * 1e6


def claims(given):
    db = streamtable.open(clock="manual", seed=1)
    for table in given["create"]:
        db.create_table(**table)
    for batch in given["items"]:
        db.batch_write_item(**batch)
    for work in given["work"]:
        call = getattr(db, work["method"])
        ours = statistics.median(micros(call, work["requests"]) for _ in range(ROUNDS))
        yield {
            "name": f"peer.python_{work['name']}",
            "ratio": work["peer_micros"] / ours,
            "bound": "at_least",
            "limit": work["limit"],
            "detail": f"peer {work['peer_micros']:.1f} us in Rust, ours {ours:.2f} us in Python",
        }


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump(list(claims(json.load(file))), sys.stdout)
