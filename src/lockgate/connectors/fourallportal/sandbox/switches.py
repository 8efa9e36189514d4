"""How this portal differs from the next: everything one tenant may do otherwise is a switch."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from lockgate.kit.sandbox import WrongOption

Right = Literal["view", "create", "edit", "delete", "upload", "download"]
RIGHTS: tuple[Right, ...] = ("view", "create", "edit", "delete", "upload", "download")
_LISTS = frozenset({"keys", "rights"})
_WORDS = {"yes": True, "on": True, "no": False, "off": False}


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Given when the sandbox starts, changed while it runs by `PUT /__sandbox/options`."""

    status_rule: bool = True
    """Only documented steps between statuses; off, any value is taken."""
    rebuild_delay: float = 0.2
    """Seconds for which `events/0` answers nothing while the queue is rebuilt."""
    event_delay: float = 0.0
    """Seconds by which the event feed lags behind writes."""
    read_delay: float = 0.0
    """Seconds for which reads still answer the state before a write, though its event can be seen."""
    events_apart: bool = False
    """Keep object and derivate events of one object as two entries instead of the newest one."""
    exclusive_from: bool = False
    """Events above the number asked for, instead of from it."""
    undimensioned: Literal["list", "object", "raw"] = "list"
    """Form of values without dimensions on the connector's objects route: [{"value": x}], {"value": x} or x."""
    rendition_202: bool = False
    """The first call for a rendition answers 202 with Retry-After."""
    max_upload: int = 4 << 30
    """Bytes of the largest upload taken."""
    keys: tuple[str, ...] = ()
    """Further API keys that are accepted."""
    rights: tuple[Right, ...] = RIGHTS
    """What the role of every key may do."""

    def changed(self, options: Mapping[str, Any]) -> "Switches":
        """With some switches set otherwise, given as values or text; WrongOption names what is wrong with them."""
        given = {
            name: _listed(value) if name in _LISTS else _WORDS.get(str(value), value) for name, value in options.items()
        }
        try:
            return msgspec.convert(msgspec.to_builtins(self) | given, Switches, strict=False)
        except msgspec.ValidationError as problem:
            known = ", ".join(Switches.__struct_fields__)
            raise WrongOption(f"{problem}; the switches are {known}.") from problem


def _listed(value: Any) -> Any:
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else value
