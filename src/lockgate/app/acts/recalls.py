"""What people do when something must not be seen any more: recall it, whatever the gates say, and lift that again."""

from collections.abc import Sequence

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused


async def recall(app: Lockgate, flow: str, keys: Sequence[str], reason: str, by: str) -> None:
    """Close items at once and until the recall is lifted; audited with who and why. Raises Refused.

    A paused flow closes them when it is resumed.
    """
    await app.flows.row(flow)
    if not reason.strip():
        raise Refused("say why it is recalled: who asks later finds nothing else")
    await app.working.recall(flow, list(dict.fromkeys(keys)), reason.strip(), by)


async def lift(app: Lockgate, flow: str, keys: Sequence[str], by: str) -> None:
    """Leave items to the gates again. Raises Refused where one of them is not recalled."""
    await app.flows.row(flow)
    wanted = list(dict.fromkeys(keys))
    lifted = await app.working.lift(flow, wanted, by)
    if strange := [key for key in wanted if key not in lifted]:
        raise Refused(f"{', '.join(strange)} is not recalled in flow {flow!r}", missing=True)
