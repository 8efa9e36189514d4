"""`lockgate recall`: close an item at once, whatever the gates say, until that is lifted."""

from typing import Annotated, Any

import typer

from lockgate.cli.output import DONE, PARTLY, Json, put_json, refuse, run, say, table
from lockgate.cli.reading import Document, document

Keys = Annotated[
    list[str] | None, typer.Argument(help="Items by id, SKU, GTIN or other number; none lists what is recalled.")
]
Flow = Annotated[str | None, typer.Option(help="Only in this flow; in every flow that carries the item if none.")]
Reason = Annotated[str | None, typer.Option(help="Why, for the audit and for whoever asks.")]
Lift = Annotated[bool, typer.Option("--lift", help="Take the recall back: the gates alone decide again.")]


def recall(keys: Keys = None, flow: Flow = None, reason: Reason = None, lift: Lift = False, json: Json = False) -> None:
    """Close items at once and until lifted; their copies are seen closed before it ends.

    Exit status 1 where a copy is not closed yet: it is tried again until it is.
    """
    if not keys:
        listed(flow, json=json)
        return
    if not lift and not (reason or "").strip():
        refuse('say why: --reason "…"', json=json)

    async def work() -> Document:
        from lockgate.cli.finding import all_meant
        from lockgate.cli.working import at_work

        async with at_work(engine=True) as at:
            chosen = await all_meant(at.app, flow, keys)
            if lift:
                return await at.lift(chosen)
            return await at.recall(chosen, reason or "")

    told = run(work(), json=json)
    if json:
        put_json(told)
    elif lift:
        say(f"{len(told['lifted'])} recalls lifted; the gates decide again")
    else:
        table(("flow", "item", "title", "state"), [line(one) for one in told["rows"]])
    raise typer.Exit(DONE if lift or all(one["closed"] for one in told["rows"]) else PARTLY)


def line(one: Document) -> tuple[Any, ...]:
    return (one["flow"], one["key"], one["title"], one["words"])


def listed(flow: str | None, *, json: bool) -> None:
    """What is recalled, by whom and why."""

    async def work() -> Document:
        from lockgate.app import views

        return await document(views.recalls, flow=flow, limit=1000)

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    rows = [(*line(one), one["reason"], one["who"], one["at"][:19] + "Z") for one in told["rows"]]
    table(("flow", "item", "title", "state", "why", "who", "when"), rows, none="nothing is recalled")
