"""Feeds: files of many records, read one record at a time and written whole."""

from lockgate.connectors.files.feeds.reading import rows
from lockgate.connectors.files.feeds.row import BadFeed, Row
from lockgate.connectors.files.feeds.writing import written

__all__ = ["BadFeed", "Row", "rows", "written"]
