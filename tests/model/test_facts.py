"""What was seen on the service has cases: each line of part B of docs/facts.md that is marked [V] is in facts.json, by its beginning, with the
cases that play it, or with the reason why none does. And its texts, those of four words and more, are in a case somewhere."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = json.loads((Path(__file__).parent / "facts.json").read_text(encoding="utf-8"))
SEEN = "[V]"
# What stands for something else in a text: `<T>` for a name, `…` for what is left out.
HOLE = re.compile(r"(…|\.\.\.|<[^>]{1,20}>)")
# Code in facts that is no text of an answer: a rule, a shape, letters.
NO_TEXTS = {
    "1 + ceil(int_sig/2) + ceil(frac_sig/2) + (1 if negative)",
    "max(finished_item, bytes(attributes written by the statement) + 3 + 19·(SET/ADD clauses) + 2·(REMOVE/DELETE clauses)) ≤ 409600",
    "2 validation errors detected: A; B",
    "<N> validation error(s) detected: Value '<v>' at '<camelCasePath>' failed to satisfy constraint: <c>",
    "Member must have length greater than or equal to N",
    "less than or equal to N",
    'SELECT … FROM "T"."I"',
    "+ - = . _ : / @",
    # What the service no longer says.
    ": ConditionExpression is null",
}
# Examples and options in texts of facts.
MEANT = {
    "[ for index <I>]": "",
    "Attribute x in": "Attribute <x> in",
    "[a, b]": "[<a>]",
    "attributes: [a]": "attributes: [<a>]",
    "root.a.…": "root.…",
    "'[…]'": "…",
}


def facts():
    """Section and text of each line that was seen."""
    text = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
    part = text[text.index("# PART B") : text.index("# PART C")]
    section, all_seen = None, False
    for line in part.splitlines():
        if heading := re.match(r"## (B\d+)\. (.*)", line):
            section, all_seen = heading[1], f"all {SEEN}" in heading[2]
        elif line.startswith(("- ", "| ")) and (SEEN in line or all_seen):
            yield section, line[2:]


def played():
    """Names of all cases, and everything that is written in their steps."""
    names, words = set(), set()

    def walk(value):
        if isinstance(value, str):
            words.add(value)
        elif isinstance(value, dict):
            # What is put together of several texts is one.
            parts = value.get("$concat")
            if isinstance(parts, list):
                words.add("".join(part if isinstance(part, str) else "…" for part in parts))
            words.update(value)
            for member in value.values():
                walk(member)
        elif isinstance(value, list):
            for member in value:
                walk(member)

    for path in sorted((ROOT / "tests" / "cases").rglob("*.json")):
        suite = json.loads(path.read_text(encoding="utf-8"))
        for case in suite["cases"]:
            names.add(f"{suite['suite']}/{case['name']}")
            walk(case["steps"])
    return names, "\n".join(sorted(words))


FACTS = list(facts())
NAMES_OF_CASES, WORDS = played()


def entry(section, text):
    entries = TABLE.get(section, {})
    found = [beginning for beginning in entries if text.startswith(beginning)]
    assert len(found) < 2, f"two entries of {section} begin as {text[:60]!r}"
    return entries[found[0]] if found else None


def test_the_facts_are_read():
    assert len(FACTS) > 100


def test_each_fact_that_was_seen_has_cases_or_a_reason():
    without = [f"{section}: {text[:80]}" for section, text in FACTS if not entry(section, text)]
    assert not without, "not in tests/model/facts.json:\n" + "\n".join(without)


def test_the_cases_are_there():
    missing = {
        name
        for entries in TABLE.values()
        for cases in entries.values()
        if isinstance(cases, list)
        for name in cases
        if name not in NAMES_OF_CASES
    }
    assert not missing


def test_no_entry_is_of_a_fact_that_is_gone():
    gone = [
        f"{section}: {beginning}"
        for section, entries in TABLE.items()
        for beginning in entries
        if not any(own == section and text.startswith(beginning) for own, text in FACTS)
    ]
    assert not gone


TEXTS = [
    pytest.param(code, id=f"{section}-{code[:50]}")
    for section, text in FACTS
    for code in re.findall(r"`([^`]+)`", text)
    if len(code.split()) >= 4 and code not in NO_TEXTS
]


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_of_a_fact_is_in_a_case(code):
    for written, meant in MEANT.items():
        code = code.replace(written, meant)
    pattern = "".join(".*" if HOLE.fullmatch(part) else re.escape(part) for part in HOLE.split(code))
    assert re.search(pattern, WORDS), "no case says this"
