"""What `lockgate demo` does: sandboxes, connections, a plan, a first run with progress, then watching."""

import hashlib
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from lockgate.app import demo as scene
from lockgate.app.lockgate import Lockgate, opened
from lockgate.app.settings import AppSettings
from lockgate.cli.output import DONE, ERR, OUT, PARTLY, put_json, size, table
from lockgate.cli.place import noted
from lockgate.cli.place import settings as environment
from lockgate.cli.progress import Follow, live_lines
from lockgate.cli.serving import served, told_to_stop, welcome
from lockgate.ledger.runs import Run
from lockgate.model.plan import Account, Action

UNFINISHED = frozenset({"queued", "running"})
OUTCOMES = ("read", "written", "unchanged", "blocked", "parked", "failed", "linked")


async def play(content: Path | None, assets: int | None, seed: int, *, once: bool, keep: bool, json: bool) -> int:
    say = ERR if json else OUT
    async with AsyncExitStack() as stack:
        settings = place(stack, content, assets, seed, once=once)
        settings.home.mkdir(parents=True, exist_ok=True)
        say.print("starting the CELUM and 4ALLPORTAL sandboxes …")
        ground = await stack.enter_async_context(scene.sandboxes(settings.home, content, assets, seed))
        describe(say, ground)
        app = await stack.enter_async_context(opened(settings, engine=True, watching=not once))
        if not once:
            address = await stack.enter_async_context(reachable(app))
            stack.enter_context(noted(settings.home, address))
            welcome(say, address)
        await scene.connect(app, ground)
        if not once:
            await scene.announce(app, ground, address)
        before = await history(app)
        if before is None:
            await preview(say, app)
        done, seconds = await carried(say, app, before, quiet=json)
        fits = conclude(say, ground, done.account, first=before is None or before.state in UNFINISHED)
        if json:
            put_json(document(ground, done, seconds))
        if not once:
            await watch(say, app, ground)
        elif keep:
            await forever(say)
        return DONE if fits and done.state == "done" else PARTLY


def place(stack: AsyncExitStack, content: Path | None, assets: int | None, seed: int, *, once: bool) -> AppSettings:
    """Where this demo lives: where --home says, else a folder that goes with the run, else one per content."""
    settings = environment()
    if "home" in settings.model_fields_set:
        return settings
    if once:
        return settings.model_copy(
            update={"home": Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lockgate-")))}
        )
    told = f"{content.resolve() if content else 'samples'}|{assets}|{seed}"
    return settings.model_copy(update={"home": settings.home / f"demo-{hashlib.sha256(told.encode()).hexdigest()[:8]}"})


@asynccontextmanager
async def reachable(app: Lockgate) -> AsyncIterator[str]:
    """Serve console, API and webhooks on the settings' port, or on any when that is taken."""
    from lockgate.api import PortTaken

    async with AsyncExitStack() as stack:
        try:
            url = await stack.enter_async_context(served(app))
        except PortTaken:
            url = await stack.enter_async_context(served(app, port=0))
        yield url


def describe(say: Any, ground: scene.Demo) -> None:
    """What the seeder made, and what it found broken."""
    say.print(f"CELUM      {ground.celum.url}  key {ground.celum.key}")
    say.print(f"4ALLPORTAL {ground.portal.url}  key {ground.portal.key}")
    manifest = ground.manifests["celum"]
    made = ground.manifests["fourallportal"]["made"]
    say.print(f"seeded {manifest['assigned']} assets and {made.get('products', made.get('product', '?'))} products")
    for problem in manifest["problems"]:
        say.print(f"  · {problem['path']}: {problem['sentence']}", markup=False, soft_wrap=True)


async def preview(say: Any, app: Lockgate) -> None:
    """The plan in numbers: what a run would do, before it does it."""
    from lockgate.ledger import plans

    started = await app.working.run(scene.FLOW, "plan")
    plan = await app.working.wait(started.id)
    actions = await app.ledger.read(lambda c: plans.summary(c, plan.id))
    if say is OUT:
        rows = [(action.value.replace("_", " "), actions[action]) for action in Action if action in actions]
        table(("the plan would", "items"), rows or [("do nothing", 0)])


async def history(app: Lockgate) -> Run | None:
    """The newest full run there was before, perhaps one that was cut off; None in a fresh place."""
    from lockgate.ledger import runs

    newest = await app.ledger.read(lambda c: runs.page(c, flow=scene.FLOW, kind="full", limit=1))
    return newest.rows[0] if newest.rows else None


async def carried(say: Any, app: Lockgate, before: Run | None, *, quiet: bool) -> tuple[Run, float]:
    """Run the flow to its end; a run that was cut off goes on instead of a new one. Answers it and the seconds it took."""
    begun = time.monotonic()
    if before is not None and before.state in UNFINISHED:
        say.print("going on with the run that was cut off")
        started = before
    else:
        started = await app.working.run(scene.FLOW)
    async with Follow(say, app, started.id, quiet=quiet):
        done = await app.working.wait(started.id)
    return done, time.monotonic() - begun


def conclude(say: Any, ground: scene.Demo, account: Account, *, first: bool) -> bool:
    """Print the account; it must balance, and after a first run be what the seeder expected."""
    if say is OUT:
        table(("account", "items"), [(name, getattr(account, name)) for name in OUTCOMES])
        table(("reason", "items"), sorted(account.reasons.items(), key=lambda one: -one[1]))
    total = account.written + account.unchanged + account.blocked + account.parked + account.failed
    say.print(
        f"read {account.read} = written {account.written} + unchanged {account.unchanged} + blocked {account.blocked}"
        f" + parked {account.parked} + failed {account.failed} ({'balanced' if total == account.read else 'NOT BALANCED'})"
        f"  ·  {size(account.bytes)} carried",
        soft_wrap=True,
    )
    fits = as_expected(account, ground.expected)
    if first:
        say.print("the account is what the seeder expected" if fits else f"the seeder expected {ground.expected}")
    return account.balanced() and (fits or not first)


def as_expected(account: Account, expected: dict[str, Any]) -> bool:
    """Compare with the seeder's own reckoning; what an earlier run delivered counts as delivered."""
    reasons = {**expected["blocked"], **expected["parked"]}
    return (
        account.read == expected["read"]
        and account.written + account.unchanged == expected["written"]
        and account.reasons == reasons
    )


def document(ground: scene.Demo, done: Run, seconds: float) -> dict[str, Any]:
    account = done.account
    return {
        **{name: getattr(account, name) for name in OUTCOMES},
        "withdrawn": account.withdrawn,
        "bytes": account.bytes,
        "seconds": round(seconds, 3),
        "sandboxes": {"celum": ground.celum.url, "fourallportal": ground.portal.url},
        "keys": {"celum": ground.celum.key, "fourallportal": ground.portal.key},
        "reasons": account.reasons,
        "expected": ground.expected,
        "run": {"id": done.id, "state": done.state, "note": done.note},
    }


async def watch(say: Any, app: Lockgate, ground: scene.Demo) -> None:
    """A line for each thing that happens, until Ctrl-C."""
    say.print("\nwatching; Ctrl-C ends. Try, in another terminal:")
    say.print(f"  lockgate sandbox act {ground.celum.url} approve_draft", markup=False)
    say.print(f"  lockgate sandbox act {ground.portal.url} create_missing_products", markup=False)
    with live_lines(say, app):
        await forever(None)


async def forever(say: Any) -> None:
    if say is not None:
        say.print("the sandboxes keep serving; Ctrl-C ends")
    await told_to_stop()
