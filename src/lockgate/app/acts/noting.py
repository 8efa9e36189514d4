"""What a person does is audited: who, what, on what."""

from typing import Any

from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.ledger import audit
from lockgate.ledger.audit import Entry

LOCAL = "local"
"""Who acts as long as there is no login: somebody at this machine."""


def entry(act: str, key: str, by: str, detail: dict[str, Any], prev: int | None = None) -> Entry:
    return Entry(act=act, key=key, prev=prev, detail={"by": by, **detail})


async def note(app: Lockgate, act: str, key: str, by: str, *, flow: str = "", **detail: Any) -> None:
    """Audit an act on a flow (`flow` is its name) or, with no flow, on a connection. Nothing secret may be in `detail`."""
    now = app.clock()

    def job(c: Connection) -> None:
        audit.append(c, now, flow, "", [entry(act, key, by, detail)])

    await app.ledger.write(job)
