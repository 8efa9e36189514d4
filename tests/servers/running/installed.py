"""Which of the programs that servers are made of this machine has."""

import shutil
from pathlib import Path

from .processes import NotInstalled

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv-servers"
"""Where Python servers live, apart from Lockgate's own packages."""


def program(name: str, *, package: str) -> Path:
    """Where a program is, also where only root's path has it. Raises NotInstalled."""
    found = shutil.which(name) or shutil.which(name, path="/usr/local/sbin:/usr/sbin:/sbin")
    if found is None:
        raise NotInstalled(f"there is no {name} (package {package})")
    return Path(found)


def folder(path: str, *, package: str) -> Path:
    """A folder that a package brings. Raises NotInstalled."""
    if not Path(path).is_dir():
        raise NotInstalled(f"there is no {path} (package {package})")
    return Path(path)


def python(module: str) -> Path:
    """The interpreter that has a Python server. Raises NotInstalled."""
    interpreter = VENV / "bin" / "python"
    if not interpreter.exists() or not list(VENV.glob(f"lib/python3*/site-packages/{module}")):
        raise NotInstalled(f"{VENV.name} does not hold {module}")
    return interpreter


def node_modules(server: str, package: str) -> Path:
    """The folder of modules that a server of Node's was installed into. Raises NotInstalled."""
    modules = VENV / server / "node_modules"
    if not (modules / package / "package.json").exists():
        raise NotInstalled(f"{VENV.name}/{server} does not hold {package}")
    return modules
