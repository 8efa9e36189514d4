"""All files of the reference, by their path below its folder."""

from pathlib import Path

from lockgate.app import registry
from lockgate.cli.reference import commands, connectors, definitions, recipes, settings

MADE = "<!-- Made by `python -m lockgate.cli.reference`; what is changed here by hand is lost. -->"
SCHEMA = "definition.schema.json"


def pages() -> dict[str, str]:
    """The text of every page, and the schema of definitions for editors."""
    made = {"cli.md": commands.page(), "settings.md": settings.page(), "recipes.md": recipes.page()}
    made["definitions.md"] = definitions.page()
    made["connectors.md"] = connectors.overview(registry.names())
    made |= {f"connectors/{name}.md": connectors.page(name) for name in registry.names()}
    marked = {name: f"{MADE}\n\n{text.strip()}\n" for name, text in made.items()}
    return marked | {SCHEMA: definitions.schema_for_editors()}


def there(folder: Path) -> dict[str, Path]:
    """What lies there by now."""
    return {str(file.relative_to(folder)): file for kind in ("*.md", "*.json") for file in folder.rglob(kind)}


def differing(folder: Path) -> list[str]:
    """Pages in the folder that are not as they would be written, are missing, or should not be there."""
    made, found = pages(), there(folder)
    old = [name for name, text in made.items() if name not in found or found[name].read_text("utf-8") != text]
    return sorted({*old, *(found.keys() - made.keys())})


def write(folder: Path) -> None:
    """Write every page, and remove those of connectors that are gone."""
    made = pages()
    for name, file in there(folder).items():
        if name not in made:
            file.unlink()
    for name, text in made.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
