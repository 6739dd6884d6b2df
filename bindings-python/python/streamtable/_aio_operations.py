"""The methods of a database for asyncio, made from the engine's registry as those of `_operations` are.

The types of the methods stand in the generated `_aio_operations.pyi`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._operations import described
from ._streamtable import _operations


class AsyncOperations:
    """One method for each operation of the registry, to be awaited."""

    async def _execute(self, operation: str, members: dict[str, Any], /) -> Any:
        raise NotImplementedError


def _method(operation: dict[str, Any]) -> Callable[..., Any]:
    name = operation["name"]

    async def method(self: AsyncOperations, /, **members: Any) -> Any:
        return await self._execute(name, members)

    return described(method, operation, "streamtable.aio")


for _operation in _operations():
    setattr(AsyncOperations, _operation["method"], _method(_operation))
