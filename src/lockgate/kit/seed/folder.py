"""From a folder to content: which files are assets, which are tables, which are left out, and why."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lockgate.kit.seed import media, tables
from lockgate.kit.seed.tables.columns import check_mapping
from lockgate.kit.seed.types import Content, Mapping, Problem, SeedAsset, SeedProduct

BLOCK = 1 << 20
ABOUT = {"readme", "license", "licence", "copying", "notice", "changelog"}
ABOUT_SUFFIXES = {"", ".md", ".txt", ".rst"}
CLUTTER = {"thumbs.db", "desktop.ini", "__macosx"}
SIDECAR = ".xmp"
LONGEST = 64
"""Longer article numbers are more likely a column gone wrong, and few systems take them."""


def read_folder(folder: Path, mapping: Mapping | None = None) -> Content:
    """Everything usable below `folder`, in the order of the paths; what is not usable is in `problems`, with the reason.

    Broken files do not stop it: their bytes can be carried, so they are assets with a `problem`. Hidden files, clutter of
    file managers and files about the folder (README, LICENSE) are passed over. Raises NotADirectoryError when there is no
    such folder and ValueError for a mapping that says what no column can hold.
    """
    check_mapping(mapping or {})
    root = folder.resolve()
    if not root.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    content = Content(assets=[], products=[], folder=readable(str(root)))
    paths = list(files(root, root, content.problems))
    sidecars = beside(paths, root, content.problems)
    for path in paths:
        if not is_about(path):
            sort_in(content, path, relative(path, root), sidecars.get(path, []), mapping)
    return content


def files(folder: Path, root: Path, problems: list[Problem]) -> Iterator[Path]:
    """Regular files below the folder, sorted. Links are followed to files inside it only."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        problems.append(Problem(path=relative(folder, root), sentence=f"cannot be opened: {error.strerror}"))
        return
    for entry in entries:
        path = Path(entry.path)
        if entry.name.startswith((".", "~$")) or entry.name.lower() in CLUTTER:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from files(path, root, problems)
        elif reason := unfit(entry, root):
            problems.append(Problem(path=relative(path, root), sentence=reason))
        else:
            yield path


def unfit(entry: os.DirEntry[str], root: Path) -> str | None:
    """Why an entry is not read, or None."""
    if entry.is_symlink():
        try:
            target = Path(entry.path).resolve(strict=True)
        except (OSError, RuntimeError):
            return "is a link that leads nowhere; left out"
        if not target.is_relative_to(root):
            return "is a link that leads out of the folder; not followed"
        if target.is_dir():
            return "is a link to a folder; not followed"
    return None if entry.is_file() else "is no regular file; left out"


def beside(paths: list[Path], root: Path, problems: list[Problem]) -> dict[Path, list[Path]]:
    """The sidecars of each file: `photo.jpg.xmp` goes with `photo.jpg`, `photo.xmp` with every `photo` of another kind."""
    by_name: dict[Path, list[Path]] = defaultdict(list)
    for path in paths:
        if path.suffix.lower() != SIDECAR:
            by_name[path].append(path)
            by_name[path.with_suffix("")].append(path)
    found: dict[Path, list[Path]] = defaultdict(list)
    for sidecar in paths:
        if sidecar.suffix.lower() == SIDECAR:
            owners = by_name.get(sidecar.with_suffix(""), [])
            for owner in owners:
                found[owner].append(sidecar)
            if not owners:
                sentence = "is a sidecar, but no file of its name lies beside it; left out"
                problems.append(Problem(path=relative(sidecar, root), sentence=sentence))
    return found


def is_about(path: Path) -> bool:
    return path.stem.lower() in ABOUT and path.suffix.lower() in ABOUT_SUFFIXES


def sort_in(content: Content, path: Path, name: str, sidecars: list[Path], mapping: Mapping | None) -> None:
    """Take one file into the content."""
    suffix = path.suffix.lower()
    try:
        if suffix in tables.SUFFIXES:
            found = tables.read(path, name, mapping)
            content.problems += found.problems
            add_products(content, found.products, name)
        elif suffix == ".xml":
            content.problems.append(Problem(path=name, sentence=about_xml(path)))
        elif suffix != SIDECAR:
            content.assets.append(asset(path, sidecars))
    except OSError as error:
        content.problems.append(Problem(path=name, sentence=f"cannot be read: {error.strerror or error}; left out"))


def add_products(content: Content, products: list[SeedProduct], name: str) -> None:
    """Products of one file after those of others: an article number that came before stays as it was."""
    for product in products:
        if product.family and len(product.family) > LONGEST:
            product.family = None
    long = [product.sku for product in products if len(product.sku) > LONGEST]
    if long:
        sentence = f"{len(long)} article numbers are longer than {LONGEST} characters ({long[0]}, …); left out"
        content.problems.append(Problem(path=name, sentence=sentence))
    known = {product.sku for product in content.products}
    repeated = [product.sku for product in products if product.sku in known]
    content.products += [product for product in products if product.sku not in known and len(product.sku) <= LONGEST]
    if repeated:
        sentence = (
            f"{len(repeated)} article numbers are in an earlier table too, which holds ({', '.join(repeated[:5])})"
        )
        content.problems.append(Problem(path=name, sentence=sentence))


def about_xml(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(1 << 16).lower()
    if b"onixmessage" in head:
        return "is an ONIX message, neither asset nor product table; not carried"
    return "is XML, neither asset nor product table; not carried"


def asset(path: Path, sidecars: list[Path]) -> SeedAsset:
    # Half a second of imports that whoever only wants the types of this package need not pay.
    from lockgate.kit.seed import embedded

    size, digest, head = measured(path)
    type = media.media_type(path.name, head)
    facts = embedded.read(path, type, sidecars) if size else embedded.Facts(problems=["is empty (0 bytes)"])
    return SeedAsset(
        path=path,
        filename=readable(path.name),
        media_type=type,
        size=size,
        sha256=digest,
        category=media.category(type),
        title=facts.title or facts.headline,
        description=facts.description,
        caption=(facts.headline if facts.title else {}) or facts.alt,
        keywords=facts.keywords,
        campaigns=facts.campaigns,
        creator=facts.creator,
        credit=facts.credit,
        copyright=facts.copyright,
        usage_terms="\n".join(facts.terms) or None,
        languages=facts.languages,
        rights_from=facts.rights_from,
        rights_until=facts.rights_until,
        shows=facts.gtins,
        rights_stated=bool(facts.terms or facts.rights_from or facts.rights_until),
        problem="; ".join(facts.problems) or None,
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


def relative(path: Path, root: Path) -> str:
    return readable(path.relative_to(root).as_posix())


def readable(name: str) -> str:
    """A name as text that can be stored anywhere: bytes that are no UTF-8 are replaced."""
    return os.fsencode(name).decode("utf-8", "replace")
