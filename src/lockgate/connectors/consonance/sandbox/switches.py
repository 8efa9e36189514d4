"""How this account differs from the next: everything the documents leave open is a switch."""

from collections.abc import Mapping
from typing import Any

import msgspec

from lockgate.kit.sandbox import WrongOption

LISTS = frozenset({"read_keys", "lacks"})
WORDS = {"yes": True, "on": True, "no": False, "off": False}


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The options of the sandbox, with what they are when nobody says otherwise."""

    page_cap: int = 100
    """Records in one list of a root field, and in one page of REST; 0 is no cap."""
    small_books: int = 250
    """How many small books the default seed has, beside one of each hard case."""
    processing_seconds: float = 0.1
    """How long an image is worked on in the background."""
    upload_seconds: float = 900
    """How long an upload address is good."""
    read_keys: tuple[str, ...] = ()
    """Further keys, which may read only."""
    lacks: tuple[str, ...] = ()
    """What this account's schema lacks of ours, as `Type.field`: the guesses of the schema may be wrong."""
    introspection: bool = True
    """Whether the schema can be asked for."""

    def changed(self, options: Mapping[str, Any]) -> "Switches":
        """With some switches set otherwise, given as values or text; WrongOption names what is wrong with them."""
        given = {
            name: listed(value) if name in LISTS else WORDS.get(str(value), value) for name, value in options.items()
        }
        try:
            return msgspec.convert(msgspec.to_builtins(self) | given, Switches, strict=False)
        except msgspec.ValidationError as problem:
            known = ", ".join(Switches.__struct_fields__)
            raise WrongOption(f"{problem}; the switches are {known}.") from problem


def listed(value: Any) -> Any:
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value
