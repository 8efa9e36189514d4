"""`python -m lockgate.kit.seed FOLDER` says what a sandbox would be filled with; with `--generate` it writes the sample first."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from lockgate.kit.seed import SeedOptions, describe, generate, load


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lockgate.kit.seed", description="Say what a folder holds.")
    parser.add_argument("folder", type=Path, help="folder of images, documents, videos and product tables")
    parser.add_argument("--generate", action="store_true", help="write the sample content into the folder first")
    parser.add_argument("--seed", type=int, default=0, help="what products and fates are dealt by (default 0)")
    parser.add_argument("--assets", type=int, help="make this many assets from the files at hand")
    asked = parser.parse_args()
    try:
        if asked.generate:
            generate(asked.folder, asked.seed)
        content = load(asked.folder, SeedOptions(seed=asked.seed, assets=asked.assets), datetime.now(UTC))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write("\n".join(describe(content)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
