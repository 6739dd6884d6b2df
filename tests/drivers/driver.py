"""Conformance driver of the Python package (protocol: FORMAT.md): calls the keyword methods, as a program would."""

import base64
import binascii
import datetime
import json
import re
import sys

import streamtable
import streamtable.exceptions
from streamtable._streamtable import _tool


def to_host(value):
    """Base64 text under "B", "BS", "Data", "BinaryValue" and "Body" becomes bytes. Text that is no base64 stays text: the store must refuse it."""
    if isinstance(value, list):
        return [to_host(element) for element in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, member in value.items():
        if name in ("B", "Data", "BinaryValue", "Body") and isinstance(member, str):
            result[name] = decode(member)
        elif name == "BS" and isinstance(member, list):
            result[name] = [decode(element) if isinstance(element, str) else to_host(element) for element in member]
        else:
            result[name] = to_host(member)
    return result


def decode(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text


def from_host(value):
    """What the standard JSON encoder does not know: bytes, dates, and mappings that are no dict."""
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    if hasattr(value, "keys"):
        return {name: value[name] for name in value.keys()}
    raise TypeError(f"{type(value).__name__} in an answer")


def method(db, operation):
    """put_item for PutItem."""
    return getattr(db, re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower())


def answer(state, line):
    verb, _, rest = line.partition(" ")
    if verb == "open":
        if state.get("db") is not None:
            state.pop("db").close()
        state["db"] = streamtable.open(**json.loads(rest))
        return {}
    db = state["db"]
    if verb == "call":
        operation, _, text = rest.partition(" ")
        return method(db, operation)(**to_host(json.loads(text)))
    if verb == "tool":
        name, _, text = rest.partition(" ")
        members = json.loads(text)
        # Records have their own types; events are as JSON has them.
        return _tool(name, {**members, "Records": to_host(members["Records"])} if "Records" in members else members)
    if verb == "worker":
        what, _, text = rest.partition(" ")
        if what == "Next":
            return json.loads(db.functions.worker.next(None))
        return db.functions.tell(what, **json.loads(text))
    if verb == "advance":
        db.clock.advance(milliseconds=int(rest))
    elif verb == "close":
        db.close()
    else:
        raise ValueError(f"unknown verb {verb}")
    return {}


def failure(error):
    """The members of an error. One that is not the store's own shows its class as the code."""
    if not isinstance(error, streamtable.exceptions.StreamtableError):
        return {"code": type(error).__name__, "message": str(error)}
    members = {name: member for name, member in error.response.items() if name not in ("Error", "ResponseMetadata")}
    details = error.response["Error"]
    return {**members, "code": details["Code"], "message": details["Message"]}


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    state = {}
    say('ready {"target":"python","protocol":1,"doors":["tool","worker"]}')
    for line in sys.stdin.buffer:
        try:
            result = "ok " + json.dumps(answer(state, line.decode("utf-8").rstrip("\r\n")), default=from_host)
        except Exception as error:  # every failure is an answer; the runner judges it
            result = "error " + json.dumps(failure(error), default=from_host)
        say(result)


if __name__ == "__main__":
    main()
