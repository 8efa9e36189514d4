"""What was made, in lines a person reads."""

from collections import Counter
from pathlib import Path

from lockgate.kit.seed.expectation import BLOCKED, PARKED
from lockgate.kit.seed.types import FATES, Content, Fate, SeedAsset


def describe(content: Content) -> list[str]:
    """Counts, fates with what becomes of them, what was made up, and every broken or unused file with its reason."""
    return [*counted(content), *fates(content), *rights(content), *told(content), *broken(content), *unused(content)]


def counted(content: Content) -> list[str]:
    kinds: Counter[str] = Counter(asset.category for asset in content.assets)
    tables = Counter(product.source.split("#")[0] for product in content.products)
    lines = [
        f"{len(content.assets)} assets and {len(content.products)} products from {content.folder}",
        f"  assets: {enumerated(kinds)}",
        f"  products: {enumerated(grouped(tables))}",
    ]
    return [line for line in lines if not line.endswith(": ")]


def grouped(tables: Counter[str]) -> Counter[str]:
    """Products that were made up count together, not one by one."""
    made = Counter({name: number for name, number in tables.items() if not name.startswith("made by the seeder")})
    rest = tables.total() - made.total()
    return made + Counter({"made by the seeder": rest})


def enumerated(numbers: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(numbers.items()))


def fates(content: Content) -> list[str]:
    if not any(identified(asset) for asset in content.assets):
        return []
    numbers = Counter(asset.fate for asset in content.assets)
    ways = Counter(identified(asset) for asset in content.assets if asset.fate == "deliver")
    lines = [f"  {fate:<18} {numbers[fate]:>7}  {outcome(fate)}" for fate in FATES if numbers[fate]]
    return ["What the flow must account for:", *lines, f"  delivered ones name their product by {enumerated(ways)}"]


def identified(asset: SeedAsset) -> str:
    return next((name for name in ("sku", "gtin", "family") if getattr(asset, name)), "")


def outcome(fate: Fate) -> str:
    if fate in BLOCKED:
        return f"blocked, {BLOCKED[fate]}"
    return f"parked, {PARKED[fate]}" if fate in PARKED else "written"


def rights(content: Content) -> list[str]:
    stated = sum(asset.rights_stated for asset in content.assets)
    own = sum(asset.fate_stated for asset in content.assets)
    lines = [
        f"Rights stated by the files themselves: {stated}, carried unchanged; the other clearances are dealt by the seed"
    ]
    return lines + ([f"Fates that follow from a file's own licence: {own}"] if own else [])


def told(content: Content) -> list[str]:
    return ["Decided beyond the files:", *(f"  {note}" for note in content.notes)] if content.notes else []


def broken(content: Content) -> list[str]:
    """Each broken file once, however many assets were made from it."""
    found = {asset.path: asset.problem for asset in content.assets if asset.problem}
    lines = [f"  {short(path, content.folder)} {problem}" for path, problem in found.items()]
    return ["Broken files, carried as they are:", *lines] if lines else []


def short(path: Path, folder: str) -> str:
    name = path.relative_to(folder) if path.is_relative_to(folder) else path
    return name.as_posix().encode("utf-8", "replace").decode()


def unused(content: Content) -> list[str]:
    lines = [f"  {problem.path} {problem.sentence}" for problem in content.problems]
    return ["Not used as it is:", *lines] if lines else []
