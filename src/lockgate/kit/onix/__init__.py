"""ONIX for Books: messages of any release read into records, records written as ONIX 3.0, both checked.

    with file.open("rb") as stream:
        for entry in onix.read(stream, check=True):
            if entry.product is None:
                ...  # entry.problems say why, each with line, element and sentence; the next product comes all the same
            else:
                item = onix.to_item(entry.product, system="feed")

What comes in pieces (a download, an asynchronous stream) is given to a `Reader`: `feed(bytes)`, then `close()`, each of which gives
the entries that are complete. `write` makes a message of products, `Writer` one product at a time.
"""

from lockgate.kit.onix import records
from lockgate.kit.onix.convert import convert
from lockgate.kit.onix.head import NOTHING_READ
from lockgate.kit.onix.items import to_item
from lockgate.kit.onix.problems import Problem, Severity
from lockgate.kit.onix.reader import Entry, Reader, read, read_with, validate
from lockgate.kit.onix.records import Header, Party, Product
from lockgate.kit.onix.rights import rights_of
from lockgate.kit.onix.schema import label
from lockgate.kit.onix.writer import Writer, sent, write

__all__ = [
    "NOTHING_READ",
    "Entry",
    "Header",
    "Party",
    "Problem",
    "Product",
    "Reader",
    "Severity",
    "Writer",
    "convert",
    "label",
    "read",
    "read_with",
    "records",
    "rights_of",
    "sent",
    "to_item",
    "validate",
    "write",
]
