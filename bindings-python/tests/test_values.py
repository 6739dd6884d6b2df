"""Values on their way in and out, and everything that is none."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import enum
import gc
import itertools
import math
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from boto3.dynamodb.types import Binary

import streamtable
from streamtable import exceptions

KEY = {"id": {"S": "k"}}


def round_trip(db: streamtable.Database, value: Any) -> Any:
    db.call("PutItem", {"TableName": "People", "Item": {**KEY, "value": value}})
    return db.get_item(TableName="People", Key=KEY)["Item"]["value"]


@pytest.mark.parametrize(
    "value",
    [
        {"S": ""},
        {"S": "text, Grüße, 漢字, 🎏, \x00, \U0010ffff"},
        {"N": "12345678901234567890123456789012345678"},
        {"N": "-0.5"},
        {"B": b""},
        {"B": bytes(range(256))},
        {"BOOL": True},
        {"BOOL": False},
        {"NULL": True},
        {"SS": ["a", "b"]},
        {"NS": ["-1", "2.5"]},
        {"BS": [b"\x00", b"\xff"]},
        {"L": []},
        {"L": [{"S": "a"}, {"L": [{"M": {}}]}]},
        {"M": {"b": {"N": "1"}, "ä": {"M": {"deep": {"NULL": True}}}}},
    ],
)
def test_every_type_comes_back(db: streamtable.Database, value: Any) -> None:
    answer = round_trip(db, value)
    assert answer == value
    assert type(next(iter(answer.values()))) is type(next(iter(value.values())))


class Name(str):
    pass


class Colour(str, enum.Enum):
    RED = "red"


class Lookup(collections.abc.Mapping[str, Any]):
    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    def __getitem__(self, name: str) -> Any:
        return self.content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"S": Name("a")}, {"S": "a"}),
        ({"S": Colour.RED}, {"S": "red"}),
        ({Name("S"): "a"}, {"S": "a"}),
        ({"B": bytearray(b"xy")}, {"B": b"xy"}),
        ({"B": memoryview(b"xy")}, {"B": b"xy"}),
        ({"B": memoryview(b"x1y2")[::2]}, {"B": b"xy"}),
        ({"B": Binary(b"xy")}, {"B": b"xy"}),
        ({"BS": [Binary(b"x"), bytearray(b"y")]}, {"BS": [b"x", b"y"]}),
        ({"SS": {"a", "b"}}, {"SS": ["a", "b"]}),
        ({"SS": frozenset({"a"})}, {"SS": ["a"]}),
        ({"SS": ("b", "a")}, {"SS": ["a", "b"]}),
        ({"NS": (str(n) for n in range(3))}, {"NS": ["0", "1", "2"]}),
        ({"L": map(lambda text: {"S": text}, "ab")}, {"L": [{"S": "a"}, {"S": "b"}]}),
        ({"L": collections.deque([{"S": "a"}])}, {"L": [{"S": "a"}]}),
        ({"M": collections.OrderedDict(a={"S": "x"})}, {"M": {"a": {"S": "x"}}}),
        ({"M": types.MappingProxyType({"a": {"S": "x"}})}, {"M": {"a": {"S": "x"}}}),
        (Lookup({"M": Lookup({"a": {"S": "x"}})}), {"M": {"a": {"S": "x"}}}),
        ({"S": "a", "N": None}, {"S": "a"}),
    ],
)
def test_what_python_has_for_it_is_taken(db: streamtable.Database, value: Any, stored: Any) -> None:
    assert round_trip(db, value) == stored


def test_answers_share_the_names_they_repeat(db: streamtable.Database) -> None:
    for key in "ab":
        db.put_item(TableName="People", Item={"id": {"S": key}, "an attribute": {"S": key}})
    first, second = db.scan(TableName="People")["Items"]
    assert next(name for name in first if name != "id") is next(name for name in second if name != "id")


class Hostile:
    """Code of the caller that runs in the middle of a read."""

    def __init__(self, *methods: str) -> None:
        self.methods = methods

    def __getattr__(self, name: str) -> Any:
        raise ZeroDivisionError(name)


def raising() -> Iterator[Any]:
    yield {"S": "a"}
    raise ZeroDivisionError("in the middle")


def cyclic_dict() -> Any:
    value: dict[str, Any] = {}
    value["M"] = {"again": value}
    return value


def cyclic_list() -> Any:
    value: list[Any] = []
    value.append({"L": value})
    return value


def deep_list() -> Any:
    value: Any = []
    for _ in range(2_000):
        value = [value]
    return value


def deep_value() -> Any:
    value: Any = {"S": "bottom"}
    for _ in range(2_000):
        value = {"L": [value]}
    return value


def endless_dict() -> Any:
    value: dict[str, Any] = {}
    value["L"] = (value for _ in itertools.count())
    return value


WRONG: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "true": lambda: True,
    "zero": lambda: 0,
    "negative": lambda: -1,
    "past 64 bits": lambda: 10**30,
    "past floats": lambda: 10**400,
    "negative past floats": lambda: -(10**400),
    "fraction": lambda: 1.5,
    "nan": lambda: math.nan,
    "infinity": lambda: -math.inf,
    "complex": lambda: 1j,
    "empty text": lambda: "",
    "lone surrogate": lambda: "\ud800",
    "half a pair": lambda: "a\udc80b",
    "bytes": lambda: b"bytes",
    "no bytes": lambda: b"",
    "bytearray": lambda: bytearray(b"ab"),
    "memoryview": lambda: memoryview(b"ab"),
    "released memoryview": lambda: (view := memoryview(b"ab"), view.release(), view)[2],
    "array": lambda: array.array("d", [1.0]),
    "list": lambda: [],
    "list of none": lambda: [None],
    "list of lists": lambda: [[[]]],
    "tuple": lambda: (1, "a"),
    "set": lambda: {1, 2},
    "dict": lambda: {},
    "keys that are no text": lambda: {1: {"S": "a"}},
    "keys that are bytes": lambda: {b"S": "a"},
    "key with a surrogate": lambda: {"\ud800": {"S": "a"}},
    "key of none": lambda: {None: None},
    "range": lambda: range(3),
    "decimal": lambda: decimal.Decimal("1.5"),
    "datetime": lambda: datetime.datetime(2026, 1, 1),
    "function": lambda: print,
    "class": lambda: dict,
    "generic alias": lambda: list[int],
    "module": lambda: math,
    "object": object,
    "exception": lambda: ValueError("a value"),
    "hostile": lambda: Hostile("__iter__"),
    "raising iterator": raising,
    "endless iterator": itertools.count,
    "endless within itself": endless_dict,
    "cyclic dict": cyclic_dict,
    "cyclic list": cyclic_list,
    "deep list": deep_list,
    "deep value": deep_value,
    "two types": lambda: {"S": "a", "N": "1"},
    "unknown type": lambda: {"X": "a"},
    "database": streamtable.open,
}

TYPES = ["S", "N", "B", "BOOL", "NULL", "SS", "NS", "BS", "L", "M"]

PLACES: dict[str, Callable[[Any], Any]] = {
    "operation input": lambda wrong: wrong,
    "table name": lambda wrong: {"TableName": wrong, "Item": KEY},
    "item": lambda wrong: {"TableName": "People", "Item": wrong},
    "value": lambda wrong: {"TableName": "People", "Item": {**KEY, "value": wrong}},
    "key": lambda wrong: {"TableName": "People", "Item": {"id": wrong}},
    "key text": lambda wrong: {"TableName": "People", "Item": {"id": {"S": wrong}}},
    "condition": lambda wrong: {"TableName": "People", "Item": KEY, "ConditionExpression": wrong},
    "placeholders": lambda wrong: {
        "TableName": "People", "Item": KEY, "ConditionExpression": "#a = :a",
        "ExpressionAttributeNames": wrong, "ExpressionAttributeValues": wrong,
    },
    "enumeration": lambda wrong: {"TableName": "People", "Item": KEY, "ReturnValues": wrong},
    **{
        f"content of {name}": lambda wrong, name=name: {"TableName": "People", "Item": {**KEY, "value": {name: wrong}}}  # type: ignore[misc]
        for name in TYPES
    },
    **{
        f"element of {name}": lambda wrong, name=name: {"TableName": "People", "Item": {**KEY, "value": {name: [wrong]}}}  # type: ignore[misc]
        for name in ("SS", "NS", "BS", "L")
    },
    "entry of a map": lambda wrong: {"TableName": "People", "Item": {**KEY, "value": {"M": {"entry": wrong}}}},
}  # fmt: skip

#: What a bad value may raise: an error with the service's words, or the exception of the caller's own code. Never a panic.
EXPECTED = (exceptions.StreamtableError, TypeError, ValueError, ZeroDivisionError)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("wrong", WRONG)
def test_nothing_wrong_gets_through_or_brings_it_down(db: streamtable.Database, place: str, wrong: str) -> None:
    try:
        db.call("PutItem", PLACES[place](WRONG[wrong]()))
    except EXPECTED as error:
        assert not isinstance(error, exceptions.InternalServerError), error
        # For null, the service itself has no words.
        assert error.message if isinstance(error, exceptions.StreamtableError) and "none" not in wrong else True
    db.put_item(TableName="People", Item={"id": {"S": "still"}})
    assert db.get_item(TableName="People", Key={"id": {"S": "still"}}) == {"Item": {"id": {"S": "still"}}}


# The endless iterator is bounded by size, not by time; it is tested where one can stand.
@pytest.mark.parametrize("wrong", [name for name in WRONG if name != "endless iterator"])
@pytest.mark.parametrize("operation", [operation["name"] for operation in streamtable._streamtable._operations()])
def test_every_member_of_every_operation_takes_a_wrong_value_calmly(
    db: streamtable.Database, operation: str, wrong: str
) -> None:
    [info] = [info for info in streamtable._streamtable._operations() if info["name"] == operation]
    for name, _doc, _kind, _required in info["input"]:
        others = {other: "People" for other, *_ in info["input"] if other == "TableName"}
        try:
            db.call(operation, {**others, name: WRONG[wrong]()})
        except EXPECTED as error:
            assert not isinstance(error, exceptions.InternalServerError), (name, error)


@pytest.mark.parametrize("wrong", [name for name in WRONG if name not in ("empty text", "lone surrogate", "half a pair")])
def test_an_operation_is_named_by_text(db: streamtable.Database, wrong: str) -> None:
    with pytest.raises(TypeError):
        db.call(WRONG[wrong]())
    with pytest.raises((exceptions.UnknownOperationException, UnicodeEncodeError)):
        db.call("\ud800" if "a" in wrong else "")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"N": decimal.Decimal(1)}, 'Item.value.N: decimal.Decimal cannot stand here: numbers are text, {"N": str(value)}'),
        ({"S": "\ud800"}, "Item.value.S: text with a lone surrogate cannot be written as UTF-8"),
        ({"L": [{"S": "a"}, {"S": object()}]}, "Item.value.L.1.S: a value of type object has no counterpart in the API"),
        ({"M": {5: {"S": "a"}}}, "Item.value.M: a key of type int where names are strings"),
        ({"S": datetime.date(2026, 1, 1)}, "Item.value.S: a value of type datetime.date has no counterpart in the API"),
        ({"L": itertools.repeat({"S": "a"})}, "Item.value.L: an iterator of more than 1048576 elements"),
        ({"N": 5}, "NUMBER_VALUE cannot be converted to String"),
        ({"S": 1.5}, "DECIMAL_VALUE cannot be converted to String"),
        ({"S": True}, "TRUE_VALUE cannot be converted to String"),
    ],
)
def test_errors_say_where_and_what(db: streamtable.Database, value: Any, words: str) -> None:
    with pytest.raises(exceptions.SerializationException) as caught:
        round_trip(db, value)
    assert caught.value.message == words


def test_code_of_the_caller_raises_its_own_exception(db: streamtable.Database) -> None:
    with pytest.raises(ZeroDivisionError, match="in the middle"):
        round_trip(db, {"L": raising()})

    class Failing(Lookup):
        def __getitem__(self, name: str) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        round_trip(db, Failing({"S": "a"}))


def test_code_of_the_caller_may_change_what_is_being_read(db: streamtable.Database) -> None:
    """What was lent stays alive although the caller drops it in the middle of the read."""
    for _ in range(5):
        inner: dict[str, Any] = {}
        item: dict[str, Any] = {"id": {"S": "".join(["k", "ey"])}, "value": {"M": inner}}
        inner.update({f"name {n}": {"S": f"text {n}" * 20} for n in range(20)})

        def emptying() -> Iterator[Any]:
            item.clear()
            inner.clear()
            gc.collect()
            inner.update({f"other {n}": {"S": "x"} for n in range(100)})
            yield {"S": "end"}

        inner["name 10"] = {"L": emptying()}
        db.put_item(TableName="People", Item=item)
        stored = db.get_item(TableName="People", Key={"id": {"S": "key"}})["Item"]
        assert stored["value"]["M"]["name 3"] == {"S": "text 3" * 20}
        assert stored["value"]["M"]["name 10"] == {"L": [{"S": "end"}]}


def test_a_database_can_be_called_from_the_middle_of_its_own_call(db: streamtable.Database) -> None:
    def nested() -> Iterator[Any]:
        db.put_item(TableName="People", Item={"id": {"S": "inner"}})
        yield db.get_item(TableName="People", Key={"id": {"S": "inner"}})["Item"]["id"]

    assert round_trip(db, {"L": nested()}) == {"L": [{"S": "inner"}]}


def test_the_bare_conversion_is_exact() -> None:
    item = {"id": {"S": "k"}, "list": {"L": [{"M": {"a": {"BS": [b"x"]}}}]}}
    handle = streamtable._streamtable._convert_in(item)
    assert streamtable._streamtable._convert_out(handle) == item
    with pytest.raises(ValueError):
        streamtable._streamtable._convert_in({"id": {"N": "many"}})
