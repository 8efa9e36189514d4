"""Django fixtures: a list of `{model, pk, fields}` in which products, prices and categories are separate records."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from lockgate.kit.seed.tables.building import Tally, digits
from lockgate.kit.seed.tables.columns import NoProducts
from lockgate.kit.seed.tables.reading import text
from lockgate.kit.seed.types import SeedProduct
from lockgate.model.item import UND

Record = dict[str, Any]
Models = dict[str, dict[str, Record]]
"""The fields of all records by the last part of their model and their key."""


def is_fixture(records: Sequence[Record]) -> bool:
    return bool(records) and all(isinstance(record.get("fields"), dict) and "model" in record for record in records)


def products(records: Sequence[Record], source: str) -> tuple[list[SeedProduct], Tally]:
    """The products with their stock records and categories. Raises NoProducts when the fixture has none."""
    by_model: Models = defaultdict(dict)
    for record in records:
        by_model[str(record["model"]).rpartition(".")[2]][text(record.get("pk"))] = record["fields"]
    if not by_model["product"]:
        raise NoProducts(f"is a fixture without products (it holds {', '.join(sorted(filter(None, by_model)))})")
    tally = Tally()
    made: dict[str, SeedProduct] = {}
    skus = {pk: sku_of(pk, fields, by_model) for pk, fields in by_model["product"].items()}
    for pk, fields in by_model["product"].items():
        if not skus[pk]:
            tally.nameless.append(f"product {pk}")
        elif skus[pk] in made:
            tally.repeated.append(skus[pk])
        else:
            made[skus[pk]] = product(pk, fields, by_model, skus, source)
    return list(made.values()), tally


def sku_of(pk: str, fields: Record, by_model: Models) -> str:
    """Its own number, else that of its only stock record, else its slug; variants share the slug of their parent."""
    stock = stock_of(pk, by_model)
    only = text(stock[0].get("partner_sku")) if len(stock) == 1 else ""
    slug = "" if fields.get("parent") else text(fields.get("slug"))
    return text(fields.get("sku")) or text(fields.get("upc")) or only or slug


def stock_of(pk: str, by_model: Models) -> list[Record]:
    return [fields for fields in by_model["stockrecord"].values() if text(fields.get("product")) == pk]


def product(pk: str, fields: Record, by_model: Models, skus: dict[str, str], source: str) -> SeedProduct:
    """A variant has the title, description and category of its parent where it states none."""
    parent = text(fields.get("parent"))
    above = by_model["product"].get(parent, {})
    stock = next(iter(stock_of(pk, by_model)), {})
    name = text(fields.get("title")) or text(above.get("title"))
    description = text(fields.get("description")) or text(above.get("description"))
    return SeedProduct(
        sku=skus[pk],
        gtin=digits(text(fields.get("upc"))),
        family=skus.get(parent) or None,
        name={UND: name} if name else {},
        description={UND: description} if description else {},
        category=category_of(pk, by_model) or category_of(parent, by_model),
        price=text(stock.get("price") or stock.get("price_excl_tax")) or None,
        currency=text(stock.get("price_currency")) or None,
        parent=skus.get(parent) or None,
        source=f"{source}#product {pk}",
    )


def category_of(pk: str, by_model: Models) -> str | None:
    links = (fields for fields in by_model["productcategory"].values() if text(fields.get("product")) == pk)
    names = (text(by_model["category"].get(text(link.get("category")), {}).get("name")) for link in links)
    return next((name for name in names if name), None)
