"""The installation that the pages show. NiceGUI keeps its pages per process, and so there is one."""

from lockgate.app.lockgate import Lockgate

_open: list[Lockgate] = []


def show(app: Lockgate | None) -> None:
    """Have the pages show this installation, or none."""
    _open[:] = [app] if app is not None else []


def here() -> Lockgate:
    """The installation that is open."""
    return _open[0]
