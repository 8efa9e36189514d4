"""Plans as people see them: what a run would do, in numbers and item by item."""

from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.shape import AccountView, Listing, View, account, paged
from lockgate.ledger import plans as ledger
from lockgate.ledger.plans import Plan, State
from lockgate.model.plan import Action, Change


class PlanView(View):
    """What a run would do, computed as a run does it but for the writing."""

    id: str
    flow: str
    state: State
    """`building`, `ready` to be applied, `applied`, `failed`."""
    created: datetime
    account: AccountView
    """What the account of the run would be."""
    summary: dict[Action, int]
    """In how many items each action stands."""
    note: str = ""
    run: str | None = None
    """The run that applied it."""


class FieldChangeView(View):
    """A side that does not carry the field at all is null, as an empty one is."""

    field: str
    before: Any = None
    after: Any = None


class ChangeView(View):
    """What would be done for one item, and why."""

    key: str
    title: str
    actions: list[Action]
    fields: list[FieldChangeView]
    file_before: str | None = None
    file_after: str | None = None
    links: list[str]
    """Ids of the counterparts it would be linked to."""
    reason: str = ""


def plan_view(row: Plan, summary: dict[Action, int]) -> PlanView:
    return PlanView(
        id=row.id,
        flow=row.flow,
        state=row.state,
        created=row.created,
        account=account(row.account),
        summary=summary,
        note=row.note,
        run=row.run,
    )


def change_view(row: Change) -> ChangeView:
    return ChangeView(
        key=row.key,
        title=row.title,
        actions=list(row.actions),
        fields=[FieldChangeView.model_validate(msgspec.to_builtins(one)) for one in row.fields],
        file_before=row.file_before,
        file_after=row.file_after,
        links=list(row.links),
        reason=row.reason,
    )


async def plan(app: Lockgate, id: str) -> PlanView:
    """Raises Refused when there is none of this id."""
    row, summary = await app.ledger.read(lambda c: (ledger.get(c, id), ledger.summary(c, id)))
    if row is None:
        raise Refused(f"there is no plan {id!r}", missing=True)
    return plan_view(row, summary)


async def plans(
    app: Lockgate, *, flow: str | None = None, after: str | None = None, limit: int = 50
) -> Listing[PlanView]:
    """Plans, the newest first."""
    summaries: dict[str, dict[Action, int]] = {}

    def read(c: Any) -> Any:
        page = ledger.page(c, flow=flow, after=after, limit=limit)
        summaries.update({row.id: ledger.summary(c, row.id) for row in page.rows})
        return page

    return await paged(app, read, lambda row: plan_view(row, summaries[row.id]))


async def changes(
    app: Lockgate, id: str, *, action: Action | None = None, after: str | None = None, limit: int = 50
) -> Listing[ChangeView]:
    """The changes of a plan by key, all or those that hold this action. Raises Refused when there is no such plan."""
    await plan(app, id)
    return await paged(app, partial(ledger.changes, plan=id, action=action, after=after, limit=limit), change_view)
