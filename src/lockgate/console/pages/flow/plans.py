"""The latest plans of a flow."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from lockgate.app.views import PlanView
from lockgate.console.pages.flow.runs import plan_address
from lockgate.console.parts.listing import Column, table
from lockgate.console.parts.markup import badge, empty, instant, joined, link, number, section
from lockgate.model.plan import Action

ACTIONS = {
    Action.WITHDRAW: ("withdraw", "stop"),
    Action.UNLINK: ("unlink", "warn"),
    Action.CREATE: ("create", "ok"),
    Action.SHOW: ("show again", "ok"),
    Action.REPLACE_FILE: ("replace the file", "live"),
    Action.UPDATE: ("update fields", "live"),
    Action.LINK: ("link", "calm"),
}
"""What may be done to an item, in words and a tone; what takes away comes first."""
STATES = {
    "building": ("being made", "live"),
    "ready": ("ready to be applied", "ok"),
    "applied": ("applied", "calm"),
    "failed": ("failed", "stop"),
}
COLUMNS = ("Plan", "State", Column("It would", "wide"))


def plans(found: Sequence[PlanView]) -> Markup:
    if not found:
        return section(
            "Plans",
            empty(
                "No plan yet",
                "A plan says what a run would do, field by field, and writes nothing. Then it can be applied.",
            ),
        )
    rows = [
        (link(instant(one.created), plan_address(one.flow, one.id)), badge(*STATES[one.state]), would(one.summary))
        for one in found
    ]
    return section("Plans", table(COLUMNS, rows, label="Plans"))


def would(summary: Mapping[Action, int]) -> Markup:
    """In how many items each action stands."""
    found = [(word, tone, summary[action]) for action, (word, tone) in ACTIONS.items() if summary.get(action)]
    if not found:
        return Markup("nothing")
    return Markup("<span>{}</span>").format(
        joined((badge(f"{word} {number(n)}", tone) for word, tone, n in found), " ")
    )
