"""Starts commands quickly: a process that has loaded Lockgate once and forks a fresh one for each command.

What runs is the real command in a process of its own, with its own environment, output files and exit status; only the
second of importing is shared. It reads a line of JSON per command: {"arguments", "environment", "folder"}. In the folder
it leaves `out`, `err`, `pid` and, when the command has ended, `status`.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any


def preload() -> None:
    """Load what commands load, without starting anything."""
    import lockgate.api
    import lockgate.app.acts
    import lockgate.app.views
    import lockgate.cli.main
    import lockgate.cli.playing
    import lockgate.cli.runs
    import lockgate.connectors.celum.connector
    import lockgate.connectors.celum.sandbox
    import lockgate.connectors.fourallportal.connector
    import lockgate.connectors.fourallportal.sandbox
    import lockgate.console
    import lockgate.engine.engine  # noqa: F401


def main() -> None:
    preload()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        if os.fork() == 0:
            watch(json.loads(line))


def watch(asked: dict[str, Any]) -> None:
    """Fork the command, wait for its end, and leave its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    folder = Path(asked["folder"])
    pid = os.fork()
    if pid == 0:
        become(asked, folder)
    _, waited = os.waitpid(pid, 0)
    leave(folder / "status", os.waitstatus_to_exitcode(waited))
    os._exit(0)


def become(asked: dict[str, Any], folder: Path) -> None:
    """Be the command: its own session, environment and output."""
    os.setsid()
    leave(folder / "pid", os.getpid())
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(folder)
    sys.argv = ["lockgate", *asked["arguments"]]
    status = 70
    try:
        from lockgate.cli.main import called

        status = called(asked["arguments"])
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # noqa: BLE001 - told as Python would
        sys.excepthook(*sys.exc_info())
        status = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def leave(file: Path, number: int) -> None:
    """Whole or not at all."""
    part = file.with_name(f"{file.name}.part")
    part.write_text(str(number))
    part.replace(file)


if __name__ == "__main__":
    main()
