"""Log lines of places that must go on: a line that cannot be written is lost, and nothing else is."""

from collections.abc import Callable
from typing import Any


def tell(say: Callable[..., Any], event: str, **facts: Any) -> None:
    """`say(event, **facts)`, whatever that raises: a closed or full log must not stop work that would go through."""
    try:
        say(event, **facts)
    except Exception:  # noqa: BLE001 - there is nobody left to tell
        return
