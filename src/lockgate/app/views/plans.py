"""Plans as people see them: what a run would do, in numbers and item by item."""

from datetime import datetime
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.shape import AccountView, Listing, View, account, paged
from lockgate.ledger import audit, flows, runs
from lockgate.ledger import plans as ledger
from lockgate.ledger.audit import AuditPage
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
    outdated: str | None = None
    """Why its numbers may not hold any more, told of one plan that is ready. What it names is looked at anew in any case."""


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


def plan_view(row: Plan, summary: dict[Action, int], outdated: str | None = None) -> PlanView:
    return PlanView(
        id=row.id,
        flow=row.flow,
        state=row.state,
        created=row.created,
        account=account(row.account),
        summary=summary,
        note=row.note,
        run=row.run,
        outdated=outdated,
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
    found = await app.ledger.read(lambda c: read(c, id))
    if found is None:
        raise Refused(f"there is no plan {id!r}", missing=True)
    return found


def read(c: Connection, id: str) -> PlanView | None:
    row = ledger.get(c, id)
    return plan_view(row, ledger.summary(c, id), outdated(c, row)) if row is not None else None


def outdated(c: Connection, row: Plan) -> str | None:
    """What happened since the plan was made that may make a new one differ."""
    if row.state != "ready":
        return None
    flow, made = flows.get(c, row.flow), runs.get(c, row.id)
    if flow is None:
        return "the flow was removed since"
    if made is not None and made.params.get("rules") not in {None, flow.digest}:
        return "the rules of the flow were changed since"
    finished = made.finished if made is not None and made.finished is not None else row.created
    if any(page.at > finished and worked(page) for page in audit.recent(c, row.flow, limit=FEW)):
        return "items were worked since it was made"
    return None


FEW = 10
"""So many of the latest pages of the audit are looked at: people's acts stand there, too."""


def worked(page: AuditPage) -> bool:
    return any("by" not in one.detail for one in page.entries)


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
