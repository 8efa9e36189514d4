"""What all public documents share: frozen, nothing unnamed in them, each field with a word of explanation."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from lockgate.app.lockgate import Lockgate
from lockgate.app.problems import Refused
from lockgate.ledger.paging import NoSuchPlace, Page
from lockgate.model import plan as model


class View(BaseModel):
    """A document as API and command line give it out. `model_dump(mode="json")` makes plain JSON of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


T = TypeVar("T", bound=View)
R = TypeVar("R")


class Listing(View, Generic[T]):
    """One page of a list."""

    # Texts beside the attributes are looked for in the source, which a class made from a generic one has not.
    model_config = ConfigDict(use_attribute_docstrings=False)

    rows: list[T]
    next: Annotated[
        str | None,
        Field(description="Give this as `after` to get the page behind this one; null when there is none."),
    ] = None


class AccountView(View):
    """What came of the items that were read: read = written + unchanged + blocked + parked + failed."""

    read: int = 0
    written: int = 0
    unchanged: int = 0
    blocked: int = 0
    parked: int = 0
    failed: int = 0
    linked: int = 0
    """Written items that were linked to their counterpart; counted within `written`."""
    withdrawn: int = 0
    """Copies that were closed because a gate closed; counted within `blocked`."""
    bytes: int = 0
    """Bytes of files carried."""
    reasons: dict[str, int]
    """Blocked, parked and failed items by the code of their reason."""
    balanced: bool = True
    """Whether every item read is accounted for."""


def account(found: model.Account) -> AccountView:
    names = [name for name in AccountView.model_fields if name != "balanced"]
    return AccountView(**{name: getattr(found, name) for name in names}, balanced=found.balanced())


async def paged(app: Lockgate, job: Callable[[Connection], Page[R]], shown: Callable[[R], T]) -> Listing[T]:
    """A page of the ledger as a page of documents. Raises Refused when `after` is no place in this list."""
    page = await read_page(app, job)
    return listing([shown(row) for row in page.rows], page.next)


async def read_page(app: Lockgate, job: Callable[[Connection], R]) -> R:
    """What the job reads; a text that is no place in a list becomes a sentence."""
    try:
        return await app.ledger.read(job)
    except NoSuchPlace as error:
        raise Refused(f"{error}: give `after` the `next` of the page before") from None


def listing(rows: Sequence[T], next: str | None) -> Listing[T]:
    return Listing(rows=list(rows), next=next)
