"""`lockgate recipe test`: try what recipes promise against the sandboxes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lockgate.cli.output import DONE, ERR, OUT, PARTLY, Json, put_json, refuse, run, say
from lockgate.cli.place import Asked

if TYPE_CHECKING:
    from lockgate.app.examples import Cast, Played, Promises

Document = dict[str, Any]
ENDINGS = frozenset({".yaml", ".yml"})


def try_examples(
    recipes: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME|FILE]...", help="Which; all shipped ones if none.")
    ] = None,
    example: Annotated[str | None, typer.Option(help="Only examples whose name holds these words.")] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="ROLE=CONNECTOR", help="Which connector takes a role.")
    ] = None,
    json: Json = False,
) -> None:
    """Try the examples of recipes against the vendors' sandboxes. Exit status 1 where one does not hold.

    Each example has sandboxes, a database and a clock of its own; nothing of this installation is touched.
    """
    chosen = dict(pair(one, json=json) for one in with_ or ())
    told = run(tried(recipes or [], example, chosen, quiet=json), json=json)
    examples = [one for recipe in told for one in recipe["examples"]]
    held = sum(one["holds"] for one in examples)
    if json:
        put_json({"recipes": told, "tried": len(examples), "held": held})
    else:
        say(f"{held} of {len(examples)} hold")
    raise typer.Exit(DONE if held == len(examples) else PARTLY)


def pair(given: str, *, json: bool) -> tuple[str, str]:
    role, equals, connector = given.partition("=")
    if not role or not equals or not connector:
        refuse(f"{given!r} does not say which connector takes which role: write --with dam=celum", json=json)
    return role, connector


async def tried(named: Sequence[str], words: str | None, chosen: "Cast", *, quiet: bool) -> list[Document]:
    """Everything is read before the first example runs, so that a mistake shows at once."""
    import lockgate.recipes
    from lockgate.app.examples import casts
    from lockgate.app.logs import configure
    from lockgate.app.problems import Refused

    configure(Asked.log)
    found = [read(one) for one in named or lockgate.recipes.list()]
    if words is not None and not any(words in one.name for promises in found for one in promises.recipe.examples):
        raise Refused(f"no example has {words!r} in its name; `lockgate recipe show NAME` lists them")
    return [await recipe(one, casts(one.recipe, chosen)[0], words or "", quiet=quiet) for one in found]


def read(name: str) -> "Promises":
    """A shipped recipe by its name, or one of one's own by its file."""
    from lockgate.app.examples import gathered, gathered_file

    path = Path(name)
    return gathered_file(path) if path.suffix in ENDINGS or path.name != name else gathered(name)


async def recipe(promises: "Promises", cast: "Cast", words: str, *, quiet: bool) -> Document:
    """Try the examples of one recipe, one after the other."""
    import msgspec

    from lockgate.app.examples import play

    if not quiet:
        say(f"{promises.recipe.name} with {', '.join(f'{name} as {role}' for role, name in cast.items())}")
    played = []
    for example in promises.recipe.examples:
        if words in example.name:
            with working(example.name):
                played.append(await play(promises.recipe, example, cast, promises.scenes))
            if not quiet:
                tell(played[-1])
    return {"recipe": promises.recipe.name, "with": dict(cast), "examples": msgspec.to_builtins(played)}


@contextmanager
def working(name: str) -> Iterator[None]:
    """Show on a terminal what is being tried."""
    if not ERR.is_terminal:
        yield
        return
    with ERR.status(name):
        yield


def tell(played: "Played") -> None:
    mark = "[green]✓[/]" if played.holds else "[bold red]✗[/]"
    OUT.print(f"  {mark} ", end="")
    OUT.print(f"{played.example} ({played.seconds:.1f} s)", markup=False, soft_wrap=True)
    if played.holds:
        return
    for difference in played.differences:
        say(f"      {difference}")
    say("    what happened:")
    for sentence in played.happened:
        say(f"      {sentence}")
