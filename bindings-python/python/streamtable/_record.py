"""What of a record is Python's own: keys that can be called, and the record as a mapping."""

from __future__ import annotations

from collections.abc import Iterable, KeysView, Mapping
from typing import TYPE_CHECKING, Any

from ._streamtable import Record

if TYPE_CHECKING:
    from ._operations import AttributeValue

Mapping.register(Record)


class ItemKeys(dict[str, "AttributeValue"]):
    """The key of a changed item. A record is a mapping, too, whose ``keys()`` are the names of its members: called, this gives them."""

    __slots__ = ("_members",)

    def __init__(self, key: Mapping[str, AttributeValue], members: Iterable[str]) -> None:
        super().__init__(key)
        self._members = tuple(members)

    def __call__(self) -> KeysView[str]:
        return dict.fromkeys(self._members).keys()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self), self._members)
