"""Faults: calls that are disturbed on purpose, so that a program can be tried against what happens rarely."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

from ._streamtable import Handle


class Faults:
    """The faults of a database: ``db.faults(script)`` sets them, and they are in force until they are cleared or the database closes.

    A script is data, the same in every language: a list of faults as `set_faults` has them, a dict with ``Faults`` and ``Seed``, or either as
    JSON text::

        with db.faults([{"Effect": "FAIL", "Operations": ["PutItem"], "Times": 2, "Error": {"Code": "ThrottlingException"}}]):
            ...

    At the end of a ``with`` block they are cleared; the trace is kept.
    """

    __slots__ = ("_database",)

    def __init__(self, database: Handle) -> None:
        self._database = database

    def __call__(self, script: str | Mapping[str, Any] | Sequence[Mapping[str, Any]], *, seed: int | None = None) -> Faults:
        """Puts these faults in the place of those there are, and begins a new trace.

        :param script: a list of faults, a dict with ``Faults`` and ``Seed``, or either as JSON text.
        :param seed: the seed of all probabilities, where the script has none; 0 when absent.
        :raises streamtable.exceptions.ValidationException: a fault contradicts itself, or names an operation or a code that does not exist.
        """
        read = json.loads(script) if isinstance(script, str) else script
        members = dict(read) if isinstance(read, Mapping) else {"Faults": list(read)}
        if seed is not None:
            members.setdefault("Seed", seed)
        self._database.call("SetFaults", members)
        return self

    def clear(self) -> None:
        """Ends all faults. The trace is kept until faults are set again."""
        self._database.call("SetFaults", {"Faults": []})

    def list(self) -> list[dict[str, Any]]:
        """The faults in force, each as ``{"Fault": …, "Calls": …, "Injected": …}``."""
        answer: list[dict[str, Any]] = self._database.call("DescribeFaults", {})["Faults"]
        return answer

    def trace(self, after: int = 0) -> Sequence[dict[str, Any]]:
        """What the faults did, the oldest first: of the newest 1,000 entries those after a number."""
        answer: Sequence[dict[str, Any]] = self._database.call("DescribeFaults", {"AfterNumber": after})["Trace"]
        return answer

    def __enter__(self) -> Faults:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.clear()

    def __repr__(self) -> str:
        return f"<streamtable.Faults of {self._database!r}>"
