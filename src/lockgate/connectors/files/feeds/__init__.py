"""Feeds: files of many records, read one record at a time and written whole."""

from lockgate.connectors.files.feeds.reading import Row, rows
from lockgate.connectors.files.feeds.writing import written

__all__ = ["Row", "rows", "written"]
