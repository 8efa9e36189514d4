"""`python -m lockgate.cli.reference [--check] [FOLDER]`: write the reference, or say which of its pages are old."""

import argparse
import sys
from pathlib import Path

from lockgate.cli.reference.pages import differing, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lockgate.cli.reference", description="Make the reference anew.")
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path("docs/reference"), help="where (default: %(default)s)"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where a page is old")
    asked = parser.parse_args()
    old = differing(asked.folder)
    if not asked.check:
        write(asked.folder)
    for name in old:
        sys.stdout.write(f"{'is old' if asked.check else 'written'}: {asked.folder / name}\n")
    return 1 if asked.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
