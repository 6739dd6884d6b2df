"""Makes docs/compatibility.md: the service model inside botocore against our shapes, operation by operation and member by member.

    python tests/model/compatibility.py        writes it

`test_service_model.py` fails when it is not what this makes, or when the model has something that neither the registry nor
`not-implemented.json` has.
"""

import json
import pathlib

import botocore.loaders

HERE = pathlib.Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "compatibility.md"
#: The services and what stands before the dot in their targets.
SERVICES = {
    "dynamodb": "DynamoDB_20120810",
    "dynamodbstreams": "DynamoDBStreams_20120810",
    "kinesis": "Kinesis_20131202",
    "lambda": "Lambda_20150331",
    "sqs": "AmazonSQS",
}
#: What stands before the names of a service's operations and structures here, and in `not-implemented.json`.
PREFIXES = {"kinesis": "Kinesis", "lambda": "Lambda", "sqs": "Sqs"}
#: What needs none, since no other service has such names.
UNMISTAKABLE = "EventSourceMapping"

HEAD = """\
# Compatibility

What the service's published model has, and what is here. Made by `tests/model/compatibility.py` from the model inside the pinned botocore, our
shapes and `tests/model/not-implemented.json`; a test holds it against all three. Where behaviour differs: [deviations.md](deviations.md).
"""


def model(service):
    return botocore.loaders.Loader().load_service_model(service, "service-2")


def registry():
    return {o["name"]: o for o in json.loads((HERE / "streamtable.json").read_text())["operations"]}


def gaps():
    return json.loads((HERE / "not-implemented.json").read_text())


def named(service, name):
    """An operation or structure of a service, as it is named here."""
    return name if UNMISTAKABLE in name else PREFIXES.get(service, "") + name


def structures(shapes, theirs, ours, found):
    """Every structure of the service that is reached where both sides have a member, and what ours has of it."""
    shape = shapes[theirs]
    kind = shape["type"]
    if kind == "structure" and isinstance(ours, dict) and "structure" in ours:
        members = ours["structure"]["members"]
        if theirs in found:
            found[theirs] |= set(members)
        else:
            found[theirs] = set(members)
            for name, member in members.items():
                if name in shape["members"]:
                    structures(shapes, shape["members"][name]["shape"], member["type"], found)
    elif kind == "list" and isinstance(ours, dict) and "list" in ours:
        structures(shapes, shape["member"]["shape"], ours["list"], found)
    elif kind == "map" and isinstance(ours, dict) and "map" in ours:
        structures(shapes, shape["value"]["shape"], ours["map"], found)


def names(members):
    return ", ".join(f"`{name}`" for name in members) or "–"


def page():
    known, missing = registry(), gaps()
    lines = [HEAD]
    for service in SERVICES:
        loaded = model(service)
        operations, shapes = loaded["operations"], loaded["shapes"]
        here = [name for name in operations if named(service, name) in known]
        lines += [f"## {service}", "", f"{len(here)} of {len(operations)} operations.", ""]
        lines += ["| operation | |", "|---|---|"]
        lines += [f"| `{name}` | {'here' if name in here else missing['operations'][named(service, name)]} |" for name in sorted(operations)]
        found = {}
        for name in here:
            for side in ("input", "output"):
                if side in operations[name]:
                    theirs = operations[name][side]["shape"]
                    structures(shapes, theirs, {"structure": known[named(service, name)][side]}, found)
        lines += ["", "| structure | members that are here | members that are not, and why |", "|---|---|---|"]
        for name in sorted(found):
            members = shapes[name]["members"]
            # Members that a shape has and no answer ever carries are as good as absent.
            silent = missing["silent"].get(named(service, name), {})
            present = [member for member in members if member in found[name] and member not in silent]
            absent = {member: silent.get(member) or missing["members"][named(service, name)][member] for member in members if member not in present}
            reasons = {}
            for member, reason in absent.items():
                reasons.setdefault(reason, []).append(member)
            why = " ".join(f"{names(group)}: {reason}" for reason, group in reasons.items())
            lines.append(f"| `{name}` | {names(present)} | {why} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page())
