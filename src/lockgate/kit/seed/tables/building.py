"""Rows of a product table as products."""

import re
from collections.abc import Iterable, Sequence

import msgspec

from lockgate.kit.seed.tables.columns import Columns
from lockgate.kit.seed.tables.reading import Row
from lockgate.kit.seed.types import SeedProduct
from lockgate.model import codes
from lockgate.model.item import UND

OFF = {
    "0",
    "-1",
    "false",
    "no",
    "nein",
    "inactive",
    "inaktiv",
    "draft",
    "archived",
    "disabled",
    "private",
    "deleted",
    "none",
}


class Tally(msgspec.Struct):
    """What a table held that could not be taken as it is."""

    repeated: list[str] = []
    nameless: list[str] = []
    misread: list[str] = []

    def sentences(self) -> list[str]:
        told = (
            (self.repeated, "repeat an article number that came before ({}): the first is kept"),
            (self.nameless, "have no article number ({}) and are left out"),
            (self.misread, "have a GTIN with a wrong length or check digit ({}): the product is kept without it"),
        )
        return [f"{len(what)} rows {words.format(some(what))}" for what, words in told if what]


def some(words: Sequence[str]) -> str:
    return ", ".join(words[:5]) + (", …" if len(words) > 5 else "")


class Builder:
    """Takes the rows of one table in turn; `finished` gives its products."""

    def __init__(self, columns: Columns, source: str, first: int) -> None:
        self.columns = columns
        self.source = source
        self.number = first
        self.tally = Tally()
        self.made: dict[str, SeedProduct] = {}
        self.seen: set[tuple[str, str, str]] = set()
        self.by_id: dict[str, str] = {}
        self.group: dict[str, str] = {}
        self.groups: dict[str, tuple[dict[str, str], list[SeedProduct]]] = {}

    def take(self, row: Row) -> None:
        """One row; rows that only carry a further picture or language make no product."""
        values = self.values(row)
        place = f"{self.source}#{self.number}"
        self.number += 1
        if not any(row):
            return
        if self.columns.grouped:
            values = self.inherit(values)
        sku = values.get("sku") or ("" if self.columns.has("sku") else digits(values.get("gtin", "")) or "")
        if not sku:
            if not self.columns.grouped or values.get("price"):
                self.tally.nameless.append(f"row {self.number - 1}")
            return
        if values.get("id"):
            self.by_id[values["id"]] = sku
        self.add(sku, values, row, place)

    def values(self, row: Row) -> dict[str, str]:
        return {
            column.role: row[column.at] for column in self.columns.found if column.at < len(row) and not column.language
        }

    def inherit(self, values: dict[str, str]) -> dict[str, str]:
        """Rows of a group after its first leave out what they share with it."""
        key = values.get("group") or ("" if values.get("name") else self.group.get("group", ""))
        if key and key == self.group.get("group"):
            shared = {name: text for name, text in self.group.items() if name not in {"sku", "gtin", "price", "id"}}
            return {**shared, **{name: text for name, text in values.items() if text}}
        self.group = values
        return values

    def add(self, sku: str, values: dict[str, str], row: Row, place: str) -> None:
        key = (sku, values.get("locale", ""), values.get("channel", ""))
        known = self.made.get(sku)
        if key in self.seen or (known is not None and not values.get("locale")):
            self.tally.repeated.append(sku)
            return
        self.seen.add(key)
        if known is not None:
            for text, role in ((known.name, "name"), (known.description, "description")):
                text.update({tag: words for tag, words in self.texts(values, row, role).items() if tag not in text})
            return
        product = self.product(sku, values, row, place)
        self.made[sku] = product
        if self.columns.grouped and values.get("group"):
            self.groups.setdefault(values["group"], (values, []))[1].append(product)

    def product(self, sku: str, values: dict[str, str], row: Row, place: str) -> SeedProduct:
        stated = values.get("gtin", "").lstrip("'")
        gtin = digits(stated)
        if stated and gtin is None:
            self.tally.misread.append(stated)
        currency = next((column.currency for column in self.columns.found if column.role == "price"), "")
        return SeedProduct(
            sku=sku,
            gtin=gtin,
            family=values.get("family") or None,
            name=self.texts(values, row, "name"),
            description=self.texts(values, row, "description"),
            category=values.get("category") or None,
            price=values.get("price") or None,
            currency=values.get("currency") or currency or None,
            parent=values.get("parent") or None,
            status="inactive" if values.get("status", "").lower() in OFF else "active",
            source=place,
        )

    def texts(self, values: dict[str, str], row: Row, role: str) -> dict[str, str]:
        found = {
            column.language: row[column.at]
            for column in self.columns.found
            if column.role == role and column.language and column.at < len(row) and row[column.at]
        }
        if values.get(role):
            found.setdefault(values.get("locale", "").replace("_", "-") or UND, values[role])
        return found

    def finished(self) -> list[SeedProduct]:
        """The products, variants bound to their parents; what a group shares becomes a product of its own."""
        for key, (values, variants) in self.groups.items():
            if len(variants) > 1 and key not in self.made:
                self.made[key] = parent = msgspec.structs.replace(
                    variants[0],
                    sku=key,
                    gtin=None,
                    price=None,
                    source=f"{variants[0].source} (what its variants share)",
                )
                parent.name = {UND: values["name"]} if values.get("name") else dict(variants[0].name)
                for variant in variants:
                    variant.parent = key
        for product in self.made.values():
            if product.parent:
                # WooCommerce names a parent by its SKU or, where it has none, as `id:42`.
                product.parent = self.by_id.get(product.parent.removeprefix("id:"), product.parent)
                product.family = product.family or product.parent
        return list(self.made.values())


def digits(text: str) -> str | None:
    """A GTIN or ISBN as digits, or None when its length or check digit is wrong."""
    plain = re.sub(r"[\s-]", "", text.lstrip("'"))
    return plain if plain and codes.gtin(plain) else codes.isbn13(plain) if len(plain) == 10 else None


def build(rows: Iterable[Row], columns: Columns, source: str, first: int) -> Builder:
    builder = Builder(columns, source, first)
    for row in rows:
        builder.take(row)
    return builder
