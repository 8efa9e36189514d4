"""Writing a feed to this machine: the same records give the same rows in the same order. Synchronous: to be run in a thread."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from lockgate.connectors.files.feeds.onix import to_onix
from lockgate.connectors.files.feeds.reading import suffix
from lockgate.model.item import UND

Records = Callable[[], Iterator[tuple[str, Mapping[str, Any]]]]
"""Gives all records anew, by key in the order of the keys: tables are gone through twice, to know their columns."""
KEY = "key"
ANYTIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Workbooks carry the time at which they were made: the same one in all of ours."""


def written(path: Path, name: str, records: Records, at: datetime) -> None:
    """The feed, in the form that the suffix of its name tells. `at` (aware) is when, for forms that tell it."""
    if suffix(name) == ".xml":
        to_onix(path, records, at)
    else:
        WRITERS[suffix(name)](path, records)


def cells(key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A record as cells: a text in several languages has a column for each (`title.de`), one without language has `title`."""
    flat: dict[str, Any] = {KEY: key}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            flat |= {name if inner == UND else f"{name}.{inner}": cell(one) for inner, one in value.items()}
        else:
            flat[name] = cell(value)
    return flat


def cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(str(cell(one)) for one in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, Mapping) else value


def columns(records: Records) -> list[str]:
    """Every column that any record fills, the key first."""
    found = {name for key, fields in records() for name in cells(key, fields)}
    return [KEY, *sorted(found - {KEY})]


def to_csv(path: Path, records: Records) -> None:
    """UTF-8 with the mark by which spreadsheets know it."""
    names = columns(records)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, names, restval="")
        out.writeheader()
        for key, fields in records():
            out.writerow({name: "" if value is None else value for name, value in cells(key, fields).items()})


def to_xlsx(path: Path, records: Records) -> None:
    from openpyxl import Workbook

    names = columns(records)
    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = ANYTIME
    sheet = book.create_sheet("catalogue")
    sheet.append(names)
    for key, fields in records():
        row = cells(key, fields)
        sheet.append(
            [as_text(sheet, one) if isinstance(one, str) else one for one in (row.get(name) for name in names)]
        )
    book.save(path)


def as_text(sheet: Any, text: str) -> Any:
    """A cell that holds the text as it is, also where it begins like a formula."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text))
    made.data_type = "s"
    return made


def to_json(path: Path, records: Records) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        joined(file, records, ",")
        file.write("\n]\n")


def to_lines(path: Path, records: Records) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines(records))


def joined(file: TextIO, records: Records, sign: str) -> None:
    file.writelines(f"{sign if number else ''}\n{line}" for number, line in enumerate(lines(records)))


def lines(records: Records) -> Iterable[str]:
    return (json.dumps({KEY: key, **fields}, ensure_ascii=False, sort_keys=True) for key, fields in records())


WRITERS: Mapping[str, Callable[[Path, Records], None]] = {
    ".csv": to_csv,
    ".xlsx": to_xlsx,
    ".json": to_json,
    ".jsonl": to_lines,
}
