"""`lockgate doctor`: is this installation in order, and if not, what to do."""

import typer

from lockgate.cli.output import DONE, OUT, PARTLY, Json, put_json, run

MARKS = {"ok": "[green]ok  [/]", "warn": "[yellow]warn[/]", "fail": "[bold red]fail[/]"}


def doctor(json: Json = False) -> None:
    """Look at database, key, disk, connections, flows, clock and what was left behind; each line with its remedy.

    Exit status 1 where something fails; what only should be looked at is a warning.
    """
    from lockgate.cli.health import examined
    from lockgate.cli.reading import plain

    findings = run(examined(), json=json)
    if json:
        put_json({"findings": [plain(one) for one in findings]})
    else:
        for one in findings:
            OUT.print(MARKS[one.state], end="  ")
            OUT.print(f"{one.what}: {one.sentence}", markup=False, soft_wrap=True)
            if one.remedy:
                OUT.print(f"      → {one.remedy}", markup=False, soft_wrap=True)
    raise typer.Exit(PARTLY if any(one.state == "fail" for one in findings) else DONE)
