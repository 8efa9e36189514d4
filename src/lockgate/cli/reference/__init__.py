"""The reference of the documentation, made from the program itself: commands, settings, connectors, recipes.

`python -m lockgate.cli.reference` writes it below `docs/reference`; the same program always writes the same pages.
"""

from lockgate.cli.reference.pages import differing, pages, write

__all__ = ["differing", "pages", "write"]
