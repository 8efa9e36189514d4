"""The form of a connector's settings, made from their JSON Schema: what every connection needs, the rest behind a fold."""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.views import ConnectorView
from lockgate.console.parts.acting import button
from lockgate.console.place import here

PRIVATE = "private_addresses"
PLACES = {"site", "address"}
"""Settings that say where a system is; what was typed into one of them stands under PLACE as well."""
PLACE = "*place*"
SIMPLE = {"string", "integer", "number", "boolean", "array"}
Field = Mapping[str, Any]


async def form(connector: ConnectorView, added: Callable[[str], Awaitable[None]]) -> None:
    """Ask for the settings and add the connection. The system is asked at once; what is wrong is said in words.

    `added` is called with the connection's name. No name has to be typed: one that is free is proposed.
    """
    schema = connector.settings
    fields = {name: field for name, field in schema["properties"].items() if kind_of(field) in SIMPLE}
    needed = [name for name in fields if name in schema.get("required", ()) or not is_advanced(fields[name])]
    given: dict[str, Any] = {PLACE: ""}
    for name in needed:
        asked(name, fields[name], given)
    near = ui.switch("This address is in a private network or on this machine: let it be called").classes("near")
    near.bind_visibility_from(given, PLACE, backward=is_private)
    near.on_value_change(lambda event: given.__setitem__(PRIVATE, event.value))
    with ui.expansion("More settings").classes("more"):
        for name, field in fields.items():
            if name not in {*needed, PRIVATE}:
                asked(name, field, given)

    async def connect() -> None:
        settings = {name: value for name, value in given.items() if name != PLACE and value not in (None, "", [])}
        name = await views.connection_name(here(), connector.id, str(given[PLACE]))
        await acts.add_connection(here(), name, connector.id, settings, acts.LOCAL)
        await added(name)

    with ui.row().classes("actions"):
        button("Connect", connect, tone="primary")


def asked(name: str, field: Field, given: dict[str, Any]) -> None:
    """One field of the form; what is typed stands in `given`, what is left alone does not."""
    label, kind = str(field["title"]), kind_of(field)

    def note(event: Any) -> None:
        given[name] = event.value if kind != "array" else parts_of(event.value)
        if name in PLACES:
            given[PLACE] = event.value

    if "enum" in field:
        ui.select(list(field["enum"]), label=label, value=field.get("default"), on_change=note).props("outlined dense")
    elif kind == "boolean":
        ui.switch(label, value=bool(field.get("default")), on_change=note)
    elif kind in {"integer", "number"}:
        ui.number(label, value=field.get("default"), on_change=note).props("outlined dense stack-label")
    else:
        text(label, field, note)
    if told := field.get("description"):
        ui.label(told).classes("muted hint")


def text(label: str, field: Field, note: Callable[[Any], None]) -> None:
    secret = is_secret(field)
    value = field.get("default") if kind_of(field) == "array" else ""
    made = ui.input(
        label, value=", ".join(value or ()), placeholder=field.get("example") or "", password=secret, on_change=note
    )
    made.props("outlined dense stack-label" + (' autocomplete="off"' if secret else ""))


def parts_of(text: str | None) -> list[str]:
    """What a person types for a list: with commas between."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def kind_of(field: Field) -> str:
    """The type of a value that may also be absent; empty for what is more than one value."""
    if "anyOf" in field:
        return next((str(one["type"]) for one in field["anyOf"] if one.get("type", "null") != "null"), "")
    if field.get("type") == "array" and field.get("items") != {"type": "string"}:
        return ""
    return str(field.get("type", ""))


def is_secret(field: Field) -> bool:
    return any(one.get("format") == "password" for one in (field, *field.get("anyOf", ())))


def is_advanced(field: Field) -> bool:
    return bool(field.get("advanced"))


def is_private(site: str | None) -> bool:
    """Whether an address says by itself that it is not on the public internet; names that resolve to such are told when called."""
    try:
        host = urlsplit(site or "").hostname or ""
        return host == "localhost" or (bool(host) and not ipaddress.ip_address(host).is_global)
    except ValueError:
        return False
