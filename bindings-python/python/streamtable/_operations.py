"""The keyword methods of a database, made from the engine's registry: one for each operation.

The types of the methods stand in the generated `_operations.pyi`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ._streamtable import _operations


class Operations:
    """One method for each operation of the registry."""

    def _execute(self, operation: str, members: dict[str, Any], /) -> Any:
        raise NotImplementedError


def _method(operation: dict[str, Any]) -> Callable[..., Any]:
    name = operation["name"]

    def method(self: Operations, /, **members: Any) -> Any:
        return self._execute(name, members)

    return described(method, operation, "streamtable")


def described(method: Callable[..., Any], operation: dict[str, Any], module: str) -> Callable[..., Any]:
    """The method with the name, the documentation and the signature that the registry gives it."""
    method.__name__ = operation["method"]
    method.__qualname__ = f"Database.{method.__name__}"
    method.__module__ = module
    method.__doc__ = _docstring(operation)
    method.__signature__ = _signature(operation)  # type: ignore[attr-defined]
    return method


def _signature(operation: dict[str, Any]) -> inspect.Signature:
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    members = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if required else None,
            annotation=kind if required else f"{kind} | None",
        )
        for name, _doc, kind, required in _required_first(operation["input"])
    ]
    return inspect.Signature([itself, *members], return_annotation="dict[str, Any]")


def _docstring(operation: dict[str, Any]) -> str:
    parts = [operation["doc"]]
    parts += [f":param {name}: {_line(doc)}" for name, doc, _kind, _required in _required_first(operation["input"])]
    answer = [f"``{name}`` ({_line(doc)})" for name, doc, _kind, _required in operation["output"]]
    parts.append(":returns: a dict with " + ", ".join(answer) if answer else ":returns: an empty dict")
    return parts[0] + "\n\n" + "\n".join(parts[1:])


def _required_first(members: list[tuple[str, str, str, bool]]) -> list[tuple[str, str, str, bool]]:
    return sorted(members, key=lambda member: not member[3])


def _line(doc: str) -> str:
    return " ".join(doc.split())


for _operation in _operations():
    setattr(Operations, _operation["method"], _method(_operation))
