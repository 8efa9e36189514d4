"""Assets with a title each, and as many of them as a load needs."""

from pathlib import PurePath

from msgspec.structs import replace

from lockgate.kit.seed.types import SeedAsset
from lockgate.model.item import UND


def titled(assets: list[SeedAsset]) -> list[SeedAsset]:
    """Copies of the assets, named after their file where no title is stated."""
    return [replace(asset, title=asset.title or {UND: words(asset.filename)}) for asset in assets]


def words(filename: str) -> str:
    stem = PurePath(filename).stem
    return " ".join(stem.replace("_", " ").replace("-", " ").split()) or filename


def copies(assets: list[SeedAsset], number: int) -> list[SeedAsset]:
    """Exactly `number` assets, the files at hand in turn, each with a name and a title of its own."""
    if number < 0:
        raise ValueError("the number of assets to make cannot be negative")
    if number and not assets:
        raise ValueError(f"there is no file to make {number} assets from")
    return [numbered(assets[index % len(assets)], index + 1) for index in range(number)]


def numbered(asset: SeedAsset, number: int) -> SeedAsset:
    name = PurePath(asset.filename)
    return replace(
        asset,
        filename=f"{name.stem}-{number:05d}{name.suffix}",
        title={language: f"{text} {number:05d}" for language, text in asset.title.items()},
    )
