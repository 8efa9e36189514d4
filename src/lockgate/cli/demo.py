"""`lockgate demo`: the real thing on sandboxes, from nothing to a watched flow in one command."""

from pathlib import Path
from typing import Annotated

import typer

from lockgate.cli.output import Json, refuse, run


def demo(
    content: Annotated[
        Path | None, typer.Option(help="Folder of your own files; without it Lockgate draws samples.")
    ] = None,
    assets: Annotated[int | None, typer.Option(min=1, help="Make this many assets from the files at hand.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of what is draft, expired, restricted …")] = 0,
    once: Annotated[
        bool, typer.Option("--once", help="End after the run, in a fresh place unless --home is given.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="With --once: keep the sandboxes serving until Ctrl-C.")] = False,
    json: Json = False,
) -> None:
    """Sandboxes, connections and a flow on an embedded database; a first sync with progress; then watch until Ctrl-C.

    A demo that was stopped or killed goes on where it was when it is started again with the same content.
    """
    if content is not None and not content.is_dir():
        refuse(f"{content} is no folder: give one with images, PDFs or product tables", json=json)
    from lockgate.cli.playing import play

    raise typer.Exit(run(play(content, assets, seed, once=once, keep=keep, json=json), json=json))
