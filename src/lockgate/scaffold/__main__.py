"""`python -m lockgate.scaffold NAME`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lockgate.scaffold.layout import CannotLayOut, lay_out


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the folder is there, 2 when it was asked for wrongly."""
    line = argparse.ArgumentParser(prog="python -m lockgate.scaffold", description="Lay out a new connector.")
    line.add_argument("name", help="its name: small letters and digits")
    line.add_argument("--into", type=Path, default=Path(), help="the checkout (default: the current folder)")
    asked = line.parse_args(arguments)
    try:
        made = lay_out(asked.into, asked.name)
    except CannotLayOut as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    sys.stdout.writelines(f"{path}\n" for path in made)
    sys.stdout.write("Next: docs/how-to/write-a-connector.md\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
