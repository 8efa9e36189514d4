"""All pages of the reference, by their path below its folder."""

from pathlib import Path

from lockgate.app import registry
from lockgate.cli.reference import commands, connectors, definitions, recipes, settings

MADE = "<!-- Made by `python -m lockgate.cli.reference`; what is changed here by hand is lost. -->"


def pages() -> dict[str, str]:
    """The text of every page."""
    made = {"cli.md": commands.page(), "settings.md": settings.page(), "recipes.md": recipes.page()}
    made["definitions.md"] = definitions.page()
    made["connectors.md"] = connectors.overview(registry.names())
    made |= {f"connectors/{name}.md": connectors.page(name) for name in registry.names()}
    return {name: f"{MADE}\n\n{text.strip()}\n" for name, text in made.items()}


def differing(folder: Path) -> list[str]:
    """Pages in the folder that are not as they would be written, are missing, or should not be there."""
    made = pages()
    there = {str(file.relative_to(folder)) for file in folder.rglob("*.md")}
    old = [name for name, text in made.items() if name not in there or (folder / name).read_text("utf-8") != text]
    return sorted({*old, *(there - made.keys())})


def write(folder: Path) -> None:
    """Write every page, and remove those of connectors that are gone."""
    made = pages()
    for file in folder.rglob("*.md"):
        if str(file.relative_to(folder)) not in made:
            file.unlink()
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
