"""The rig's product records, and the items they are."""

from datetime import date, datetime

import msgspec

from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Period, Rights, Rule


class Brand(msgspec.Struct):
    code: str
    name: str


class Price(msgspec.Struct):
    amount: float
    currency: str
    tax: float


class Licence(msgspec.Struct):
    expires: date
    territories: list[str]
    license: str


class Asset(msgspec.Struct):
    filename: str
    mime: str
    width: int
    height: int


class Owner(msgspec.Struct):
    name: str
    email: str


class Product(msgspec.Struct):
    id: str
    seq: int
    rev: int
    type: str
    status: str
    updated_at: datetime
    sku: str
    gtin: str
    brand: Brand
    title: dict[str, str]
    description: dict[str, str]
    categories: list[str]
    keywords: list[str]
    price: Price
    rights: Licence
    channels: list[str]
    asset: Asset
    owner: Owner


class Told(msgspec.Struct):
    """An event with the record it carries; `seq` and `t_us` say which one it is and when it was due."""

    seq: int
    t_us: int
    data: Product


STATUS = {"draft": Status.DRAFT, "approved": Status.APPROVED}


def to_item(record: Product, system: str, *, seq: int | None = None, due: int | None = None) -> Item:
    """The record as an item; an event's own number and instant stand for those of the record."""
    licence, asset = record.rights, record.asset
    until = Period.of_days(None, licence.expires)
    return Item(
        system=system,
        kind="product",
        id=record.id,
        revision=str(record.rev),
        identifiers={"sku": (record.sku,), "gtin": (record.gtin,)},
        title=record.title,
        texts={"description": record.description},
        status=STATUS.get(record.status, Status.UNKNOWN),
        status_label=record.status,
        keywords={
            "subject": tuple(record.keywords),
            "category": tuple(record.categories),
            "channel": tuple(record.channels),
        },
        rights=Rights(
            permissions=(Rule(territories=frozenset(licence.territories), period=until),), statement=licence.license
        ),
        window=until,
        fields={
            "seq": record.seq if seq is None else seq,
            "t_us": due,
            "type": record.type,
            "brand": record.brand.name,
            "brand_code": record.brand.code,
            "price": record.price.amount,
            "currency": record.price.currency,
            "tax": record.price.tax,
            "filename": asset.filename,
            "media_type": asset.mime,
            "width": asset.width,
            "height": asset.height,
            "owner": record.owner.email,
        },
        modified=record.updated_at,
    )
