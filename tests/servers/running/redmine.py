"""Redmine, as Debian packages it: an instance of its own beside Debian's, on a copy of the database the package made."""

import json
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .installed import folder as installed_folder
from .installed import program
from .processes import NotInstalled, answering, free_ports, process, run

HOME = "/usr/share/redmine"
DATABASE = Path("/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default")
WEBRICK = "/usr/share/rubygems-integration/all/gems"

SET_UP = """\
Setting.rest_api_enabled = '1'
admin = User.find_by_login('admin')
admin.update!(must_change_passwd: false)
trackers = Tracker.all
field = IssueCustomField.create!(
  name: 'Lockgate key', field_format: 'string', is_for_all: true, is_filter: true, searchable: true, trackers: trackers
)
project = Project.create!(name: 'Campaigns', identifier: 'campaigns', trackers: trackers)
print JSON.generate(key: admin.api_key, key_field: field.id, project: project.id)
"""
"""What an administrator does by hand: switch the API on, add a text field for the foreign key, create a project."""


@dataclass(frozen=True)
class Redmine:
    url: str
    key: str
    """The administrator's API key."""
    key_field: int
    """The custom field of all trackers that holds foreign keys."""
    project: int
    """A project without tickets, `campaigns`."""


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Redmine]:
    """A Redmine that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    home, ruby = installed_folder(HOME, package="redmine"), program("ruby", package="ruby")
    env = _environment(_instance(folder))
    script = folder / "set_up.rb"
    script.write_text(SET_UP)
    made = json.loads(await run([ruby, "bin/rails", "runner", script], folder=home, env=env))
    (port,) = free_ports(1)
    server = Redmine(url=f"http://127.0.0.1:{port}", **made)
    command: list[object] = [ruby, "bin/rails", "server", "-u", "webrick", "-b", "127.0.0.1", "-p", str(port)]
    command += ["-P", folder / "redmine.pid"]
    ready = answering(f"{server.url}/issue_statuses.json")
    async with process("redmine", command, folder=folder, cwd=home, env=env, ready=ready):
        yield server


def _instance(folder: Path) -> Path:
    """The instance's own files. Raises NotInstalled when the package's database cannot be copied."""
    for name in ("config", "files", "log", "tmp/cache"):
        (folder / name).mkdir(parents=True)
    try:
        shutil.copyfile(DATABASE, folder / "redmine.sqlite")
    except OSError as reason:
        raise NotInstalled(f"the database that package redmine-sqlite makes cannot be copied: {reason}") from reason
    database = {"adapter": "sqlite3", "database": str(folder / "redmine.sqlite"), "encoding": "utf8", "timeout": 10_000}
    (folder / "config" / "database.yml").write_text(json.dumps({"production": database}))
    (folder / "config" / "secret_key.txt").write_text(secrets.token_hex(32))
    (folder / "config" / "configuration.yml").write_text(
        json.dumps({"production": {"attachments_storage_path": str(folder / "files")}})
    )
    return folder


def _environment(instance: Path) -> dict[str, str]:
    webrick = next(Path(WEBRICK).glob("webrick-*/lib"), None)
    if webrick is None:
        raise NotInstalled("there is no server for it (package ruby-webrick)")
    # Redmine takes the instance's name for a path below its folder `instances`, a link, and resolves it in two ways: enough
    # steps up lead to the root in both.
    return {
        "X_DEBIAN_SITEID": f"{'../' * 16}{instance.resolve().relative_to('/')}",
        "RAILS_ENV": "production",
        "RUBYLIB": str(webrick),
    }
