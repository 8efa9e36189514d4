"""What people do for an item that does not find its counterpart: say which one it is, and take that back."""

from lockgate.app.acts.flows import working
from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.app.views.choosing import choosable, label, rule_of
from lockgate.engine.bound import Bound
from lockgate.kit.contract import capabilities
from lockgate.ledger import choices, parked
from lockgate.ledger.choices import Choice
from lockgate.model.item import Item


async def choose_counterpart(app: Lockgate, flow: str, key: str, kind: str, id: str, by: str) -> None:
    """Say that an item which misses its counterpart belongs to this object of the target. Holds until it is taken back.

    Raises Refused, and ConnectorError when the target does not answer.
    """
    bound = (await working(app, flow)).flows[flow]
    await may_choose(app, bound, key, kind)
    found = await there(bound, kind, id)
    chosen = Choice(flow=flow, key=key, kind=kind, id=id, label=label(found), who=by, at=app.clock())
    await app.working.choose(chosen)


async def may_choose(app: Lockgate, bound: Bound, key: str, kind: str) -> None:
    flow, rule = bound.flow.name, rule_of(bound.flow)
    if kind != rule.kind:
        raise Refused(f"items of flow {flow!r} hang at a {rule.kind}, not at a {kind}")
    known = await app.ledger.read(lambda c: (parked.get(c, flow, [key]).get(key), choices.get(c, flow, [key]).get(key)))
    waiting, chosen = known
    if chosen is None and (waiting is None or not choosable(waiting.code, rule.name)):
        raise Refused(
            f"item {key!r} of flow {flow!r} is not parked for want of its {rule.name}: there is nothing to choose"
        )


async def there(bound: Bound, kind: str, id: str) -> Item:
    """The object, as the target has it now."""
    where = bound.flow.target.connection
    if "fetch" not in capabilities(bound.target):
        raise Refused(f"{where} cannot be asked for a single {kind}, so none can be chosen there")
    found = next((item for item in await bound.target.fetch(kind, [id]) if item.id == id), None)
    if found is None:
        raise Refused(f"{where} has no {kind} with the id {id!r}", missing=True)
    return found


async def unchoose_counterpart(app: Lockgate, flow: str, key: str, by: str) -> None:
    """Leave it to the item again which counterpart it has. Raises Refused where none was chosen."""
    await app.flows.row(flow)
    if not await app.working.unchoose(flow, key, by):
        raise Refused(f"nobody has chosen a counterpart for item {key!r} of flow {flow!r}", missing=True)
