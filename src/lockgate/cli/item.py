"""`lockgate item`: what is known of single items, and what the gates say of one now."""

from typing import Annotated, Any

import typer

from lockgate.cli.output import DONE, PARTLY, Json, put_json, run, say, table
from lockgate.cli.reading import Document, document

app = typer.Typer(no_args_is_help=True, help="Items: where they stand, what the gates said, what happened to them.")

Key = Annotated[str, typer.Argument(help="The item's id at the source, or its SKU, GTIN or other number.")]
Flow = Annotated[str | None, typer.Option(help="The flow; needed where several know the item.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")]
After = Annotated[str | None, typer.Option(help="Go on behind a page: the `next` of that page.")]


@app.command("list")
def list_(
    flow: Annotated[str | None, typer.Option(help="Only items of this flow.")] = None,
    outcome: Annotated[
        str | None, typer.Option(help="Only these: written, unchanged, blocked, parked, failed.")
    ] = None,
    code: Annotated[str | None, typer.Option(help="Only with this reason, such as rights.territory.")] = None,
    held: Annotated[str | None, typer.Option(help="Only what the target holds so: none, live, hidden.")] = None,
    text: Annotated[str | None, typer.Option(help="In title, key or identifiers.")] = None,
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """Items that match all that is given."""
    one_of("--outcome", outcome, ("written", "unchanged", "blocked", "parked", "failed"))
    one_of("--held", held, ("none", "live", "hidden"))
    asked = {"flow": flow, "outcome": outcome, "code": code, "held": held, "text": text, "limit": limit, "after": after}

    async def work() -> Document:
        from lockgate.app import views

        return await document(views.items, **asked)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    rows = [(one["flow"], one["key"], one["title"], one["outcome"], one["held"], one["reason"]) for one in told["rows"]]
    table(("flow", "item", "title", "outcome", "at the target", "reason"), rows, none="no such items")
    if told["next"]:
        say(f"… more: --after {told['next']}")


def one_of(option: str, given: str | None, choices: tuple[str, ...]) -> None:
    if given is not None and given not in choices:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(choices)}", param_hint=option)


@app.command()
def show(key: Key, flow: Flow = None, json: Json = False) -> None:
    """An item with all that is known of it: each gate's verdict in words, the copy at the target, its links."""

    async def work() -> Document:
        from lockgate.app import views
        from lockgate.cli.finding import known_item

        return await document(known_item, views.item, flow, key)

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        describe(told)


def describe(told: Document) -> None:
    say(f"{told['title']}  ({told['source']} {told['key']}, flow {told['flow']})")
    say(": ".join(part for part in (told["outcome"], told["reason"]) if part))
    for verdict in told["verdicts"]:
        say(f"  · {verdict['words']}")
    place = told["place"]
    say(f"copy: {place['words']}" + (f", id {place['ref']}" if place["ref"] else ""))
    for link in place["links"]:
        say(f"  linked from {link['kind']} {link['id']} ({link['field']})")
    if told["choice"]:
        say(f"  {told['choice']['by']} chose {told['choice']['label']}")
    table(("field", "written"), [(name, readable(value)) for name, value in place["fields"].items()], none="")
    if told["parked"]:
        say(f"waits for: {', '.join(told['parked']['waits']) or 'a change, or a person'}")
    if told["due"]:
        say(f"looked at again by itself: {told['due'][:19]}Z")


def readable(value: Any) -> Any:
    """A value of a field: lists and texts by language on one line."""
    if isinstance(value, dict):
        return "; ".join(f"{tag}: {text}" for tag, text in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value


@app.command()
def timeline(key: Key, flow: Flow = None, limit: Limit = 50, after: After = None, json: Json = False) -> None:
    """What happened to an item, newest first, with its place in the audit chain."""

    async def work() -> Document:
        from lockgate.app import views
        from lockgate.cli.finding import known_item

        return await document(known_item, views.timeline, flow, key, after=after, limit=limit)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    rows = [(one["at"][:19] + "Z", one["words"], one["run"], one["n"]) for one in told["rows"]]
    table(("when", "what", "run", "audit"), rows, none="nothing was done to it yet")


@app.command("where-used")
def where_used(
    text: Annotated[str, typer.Argument(help="A SKU, GTIN, ISBN, id, id at a target, or a part of a title.")],
    json: Json = False,
) -> None:
    """Where something stands: which items it leads to, and where their copies are."""

    async def work() -> Document:
        from lockgate.app import views

        return await document(views.where_used, text)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    rows = [(one["flow"], one["key"], one["title"], one["place"]["words"], links(one["place"])) for one in told["rows"]]
    table(("flow", "item", "title", "copy", "linked from"), rows, none=f"nothing known leads from {text!r} to an item")


def links(place: Document) -> str:
    return ", ".join(f"{one['kind']} {one['id']}" for one in place["links"])


@app.command()
def look(key: Key, flow: Flow = None, json: Json = False) -> None:
    """Ask the gates now, reading the item from its source; nothing is written. Exit status 1 where one does not allow."""

    async def work() -> Any:
        from lockgate.cli.working import at_work

        async with at_work() as at:
            return await at.look(flow, key)

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        say(f"{told['title'] or 'no longer there'}  ({told['key']}, flow {told['flow']})")
        for verdict in told["verdicts"]:
            say(f"  · {verdict['words']}")
        say("every gate lets it through" if told["allowed"] else "it would not be delivered")
    raise typer.Exit(DONE if told["allowed"] else PARTLY)
