"""What `lockgate onix` does with messages: read them piece by piece under a progress bar, and count."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from lockgate.app.problems import Refused
from lockgate.cli.output import ERR
from lockgate.kit import onix


@contextmanager
def opened(file: Path, *, quiet: bool) -> Iterator[BinaryIO]:
    """A file to be read, with a bar on a terminal. Raises Refused with the reason in words."""
    try:
        stream = file.open("rb")
        length = file.stat().st_size
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror}") from None
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with stream, Progress(*columns, console=ERR, transient=True, disable=quiet or not ERR.is_terminal) as progress:
        yield progress.wrap_file(stream, total=length, description=file.name)


class Found:
    """Problems of a file: all are counted, some are kept."""

    def __init__(self, limit: int, *, warnings: bool = True) -> None:
        self._limit, self._warnings = limit, warnings
        self._kept: dict[str, list[tuple[int, onix.Problem]]] = {"error": [], "warning": []}
        self.number = 0
        self.codes: Counter[tuple[str, str]] = Counter()

    def add(self, problem: onix.Problem) -> None:
        if problem.severity is onix.Severity.WARNING and not self._warnings:
            return
        self.number += 1
        self.codes[problem.severity.value, problem.code] += 1
        kept = self._kept[problem.severity.value]
        if len(kept) < self._limit:
            kept.append((self.number, problem))

    def shown(self) -> list[dict[str, Any]]:
        """As many as there may be, errors before warnings where there are too many; in the order of the file."""
        chosen = [*self._kept["error"], *self._kept["warning"]][: self._limit]
        return [msgspec.to_builtins(problem) for _, problem in sorted(chosen, key=lambda one: one[0])]

    def counted(self) -> list[dict[str, Any]]:
        return [{"code": code, "severity": bad, "times": times} for (bad, code), times in self.codes.most_common()]


def checked(file: Path, limit: int, *, warnings: bool, quiet: bool) -> dict[str, Any]:
    """What is wrong with a message, as a plain document."""
    reader, found = onix.Reader(check=True), Found(limit, warnings=warnings)
    invalid = unreadable = 0
    valid = True
    with opened(file, quiet=quiet) as stream:
        for entry in onix.read_with(reader, stream):
            valid = valid and entry.valid
            unreadable += entry.product is None and not entry.message
            invalid += entry.product is not None and not entry.valid
            for problem in entry.problems:
                found.add(problem)
    return {
        "file": str(file),
        "release": reader.release,
        "products": reader.products,
        "valid": valid,
        "invalid": invalid,
        "unreadable": unreadable,
        "found": found.number,
        "codes": found.counted(),
        "problems": found.shown(),
    }


def converted(file: Path, to: Path, limit: int, *, short: bool, force: bool, quiet: bool) -> dict[str, Any]:
    """Convert a message; what came of it. Raises Refused where the new file is there, or nothing can be read."""
    if to.exists() and not force:
        raise Refused(f"{to} is there already: --force writes over it")
    found, lost = Found(limit), Counter[str]()
    written = unreadable = 0
    with opened(file, quiet=quiet) as stream, replaced(to) as target:
        for entry in onix.convert(stream, target, style="short" if short else "reference"):
            written += entry.product is not None
            unreadable += entry.product is None and not entry.message
            refuse(entry, file)
            lost.update(entry.left_out)
            for problem in entry.problems:
                found.add(problem)
    return {
        "file": str(file),
        "to": str(to),
        "bytes": to.stat().st_size,
        "written": written,
        "unreadable": unreadable,
        "left_out": [{"element": element, "products": times} for element, times in lost.most_common()],
        "found": found.number,
        "problems": found.shown(),
    }


def refuse(entry: onix.Entry, file: Path) -> None:
    """Make nothing of a message of which nothing is read."""
    for problem in entry.problems:
        if problem.code in onix.NOTHING_READ:
            raise Refused(f"{file}: {problem.sentence}")


@contextmanager
def replaced(file: Path) -> Iterator[BinaryIO]:
    """A new file that takes its place when it is whole, and leaves nothing behind when it is not."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        target = beside.open("wb")
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}") from None
    try:
        with target:
            yield target
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
