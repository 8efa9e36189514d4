"""A plan in numbers, and how it stands."""

from collections.abc import Iterator

from markupsafe import Markup

from lockgate.app.views import FlowView, PlanView, RunView
from lockgate.app.views.reasons import words
from lockgate.console.pages.flow.plans import ACTIONS, STATES
from lockgate.console.pages.flow.runs import plan_address
from lockgate.console.pages.flow.standing import notice
from lockgate.console.parts.charts import account_bar
from lockgate.console.parts.markup import (
    NOTHING,
    OUTCOMES,
    address,
    badge,
    facts,
    instant,
    joined,
    link,
    number,
    section,
)
from lockgate.console.parts.runs import UNDER_WAY, how_far, pace, run_badge, run_progress


def head(plan: PlanView, flow: FlowView) -> Markup:
    return Markup('<div><h1>Plan of {} {}</h1><p class="below">{}</p></div>').format(
        link(flow.name, f"/flows/{flow.name}"),
        badge(*STATES[plan.state]),
        joined(["What a run would do at ", flow.target, ", made ", instant(plan.created), ". Nothing was written."]),
    )


def notices(plan: PlanView, making: RunView, applying: RunView | None) -> Markup:
    found = [*told(plan, making, applying)]
    return Markup('<div class="stack">{}</div>').format(joined(found)) if found else NOTHING


def told(plan: PlanView, making: RunView, applying: RunView | None) -> Iterator[Markup]:
    if plan.state == "building":
        yield notice("", "It is being made", joined([run_progress(making), how_far(making), pace(making)], " "))
    if plan.state == "failed":
        yield notice("stop", "It could not be made", plan.note or making.note, "Plan again when that is put right.")
    if plan.outdated is not None and applying is None:
        yield notice("warn", "It is outdated", f"{plan.outdated.capitalize()}: a new plan may differ.",
                     "Applied, it looks at exactly the items it names, as they are then.")  # fmt: skip
    if applying is not None:
        yield came_of_it(applying)


def came_of_it(run: RunView) -> Markup:
    """How applying goes, or went."""
    title = "It is being applied" if run.state in UNDER_WAY else "It was applied"
    state = joined([run_badge(run), " ", instant(run.started), " ", link("the run", f"/runs/{run.id}")])
    if run.state in UNDER_WAY:
        return notice("", title, state, joined([run_progress(run), how_far(run), pace(run)], " "))
    bar = account_bar(run.account, lambda outcome: address(f"/runs/{run.id}", act=outcome))
    return notice("" if run.state == "done" else "stop", title, state, *([run.note] if run.note else []), bar)


def summary(plan: PlanView, action: str) -> Markup:
    """In how many items each action stands, what would be the account, and why the others stay."""
    if plan.state == "building":
        return NOTHING
    return section("In numbers", joined([chosen(plan, action), facts(counted(plan))]))


def chosen(plan: PlanView, action: str) -> Markup:
    """Each action with its number, leading to its changes."""
    path = plan_address(plan.flow, plan.id)
    found = [
        link(
            f"{word} {number(plan.summary[one])}",
            address(path, action=one.value),
            f"chip {tone}{' chosen' if one == action else ''}",
        )
        for one, (word, tone) in ACTIONS.items()
        if plan.summary.get(one)
    ]
    if not found:
        return Markup('<p class="muted">It would do nothing: the target is as it should be.</p>')
    everything = link("all changes", path, "chip" if action else "chip chosen")
    return Markup('<nav class="chips" aria-label="Changes by action">{}</nav>').format(joined([everything, *found]))


def counted(plan: PlanView) -> Iterator[tuple[str, Markup | str]]:
    counts = [(word, getattr(plan.account, outcome)) for outcome, (word, _) in OUTCOMES.items()]
    yield "Items read", f"{number(plan.account.read)}: {', '.join(f'{number(n)} {word}' for word, n in counts if n)}"
    stopped = sorted(plan.account.reasons.items(), key=lambda one: -one[1])
    yield "Stopped", joined((f"{number(n)} × {words(code)}" for code, n in stopped), Markup("<br>"))
