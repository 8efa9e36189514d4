"""What the operator sets for a whole installation, by environment variables; nothing else is read from the outside."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lockgate import failpoints
from lockgate.kit.services import CLOCK

PREFIX = "LOCKGATE_"


class SettingsProblem(Exception):
    """Settings that cannot be used; the message says which and what to do."""


class AppSettings(BaseModel):
    """Each field is set by `LOCKGATE_` and its name in capitals."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Annotated[Path, Field(description="Folder for the database, the key and spooled files")] = Path(".lockgate")
    database: Annotated[
        str, Field(description="sqlite:///… or postgresql://…; SQLite in the home folder if not given")
    ] = ""
    key: Annotated[
        str, Field(description="Key that seals stored secrets; a file in the home folder if not given", repr=False)
    ] = ""
    host: Annotated[str, Field(description="Address to listen on; only loopback until there is a login")] = "127.0.0.1"
    port: Annotated[int, Field(description="Port to listen on", ge=0, le=65535)] = 8080
    hooks: Annotated[str, Field(description="Address under which other systems reach this one, for webhooks")] = ""
    folders: Annotated[
        str,
        Field(
            description="Folders of this machine below which connections may read and write files, with : between them"
        ),
    ] = ""

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{(self.home / 'lockgate.sqlite').resolve()}"

    @property
    def journal_url(self) -> str:
        """Where the durable engine keeps its journal: a file of its own beside SQLite, a schema of its own in PostgreSQL."""
        if self.database_url.startswith("sqlite"):
            return f"sqlite:///{(self.home / 'runs.sqlite').resolve()}"
        return self.database_url

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def allowed_folders(self) -> tuple[str, ...]:
        return tuple(one for one in self.folders.split(os.pathsep) if one)

    @property
    def key_file(self) -> Path:
        return self.home / "secrets.key"

    def on_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def load(environ: Mapping[str, str] = os.environ, **given: object) -> AppSettings:
    """Settings from the environment, overridden by what was `given` (None is not given). Raises SettingsProblem, all at once."""
    known = AppSettings.model_fields
    names = [name for name in environ if name.startswith(PREFIX) and name not in IGNORED]
    unknown = sorted(name for name in names if name.removeprefix(PREFIX).lower() not in known)
    if unknown:
        choices = ", ".join(PREFIX + name.upper() for name in known)
        raise SettingsProblem(f"{', '.join(unknown)} is no setting of Lockgate; there are {choices}")
    values: dict[str, object] = {name.removeprefix(PREFIX).lower(): environ[name] for name in names}
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        return AppSettings.model_validate(values)
    except ValidationError as error:
        lines = [f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}, got {one['input']!r}" for one in error.errors()]
        raise SettingsProblem("; ".join(lines)) from None


IGNORED = frozenset({"LOCKGATE_REAL_DATA", failpoints.VARIABLE, CLOCK})
"""Names with our prefix that tests use."""
