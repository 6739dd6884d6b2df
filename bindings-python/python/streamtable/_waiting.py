"""Waiting on an event loop for what the engine has started."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._streamtable import Started


async def settled(started: Started) -> None:
    """Returns when the answer may be told. A disk is waited for on a thread of the loop's pool; and where nothing is, others have their turn
    nevertheless: a loop of calls holds nobody up."""
    if started.settled:
        await asyncio.sleep(0)
    else:
        await asyncio.get_running_loop().run_in_executor(None, started.settle)
