"""One run: how far it is, what came of its items and why, and what it asks."""

from markupsafe import Markup
from nicegui import ui

from lockgate.app import acts, views
from lockgate.app.views import RunView
from lockgate.console.frame import page
from lockgate.console.pages.runs.log import leads, log, reasons
from lockgate.console.parts.acting import RowAct, agreed, on_rows, row_button
from lockgate.console.parts.charts import account_bar
from lockgate.console.parts.markup import (
    NOTHING,
    address,
    draw,
    facts,
    halves,
    heading,
    instant,
    joined,
    link,
    live,
    number,
    section,
    size,
    stack,
)
from lockgate.console.parts.runs import UNDER_WAY, duration, how_far, kind_words, pace, run_badge, run_progress
from lockgate.console.place import here


@page("/runs/{id}", "Run")
async def run(id: str, act: str = "", code: str = "", after: str = "") -> None:
    now = await views.run(here(), id)
    ui.page_title(f"{now.flow}, {kind_words(now.kind)} · Lockgate")
    draw(title(now))
    again = await live(lambda: standing(id))
    on_rows({"cancel": cancel, "agree": agree}, again)
    if now.kind != "plan":
        await live(lambda: logged(id, {"act": act, "code": code}, after), every=3.0)


def title(run: RunView) -> Markup:
    return heading(
        kind_words(run.kind),
        below=Markup("Run of {} · begun {}").format(link(run.flow, f"/flows/{run.flow}"), instant(run.started)),
    )


async def standing(id: str) -> Markup:
    """All that changes while it runs."""
    run = await views.run(here(), id)
    return stack([asking(run), halves(account(run), progress(run))])


def asking(run: RunView) -> Markup:
    """What the guard asks, and the button that agrees."""
    if run.state != "waiting" or run.asks is None:
        return NOTHING
    told = Markup(
        "<strong>The guard asks you: withdraw {n} copies?</strong>"
        "<p>{sentence}. Closing many copies at once is more often a mistake than a wish: look at what changed at the source"
        " before you agree. Nothing was withdrawn beyond what the guard allows.</p>"
    ).format(n=number(run.asks), sentence=run.note.partition(";")[0])
    label = f"Withdraw {number(run.asks)} and go on"
    go_on = row_button(label, "agree", tone="danger", id=run.id, n=str(run.asks))
    see = link("See what is live now", address("/items", flow=run.flow, held="live"), "button small")
    return Markup('<section class="notice warn" role="alert">{}<div class="actions">{}{}</div></section>').format(
        told, go_on, see
    )


def progress(run: RunView) -> Markup:
    stop = row_button("Cancel", "cancel", id=run.id) if run.state in UNDER_WAY else NOTHING
    shown = (
        Markup('<p class="far">{}</p>{}').format(how_far(run), run_progress(run)) if run.state in UNDER_WAY else NOTHING
    )
    told = facts(
        [
            (
                "State",
                joined(
                    [run_badge(run), Markup(' <span class="muted">{}</span>').format(run.note)]
                    if run.note and run.asks is None
                    else [run_badge(run)]
                ),
            ),
            ("Pace", pace(run)),
            ("Carried", size(run.account.bytes) if run.account.bytes else ""),
            ("Took", duration(run.seconds)),
            ("Ended", instant(run.finished, "") if run.finished else ""),
            ("Asked for", ", ".join(params(run))),
            ("Plan", plan(run)),
            ("Id", Markup("<code>{}</code>").format(run.id)),
        ]
    )
    return section("How it goes" if run.state in UNDER_WAY else "How it went", joined([shown, told]), tools=stop)


def params(run: RunView) -> list[str]:
    told = ["the target asked what it holds"] if run.params.get("verify") else []
    if agreed_to := run.params.get("confirmed"):
        told.append(f"up to {number(int(agreed_to))} withdrawals agreed to")
    return told


def plan(run: RunView) -> Markup:
    """The plan it made or carries out."""
    id = run.id if run.kind == "plan" else run.params.get("plan")
    return link("Look at it", f"/flows/{run.flow}/plans/{id}") if id else NOTHING


def account(run: RunView) -> Markup:
    """What came of what was read, whole and by reason."""
    found = run.account
    balance = "every item read is accounted for" if found.balanced else "the account does not balance: please report it"
    return section(
        f"{number(found.read)} items read" if found.read else "Nothing read yet",
        joined([account_bar(found, lambda outcome: leads(run, act=outcome)), reasons(run)]),
        tools=Markup('<span class="muted">{}</span>').format(balance),
    )


async def logged(id: str, asked: dict[str, str], after: str) -> Markup:
    return await log(await views.run(here(), id), asked, after)


async def cancel(asked: RowAct) -> str | None:
    if not await agreed("End this run before its next page? What it has done stays.", "Cancel the run", "danger"):
        return None
    await acts.cancel_run(here(), asked["id"], acts.LOCAL)
    return "It ends before its next page"


async def agree(asked: RowAct) -> str | None:
    """A person's word: another run of the same kind, which may withdraw so many."""
    n = int(asked["n"])
    if not await agreed(f"Withdraw {number(n)} copies at the target?", f"Withdraw {number(n)}", "danger"):
        return None
    run = await views.run(here(), asked["id"])
    if run.kind == "apply":
        begun = await acts.apply_plan(here(), str(run.params["plan"]), acts.LOCAL, confirmed=n)
    else:
        verify = bool(run.params.get("verify"))
        begun = await acts.run_flow(here(), run.flow, acts.LOCAL, kind=run.kind, verify=verify, confirmed=n)
    ui.navigate.to(f"/runs/{begun.id}")
    return None
