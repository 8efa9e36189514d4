"""Releases and styles: how elements are called in a message, and which namespace they are in."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from lockgate.kit.onix import schema
from lockgate.kit.onix.fields import Field, Shape

Release = Literal["2.1", "3.0", "3.1"]
Style = Literal["reference", "short"]
RELEASES: tuple[Release, ...] = ("2.1", "3.0", "3.1")
STYLES: tuple[Style, ...] = ("reference", "short")


class Dialect:
    """One release in one style."""

    def __init__(self, release: Release, style: Style) -> None:
        self.release, self.style = release, style
        host = "www" if release == "2.1" else "ns"
        self.namespace = f"http://{host}.editeur.org/onix/{release}/{style}"
        self.references: Mapping[str, str] = schema.short_names(release) if style == "short" else {}
        self.shorts = {reference: short for short, reference in self.references.items()}
        self._tables: dict[int, dict[str, Field]] = {}

    @property
    def root(self) -> str:
        return "ONIXMessage" if self.style == "reference" else "ONIXmessage"

    def of(self, reference: str) -> str:
        """How an element is called here, by its reference name."""
        return self.shorts.get(reference, reference)

    def reference(self, tag: str) -> str:
        """The reference name of an element by its tag here, with or without namespace."""
        local = tag.rpartition("}")[2]
        return self.references.get(local, local)

    def table(self, shape: Shape) -> Mapping[str, Field]:
        """The fields of a composite by the tags of their elements here. Shapes are made once and live as long as the program."""
        found = self._tables.get(id(shape))
        if found is None:
            found = {f"{{{self.namespace}}}{self.of(one.tag)}": one for one in shape.fields}
            self._tables[id(shape)] = found
        return found


@cache
def dialect(release: Release, style: Style) -> Dialect:
    return Dialect(release, style)
