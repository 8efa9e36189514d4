"""`lockgate recipe`: the shipped automations, and checks of one's own."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lockgate.cli.examples import try_examples
from lockgate.cli.output import DONE, PARTLY, Json, complain, put_json, run, say, table
from lockgate.cli.reading import Document, plain, whole

app = typer.Typer(no_args_is_help=True, help="Recipes: shipped automations with the few questions a person answers.")


app.command("test")(try_examples)


@app.command("list")
def list_(json: Json = False) -> None:
    """The shipped recipes."""

    async def work() -> Document:
        from lockgate.app import views

        return whole(await views.recipes())

    told = run(work(), json=json)
    if json:
        put_json(told)
        return
    table(("recipe", "what it does", "why"), [(one["name"], one["title"], one["why"]) for one in told["rows"]])


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The recipe's name.")],
    text: Annotated[bool, typer.Option("--text", help="The recipe itself, as YAML.")] = False,
    json: Json = False,
) -> None:
    """What a recipe needs, asks and promises."""

    async def work() -> Document:
        from lockgate.app import views

        return plain(await views.recipe(name))

    told = run(work(), json=json)
    if json:
        put_json(told)
    elif text:
        say(told["text"].rstrip("\n"))
    else:
        describe(told)


def describe(told: Document) -> None:
    say(f"{told['title']}\n{told['why']}")
    roles = [(role, ", ".join(one["kinds"]), ", ".join(one["needs"])) for role, one in told["uses"].items()]
    table(("role", "kinds", "needs a system that can"), roles)
    table(("question", "label", "default"), [(one["name"], one["label"], default(one)) for one in told["ask"]], none="")
    say("gates, all of which must allow:")
    for gate in told["gates"]:
        say(f"  · {gate}")
    say("promises:")
    for promise in told["examples"]:
        say(f"  · {promise}")
    say(f"begin: lockgate flow template {told['name']} > {told['name']}.yaml")


def default(question: Document) -> Any:
    answer = question["default"]
    return ", ".join(answer) if isinstance(answer, list) else answer


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A recipe file, or a flow file.")],
    json: Json = False,
) -> None:
    """Check a recipe or a flow file: every problem at once, each with its line and remedy. Exit status 1 where there are any."""

    async def work() -> list[Document]:
        from lockgate.cli.checking import problems
        from lockgate.cli.words import text_of

        return problems(text_of(file), file.name)

    found = run(work(), json=json)
    if json:
        put_json({"file": str(file), "problems": found})
    elif not found:
        say(f"{file} is in order")
    for one in () if json else found:
        place = f"{one['source']}:{one['line']}:{one['column']}: {one['path'] + ': ' if one['path'] else ''}"
        complain(f"{place}{one['sentence']}" + (f" ({one['remedy']})" if one["remedy"] else ""))
    raise typer.Exit(PARTLY if found else DONE)
