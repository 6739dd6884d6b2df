"""Addresses of databases elsewhere, and the credentials that a session of the program gives for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

Key = tuple[str, str, "str | None"]

_SCHEME = re.compile(r"[A-Za-z0-9+]{2,}://")


def is_address(path: str) -> bool:
    """Whether a path is an address, and no directory."""
    return _SCHEME.match(path) is not None


def credentials_of(address: str, session: Any) -> Callable[[], Key] | None:
    """What is asked for a key before each request; None where the engine finds one by itself."""
    if session is None and _is_the_service(address):
        session = _of_boto3()
    if session is None:
        return None

    def key() -> Key:
        # The session renews what it has when it is time.
        found = session.get_credentials()
        if found is None:
            raise RuntimeError("it has none")
        frozen = found.get_frozen_credentials()
        return frozen.access_key, frozen.secret_key, frozen.token

    return key


def _is_the_service(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "dynamodb" and "profile" not in parse_qs(parts.query)


def _of_boto3() -> Any:
    try:
        import boto3
    except ImportError:
        return None
    return boto3.Session()
