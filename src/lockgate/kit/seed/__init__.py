"""Reading a folder of real files into content that sandboxes are filled from.

`load` is the whole way: read, then assign. Two processes that load the same folder with the same options hold the same
products, assets and fates, so that the assets in one sandbox find their products in the other.
"""

from datetime import datetime
from pathlib import Path

from lockgate.kit.seed.assigning import assign
from lockgate.kit.seed.describing import describe
from lockgate.kit.seed.expectation import expected
from lockgate.kit.seed.folder import read_folder
from lockgate.kit.seed.types import (
    FATES,
    Content,
    Expected,
    Fate,
    Mapping,
    Problem,
    SeedAsset,
    SeedOptions,
    SeedProduct,
    Shares,
)


def load(folder: Path, options: SeedOptions, now: datetime) -> Content:
    """Read the folder and assign products and fates as the options say; `now` is aware."""
    content = read_folder(folder, options.mapping)
    return assign(content, seed=options.seed, shares=options.shares, now=now, assets=options.assets)


def generate(folder: Path, seed: int = 0) -> None:
    """Write the sample content that ships into `folder`: about 60 files and a product table, the same for the same seed."""
    from lockgate.kit.seed import sample  # draws, and so imports much that reading does not need

    sample.write(folder, seed)


__all__ = [
    "FATES",
    "Content",
    "Expected",
    "Fate",
    "Mapping",
    "Problem",
    "SeedAsset",
    "SeedOptions",
    "SeedProduct",
    "Shares",
    "assign",
    "describe",
    "expected",
    "generate",
    "load",
    "read_folder",
]
