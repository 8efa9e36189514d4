"""What a folder of real files becomes before a sandbox is filled from it."""

from collections.abc import Mapping as ReadOnlyMapping
from datetime import date, datetime
from pathlib import Path
from typing import Literal, get_args

import msgspec

from lockgate.model.item import Text

Category = Literal["image", "document", "video", "audio", "other"]
Fate = Literal[
    "deliver", "draft", "in_review", "expired", "not_yet", "region_restricted", "no_rights", "unknown_product"
]
FATES: tuple[Fate, ...] = get_args(Fate)

Mapping = ReadOnlyMapping[str, str]
"""Which column of a product table holds what: `{"sku": "Artikelnr"}`. Its keys are those of `tables.columns.ROLES`."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be used as it is, and why in a sentence."""

    path: str
    """Relative to the folder, with `/`; a part of a file follows after `#`."""
    sentence: str


class SeedAsset(msgspec.Struct, kw_only=True):
    """One file with what it states about itself, and what the seeder decided about it.

    Texts, names, dates and rights are those found in the file or its sidecar, unchanged; what neither states is empty or
    None. Only the last block is decided by `assign`, and never against what the file states.
    """

    path: Path
    filename: str
    media_type: str
    size: int
    sha256: str
    category: Category

    title: Text = {}
    """As stated. `assign` adds the file name's words under `und` where nothing is stated, so that every asset has one."""
    description: Text = {}
    caption: Text = {}
    """The headline or alternative text: shorter than the description."""
    keywords: list[str] = []
    campaigns: list[str] = []
    """From hierarchical keywords below "Campaign"."""
    creator: str | None = None
    credit: str | None = None
    copyright: str | None = None
    usage_terms: str | None = None
    """Terms, instructions and restrictions in the owner's words, one a line."""
    languages: list[str] = []
    rights_from: date | datetime | None = None
    rights_until: date | datetime | None = None
    """A bare date is the last day on which the file may be used; an instant is the first one at which it may not."""
    territories: list[str] | None = None
    """ISO 3166 codes, where the file names places at all."""
    shows: list[str] = []
    """GTINs or ISBNs of the products that the file says it shows or is."""
    rights_stated: bool = False
    """Whether the file itself states usage terms, licence dates, places or restrictions."""
    problem: str | None = None
    """Why the file is broken or its metadata unreadable; its bytes can be carried all the same."""

    sku: str | None = None
    gtin: str | None = None
    family: str | None = None
    """The product or product family it belongs to: exactly one of the three after `assign`."""
    fate: Fate = "deliver"
    fate_stated: bool = False
    """True when the fate follows from the file's own licence dates or places, False when it was dealt by the seed."""
    cleared: bool | None = None
    """Usage cleared, to be written down in the source; None for `no_rights`."""
    regions: list[str] = []
    """ISO 3166 codes or WORLD of the places it may be used in; empty for `no_rights`."""
    available_from: datetime | None = None
    available_until: datetime | None = None
    """The window in which the source shows it at all (aware): set for `not_yet` and `expired`."""


class SeedProduct(msgspec.Struct, kw_only=True):
    """One product as a table states it."""

    sku: str
    gtin: str | None = None
    """Digits with a valid check digit, in the length the table has."""
    family: str | None = None
    name: Text = {}
    description: Text = {}
    category: str | None = None
    price: str | None = None
    currency: str | None = None
    parent: str | None = None
    """SKU of the product it is a variant of."""
    status: Literal["active", "inactive"] = "active"
    source: str = ""
    """Table and row it was read from, or that the seeder made it and from what."""


class Content(msgspec.Struct, kw_only=True):
    """All that was found in a folder, in the order of the paths."""

    assets: list[SeedAsset]
    products: list[SeedProduct]
    problems: list[Problem] = []
    notes: list[str] = []
    """What the seeder made up or decided beyond the files, one sentence each."""
    folder: str = ""


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of the assets gets which fate; what is left is delivered. And how delivered ones name their product."""

    draft: float = 0.06
    in_review: float = 0.04
    expired: float = 0.05
    not_yet: float = 0.04
    region_restricted: float = 0.05
    no_rights: float = 0.06
    unknown_product: float = 0.05
    by_gtin: float = 0.2
    by_family: float = 0.2

    def __post_init__(self) -> None:
        fates = [getattr(self, fate) for fate in FATES if fate != "deliver"]
        if any(share < 0 for share in (*fates, self.by_gtin, self.by_family)):
            raise ValueError("a share cannot be negative")
        if sum(fates) > 1 or self.by_gtin + self.by_family > 1:
            raise ValueError("shares add up to more than all of the assets")


class SeedOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a folder becomes content; the same options and seed give the same content in every process."""

    seed: int = 0
    assets: int | None = None
    """Make this many assets from the files at hand; None: one for each file."""
    shares: Shares = Shares()
    mapping: dict[str, str] | None = None


class Expected(msgspec.Struct, kw_only=True):
    """What a first run over the content must account for."""

    read: int = 0
    written: int = 0
    blocked: dict[str, int] = {}
    """Counted by the code of the verdict."""
    parked: dict[str, int] = {}
    """Counted by the code of what they wait for."""
