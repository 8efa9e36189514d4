"""Reading a feed on this machine, one record after the other, however long it is. What is wrong is told with its line.

Synchronous: to be run in a thread.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

import msgspec

from lockgate.connectors.files.feeds.onix import from_onix
from lockgate.connectors.files.feeds.row import BadFeed, Row
from lockgate.kit.records.items import flat
from lockgate.kit.records.values import as_json

KEYS = (
    "id", "key", "sku", "ids.sku", "article number", "articlenumber", "article_number", "artikelnummer", "artikelnr",
    "item number", "product id", "product_id", "gtin", "ids.gtin", "ean", "isbn", "isbn13", "ids.isbn",
)  # fmt: skip
"""Names of columns that tell records apart, the likeliest first."""
SAMPLE = 256 * 1024
SEPARATOR = re.compile(r"sep=([;,\t|])", re.IGNORECASE)
"""What spreadsheets write above a table for each other."""
DELIMITERS = ";,\t|"
OPEN_QUOTE = "unexpected end of data"
"""What the standard library says of quotation marks that are not closed."""
SHARED = "sharedStrings.xml"
NO_WORKBOOK = "is no workbook that can be read; save it anew, or as CSV"
TEXTS = 256 * 1024 * 1024
"""Bytes that the texts of a workbook may have."""
LONGEST = 16 * 1024 * 1024
"""Characters of one element of a JSON list; a longer one is taken for a list that does not end."""
BLOCK = 64 * 1024


def rows(path: Path, name: str, key: str = "") -> Iterator[Row]:
    """The records of a feed, by the suffix of its name. Raises BadFeed."""
    reader = READERS.get(suffix(name))
    if reader is None:
        raise BadFeed(f"is no feed that is known: {', '.join(READERS)} are")
    with path.open("rb") as file:
        yield from reader(file, key)


def suffix(name: str) -> str:
    return "." + name.rsplit(".", maxsplit=1)[-1].lower()


def key_among(names: Iterable[str], key: str) -> str | None:
    """The column that tells records apart: the one that is set, else the likeliest."""
    by_name = {name.strip().casefold(): name for name in names if name}
    wanted = [key.strip().casefold()] if key else KEYS
    return next((by_name[name] for name in wanted if name in by_name), None)


def keyed(line: int, record: Mapping[str, Any], column: str | None) -> Row:
    """The record under its key. One whose key is not stated cannot be told from others."""
    if column is None:
        return Row(line=line, problem=f"line {line} has no column that tells it from others")
    stated = record.get(column)
    if isinstance(stated, bool | dict | list):
        return Row(line=line, problem=f"line {line} has no text or number in its column {column}")
    if (id := str("" if stated is None else stated).strip()) == "":
        return Row(line=line, problem=f"line {line} has nothing in its column {column}")
    return Row(line=line, id=id, record=dict(record))


# ── tables ───────────────────────────────────────────────────────────────────────────────────────────────────────


def from_csv(file: BinaryIO, key: str) -> Iterator[Row]:
    ended = is_ended(file)
    with as_text(file, encoding_of(file)) as text:
        head = text.readline(SAMPLE)
        said = SEPARATOR.fullmatch(head.strip().lstrip("\ufeff"))
        if said is None:
            text.seek(0)
        reader = csv.reader(text, delimiter=said[1] if said else max(DELIMITERS, key=head.count), strict=True)
        yield from to_the_end(table(reader, key, 1 if said else 0), ended)


def is_ended(file: BinaryIO) -> bool:
    """Whether the last line has an end."""
    length = file.seek(0, io.SEEK_END)
    file.seek(max(0, length - 2))
    tail = file.read()
    file.seek(0)
    return tail.rstrip(b"\x00").endswith((b"\n", b"\r"))


def to_the_end(rows: Iterator[Row], ended: bool) -> Iterator[Row]:
    """The rows. A last one that is wrong and has no end of line is where a transfer broke off: raises BadFeed."""
    last: Row | None = None
    for row in rows:
        if last is not None:
            yield last
        last = row
    if last is not None and last.record is None and not ended:
        raise BadFeed(f"ends in its middle: {last.problem}")
    if last is not None:
        yield last


@contextmanager
def as_text(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The file decoded; it stays with whoever opened it."""
    text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
    try:
        yield text
    finally:
        text.detach()


def table(reader: Any, key: str, before: int) -> Iterator[Row]:
    """The rows of a table; so many lines were read before it."""
    columns: Sequence[str] = ()
    column: str | None = None
    while True:
        line = reader.line_num + 1 + before
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == OPEN_QUOTE:
                raise BadFeed(
                    f"ends within the quotation marks of line {line}: what follows them cannot be read"
                ) from error
            yield Row(line=line, problem=f"line {line} cannot be read ({error})")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if columns:
            yield row(line, columns, cells, column)
        else:
            columns = named(cells)
            column = key_among(columns, key)


def row(line: int, columns: Sequence[str], cells: Sequence[Any], key: str | None) -> Row:
    if len(cells) > len(columns) and any(cell not in (None, "") for cell in cells[len(columns) :]):
        return Row(line=line, problem=f"line {line} has {len(cells)} values for {len(columns)} columns")
    if any(isinstance(cell, str) and "\ufffd" in cell for cell in cells):
        return Row(line=line, problem=f"line {line} has letters that cannot be read; save the feed as UTF-8")
    if len(cells) < len(columns):
        return Row(line=line, problem=f"line {line} has {len(cells)} values for {len(columns)} columns")
    record = {
        name: as_json(cell) for name, cell in zip(columns, cells, strict=False) if name and cell not in (None, "")
    }
    return keyed(line, record, key)


def named(cells: Sequence[Any]) -> list[str]:
    """The heads of the columns. Raises BadFeed where two are one."""
    names = ["" if cell is None else str(cell).strip().lstrip("\ufeff") for cell in cells]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise BadFeed(f"has several columns named {', '.join(twice)}")
    return names


def encoding_of(file: BinaryIO) -> str:
    """UTF-16 says so itself; else UTF-8, and where a longer beginning is none, the code page of Western Windows."""
    sample = file.read(SAMPLE)
    file.seek(0)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def from_xlsx(file: BinaryIO, key: str) -> Iterator[Row]:
    """The first sheet; formulas as they were last worked out."""
    unpacked(file)
    try:
        yield from sheet(file, key)
    except BadFeed:
        raise
    except Exception as error:  # the library raises whatever it meets in a file that is no workbook
        raise BadFeed(NO_WORKBOOK) from error


def unpacked(file: BinaryIO) -> None:
    """Refuses a workbook that would fill the memory: its texts are held there, and a few bytes may unpack to very many."""
    try:
        with ZipFile(file) as packed:
            most = max((one.file_size for one in packed.infolist() if one.filename.endswith(SHARED)), default=0)
    except (BadZipFile, OSError, ValueError) as error:
        raise BadFeed(NO_WORKBOOK) from error
    if most > TEXTS:
        raise BadFeed(f"holds {most >> 20} MB of texts, {TEXTS >> 20} are read; save it as CSV")


def sheet(file: BinaryIO, key: str) -> Iterator[Row]:
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise BadFeed("is a workbook without a sheet of rows")
        columns: list[str] = []
        column: str | None = None
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if all(cell in (None, "") for cell in cells):
                continue
            if columns:
                yield row(line, columns, [*cells, *[None] * (len(columns) - len(cells))], column)
            else:
                columns = named(cells)
                column = key_among(columns, key)
    finally:
        book.close()


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def from_json(file: BinaryIO, key: str) -> Iterator[Row]:
    """A list of objects, or an object a line."""
    head = file.read(BLOCK).lstrip(codecs.BOM_UTF8).lstrip()
    file.seek(0)
    if not head.startswith(b"["):
        yield from from_lines(file, key)
        return
    with as_text(file, "utf-8-sig") as text:
        for line, element in elements(text):
            yield of_json(line, element, key)


def from_lines(file: BinaryIO, key: str) -> Iterator[Row]:
    yield from to_the_end(lines(file, key), is_ended(file))


def lines(file: BinaryIO, key: str) -> Iterator[Row]:
    for number, line in enumerate(file, 1):
        if not (body := line.strip().removeprefix(codecs.BOM_UTF8)):
            continue
        try:
            element = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Row(line=number, problem=f"line {number} is no JSON ({error})")
            continue
        yield of_json(number, element, key)


def of_json(line: int, element: Any, key: str) -> Row:
    if not isinstance(element, dict):
        return Row(line=line, problem=f"line {line} holds no object")
    record = flat(element)
    return keyed(line, record, key_among(record, key))


def elements(text: io.TextIOBase) -> Iterator[tuple[int, Any]]:
    """The elements of a JSON list with their lines. Raises BadFeed where it is none any more: nothing after that can be read."""
    import json

    decoder = json.JSONDecoder()
    buffer, line = text.read(BLOCK), 1
    buffer, line = skipped(buffer, "[", line)
    while True:
        buffer, line = skipped(buffer, ",", line)
        if buffer.startswith("]"):
            return
        try:
            element, end = decoder.raw_decode(buffer)
        except RecursionError as error:
            raise BadFeed(f"is nested too deeply in line {line}") from error
        except ValueError as error:
            more = text.read(max(BLOCK, len(buffer))) if len(buffer) < LONGEST else ""
            if not more:
                raise BadFeed(f"is no list of JSON from line {line} on ({error})") from error
            buffer += more
            continue
        yield line, element
        line += buffer.count("\n", 0, end)
        buffer = buffer[end:]
        if len(buffer) < BLOCK:
            buffer += text.read(BLOCK)


def skipped(buffer: str, sign: str, line: int) -> tuple[str, int]:
    """What follows after blanks and one sign."""
    bare = buffer.lstrip().removeprefix(sign).lstrip()
    return bare, line + buffer.count("\n", 0, len(buffer) - len(bare))


READERS: Mapping[str, Callable[[BinaryIO, str], Iterator[Row]]] = {
    ".csv": from_csv,
    ".tsv": from_csv,
    ".txt": from_csv,
    ".xlsx": from_xlsx,
    ".json": from_json,
    ".jsonl": from_json,
    ".ndjson": from_json,
    ".xml": from_onix,
    ".onx": from_onix,
    ".onix": from_onix,
}
