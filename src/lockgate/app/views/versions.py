"""Which Lockgate this is, and on what it stands."""

import platform

from lockgate.app.lockgate import Lockgate
from lockgate.app.version import VERSION
from lockgate.app.views.shape import View
from lockgate.ledger.schema import HEAD


class VersionView(View):
    lockgate: str
    python: str
    database: str
    """`sqlite` or `postgresql`."""
    schema_version: str
    """The newest migration of the database's tables."""


def version(app: Lockgate) -> VersionView:
    database = "sqlite" if app.ledger.sqlite else "postgresql"
    return VersionView(lockgate=VERSION, python=platform.python_version(), database=database, schema_version=HEAD)
