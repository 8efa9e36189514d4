"""Rows from CSV, XLSX and JSON files, every cell as trimmed text."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

Row = list[str]
DELIMITERS = ",;\t|"
BLOCK = 1 << 20
JSON_LIMIT = 256 << 20


class BrokenTable(Exception):
    """The file cannot be read as a table: a sentence that says why."""


def delimited(path: Path) -> Iterator[Row]:
    """Rows of a CSV file whose encoding and delimiter are found out."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        delimiter = delimiter_of([line for _, line in zip(range(50), file, strict=False)])
        file.seek(0)
        try:
            for row in csv.reader(file, delimiter=delimiter):
                yield [text(cell) for cell in row]
        except csv.Error as error:
            raise BrokenTable(f"cannot be read as CSV: {error}") from error


def encoding_of(path: Path) -> str:
    """By its byte order mark, else UTF-8 when all of it is, else what Windows programs write in western Europe."""
    with path.open("rb") as file:
        head = file.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def delimiter_of(lines: Sequence[str]) -> str:
    """The one that splits the first lines into most columns, and into equally many in each."""

    def score(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        usual = max(set(widths), key=widths.count, default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0, usual)

    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return ","


def sheets(path: Path) -> Iterator[tuple[str, Iterator[Row]]]:
    """Each sheet of a workbook with its rows, read as a stream."""
    import openpyxl  # slow to import, and most folders have none

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise BrokenTable(f"cannot be read as XLSX: {' '.join(str(error).split()) or type(error).__name__}") from error
    try:
        for sheet in book.worksheets:
            yield sheet.title, cells(sheet)
    finally:
        book.close()


def cells(sheet: Any) -> Iterator[Row]:
    try:
        for row in sheet.iter_rows(values_only=True):
            yield [text(cell) for cell in row]
    except Exception as error:
        raise BrokenTable(f"cannot be read as XLSX: {type(error).__name__} in sheet {sheet.title}") from error


def document(path: Path) -> Any:
    """A JSON document."""
    if path.stat().st_size > JSON_LIMIT:
        raise BrokenTable(f"is JSON of more than {JSON_LIMIT >> 20} MiB, which is not read at once")
    try:
        return msgspec.json.decode(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BrokenTable(f"cannot be read as JSON: {error}") from error


def text(value: object) -> str:
    """A cell as a person reads it: 101.0 is `101`, true is `true`, a list its parts."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return " > ".join(part for item in value if (part := text(item)))
    if isinstance(value, dict):
        return next((text(value[name]) for name in ("name", "title", "code", "data", "amount") if name in value), "")
    return str(value).strip()
