"""What `lockgate audit` does."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO

from lockgate.app import views
from lockgate.app.problems import Refused
from lockgate.cli.place import installation
from lockgate.cli.reading import document, plain
from lockgate.cli.words import text_of
from lockgate.ledger import audit


async def check(known: tuple[int, str] | None) -> dict[str, Any]:
    return await document(views.audit_report, known)


async def check_bundle(file: Path, known: tuple[int, str] | None) -> dict[str, Any]:
    """The same report of a bundle by itself. Raises Refused when it is none."""
    try:
        report = audit.verify_lines(text_of(file).splitlines(), known=known)
    except ValueError as error:
        raise Refused(f"{file}: {error}") from None
    end = views.ChainEnd(n=report.last[0], hash=report.last[1])
    return plain(
        views.AuditReportView(
            intact=report.holds, rows=report.rows, entries=report.entries, broken=report.broken,
            problem=report.problem, last=end,
        )
    )  # fmt: skip


async def write(file: Path | None, after: int) -> int:
    """Write the bundle; answers the number of lines. A file is there whole, or not at all."""
    with ExitStack() as stack:
        part = file.with_name(file.name + ".part") if file is not None else None
        out: TextIO = stack.enter_context(part.open("w", encoding="utf-8")) if part is not None else sys.stdout
        lines = await copy(out, after)
    if file is not None and part is not None:
        part.replace(file)
    return lines


async def copy(out: TextIO, after: int) -> int:
    lines = 0
    async with installation() as app:
        try:
            async for line in audit.export(app.ledger, after=after):
                out.write(line + "\n")
                lines += 1
        except ValueError as error:
            raise Refused(str(error)) from None
    return lines
