"""From a folder to content: which files are assets, which are tables, which are left out, and why."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from lockgate.kit.seed import media
from lockgate.kit.seed.types import Content, Mapping, Problem, SeedAsset

BLOCK = 1 << 20
TABLES = {".csv", ".tsv", ".xlsx", ".json"}
ABOUT = {"readme", "license", "licence", "copying", "notice"}
CLUTTER = {"thumbs.db", "desktop.ini", "__macosx"}


def read_folder(folder: Path, mapping: Mapping | None = None) -> Content:
    """Everything usable below `folder`, in the order of the paths; what is not usable is in `problems`, with the reason.

    Broken files do not stop it. Raises NotADirectoryError when there is no such folder.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    content = Content(assets=[], products=[], folder=str(root))
    for path in files(root, root, content.problems):
        if path.suffix.lower() not in TABLES | {".xmp", ".xml"} and path.stem.lower() not in ABOUT:
            content.assets.append(asset(path))
    return content


def files(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Regular files below the folder, sorted, hidden ones left out, links that lead elsewhere reported and not followed."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if entry.name.startswith(".") or entry.name.lower() in CLUTTER:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files(path, root, problems)
        elif entry.is_file():
            yield path


def asset(path: Path) -> SeedAsset:
    size, digest, head = measured(path)
    type = media.media_type(path.name, head)
    return SeedAsset(
        path=path,
        filename=path.name,
        media_type=type,
        size=size,
        sha256=digest,
        category=media.category(type),
    )


def measured(path: Path) -> tuple[int, str, bytes]:
    """Length, SHA-256 and the first bytes, read in one pass."""
    digest = hashlib.sha256()
    size, head = 0, b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            head = head or block[:64]
            size += len(block)
            digest.update(block)
    return size, digest.hexdigest(), head
