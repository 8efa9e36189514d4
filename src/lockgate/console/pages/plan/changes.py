"""The changes of a plan, item by item: what is there now, and what would be."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from lockgate.app.views import ChangeView, FieldChangeView, Listing, PlanView
from lockgate.console.pages.flow.plans import ACTIONS
from lockgate.console.pages.flow.runs import plan_address
from lockgate.console.parts.listing import Column, pager, table
from lockgate.console.parts.markup import NOTHING, address, badge, empty, item_address, joined, link, number, section
from lockgate.console.parts.pictures import thumbnail
from lockgate.console.parts.values import stated, value_of
from lockgate.model.plan import Action

FIELDS = (Column("Field", "code"), Column("Now", "before"), Column("Then", "wide"))


def withdrawals(plan: PlanView, found: Listing[ChangeView]) -> Markup:
    """What would be taken away, before everything else."""
    if not found.rows:
        return NOTHING
    count = plan.summary.get(Action.WITHDRAW, 0)
    all_of_them = link(f"all {number(count)}", address(plan_address(plan.flow, plan.id), action=Action.WITHDRAW.value))
    return section(
        f"It withdraws {number(count)} {'copy' if count == 1 else 'copies'}",
        changes(plan.flow, found.rows),
        tools=all_of_them if found.next else NOTHING,
        id="withdrawals",
    )


def listed(plan: PlanView, found: Listing[ChangeView], action: str, after: str) -> Markup:
    if plan.state == "building":
        return NOTHING
    if not found.rows and plan.summary.get(Action.WITHDRAW) and not action:
        return NOTHING  # all there is stands above
    if not found.rows:
        return section("Changes", empty("No change", "Everything at the target is as the gates and the source say."))
    title = ACTIONS[Action(action)][0].capitalize() if action else "Changes"
    pages = pager(plan_address(plan.flow, plan.id), found.next, after, action=action)
    return section(title, joined([changes(plan.flow, found.rows), pages]), id="changes")


def changes(flow: str, rows: Sequence[ChangeView]) -> Markup:
    return joined(change(flow, one) for one in rows)


def change(flow: str, one: ChangeView) -> Markup:
    gone = Action.WITHDRAW in one.actions
    return Markup('<article class="change{}">{}<div><h3>{} {}</h3>{}</div></article>').format(
        " gone" if gone else "",
        pictures(flow, one),
        link(one.title, item_address(flow, one.key)),
        actions(one.actions),
        told(one),
    )


def actions(found: Iterable[Action]) -> Markup:
    return joined((badge(*ACTIONS[one]) for one in ACTIONS if one in found), " ")


def pictures(flow: str, one: ChangeView) -> Markup:
    """What the target shows now, and what it would show."""
    if Action.WITHDRAW in one.actions:
        return thumbnail(flow, one.key, copy=True, title="Shown now", small=True)
    new = thumbnail(flow, one.key, title="Shown then", small=True)
    if Action.REPLACE_FILE not in one.actions:
        return new
    old = thumbnail(flow, one.key, copy=True, title="Shown now", small=True)
    return Markup('<span class="pair">{}→{}</span>').format(old, new)


def told(one: ChangeView) -> Markup:
    why = Markup("<p>{}</p>").format(one.reason) if one.reason else NOTHING
    linked = Markup("<p>linked to {}</p>").format(", ".join(one.links)) if one.links else NOTHING
    return joined([why, file(one), linked, fields(one)])


def file(one: ChangeView) -> Markup:
    """A file is told of where it is sent."""
    if not {Action.CREATE, Action.REPLACE_FILE} & set(one.actions) or one.file_after is None:
        return NOTHING
    before = (
        Markup("<del>{}</del> → ").format(one.file_before)
        if one.file_before and one.file_before != one.file_after
        else NOTHING
    )
    return Markup("<p>file {}{}</p>").format(before, one.file_after)


def fields(one: ChangeView) -> Markup:
    """Differences stand open; of a new copy all fields are new, and wait behind their number."""
    shown = [cells(field) for field in one.fields if stated(field.before) or stated(field.after)]
    if not shown:
        return NOTHING
    rows = table(FIELDS, shown, label=f"Fields of {one.title}")
    if Action.CREATE not in one.actions:
        return rows
    return Markup("<details><summary>{} fields</summary>{}</details>").format(number(len(shown)), rows)


def cells(one: FieldChangeView) -> tuple[Markup | str, Markup, Markup]:
    return (
        one.field,
        Markup("<del>{}</del>").format(value_of(one.before)),
        Markup("<ins>{}</ins>").format(value_of(one.after)),
    )
