"""The writer of the crash test in Python (protocol: crash/src/writer.rs)."""

import base64
import json
import os
import sys
import threading

import streamtable
import streamtable.exceptions


def say(line):
    os.write(1, (line + "\n").encode())


def with_bytes(members):
    """What stands in base64 in the plan."""
    if "Data" in members:
        members["Data"] = base64.b64decode(members["Data"])
    return members


def play(db, lane, steps):
    for number, (operation, request) in enumerate(steps):
        say(f"b {lane} {number}")
        try:
            db.call(operation, request)
            outcome = "ok"
        except streamtable.exceptions.StreamtableError as error:
            outcome = error.response["Error"]["Code"]
        say(f"a {lane} {number} {outcome}")


def main():
    with open(sys.argv[1], "rb") as file:
        orders = json.load(file, object_hook=with_bytes)
    say("opening")
    try:
        db = streamtable.open(orders["directory"], **orders["options"])
    except streamtable.exceptions.StreamtableError as error:
        say(f"failed {error}")
        raise
    say("open")
    lanes = [threading.Thread(target=play, args=(db, lane, steps)) for lane, steps in enumerate(orders["lanes"])]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    say("done")
    if orders["closes"]:
        db.close()
        say("closed")
    os._exit(0)


if __name__ == "__main__":
    main()
