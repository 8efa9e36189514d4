"""How flows stand: list, show, status, runs."""

from typing import Any

import typer

from lockgate.cli.flow.noun import AnyName, Limit, Name, app
from lockgate.cli.output import DONE, PARTLY, Json, put_json, run, say, table
from lockgate.cli.reading import Document, document, documents


@app.command("list")
def list_(json: Json = False) -> None:
    """All flows and how they stand."""
    told = run(lines(), json=json)
    if json:
        put_json(told)
        return
    columns = ("flow", "state", "from", "to", "delivered", "blocked", "parked", "failed", "in the inbox")
    none = "no flows yet: `lockgate recipe list` shows what there is to install"
    table(columns, [line(one) for one in told["rows"]], none=none)


async def lines() -> Document:
    from lockgate.app import views

    return await documents(views.flow_lines)


def line(one: Document) -> tuple[Any, ...]:
    counts = one["counts"]
    delivered = counts.get("written", 0) + counts.get("unchanged", 0)
    numbers = (delivered, counts.get("blocked", 0), one["parked"], counts.get("failed", 0), one["waiting"])
    return (one["name"], one["state"], one["source"], one["target"], *numbers)


@app.command()
def show(name: Name, json: Json = False) -> None:
    """What a flow does: its systems, answers, gates, and how its items stand at them."""
    told = run(flow(name), json=json)
    if json:
        put_json(told)
        return
    say(f"{told['title']}  ({told['recipe']}, version {told['version']}, {told['state']})")
    if told["problem"]:
        say(f"cannot work: {told['problem']}")
    table(("role", "connection"), told["uses"].items())
    table(("question", "answer"), [(one["label"], listed(one["answer"])) for one in told["ask"]], none="")
    table(("gate", "kind", "blocked by it"), [(one["name"], one["kind"], one["stopped"]) for one in told["gates"]])
    say(f"delivers {', '.join(told['fields'])}; when a gate closes: {told['closed']}")


def listed(answer: str | list[str]) -> str:
    return answer if isinstance(answer, str) else ", ".join(answer)


async def flow(name: str) -> Document:
    from lockgate.app import views

    return await document(views.flow, name)


@app.command()
def status(name: AnyName = None, json: Json = False) -> None:
    """How flows stand, in one look. Exit status 1 where something is parked or failed, or a flow cannot work."""
    told = run(lines(), json=json) if name is None else {"rows": [run(flow(name), json=json)]}
    if json:
        put_json(told)
    else:
        for one in told["rows"]:
            describe(one)
    raise typer.Exit(PARTLY if any(bad(one) for one in told["rows"]) else DONE)


def bad(one: Document) -> bool:
    stuck = one["last_run"] is not None and one["last_run"]["state"] in {"failed", "waiting"}
    return bool(stuck or one["parked"] or one["problem"] or one["counts"].get("failed"))


def describe(one: Document) -> None:
    say(f"{one['name']}: {one['state']}, {one['source']} → {one['target']}")
    if one["problem"]:
        say(f"  cannot work: {one['problem']}")
    counts = ", ".join(f"{number:,} {outcome}" for outcome, number in one["counts"].items())
    say(f"  items: {counts or 'none looked at yet'}; {one['waiting']:,} in the inbox, {one['parked']:,} parked")
    if (last := one["last_run"]) is not None:
        note = f": {last['note']}" if last["note"] else ""
        say(f"  last run: {last['kind']} of {last['started'][:19]}Z, {last['state']}{note}")


@app.command()
def runs(name: AnyName = None, limit: Limit = 20, json: Json = False) -> None:
    """The runs there were, the newest first."""

    async def work() -> Document:
        from lockgate.app import views

        return await document(views.runs, flow=name, limit=limit)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    names = ("read", "written", "blocked", "parked", "failed")
    rows = [
        (one["id"], one["kind"], one["state"], *(one["account"][name] for name in names), one["note"])
        for one in told["rows"]
    ]
    table(("run", "kind", "state", *names, "note"), rows, none="no runs yet")
