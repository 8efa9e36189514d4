"""What reading a feed gives."""

import msgspec

from lockgate.kit.records.items import Record


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One record, or why there is none."""

    line: int
    """Where it begins, from 1; in a list of JSON the number of the element's first line."""
    id: str = ""
    record: Record | None = None
    problem: str = ""


class BadFeed(Exception):
    """The feed as a whole cannot be read; the message is a sentence without its name."""
