"""The command line: one module a noun, each command with `--json`. Exit status: 0 done, 1 something parked or failed, 2 wrong use."""

from lockgate.cli.main import main

__all__ = ["main"]
