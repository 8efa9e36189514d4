"""`lockgate db`: the database's tables."""

from typing import Any

import typer

from lockgate.cli.output import DONE, PARTLY, Json, put_json, run, say, tell

app = typer.Typer(no_args_is_help=True, help="The database: its address, and its tables brought to this release.")


@app.command()
def upgrade(json: Json = False) -> None:
    """Bring the tables to this release. Safe to repeat; every other command does it too, on SQLite and PostgreSQL."""

    async def work() -> dict[str, Any]:
        from lockgate.cli.database import upgraded

        return await upgraded()

    told = run(work(), json=json)
    came = f"were brought from {told['from'] or 'nothing'} to" if told["from"] != told["to"] else "are at"
    tell(told, f"the tables of {told['database']} {came} {told['to']}", json=json)


@app.command()
def version(json: Json = False) -> None:
    """Which release the tables are of. Exit status 1 where they need `db upgrade`."""

    async def work() -> dict[str, Any]:
        from lockgate.cli.database import standing

        return await standing()

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        say(f"{told['database']}: tables at {told['tables'] or 'nothing yet'}, this release needs {told['needed']}")
    raise typer.Exit(DONE if told["tables"] == told["needed"] else PARTLY)
