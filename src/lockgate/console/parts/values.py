"""Values of fields as people read them."""

from typing import Any

from markupsafe import Markup

from lockgate.console.parts.markup import Piece, joined


def stated(value: Any) -> bool:
    """Whether a field holds anything; zero and false are something."""
    return value is not None and value not in ("", [], {})


def value_of(value: Any) -> Piece:
    """A value of a field as people read it."""
    if not stated(value):
        return Markup('<span class="muted">empty</span>')
    if isinstance(value, dict):
        return joined((named(name, one) for name, one in value.items()), Markup("<br>"))
    return value_text(value)


def named(name: str, value: Any) -> str:
    """One of several by name, such as a language; `und` is none that is known."""
    return value_text(value) if name == "und" else f"{name}: {value_text(value)}"


def value_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(value_text, value)) if isinstance(value, list) else str(value)
