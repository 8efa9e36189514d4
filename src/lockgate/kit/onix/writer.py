"""Products as a message: ONIX 3.0, written one by one."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO

from lockgate.kit.errors import Rejected
from lockgate.kit.onix import shapes
from lockgate.kit.onix.dialect import Style, dialect
from lockgate.kit.onix.reading import Reading
from lockgate.kit.onix.records import Header, Product

NEVER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML can carry."""


class Writer:
    """Writes a message to a binary stream: `begin`, each product, `end`."""

    def __init__(self, stream: BinaryIO, *, style: Style = "reference") -> None:
        self._stream, self._dialect = stream, dialect("3.0", style)
        self._names = Reading(self._dialect, 1)
        self.products = 0

    def begin(self, header: Header) -> None:
        """Raises Rejected where the header holds what XML cannot carry."""
        known, tag = self._dialect, self._dialect.of("Header")
        lines = ["  <" + tag + ">", *shapes.HEADER.lines(header, self._names, "    "), f"  </{tag}>"]
        begin = f'<?xml version="1.0" encoding="UTF-8"?>\n<{known.root} xmlns="{known.namespace}" release="3.0">\n'
        self._stream.write(begin.encode() + encoded(lines, "Header"))

    def product(self, product: Product) -> bytes:
        """What was written. Raises Rejected, and writes nothing of it, where the product holds what XML cannot carry."""
        tag = self._dialect.of("Product")
        lines = [f"  <{tag}>", *shapes.PRODUCT.lines(product, self._names, "    "), f"  </{tag}>"]
        data = encoded(lines, product.reference)
        self._stream.write(data)
        self.products += 1
        return data

    def end(self) -> None:
        """A message without products says so."""
        none = "" if self.products else f"  <{self._dialect.of('NoProduct')}/>\n"
        self._stream.write(f"{none}</{self._dialect.root}>\n".encode())


def encoded(lines: list[str], what: str) -> bytes:
    text = "\n".join(lines) + "\n"
    if (wrong := NEVER.search(text)) is not None:
        raise Rejected(f"{what}: the character U+{ord(wrong[0]):04X} cannot be written in XML", code="xml")
    return text.encode()


def write(stream: BinaryIO, products: Iterable[Product], header: Header, *, style: Style = "reference") -> int:
    """Write a whole message; how many products are in it. Raises Rejected for a product that cannot be written."""
    writer = Writer(stream, style=style)
    writer.begin(header)
    for product in products:
        writer.product(product)
    writer.end()
    return writer.products


def sent(at: datetime) -> str:
    """An instant (aware) as a header states it."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
