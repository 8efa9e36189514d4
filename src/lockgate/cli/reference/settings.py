"""The page of the installation's settings."""

from pathlib import Path
from typing import Any

from lockgate.app.settings import PREFIX, AppSettings
from lockgate.cli.reference.markdown import code, joined, table

HEAD = """\
# Settings

What the operator sets for a whole installation, by environment variables. Nothing else is read from the outside; a variable
that begins with `LOCKGATE_` and is none of these is refused. `lockgate --home DIR` stands over `LOCKGATE_HOME`.
"""


def page() -> str:
    rows = [row(name, field) for name, field in AppSettings.model_fields.items()]
    return joined(HEAD, table(("variable", "what", "kind", "if not given"), rows))


def row(name: str, field: Any) -> tuple[str, str, str, str]:
    kind = {Path: "folder", str: "text", int: "number"}.get(field.annotation, str(field.annotation))
    default = code(field.default) if field.default != "" else "–"
    return (code(PREFIX + name.upper()), field.description or "", kind, default)
