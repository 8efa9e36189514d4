"""`python -m tests.servers`: install real servers, start each in a temporary place, test against them, say which were not run."""

import argparse
import os
import sys

from tests.servers.installing import install
from tests.servers.kinds import ASKED, KINDS, LIGHT
from tests.servers.running.installed import ROOT


def main() -> None:
    asked, rest = arguments()
    names = asked.only.split(",") if asked.only else [name for name in KINDS if name in LIGHT or asked.heavy]
    if unknown := set(names) - set(KINDS):
        sys.stderr.write(f"there is no server {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}\n")
        sys.exit(2)
    install(names)
    command = [sys.executable, "-m", "pytest", "tests/servers", "-q", "-n", "2", "--dist", "loadfile"]
    command += ["--timeout", "400", *(["--no-server-missing"] if asked.strict else []), *rest]
    # In our place, so that whoever ends us ends the tests, and those their servers.
    os.chdir(ROOT)
    os.execve(sys.executable, command, {**os.environ, ASKED: ",".join(names)})  # noqa: S606 - pytest


def arguments() -> tuple[argparse.Namespace, list[str]]:
    line = argparse.ArgumentParser(prog="make test-servers ARGS=…", description=__doc__)
    line.add_argument("--only", metavar="NAME,…", help=f"only these of {', '.join(KINDS)}")
    line.add_argument("--heavy", action="store_true", help="those that take minutes to install, too")
    line.add_argument("--strict", action="store_true", help="fail where a server could not be run")
    return line.parse_known_args()


if __name__ == "__main__":
    main()
