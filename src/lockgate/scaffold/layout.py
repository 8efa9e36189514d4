"""The folder of a new connector, written from the templates beside this file."""

import keyword
import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

SUFFIX = ".tmpl"
HOMES = {"connector": "src/lockgate/connectors/{id}", "tests": "tests/connectors/{id}"}
"""Where each folder of templates goes, below the checkout."""


class CannotLayOut(Exception):
    """The connector cannot be laid out; the message says why and what to do."""


def lay_out(checkout: Path, name: str) -> list[Path]:
    """Write the connector's folder and its tests into the checkout; answers the files made. Never overwrites one.

    Raises CannotLayOut.
    """
    words = words_of(name)
    planned = {checkout / path: text for path, text in rendered(words)}
    taken = sorted({home for home in homes(checkout, words) if home.exists()})
    if taken:
        raise CannotLayOut(f"{taken[0]} is there already: choose another name, or remove it first")
    if not (checkout / "src/lockgate/connectors").is_dir():
        raise CannotLayOut(f"{checkout} is no checkout of Lockgate: there is no src/lockgate/connectors in it")
    for path, text in planned.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sorted(planned)


def words_of(name: str) -> dict[str, str]:
    """The name in the forms the templates need. Raises CannotLayOut when it cannot be a Python package."""
    id = name.strip()
    if not re.fullmatch(r"[a-z][a-z0-9]*", id) or keyword.iskeyword(id):
        raise CannotLayOut(
            f"{name!r} cannot be a connector's name: use small letters and digits, beginning with a letter"
        )
    return {"id": id, "Class": id.capitalize(), "Title": id.capitalize()}


def homes(checkout: Path, words: dict[str, str]) -> Iterator[Path]:
    return (checkout / home.format(**words) for home in HOMES.values())


def rendered(words: dict[str, str]) -> Iterator[tuple[Path, str]]:
    """Each file below the checkout with its text."""
    for folder, home in HOMES.items():
        for template in templates(files(__package__) / "template" / folder):
            inner, text = template
            yield Path(home.format(**words)) / inner, fill(text, words)


def templates(folder: Traversable, below: str = "") -> Iterator[tuple[str, str]]:
    """Path (without the suffix) and text of every template in a folder."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from templates(entry, f"{below}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            yield f"{below}{entry.name.removesuffix(SUFFIX)}", entry.read_text(encoding="utf-8")


def fill(text: str, words: dict[str, str]) -> str:
    """`@@Class@@` and the like replaced."""
    return re.sub(r"@@(\w+)@@", lambda found: words[found[1]], text)
