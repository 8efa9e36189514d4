"""What the server's refusals mean and what to do about them.

One status stands for many things: 500 for a name that is taken, 400 and 500 for what is not there. The words decide; which
words those are is set in `quirks`.
"""

from collections.abc import Iterable

from lockgate.connectors.opentext.quirks import Quirks
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.http import Answer, Sent
from lockgate.kit.http.retry import AgainError

TAKEN = "name.taken"
NO_ROUTE = "route"
PERMISSION = "permission"
KEPT = "record.kept"
PART_THERE = "part.there"


def explain(status: int, reason: str, sent: Sent, quirks: Quirks) -> ConnectorError | None:
    """The error where we know better than the usual table; None leaves it to that."""
    said = f" ({reason.strip().rstrip('.')})" if reason.strip() else ""
    if status == 401:
        return NeedsOperator(
            f"{sent.connection} does not know our ticket and gave no new one{said}. Check user and password of this connection.",
            code="sign_in",
        )
    if status == 409 or says(said, ["edit conflict"]):
        return Conflict(f"{sent.connection} reports at {sent.what} that somebody else changed it meanwhile{said}.")
    if says(said, quirks.absent):
        return NotFound(f"{sent.connection} does not have what {sent.what} asks for, or hides it from our user{said}.")
    return refused(said, sent, quirks)


def refused(said: str, sent: Sent, quirks: Quirks) -> ConnectorError | None:
    if says(said, [quirks.taken]):
        return Rejected(f"{sent.connection} refused {sent.what}{said}.", code=TAKEN)
    if says(said, quirks.not_allowed):
        return Rejected(
            f"{sent.connection} does not allow our user {sent.what}{said}. Give the user that right on the item or its folder.",
            code=PERMISSION,
        )
    if says(said, quirks.kept):
        return Rejected(
            f"{sent.connection} keeps the item as a record or on hold{said}. Whoever manages records there has to release it.",
            code=KEPT,
        )
    if says(said, ["has already been uploaded"]):
        return Rejected(f"{sent.connection} has that part of the file already{said}.", code=PART_THERE)
    if says(said, ["could not be found in the mappings registry"]):
        return Rejected(
            f"{sent.connection} has no call {sent.what}{said}. The module it belongs to is not installed there, or the "
            "address of this connection is not that of the server's `cs`.",
            code=NO_ROUTE,
        )
    return None


def says(said: str, words: Iterable[str]) -> bool:
    return any(one and one.casefold() in said.casefold() for one in words)


def with_data(answer: Answer, sent: Sent) -> None:
    """An empty answer, or a page for people, under status 200 is a server that is just starting: it is asked again."""
    if not answer.body.strip() or answer.body.lstrip()[:1] == b"<":
        raise AgainError(Transient(f"{sent.connection} answered {sent.what} with no data.", code="no_data"))
