"""Where definitions are: those that come with the product, and those that an installation has added. Quick to import."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "definitions"


def files(added: Path) -> dict[str, Path]:
    """Files by id; one that is added goes before a shipped one of the same id."""
    return {file.stem: file for folder in (SHIPPED, added) for file in sorted(folder.glob("*.yaml"))}
