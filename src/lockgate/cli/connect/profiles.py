"""Which field of a tenant carries what: shown, set, confirmed."""

from typing import Annotated, Any

import typer

from lockgate.cli.connect.noun import Name, app
from lockgate.cli.output import Json, put_json, run, say, table
from lockgate.cli.reading import Document


@app.command()
def profile(
    name: Name,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KIND.NAME=FIELD", help="Say which field it is: asset.ids.sku=643; empty for none."
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Agree to what is proposed now.")] = False,
    zone: Annotated[str | None, typer.Option(help="Time zone the system means by plain dates: Europe/Berlin.")] = None,
    fields: Annotated[bool, typer.Option("--fields", help="Also list all fields the system has.")] = False,
    json: Json = False,
) -> None:
    """Show the profile beside what a fresh look at the system proposes, each with confidence and a sample.

    With --set or --confirm (or both: the word of a person stands over the proposal) it is stored as confirmed.
    """

    async def work() -> Document:
        from lockgate.cli.connect.profiling import looked_at

        return await looked_at(name, settings or [], confirm=confirm, zone=zone)

    told = run(work(), json=json)
    if json:
        put_json(told)
    else:
        describe(name, told, fields=fields)


def describe(name: str, told: Document, *, fields: bool) -> None:
    profile, samples = told["profile"], told["samples"]
    rows = [line(one, samples) for one in profile["matches"]]
    table(
        ("kind", "name", "field", "label", "confidence", "sample", "why"),
        rows,
        none="no field is known to carry anything",
    )
    new = [one for one in told["proposal"]["matches"] if not known(one, profile["matches"])]
    table(("also proposed", "field", "label", "confidence", "why"), [fresh(one) for one in new], none="")
    open_ = [f"{kind}.{one}" for kind, names in told["proposal"]["canonical"].items() for one in names]
    carried = {f"{one['kind']}.{one['canonical']}" for one in (*profile["matches"], *new)}
    if missing := [one for one in open_ if one not in carried]:
        say(f"no field found for: {', '.join(missing)}")
    if fields:
        rows = [field_line(kind, one) for kind, found in told["proposal"]["fields"].items() for one in found]
        table(("kind", "field", "label", "type", "choices"), rows)
    if profile["confirmed_by"]:
        say(
            f"confirmed by {profile['confirmed_by']} at {profile['confirmed_at'][:19]}Z; plain dates are {profile['zone']}"
        )
    else:
        say(f"not confirmed yet: lockgate connect profile {name} --confirm, or --set KIND.NAME=FIELD where it is wrong")


def known(one: Document, matches: list[Document]) -> bool:
    return any((one["kind"], one["canonical"]) == (other["kind"], other["canonical"]) for other in matches)


def line(one: Document, samples: dict[str, dict[str, Any]]) -> tuple[Any, ...]:
    sample = samples.get(one["kind"], {}).get(one["canonical"])
    return (one["kind"], one["canonical"], one["field"], one["label"], percent(one), brief(sample), one["why"])


def fresh(one: Document) -> tuple[Any, ...]:
    return (f"{one['kind']}.{one['canonical']}", one["field"], one["label"], percent(one), one["why"])


def field_line(kind: str, one: Document) -> tuple[Any, ...]:
    return (kind, one["name"], one["label"], one["type"], ", ".join(list(one["options"].values())[:6]))


def percent(one: Document) -> str:
    return f"{round(one['confidence'] * 100)} %"


def brief(sample: Any) -> str:
    text = "" if sample is None else str(sample)
    return text if len(text) <= 40 else text[:39] + "…"
