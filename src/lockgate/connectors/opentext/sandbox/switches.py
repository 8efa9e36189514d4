"""How this tenant differs from the next: everything one server may do otherwise is a switch."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from lockgate.kit.sandbox import WrongOption

_WORDS = {"yes": True, "on": True, "no": False, "off": False}


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Given when the sandbox starts, changed while it runs by `PUT /__sandbox/options`."""

    version: Literal["25.4", "26.1", "26.4"] = "25.4"
    """From 26.1 external systems are listed by name; from 26.4 workspace types come with all their members."""
    ticket_seconds: float = 7200
    """A ticket ends when it was not used for this long, by the sandbox's clock."""
    renew_tickets: bool = False
    """Every answer carries a fresh ticket in its header."""
    otds: bool = False
    """The directory service is there: its tickets and tokens are taken, too."""
    strict_encoding: bool = True
    """JSON bodies are refused, but for the login."""
    large_uploads: bool = True
    """Files may be uploaded in parts."""
    part_size: int = 8 << 20
    """Bytes of one part."""
    pass_over_conditions: bool = False
    """Conditions on columns of workspace lists are passed over, so that a list holds everything."""
    search_delay: float = 0.0
    """Seconds until what was changed can be found by search."""
    repeat_last_page: bool = False
    """A page beyond the last one repeats the last one instead of being empty."""
    documents: bool = True
    """Filled from a folder of content, the tenant has its files as documents, too; off, only its products."""
    html_errors: bool = False
    """Faults of 500 and more are answered with a page of HTML, as by a server that is being started."""
    empty_answers: bool = False
    """Changes are answered 200 without a body, as servers that have just been started do."""

    def changed(self, options: Mapping[str, Any]) -> "Switches":
        """With some switches set otherwise, given as values or text; WrongOption names what is wrong with them."""
        given = {name: _WORDS.get(str(value), value) for name, value in options.items()}
        given |= {name: str(value) for name, value in options.items() if name == "version"}
        try:
            return msgspec.convert(msgspec.to_builtins(self) | given, Switches, strict=False)
        except msgspec.ValidationError as problem:
            known = ", ".join(Switches.__struct_fields__)
            raise WrongOption(f"{problem}; the switches are {known}.") from problem

    @property
    def number(self) -> float:
        """The version as the number clients compare."""
        return float(self.version)
