"""Deciding what no file states: which product an asset belongs to and what shall become of it."""

from datetime import datetime
from random import Random

import msgspec

from lockgate.kit.seed.assigning.belonging import belong
from lockgate.kit.seed.assigning.copies import copies, titled
from lockgate.kit.seed.assigning.fates import deal
from lockgate.kit.seed.assigning.makeup import with_families, with_products
from lockgate.kit.seed.types import Content, Shares


def assign(
    content: Content, *, seed: int, shares: Shares | None = None, now: datetime, assets: int | None = None
) -> Content:
    """The content with a product and a fate for every asset: the same seed, the same answer.

    Products and families are made up only where the tables have none, and `notes` says so. `assets` makes that many from
    the files at hand, numbered, with the same bytes. A licence that a file states as ended at `now` (aware) makes it
    `expired`, one that has not begun `not_yet`, whatever the shares say. The content handed in stays as it is; lists and
    texts are shared with it.
    """
    if now.tzinfo is None:
        raise ValueError("say in which time zone `now` is")
    shares = shares or Shares()
    rng = Random(seed)  # noqa: S311 - dealt for repetition, not for secrecy
    notes = list(content.notes)
    found = titled(content.assets)
    products = with_families(with_products(content.products, found, notes), notes)
    made = copies(found, assets) if assets is not None else found
    deal(made, shares, rng, now, notes)
    belong(made, products, shares, rng, notes)
    return msgspec.structs.replace(content, assets=made, products=products, notes=notes)
