"""Our shapes against the service model that ships inside botocore.

Every operation and every member of the service is either in our registry (`streamtable.json`, printed by `cargo xtask gen`) or
listed in `not-implemented.json` with the reason; and what the registry has, the service has, with the same type and constraints.
"""

from typing import NamedTuple

import compatibility
import pytest
from compatibility import SERVICES, model, named

REGISTRY = compatibility.registry()
GAPS = compatibility.gaps()

#: Constraints we check although the model has none, or check differently, and why.
STRICTER = {
    # Limits that the service enforces and documents in prose only.
    ("Limit", "range"),
    # The model leaves key schemas open for indexes; a table's key has one or two parts, and a table needs one.
    ("KeySchema", "length"),
    ("KeySchema", "required"),
    ("AttributeDefinitions", "required"),
    # Answered with a message of its own by the operation.
    ("TableName", "required"),
    ("TableName", "length"),
    # Facts A4 [V]: both members of a shard filter are required.
    ("Type", "required"),
    ("ShardId", "required"),
    # An empty map and one that is too long have texts of their own, which the operations answer (facts B8).
    ("RequestItems", "length"),
    # What is wrong with a tag is told by texts of its own, which the operations answer.
    ("Tags[].Key", "required"),
    ("Tags[].Key", "length"),
    ("Tags[].Value", "required"),
    ("Tags[].Value", "length"),
    # The service's limit while a stream is not set to larger records, which is the only one here.
    ("Data", "length"),
    # An empty key has the same text as one that is too long, which the operation answers.
    ("input.Key", "length"),
    # Records without one are for streams that distribute them by themselves, which are not here.
    ("PartitionKey", "required"),
}


#: Services of which only what is here is compared: a list of what is not would say nothing of this store.
PARTIAL = {"s3": "S3_20060301", "sns": "SNS_20100331"}

#: What their operations are called here begins with this.
PREFIXES = {"s3": "S3", "sns": "Sns"}


def operations():
    loaded = [(model(service), service, target) for service, target in SERVICES.items()]
    return [
        pytest.param(shapes, service, target, name, id=f"{service}.{name}")
        for shapes, service, target in loaded
        for name in shapes["operations"]
    ]


@pytest.mark.parametrize(("loaded", "service", "target", "name"), operations())
def test_operation_is_implemented_or_listed(loaded, service, target, name):
    here = named(service, name)
    if here not in REGISTRY:
        assert GAPS["operations"].get(here), f"{here} is neither implemented nor listed with a reason"
        return
    assert here not in GAPS["operations"], f"{here} is implemented and listed as not implemented"
    ours = REGISTRY[here]
    assert (ours["target"], ours["action"]) == (target, name)
    operation = loaded["operations"][name]
    for side in ("input", "output"):
        if side not in operation:
            assert not ours[side]["members"], f"{name}.{side}: the service has none"
            continue
        seen = Seen(service, set())
        compare(loaded["shapes"], operation[side]["shape"], ours[side], f"{name}.{side}", side == "input", seen)


@pytest.mark.parametrize(("service", "name"), [
    (service, o["action"]) for service, target in PARTIAL.items() for o in REGISTRY.values() if o["target"] == target
])
def test_what_is_here_is_as_the_service_has_it(service, name):
    loaded = model(service)
    ours = REGISTRY[PREFIXES[service] + name]
    operation = loaded["operations"][name]
    for side in ("input", "output"):
        if side not in operation:
            assert not ours[side]["members"], f"{name}.{side}: the service has none"
            continue
        seen = Seen(service, set())
        compare(loaded["shapes"], operation[side]["shape"], ours[side], f"{name}.{side}", side == "input", seen)


class Seen(NamedTuple):
    """What was compared of an operation, and of which service it is."""

    service: str
    shapes: set


def compare(shapes, theirs, ours, path, is_input, seen):
    """Holds one of our structures against the service's."""
    if (theirs, is_input) in seen.shapes:
        return
    seen.shapes.add((theirs, is_input))
    shape = shapes[theirs]
    missing = set(shape["members"]) - set(ours["members"])
    listed = set(GAPS["members"].get(named(seen.service, theirs), {}))
    assert seen.service in PARTIAL or missing == listed, f"{path} ({theirs}): not implemented and not listed, or listed in vain"
    extra = set(ours["members"]) - set(shape["members"])
    assert not extra, f"{path}: members the service does not have"
    for name, member in ours["members"].items():
        target = shapes[shape["members"][name]["shape"]]
        if is_input:
            check_constraints(target, member, name, name in shape.get("required", []), f"{path}.{name}")
        check_type(shapes, shape["members"][name]["shape"], member["type"], f"{path}.{name}", is_input, seen)


def check_constraints(target, member, name, required, path):
    names = {name, ".".join(path.split(".")[-2:])}
    stricter = {what for known, what in STRICTER if known in names}
    if "required" not in stricter:
        assert member["required"] == required, f"{path}: required"
    bounds = {k: target[k] for k in ("min", "max") if k in target}
    kind = "length" if target["type"] in ("string", "list", "map", "blob") else "range"
    if bounds and kind not in stricter:
        ours = member.get(kind)
        assert ours, f"{path}: the service bounds it by {bounds}"
        if "min" in bounds:
            assert ours[0] == bounds["min"], f"{path}: least"
        if "max" in bounds:
            assert ours[1] == bounds["max"], f"{path}: most"


def check_type(shapes, theirs, ours, path, is_input, seen):
    shape = shapes[theirs]
    kind = shape["type"]
    if theirs == "AttributeValue":
        assert ours == "attributeValue", path
    elif kind == "map" and shape["value"]["shape"] == "AttributeValue":
        assert ours == "item", path
    elif kind == "structure":
        compare(shapes, theirs, ours["structure"], path, is_input, seen)
    elif kind == "list":
        check_type(shapes, shape["member"]["shape"], ours["list"], path + "[]", is_input, seen)
    elif kind == "map":
        check_type(shapes, shape["value"]["shape"], ours["map"], path + "{}", is_input, seen)
    elif kind == "string" and "enum" in shape and isinstance(ours, dict):
        assert set(ours["enum"]) <= set(shape["enum"]), path
        assert is_input is False or set(ours["enum"]) == set(shape["enum"]), path
    else:
        assert ours == {"string": "string", "integer": "integer", "long": "long", "double": "double",
                        "boolean": "boolean", "timestamp": "timestamp", "blob": "blob"}[kind], path


def test_lists_name_what_the_service_has():
    names = {named(service, name) for service in SERVICES for name in model(service)["operations"]}
    assert set(GAPS["operations"]) <= names
    shapes = {named(service, name) for service in SERVICES for name in model(service)["shapes"]}
    assert set(GAPS["members"]) | set(GAPS["silent"]) <= shapes


def test_the_page_about_it_is_fresh():
    assert compatibility.PAGE.read_text() == compatibility.page(), "run tests/model/compatibility.py"


def test_every_other_operation_of_ours_has_our_own_target():
    names = {named(service, name) for service in SERVICES for name in model(service)["operations"]}
    own = {o["target"] for name, o in REGISTRY.items() if name not in names}
    assert own == {"Streamtable_20261120", *PARTIAL.values()}
