"""`lockgate audit`: prove that what was recorded was not changed, and take the proof elsewhere."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lockgate.cli.output import DONE, PARTLY, Json, put_json, refuse, run, say

app = typer.Typer(no_args_is_help=True, help="The audit: a chain of all that was done, which shows any later change.")

Known = Annotated[str | None, typer.Option(metavar="N:HASH", help="A row kept elsewhere, to check against.")]


@app.command()
def verify(
    bundle: Annotated[
        Path | None, typer.Argument(help="An exported bundle; this installation's chain if none.")
    ] = None,
    known: Known = None,
    json: Json = False,
) -> None:
    """Check the whole chain. Exit status 1 where it was changed, and which row shows it."""
    kept = row_and_hash(known, json=json)

    async def work() -> dict[str, Any]:
        from lockgate.cli.auditing import check, check_bundle

        return await check(kept) if bundle is None else await check_bundle(bundle, kept)

    told = run(work(), json=json)
    if json:
        put_json(told)
    elif told["intact"]:
        say(f"the chain holds: {told['rows']:,} rows with {told['entries']:,} entries")
        say(f"its end, to be kept elsewhere: {told['last']['n']}:{told['last']['hash']}")
    else:
        say(f"the chain does NOT hold at row {told['broken']}: {told['problem']}")
    raise typer.Exit(DONE if told["intact"] else PARTLY)


def row_and_hash(known: str | None, *, json: bool) -> tuple[int, str] | None:
    if known is None:
        return None
    n, colon, hash = known.partition(":")
    if not colon or not n.isdigit() or len(hash) != 64:
        refuse(f"--known is a row's number and hash as `audit verify` prints them, not {known!r}", json=json)
    return int(n), hash.lower()


@app.command()
def export(
    file: Annotated[Path | None, typer.Option("--to", help="Write to this file; standard output if none.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Only rows behind this number.")] = 0,
    json: Json = False,
) -> None:
    """The chain as JSON lines that verify themselves, with nothing but SHA-256 at hand."""
    if json and file is None:
        refuse("the bundle is JSON lines already; with --json say --to FILE", json=json)

    async def work() -> int:
        from lockgate.cli.auditing import write

        return await write(file, after)

    lines = run(work(), json=json)
    if file is not None and json:
        put_json({"file": str(file), "lines": lines})
    elif file is not None:
        say(f"{lines:,} lines are in {file}; check them anywhere: lockgate audit verify {file}")
