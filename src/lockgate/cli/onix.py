"""`lockgate onix`: messages of the book trade, checked and converted. Needs no installation and no network."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lockgate.cli.output import DONE, PARTLY, Json, complain, put_json, run, say, size, table

app = typer.Typer(no_args_is_help=True, help="ONIX for Books: check messages, convert them to ONIX 3.0.")

Limit = Annotated[int, typer.Option(min=0, help="Show so many problems of a file; all of them are counted.")]


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="ONIX messages, 2.1 or 3.")],
    warnings: Annotated[bool, typer.Option(help="Show what is doubtful, too.")] = True,
    limit: Limit = 200,
    json: Json = False,
) -> None:
    """Check messages against the official schema, code lists, check digits and the rules of the trade.

    Exit status 1 where a product cannot be read or is invalid; warnings alone do not count.
    """

    async def work() -> list[dict[str, Any]]:
        from lockgate.cli.messages import checked

        return [checked(file, limit, warnings=warnings, quiet=json) for file in files]

    found = run(work(), json=json)
    if json:
        put_json({"files": found})
    else:
        for one in found:
            report(one)
    raise typer.Exit(DONE if all(one["valid"] for one in found) else PARTLY)


def report(found: dict[str, Any]) -> None:
    for problem in found["problems"]:
        tell(found["file"], problem)
    hidden = found["found"] - len(found["problems"])
    more = f"; {hidden:,} more problems are not shown" if hidden else ""
    release = f"ONIX {found['release']}" if found["release"] else "no ONIX"
    verdict = "valid" if found["valid"] else f"{found['invalid']:,} invalid, {found['unreadable']:,} unreadable"
    if not found["valid"] and not found["invalid"] and not found["unreadable"]:
        verdict = "the message itself is not valid"
    say(f"{found['file']}: {release}, {found['products']:,} products, {verdict}{more}")
    table(
        ("problem", "how bad", "times"),
        [(one["code"], one["severity"], one["times"]) for one in found["codes"]],
        none="",
    )


def tell(file: str, problem: dict[str, Any]) -> None:
    """`file:line: error: element: sentence`: what editors can jump to."""
    line = f":{problem['line']}" if problem["line"] is not None else ""
    element = f"{problem['element']}: " if problem["element"] else ""
    reference = f" (record {problem['reference']})" if problem["reference"] else ""
    complain(f"{file}{line}: {problem['severity']}: {element}{problem['sentence']}{reference} [{problem['code']}]")


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(help="An ONIX message, 2.1 or 3.")],
    to: Annotated[Path, typer.Option(help="The new message.")],
    short: Annotated[bool, typer.Option("--short", help="With short tags.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    limit: Limit = 200,
    json: Json = False,
) -> None:
    """Write a message as ONIX 3.0, and tell which elements have no place in our records and are left out.

    The new file is there when it is whole. Exit status 1 where products could not be read; the others are in the new message.
    """

    async def work() -> dict[str, Any]:
        from lockgate.cli.messages import converted

        return converted(file, to, limit, short=short, force=force, quiet=json)

    found = run(work(), json=json)
    if json:
        put_json(found)
    else:
        for problem in found["problems"]:
            tell(found["file"], problem)
        say(
            f"{to}: ONIX 3.0, {found['written']:,} products, {size(found['bytes'])}; {found['unreadable']:,} unreadable"
        )
        table(("left out", "products"), [(one["element"], one["products"]) for one in found["left_out"]], none="")
    raise typer.Exit(PARTLY if found["unreadable"] else DONE)
