"""`lockgate parked`: what cannot go on, why, and what is done about it."""

from typing import Annotated, Any

import typer

from lockgate.cli.output import DONE, PARTLY, Json, put_json, refuse, run, say, table, tell
from lockgate.cli.reading import Document, document

app = typer.Typer(no_args_is_help=True, help="Parked items: why they wait, and how they go on.")

Flow = Annotated[str, typer.Argument(help="The flow's name.")]
Keys = Annotated[list[str] | None, typer.Argument(help="Items by id; all parked ones of the flow if none.")]
Reason = Annotated[str | None, typer.Option(help="Only with this reason, such as product.missing.")]


@app.command("list")
def list_(
    flow: Annotated[str | None, typer.Argument(help="The flow's name; all flows if none.")] = None,
    reason: Reason = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    after: Annotated[str | None, typer.Option(help="Go on behind a page: the `next` of that page.")] = None,
    json: Json = False,
) -> None:
    """Parked items: why, what each waits for, since when, how often tried; before them the reasons, counted."""

    async def work() -> tuple[Document, list[Any]]:
        from lockgate.app import views
        from lockgate.cli.place import installation
        from lockgate.cli.reading import plain

        async with installation() as app:
            if flow is not None:
                await app.flows.row(flow)
            page = await views.parked_items(app, flow=flow, code=reason, limit=limit, after=after)
            return plain(page), await views.parked_counts(app, flow)

    told, counts = run(work(), json=json)
    if json:
        put_json(told)
        return
    table(("flow", "reason", "items"), [(one.flow, one.code, one.n) for one in counts], none="nothing is parked")
    if told["rows"]:
        say()
        table(("item", "title", "why", "waits for", "tries", "since"), [line(one) for one in told["rows"]])
    if told["next"]:
        say(f"… more: --after {told['next']}")


def line(one: Document) -> tuple[Any, ...]:
    waits = ", ".join(one["waits"]) or (f"until {one['next_try'][:19]}Z" if one["next_try"] else "a change, a person")
    return (one["key"], one["title"], one["reason"], waits, one["tries"], one["since"][:19] + "Z")


@app.command()
def show(flow: Flow, key: Annotated[str, typer.Argument(help="The item's id.")], json: Json = False) -> None:
    """One parked item, with its verdicts and all else that is known of it."""

    async def work() -> Document:
        from lockgate.app import views

        return await document(views.item, flow, key)

    told = run(work(), json=json)
    if told["parked"] is None:
        refuse(f"{key} is not parked in {flow}; `lockgate item show {key}` tells how it stands", json=json)
    if json:
        put_json(told)
    else:
        from lockgate.cli.item import describe

        describe(told)
        say(f"parked since {told['parked']['since'][:19]}Z, tried {told['parked']['tries']} times")


@app.command()
def retry(
    flow: Flow,
    keys: Keys = None,
    reason: Reason = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Let go what the mass-withdraw guard holds: agree to these withdrawals.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at parked items again: all of a flow, those with one reason, or these. Exit status 1 where some stay parked."""

    async def work() -> Document:
        from lockgate.cli.working import at_work

        async with at_work(engine=True) as at:
            return await at.retry(flow, keys or None, reason, confirmed=confirm)

    told = run(work(), json=json)
    tell(told, f"{told['retried']} looked at again; {len(told['still_parked'])} stay parked", json=json)
    raise typer.Exit(PARTLY if told["still_parked"] else DONE)


@app.command()
def choose(
    flow: Flow,
    key: Annotated[str, typer.Argument(help="The item's id.")],
    counterpart: Annotated[
        str | None, typer.Argument(help="The target's id of what it belongs to; none lists what there is to choose.")
    ] = None,
    find: Annotated[str, typer.Option(help="List what fits this number, id or words, not what the item names.")] = "",
    none: Annotated[
        bool, typer.Option("--none", help="Take a choice back: the item's own numbers decide again.")
    ] = False,
    json: Json = False,
) -> None:
    """Say which product (or other counterpart) an item belongs to that names none, none that is there, or several.

    Exit status 1 where it stays parked.
    """
    if counterpart is None and not none:
        offered(flow, key, find, json=json)
        return

    async def work() -> Document:
        from lockgate.cli.working import at_work

        async with at_work(engine=True) as at:
            return await at.choose(flow, key, None if none else counterpart)

    told = run(work(), json=json)
    tell(told, f"{told['title']}: {told['outcome']}, {told['reason']}", json=json)
    raise typer.Exit(PARTLY if told["parked"] and not none else DONE)


def offered(flow: str, key: str, text: str, *, json: bool) -> None:
    """What there is to choose from."""

    async def work() -> Document:
        from lockgate.app import views
        from lockgate.cli.place import installation
        from lockgate.cli.reading import plain

        async with installation() as app:
            return {"rows": [plain(one) for one in await views.candidates(app, flow, key, text)]}

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    rows = [(one["id"], one["title"], numbers(one["identifiers"]), one["found_by"]) for one in told["rows"]]
    table(("id", "title", "numbers", "found by"), rows, none="nothing fits: --find looks for a number, an id or words")


def numbers(identifiers: Document) -> str:
    return ", ".join(f"{kind} {value}" for kind, values in identifiers.items() for value in values)


@app.command()
def drop(
    flow: Flow,
    keys: Keys = None,
    reason: Reason = None,
    json: Json = False,
) -> None:
    """Give up on parked items, or on all with one reason, until they change at the source. Say which."""
    if not keys and reason is None:
        refuse("say which: items by id, or --reason", json=json)

    async def work() -> int:
        from lockgate.cli.working import at_work

        async with at_work(engine=True) as at:
            return await at.drop(flow, keys or None, reason)

    number = run(work(), json=json)
    tell(
        {"flow": flow, "dropped": number},
        f"{number} items wait no longer; a change at the source wakes them",
        json=json,
    )
