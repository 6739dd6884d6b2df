"""Numbers, against Python's exact decimals: what is kept, how it is ordered, and what sums are."""

from __future__ import annotations

import decimal
import os
import random
from decimal import Decimal

import pytest

import streamtable
from streamtable import exceptions

# A million take a minute; a run of everything plays as many as take seconds.
PAIRS = int(os.environ.get("STREAMTABLE_NUMBER_PAIRS", "50000"))
# Sums of one request: within the operators and bytes of an expression.
AT_ONCE = 100
EXACT = decimal.Context(prec=600, Emin=-100_000, Emax=100_000)


def draw(chance: random.Random) -> str:
    """A number in one of its spellings, within the range."""
    digits = "".join(chance.choices("0123456789", k=chance.choice([1, 1, 2, 5, 17, 37, 38])))
    point = chance.randint(0, len(digits))
    text = chance.choice(["", "", "-", "+"]) + (digits[:point] + "." + digits[point:]).strip(".")
    magnitude = Decimal(text).adjusted() if Decimal(text) else 0
    if chance.random() < 0.5 and Decimal(text):
        power = chance.choice([0, 1, -1, 20, -20, 60, -60, 125 - magnitude, -130 - magnitude])
        text += f"{chance.choice('eE')}{power}" if -130 <= magnitude + power <= 125 else ""
    return text


def plain(number: Decimal) -> str:
    """As the service writes it."""
    return format(number.normalize(EXACT), "f") if number else "0"


def fate(number: Decimal) -> str | None:
    """What the service says of a result; none where it can be kept."""
    if not number:
        return None
    number = number.normalize(EXACT)
    if number.adjusted() > 125 or len(number.as_tuple().digits) > 38:
        return "Number overflow"
    return "Number underflow" if number.adjusted() < -130 else None


@pytest.fixture
def numbers() -> streamtable.Database:
    database = streamtable.open(clock="manual", seed=1)
    database.create_table(
        TableName="Numbers",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return database


def compute(database: streamtable.Database, pairs: list[tuple[str, str]], sign: str) -> dict[str, dict[str, str]]:
    values = {f":{side}{at}": {"N": pair[side == "b"]} for at, pair in enumerate(pairs) for side in "ab"}
    sums = ", ".join(f"s{at} = :a{at} {sign} :b{at}" for at in range(len(pairs)))
    answer = database.update_item(
        TableName="Numbers",
        Key={"id": {"S": "sums"}, "n": {"N": "0"}},
        UpdateExpression=f"SET {sums}",
        ExpressionAttributeValues=values,
        ReturnValues="UPDATED_NEW",
    )
    return answer["Attributes"]


def test_sums_and_differences_are_those_of_decimals(numbers: streamtable.Database) -> None:
    chance = random.Random(2026)
    pending: dict[str, list[tuple[str, str]]] = {"+": [], "-": []}
    refused = 0
    for at in range(PAIRS):
        left, right = draw(chance), draw(chance)
        sign = "+-"[at % 2]
        result = (EXACT.add if sign == "+" else EXACT.subtract)(Decimal(left), Decimal(right))
        wrong = fate(result)
        if wrong is not None:
            refused += 1
            # Most random pairs lie too far apart; a sample of those shows the error.
            if refused <= PAIRS // 20:
                with pytest.raises(exceptions.ValidationException, match=wrong):
                    compute(numbers, [(left, right)], sign)
            continue
        pending[sign].append((left, right))
        if len(pending[sign]) == AT_ONCE:
            check(numbers, pending[sign], sign)
            pending[sign] = []
    for sign, pairs in pending.items():
        if pairs:
            check(numbers, pairs, sign)
    assert PAIRS // 10 < refused < PAIRS * 9 // 10


def check(database: streamtable.Database, pairs: list[tuple[str, str]], sign: str) -> None:
    answers = compute(database, pairs, sign)
    for at, (left, right) in enumerate(pairs):
        result = (EXACT.add if sign == "+" else EXACT.subtract)(Decimal(left), Decimal(right))
        assert answers[f"s{at}"] == {"N": plain(result)}, f"{left} {sign} {right}"


def test_sort_keys_are_in_the_order_of_decimals(numbers: streamtable.Database) -> None:
    chance = random.Random(7)
    drawn = {plain(Decimal(draw(chance))) for _ in range(3_000)}
    for number in drawn:
        numbers.put_item(TableName="Numbers", Item={"id": {"S": "order"}, "n": {"N": number}})
    page = numbers.query(
        TableName="Numbers", KeyConditionExpression="id = :id", ExpressionAttributeValues={":id": {"S": "order"}}
    )
    assert [item["n"]["N"] for item in page["Items"]] == sorted(drawn, key=Decimal)


def test_every_spelling_is_kept_in_one(numbers: streamtable.Database) -> None:
    chance = random.Random(11)
    for _ in range(2_000):
        text = draw(chance)
        numbers.put_item(TableName="Numbers", Item={"id": {"S": "one"}, "n": {"N": "0"}, "v": {"N": text}})
        kept = numbers.get_item(TableName="Numbers", Key={"id": {"S": "one"}, "n": {"N": "0"}})["Item"]["v"]["N"]
        assert kept == plain(Decimal(text)), text
