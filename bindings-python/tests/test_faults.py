"""Faults: set, told and ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

import streamtable
from streamtable import exceptions

STORM: list[dict[str, Any]] = [{"Effect": "FAIL", "Operations": ["ListTables"], "Times": 1, "Error": {"Code": "ThrottlingException"}}]


@pytest.mark.parametrize("script", [STORM, {"Faults": STORM, "Seed": 7}, json.dumps(STORM), json.dumps({"Faults": STORM})])
def test_a_script_is_taken_in_each_form(db: streamtable.Database, script: Any) -> None:
    db.faults(script)
    with pytest.raises(exceptions.ThrottlingException, match="Rate exceeded"):
        db.list_tables()
    assert db.list_tables() == {"TableNames": ["People"]}
    [entry] = db.faults.trace()
    assert (entry["Number"], entry["Operation"], entry["Detail"]) == (1, "ListTables", "ThrottlingException")
    [fault] = db.faults.list()
    assert (fault["Calls"], fault["Injected"]) == (2, 1)
    assert db.faults.trace(after=1) == []


def test_a_seed_beside_a_list(db: streamtable.Database) -> None:
    db.faults(STORM, seed=5)
    assert db.describe_faults()["Seed"] == 5
    db.faults({"Faults": STORM, "Seed": 6}, seed=5)
    assert db.describe_faults()["Seed"] == 6


def test_a_block_ends_its_faults_and_keeps_the_trace(db: streamtable.Database) -> None:
    with pytest.raises(exceptions.ThrottlingException), db.faults(STORM) as faults:
        db.list_tables()
    assert faults.list() == []
    assert len(faults.trace()) == 1


def test_cleared(db: streamtable.Database) -> None:
    db.faults(STORM)
    db.faults.clear()
    assert db.list_tables() == {"TableNames": ["People"]}


def test_a_fault_that_contradicts_itself(db: streamtable.Database) -> None:
    with pytest.raises(exceptions.ValidationException, match=r"Faults\[0\]: FAIL needs Error"):
        db.faults([{"Effect": "FAIL"}])
