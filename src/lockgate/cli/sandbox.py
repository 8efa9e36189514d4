"""`lockgate sandbox`: start vendor sandboxes and do to them what tests, demos and people do."""

from pathlib import Path
from typing import Annotated, Any

import typer

from lockgate.cli import running_sandboxes as running
from lockgate.cli.http import call
from lockgate.cli.output import DONE, ERR, PARTLY, Json, put_json, refuse, say, size, table
from lockgate.cli.words import given_by_name

app = typer.Typer(no_args_is_help=True, help="Vendor sandboxes: stateful imitations of the vendors' systems.")

Where = Annotated[str, typer.Argument(help="Address of the sandbox, or its name in a running demo (celum).")]


@app.command("list")
def list_(json: Json = False) -> None:
    """The sandboxes there are, and those that a demo of this home runs now."""
    found = [{"name": name, "running": [one.url for one in running.found() if one.name == name]} for name in names()]
    if json:
        put_json({"sandboxes": found})
        return
    table(("sandbox", "running at"), [(one["name"], ", ".join(one["running"])) for one in found])


def names() -> list[str]:
    """Connectors that bring a sandbox, without importing any of them."""
    import pkgutil
    from importlib.util import find_spec

    import lockgate.connectors

    there = (module.name for module in pkgutil.iter_modules(lockgate.connectors.__path__) if module.ispkg)
    return sorted(name for name in there if find_spec(f"lockgate.connectors.{name}.sandbox"))


@app.command()
def up(
    name: Annotated[str, typer.Argument(help="Which sandbox; `lockgate sandbox list` names them.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 0,
    key: Annotated[str, typer.Option(help="API key that is accepted.")] = "demo-key",
    state: Annotated[Path | None, typer.Option(help="Keep its state in this folder between starts.")] = None,
    content: Annotated[Path | None, typer.Option(help="Fill it from a folder of real files.")] = None,
    assets: Annotated[int | None, typer.Option(min=1, help="With --content: make this many assets.")] = None,
    seed: Annotated[int, typer.Option(help="Start of all chances.")] = 0,
    option: Annotated[list[str] | None, typer.Option(help="A switch of this vendor's sandbox, NAME=VALUE.")] = None,
    json: Json = False,
) -> None:
    """Serve a sandbox until Ctrl-C. Once it listens, it prints one line of JSON: id, url, key, pid."""
    from lockgate.kit.sandbox.__main__ import main

    if name not in names() and ":" not in name:
        refuse(f"there is no sandbox {name!r}; there are: {', '.join(names())}", json=json)
    given = {"port": port, "key": key, "state": state, "content": content, "assets": assets, "seed": seed}
    arguments = [f"--{what}={value}" for what, value in given.items() if value is not None]
    if not json:
        ERR.print(f"starting the {name} sandbox; Ctrl-C ends it")
    raise typer.Exit(main([name, *arguments, *(f"--option={one}" for one in option or [])]))


@app.command()
def seed(
    where: Where,
    content: Annotated[Path | None, typer.Option(help="Folder of real files; without it the default seed.")] = None,
    assets: Annotated[int | None, typer.Option(min=1, help="Make this many assets from the files at hand.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="What is draft, expired, restricted … is dealt by this number.")
    ] = None,
    json: Json = False,
) -> None:
    """Empty a sandbox and fill it anew; says what it made."""
    if content is not None and not content.is_dir():
        refuse(f"{content} is no folder: give one with images, PDFs or product tables", json=json)
    options = {name: value for name, value in (("assets", assets), ("seed", seed)) if value is not None}
    body = {"content": str(content.resolve()) if content else None, "options": options}
    manifest = control("POST", where, "seed", body, json=json, patience=3600)
    if json:
        put_json(manifest)
        return
    table(("made", "number"), [(what, number) for what, number in manifest["made"].items() if isinstance(number, int)])
    for problem in manifest["problems"]:
        say(f"· {problem['path']}: {problem['sentence']}")


@app.command()
def manifest(where: Where, json: Json = False) -> None:
    """What a sandbox was seeded with, and what a first run over that must account for."""
    told = control("GET", where, "manifest", json=json)
    if json:
        put_json(told)
        return
    say(f"{told['sandbox']} was seeded at {told['at'][:19]}Z from {told['content'] or 'its own seed'}")
    table(("made", "number"), [(what, number) for what, number in told["made"].items() if isinstance(number, int)])
    if expected := told["expected"]:
        reasons = [(reason, number) for part in ("blocked", "parked") for reason, number in expected[part].items()]
        table(("a first run must", "items"), [("read", expected["read"]), ("write", expected["written"]), *reasons])


@app.command()
def reset(where: Where, json: Json = False) -> None:
    """Back to how it was last seeded: real time, no faults, empty logs."""
    control("POST", where, "reset", json=json, patience=3600)
    if json:
        put_json({"reset": running.address(where)})
    else:
        say(f"{where} is as it was seeded")


@app.command()
def faults(
    where: Where,
    add: Annotated[
        str | None,
        typer.Option(
            help="Kind of fault to add: status, timeout, reset, cut, slow, wrong_length, rate_limit, expired_token, skip, twice;"
            " for webhooks drop, repeat, disorder, delay."
        ),
    ] = None,
    match: Annotated[str, typer.Option(help="Which calls it meets: `GET /assets/*`, a path, or `webhook`.")] = "*",
    status: Annotated[int | None, typer.Option(help="Status that is answered.")] = None,
    retry_after: Annotated[float | None, typer.Option(help="Seconds named in Retry-After.")] = None,
    times: Annotated[int | None, typer.Option(help="How often it strikes; for ever if not given.")] = None,
    probability: Annotated[float | None, typer.Option(help="Between 0 and 1.")] = None,
    after: Annotated[int | None, typer.Option(help="Let this many matching calls pass first.")] = None,
    delay_ms: Annotated[int | None, typer.Option(help="Milliseconds to wait first.")] = None,
    record: Annotated[
        str | None, typer.Option(help="For skip and twice: the id of the record that lists leave out, or show twice.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take all faults away.")] = False,
    json: Json = False,
) -> None:
    """The faults in force; with --add one more, with --clear none any more."""
    if clear:
        control("DELETE", where, "faults", json=json)
    if add is not None:
        rule = {"kind": add, "match": match, "status": status, "retry_after": retry_after, "times": times}
        rule |= {"probability": probability, "after": after, "delay_ms": delay_ms, "record": record}
        given = {name: value for name, value in rule.items() if value is not None}
        control("POST", where, "faults", given, json=json)
    rules = control("GET", where, "faults", json=json)
    if json:
        put_json({"faults": rules})
        return
    shown = [(one["kind"], one["match"], one.get("status"), one.get("times"), one["hits"]) for one in rules]
    table(("fault", "meets", "status", "times", "struck"), shown, none="no faults")


@app.command()
def clock(
    where: Where,
    now: Annotated[str | None, typer.Option(help="Set it to this instant, 2027-01-31T09:00:00Z.")] = None,
    advance: Annotated[float | None, typer.Option(help="Move it ahead by so many seconds.")] = None,
    freeze: Annotated[bool | None, typer.Option("--freeze/--go", help="Stop it, or let it go on.")] = None,
    real: Annotated[bool, typer.Option("--real", help="Back to real time.")] = False,
    json: Json = False,
) -> None:
    """The sandbox's own clock: read it, set it, move it, stop it."""
    if real and (now is not None or advance is not None):
        refuse("--real goes alone: it takes back what --now and --advance do", json=json)
    body: dict[str, Any] = {"now": None} if real else {}
    body |= {"now": now} if now is not None else {}
    body |= {"advance_seconds": advance} if advance is not None else {}
    body |= {"frozen": freeze} if freeze is not None else {}
    state = control("PUT" if body else "GET", where, "clock", body or None, json=json)
    if json:
        put_json(state)
    else:
        say(" · ".join(f"{name} {value}" for name, value in state.items()))


@app.command()
def act(
    where: Where,
    action: Annotated[str | None, typer.Argument(help="What to do; without it the actions are listed.")] = None,
    values: Annotated[list[str] | None, typer.Argument(help="NAME=TEXT, or NAME:=JSON for anything else.")] = None,
    json: Json = False,
) -> None:
    """Do what a person does in the vendor's own user interface: `act celum approve_draft`."""
    if action is None:
        list_actions(where, json=json)
        return
    told = control("POST", where, f"actions/{action}", given_by_name(values or [], json=json), json=json)
    if json:
        put_json(told)
    else:
        say(f"{action}: done" if told is None else f"{action}: {brief(told)}")


def list_actions(where: str, *, json: bool) -> None:
    actions = control("GET", where, "actions", json=json)
    if json:
        put_json({"actions": actions})
        return
    table(("action", "gives", "what"), [(one["name"], " ".join(one["parameters"]), one["text"]) for one in actions])


def brief(told: Any) -> str:
    """An answer on one line: of an object what is short, and how many there are of the rest."""
    if not isinstance(told, dict):
        return str(told)
    parts = [
        f"{len(value)} {name}" if isinstance(value, dict | list) else f"{name} {value}" for name, value in told.items()
    ]
    return ", ".join(parts) or "done"


@app.command()
def calls(
    where: Where,
    since: Annotated[int | None, typer.Option(min=0, help="Only calls after this number.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Empty the log.")] = False,
    json: Json = False,
) -> None:
    """The calls a sandbox has answered."""
    if clear:
        control("DELETE", where, "calls", json=json)
    log = control("GET", where, "calls", query={"since": since}, json=json)
    if json:
        put_json({"calls": log})
        return
    rows = [(one["n"], one["method"], one["path"], one["status"], size(one["answer_bytes"])) for one in log]
    table(("n", "method", "path", "status", "answer"), rows, none="no calls")


@app.command()
def coverage(
    names_: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Which; all if none.")] = None,
    json: Json = False,
) -> None:
    """Routes served of those in the vendor's documents; exit status 1 where one is missing."""
    from lockgate.cli.coverage import covered

    strange = sorted(set(names_ or ()) - set(names()))
    if strange:
        refuse(f"there is no sandbox {', '.join(strange)}; there are: {', '.join(names())}", json=json)
    found = {name: covered(name) for name in names_ or names()}
    if json:
        put_json({"sandboxes": found})
    else:
        rows = [(name, f"{one.answered}/{one.documented}", ", ".join(one.missing)) for name, one in found.items()]
        table(("sandbox", "routes served / in the document", "missing"), rows)
    raise typer.Exit(PARTLY if any(one.missing for one in found.values()) else DONE)


def control(method: str, where: str, what: str, body: Any = None, *, json: bool, **given: Any) -> Any:
    """Use a sandbox's control API; what it refuses ends the command."""
    from lockgate.app.problems import Refused

    try:
        return call(method, f"{running.address(where)}/__sandbox/{what}", body, **given)
    except Refused as refused:
        refuse(*refused.sentences, json=json)
