"""What a flow does when it is told to: plan, run, apply."""

from typing import Annotated, Any

import typer

from lockgate.cli.flow.noun import Limit, Name, app
from lockgate.cli.output import DONE, PARTLY, Json, put_json, run, say, size, table
from lockgate.cli.reading import Document

Confirm = Annotated[int | None, typer.Option("--confirm", min=1, metavar="N", help="Agree to so many withdrawals.")]


@app.command()
def plan(
    name: Name,
    everything: Annotated[bool, typer.Option("--all", help="Show every change, not only the first.")] = False,
    limit: Limit = 20,
    json: Json = False,
) -> None:
    """What a run would do, computed as a run does it but for the writing: in numbers, and the first changes."""

    async def work() -> Document:
        from lockgate.cli.runs import make_plan

        return await make_plan(name, None if everything else limit, quiet=json)

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        show_plan(told["plan"], told["changes"])
    raise typer.Exit(DONE if told["plan"]["state"] in {"ready", "applied"} else PARTLY)


def show_plan(plan: Document, changes: Document) -> None:
    numbers = [(action.replace("_", " "), number) for action, number in plan["summary"].items()]
    table(("the plan would", "items"), numbers, none="the plan would do nothing")
    say()
    table(("item", "title", "would", "why or what"), [change(one) for one in changes["rows"]], none="")
    if changes["next"] is not None:
        say("… there are more changes: --all shows them")
    say(account(plan["account"]))
    if plan["note"]:
        say(plan["note"])
    if changes["rows"]:
        say(f"carry it out: lockgate flow apply {plan['flow']} {plan['id']}")


def change(one: Document) -> tuple[str, ...]:
    fields = [] if "create" in one["actions"] else one["fields"]
    what = [f"{field['field']}: {field['before']!r} → {field['after']!r}" for field in fields[:3]]
    if one["file_after"]:
        what.insert(0, one["file_after"])
    if one["links"]:
        what.append(f"linked to {', '.join(one['links'])}")
    actions = ", ".join(action.replace("_", " ") for action in one["actions"])
    return (one["key"], one["title"], actions, one["reason"] or "; ".join(what))


def account(one: Document) -> str:
    return (
        f"read {one['read']:,} = written {one['written']:,} + unchanged {one['unchanged']:,}"
        f" + blocked {one['blocked']:,} + parked {one['parked']:,} + failed {one['failed']:,}"
        f"  ·  {one['linked']:,} linked, {one['withdrawn']:,} withdrawn, {size(one['bytes'])} carried"
    )


@app.command("run")
def run_(
    name: Name,
    verify: Annotated[
        bool, typer.Option("--verify", help="Ask the target what it really holds, item by item.")
    ] = False,
    confirm: Confirm = None,
    json: Json = False,
) -> None:
    """A full sync: all that the source lists is looked at, what differs is carried.

    Exit status 1 where something is parked or failed.
    """

    async def work() -> Document:
        from lockgate.cli.runs import carry_out

        kind, params = ("sweep", {"verify": True}) if verify else ("full", {})
        return await carry_out(name, kind, {**params, **confirmed(confirm)}, quiet=json)

    conclude(run(work(), json=json), json=json)


@app.command()
def apply(
    name: Name,
    plan: Annotated[str | None, typer.Argument(help="Id of the plan; the newest that is ready if none.")] = None,
    confirm: Confirm = None,
    json: Json = False,
) -> None:
    """Carry out a plan: exactly the items it names are looked at, as they are now."""

    async def work() -> Document:
        from lockgate.cli.runs import carry_out, ready_plan

        chosen = await ready_plan(name, plan)
        return await carry_out(name, "apply", {"plan": chosen, **confirmed(confirm)}, quiet=json)

    conclude(run(work(), json=json), json=json)


def confirmed(number: int | None) -> dict[str, Any]:
    return {} if number is None else {"confirmed": number}


def conclude(told: Document, *, json: bool) -> None:
    """Show a run that has ended; the exit status says whether a person should look."""
    counts = told["account"]
    if json:
        put_json(told)
    else:
        say(account(counts))
        table(("reason", "items"), sorted(counts["reasons"].items(), key=lambda one: -one[1]), none="")
        note = f": {told['note']}" if told["note"] else ""
        say(f"{told['kind']} run {told['id']}: {told['state']} in {told['seconds']:.1f} s{note}")
    good = told["state"] == "done" and not counts["parked"] and not counts["failed"]
    raise typer.Exit(DONE if good else PARTLY)
