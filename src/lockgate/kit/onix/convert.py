"""A message of any release as ONIX 3.0."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec.structs import replace

from lockgate.kit.errors import Rejected
from lockgate.kit.onix.dialect import Style, dialect
from lockgate.kit.onix.head import Head
from lockgate.kit.onix.problems import Problem, error, warning
from lockgate.kit.onix.reader import Entry, Reader, read_with
from lockgate.kit.onix.reading import Reading, Wrap
from lockgate.kit.onix.records import Header, Party
from lockgate.kit.onix.writer import Writer
from lockgate.kit.onix.xsd import least_header, violations

NOBODY = Header(sender=Party(name="unknown"), sent="19700101")
"""The header of a message that has none."""


def convert(source: BinaryIO, target: BinaryIO, *, style: Style = "reference") -> Iterator[Entry]:
    """Write what can be read of a message, and give its entries as they are read: `left_out` says what the records have no place for.

    A product that cannot be read or written is told as an entry without product, and is not in the new message. What is written is
    held against the schema of 3.0; a product that it refuses is in the new message, and told with a warning (`not-3.0`).
    """
    reader, writer = Reader(), Writer(target, style=style)
    judge = Judge(style)
    begun = False
    for entry in read_with(reader, source):
        if not begun and entry.product is not None:
            writer.begin(reader.header or NOBODY)
            begun = True
        yield written(entry, writer, judge)
    if not begun:
        writer.begin(reader.header or NOBODY)
    writer.end()


class Judge:
    """Holds products that were written against the schema of 3.0."""

    def __init__(self, style: Style) -> None:
        known = dialect("3.0", style)
        self._wrap, self._header = Wrap(Head(known)), least_header(known)

    def told(self, data: bytes, entry: Entry) -> Iterator[Problem]:
        reading = Reading(self._wrap.head.dialect, entry.line)
        for one in violations(self._wrap.parsed(data, before=self._header), reading):
            yield replace(
                warning("not-3.0", f"as ONIX 3.0 it is not valid: {one.sentence}", entry.line, one.element),
                reference=entry.reference,
            )


def written(entry: Entry, writer: Writer, judge: Judge) -> Entry:
    """With what is wrong with the product as it was written, at the line of the old message in which it begins."""
    if entry.product is None:
        return entry
    try:
        data = writer.product(entry.product)
    except Rejected as refused:
        problem = replace(error("unwritable", refused.sentence, entry.line, "Product"), reference=entry.reference)
        return replace(entry, product=None, problems=(*entry.problems, problem))
    return replace(entry, problems=(*entry.problems, *judge.told(data, entry)))
