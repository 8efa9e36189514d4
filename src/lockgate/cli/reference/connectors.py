"""The page of one connector: what it is, asks for, can do, and how far it is proven."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from pydantic import SecretStr
from ruamel.yaml import YAML

from lockgate.app import registry
from lockgate.cli.coverage import Covered, covered
from lockgate.cli.reference.markdown import code, joined, listed, table
from lockgate.kit.contract import Connector, Settings, capabilities
from lockgate.kit.sandbox.actions import actions_of
from lockgate.kit.sandbox.base import Sandbox
from lockgate.kit.sandbox.config import SandboxConfig
from lockgate.kit.sandbox.registry import load

IDEMPOTENCY = {
    "natural": "a repeat changes nothing",
    "key": "the vendor knows our key: a repeat gives the first",
    "compare-and-set": "the vendor refuses what was changed meanwhile",
    "look-up": "looked up before it is written",
}


def page(name: str) -> str:
    kind, told = registry.get(name), manifest(name)
    return joined(
        f"# {told['title']}",
        str(told["summary"]),
        facts(kind, told),
        joined("## Settings", f"`lockgate connect add {name} NAME --set …`", settings(kind.settings_type)),
        joined("## Operations", operations(kind), withdrawing(kind)),
        joined("## Names it looks for", ABOUT_NAMES, names(kind)),
        sandbox(name),
        joined("## How far it is proven", quality(told)),
    )


def overview(names: Sequence[str]) -> str:
    """The library at a glance: one line a connector."""
    head = ("connector", "kind of system", "items", "source by", "target by", "closes a copy by", "sandbox", "verified")
    return joined("# Connectors", ABOUT_OVERVIEW, table(head, [line(name) for name in names]))


ABOUT_OVERVIEW = (
    "Every system that Lockgate can be connected to. A source is watched and read, a target is written to. "
    "*Sandbox* counts the routes of the vendor's documents that our own imitation of it serves. "
    "`lockgate connect library` lists them, too."
)
SOURCING = {"receive": "webhooks", "changes": "polls", "index": "full reads", "open": "files"}
TARGETING = {"upsert": "records and files", "link": "links", "find": "finding items", "withdraw": "closing"}


def line(name: str) -> tuple[str, ...]:
    kind, told = registry.get(name), manifest(name)
    able = capabilities(kind)
    return (
        f"[{told['title']}](connectors/{name}.md)",
        str(told.get("kind", "")),
        ", ".join(kind.kinds),
        ", ".join(words for what, words in SOURCING.items() if what in able) or "–",
        ", ".join(words for what, words in TARGETING.items() if what in able) or "–",
        ", ".join(map(code, kind.withdraw_policies)) or "–",
        served(name),
        str(told.get("verified", "never")),
    )


def served(name: str) -> str:
    try:
        told = covered(name)
    except LookupError:
        return "–"
    return f"{told.answered} of {told.documented}"


ABOUT_NAMES = (
    "Profile discovery proposes which of a tenant's fields carries which of these; "
    "`lockgate connect profile NAME` shows and confirms it."
)


def manifest(name: str) -> dict[str, Any]:
    """What a connector says of itself: its folder's manifest, or its definition."""
    if (definition := getattr(registry.get(name), "definition", None)) is not None:
        hosts = ("host of the base address", *definition.hosts)
        return {**definition.about.model_dump(), "title": definition.title, "hosts": hosts}
    file = resources.files(f"lockgate.connectors.{name}") / "manifest.yaml"
    told: dict[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return told


def facts(kind: type[Connector[Any]], told: Mapping[str, Any]) -> str:
    api = told.get("api", {})
    rows = [
        ("connector", code(kind.id)),
        ("kind of system", str(told.get("kind", ""))),
        ("kinds of items", ", ".join(kind.kinds)),
        ("API", f"{api.get('name', '')}, {api.get('version', '')}"),
        ("not used of it", ", ".join(api.get("not_used", ()))),
        ("may call", "; ".join(told.get("hosts", ()))),
    ]
    return joined(table(("", ""), [row for row in rows if row[1]]), "Built against:", listed(api.get("documents", ())))


def settings(shape: type[Settings]) -> str:
    fields = sorted(shape.model_fields.items(), key=lambda one: extra(one[1], "advanced") is True)
    return table(("setting", "what", "if not given"), [setting(name, field) for name, field in fields])


def setting(name: str, field: Any) -> tuple[str, str, str]:
    secret = SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
    example = f"Such as `{extra(field, 'example')}`." if extra(field, "example") else ""
    words = [f"{field.title}.", field.description or "", example, "Sealed, never shown." if secret else ""]
    return (
        code(name),
        " ".join(one for one in words if one),
        "needed" if field.is_required() else plain(field.default),
    )


def extra(field: Any, name: str) -> Any:
    return (field.json_schema_extra or {}).get(name)


def plain(default: Any) -> str:
    """A default as a person would write it; a group of switches has its own."""
    if default in (None, "", (), {}):
        return "–"
    if isinstance(default, tuple):
        return ", ".join(code(str(one)) for one in default)
    if default in (True, False):
        return "yes" if default else "no"
    return code(default) if isinstance(default, (str, int, float)) else "as documented"


def operations(kind: type[Connector[Any]]) -> str:
    rows = [
        (code(name), one.effect, one.idempotent, IDEMPOTENCY[one.idempotent], first_sentence(getattr(kind, name)))
        for name, one in sorted(capabilities(kind).items())
    ]
    return table(("operation", "effect", "repeats", "which means", "here"), rows)


def first_sentence(method: Any) -> str:
    text = inspect.getdoc(method) or ""
    return " ".join(text.split("\n\n")[0].split())


def withdrawing(kind: type[Connector[Any]]) -> str:
    if not kind.withdraw_policies:
        return "It is a source only: nothing is put into it."
    return f"Closes a copy by: {', '.join(code(one) for one in kind.withdraw_policies)}."


def names(kind: type[Connector[Any]]) -> str:
    rows = [
        (one.kind, code(one.canonical), ", ".join(one.words), ", ".join(one.types))
        for one in sorted(kind.hints, key=lambda one: (one.kind, one.canonical))
    ]
    return table(("kind", "name", "recognised by", "of type"), rows)


def sandbox(name: str) -> str:
    try:
        found = load(name)
    except LookupError:
        return ""
    told = covered(name)
    return joined(
        "## Sandbox", f"`lockgate sandbox up {name}`", routes(told), "Actions (`lockgate sandbox act`):", acts(found)
    )


def routes(told: Covered) -> str:
    sentence = f"It serves {told.answered} of the {told.documented} routes that the vendor's documents give."
    missing = f"Missing: {', '.join(code(one) for one in told.missing)}." if told.missing else ""
    return joined(sentence, missing, "<details><summary>Routes</summary>", listed(map(code, told.served)), "</details>")


def acts(kind: type[Sandbox]) -> str:
    made = kind(SandboxConfig())
    try:
        found = actions_of(made).values()
    finally:
        made.state.close()
    return table(("action", "gives", "what"), [(code(one.name), " ".join(one.parameters), one.text) for one in found])


def quality(told: Mapping[str, Any]) -> str:
    state = told.get("quality", {})
    excuses = [f"{what}: {why}" for what, why in (told.get("excuses") or {}).items()]
    return joined(
        f"Tier: **{state.get('tier', 'draft')}**. Verified: {told.get('verified', 'never')}.",
        *section("Done", state.get("done", ())),
        *section("To do", state.get("todo", ())),
        *section("Excused", excuses),
    )


def section(title: str, items: Any) -> Iterator[str]:
    """A list below its title; manifests write `- limits stated: README.md`, which YAML takes for a mapping."""
    lines = [one if isinstance(one, str) else ": ".join(map(str, next(iter(one.items())))) for one in items]
    if lines:
        yield f"{title}:"
        yield listed(lines)
