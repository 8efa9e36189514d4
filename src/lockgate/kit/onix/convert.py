"""A message of any release as ONIX 3.0."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec.structs import replace

from lockgate.kit.errors import Rejected
from lockgate.kit.onix.dialect import Style
from lockgate.kit.onix.problems import error
from lockgate.kit.onix.reader import Entry, Reader, read_with
from lockgate.kit.onix.records import Header, Party
from lockgate.kit.onix.writer import Writer

NOBODY = Header(sender=Party(name="unknown"), sent="19700101")
"""The header of a message that has none."""


def convert(source: BinaryIO, target: BinaryIO, *, style: Style = "reference") -> Iterator[Entry]:
    """Write what can be read of a message, and give its entries as they are read: `left_out` says what the records have no place for.

    A product that cannot be read or written is told as an entry without product, and is not in the new message.
    """
    reader, writer = Reader(), Writer(target, style=style)
    begun = False
    for entry in read_with(reader, source):
        if not begun and entry.product is not None:
            writer.begin(reader.header or NOBODY)
            begun = True
        yield written(entry, writer)
    if not begun:
        writer.begin(reader.header or NOBODY)
    writer.end()


def written(entry: Entry, writer: Writer) -> Entry:
    if entry.product is None:
        return entry
    try:
        writer.product(entry.product)
    except Rejected as refused:
        problem = replace(error("unwritable", refused.sentence, entry.line, "Product"), reference=entry.reference)
        return replace(entry, product=None, problems=(*entry.problems, problem))
    return entry
