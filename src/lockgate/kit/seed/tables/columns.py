"""Which column of a product table holds what, by the headers that PIM and shop systems write."""

import re
from collections.abc import Mapping, Sequence

import msgspec

ROLES: dict[str, tuple[str, ...]] = {
    "sku": (
        "sku", "variant sku", "article number", "article no", "item number", "item no", "artikelnummer", "artikelnr",
        "artikel nr", "art nr", "produktnummer", "product sku", "partner sku", "material number", "materialnummer",
        "identifier", "product number", "product code",
    ),
    "gtin": (
        "gtin", "ean", "variant barcode", "barcode", "upc", "isbn", "gtin upc ean or isbn", "gtin13", "ean13", "ean 13",
        "isbn13", "isbn 13", "ean code", "global unique id",
    ),
    "name": (
        "name", "title", "product name", "produktname", "bezeichnung", "titel", "artikelbezeichnung", "product title",
    ),
    "description": (
        "description", "body html", "body", "beschreibung", "long description", "langtext", "short description",
        "kurzbeschreibung",
    ),
    "price": ("price", "variant price", "regular price", "preis", "list price", "unit price"),
    "currency": ("currency", "price currency", "waehrung", "währung"),
    "parent": ("parent", "parent sku", "parent code", "parent product", "hauptartikel"),
    "family": ("family", "product family", "family code", "produktfamilie", "familie"),
    "category": (
        "category", "categories", "product category", "kategorie", "warengruppe", "product type", "facets",
        "attribute family",
    ),
    "status": ("status", "enabled", "published", "active", "aktiv", "visibility"),
    "group": ("handle", "url handle", "slug"),
    "id": ("id",),
    "locale": ("locale", "language", "sprache"),
    "channel": ("channel", "scope"),
}  # fmt: skip
"""What a column can hold, and its headers in lower case with single blanks, the most telling first."""

LOCALISED = ("name", "description")
LOCAL = re.compile(r"(?P<base>.+?)\s*[-_:( ]\s*(?P<language>[a-z]{2}(?:[-_][A-Za-z]{2,4})?)\)?(?:-\w+)?$")
MONEY = re.compile(r"(?P<base>.+?)\s*[-_( ]\s*(?P<currency>[A-Za-z]{3})\)?(?:-\w+)?$")

# Tables that PIM and shop systems export beside products, by headers that only they have.
OTHERS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"attribute group", "attributes"}), "attribute families"),
    (frozenset({"code", "type", "section"}), "category fields"),
    (frozenset({"code", "type", "validation"}), "attributes"),
    (frozenset({"code", "symbol"}), "currencies"),
    (frozenset({"path", "subcategories"}), "categories"),
    (frozenset({"address", "city"}), "stores or addresses"),
    (frozenset({"code", "name", "status"}), "locales or another list of codes"),
)


class NoProducts(Exception):
    """The table holds no products: a sentence that says why."""


class Column(msgspec.Struct, frozen=True):
    """One recognised column."""

    at: int
    role: str
    language: str = ""
    currency: str = ""


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """The recognised columns of a table, and the habits of the system it comes from."""

    found: tuple[Column, ...]
    grouped: bool = False
    """Rows of one group are variants of one product, and only the first row says what they share (Shopify, Vendure)."""

    def has(self, role: str) -> bool:
        return any(column.role == role for column in self.found)


def recognise(header: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """The columns of a product table. Raises NoProducts with the reason when it is none."""
    names = [plain(name) for name in header]
    given = mapped(header, mapping or {})
    roles = habits(set(names))
    found = list(given)
    for role, words in roles.items():
        if not any(column.role == role for column in given):
            found += columns(role, words, header, names)
    check(found, names)
    return Columns(found=tuple(found), grouped="group" in roles)


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raises ValueError for a mapping that says what no column can hold."""
    unknown = sorted(set(mapping) - set(ROLES))
    if unknown:
        raise ValueError(f"a mapping cannot say {', '.join(unknown)}; it can say {', '.join(ROLES)}")


def plain(name: str) -> str:
    """A header without case, underscores and marks: `Variant SKU`, `variant_sku` and `Variant-SKU` are one."""
    return re.sub(r"[\W_]+", " ", name.lower()).strip()


def mapped(header: Sequence[str], mapping: Mapping[str, str]) -> list[Column]:
    """The columns that a person named. A table without such a column is left to recognition."""
    wanted = {role: plain(name) for role, name in mapping.items()}
    places = {plain(name): at for at, name in reversed(list(enumerate(header)))}
    return [Column(places[name], role) for role, name in wanted.items() if name in places]


def habits(names: set[str]) -> dict[str, tuple[str, ...]]:
    """The headers to look for, given the system that wrote the table."""
    roles = dict(ROLES)
    shopify = bool(names & {"handle", "url handle"}) and bool(names & {"title"})
    vendure = "optiongroups" in names or "option groups" in names
    if not shopify and not vendure:
        del roles["group"]
    if names & {"family variant", "attribute family"} or {"family", "categories", "enabled"} <= names:
        # What Akeneo and UnoPim call a family is a set of attributes; products that belong together have a parent.
        roles["family"] = ()
        roles["category"] = (*ROLES["category"], "family")
    if "family variant" in names:
        roles["sku"] = (*ROLES["sku"], "code")
    return roles


def columns(role: str, words: Sequence[str], header: Sequence[str], names: Sequence[str]) -> list[Column]:
    """The column for a role, and for texts one for each language beside it."""
    found = next(([Column(names.index(word), role)] for word in words if word in names), [])
    if role in LOCALISED:
        found += [
            Column(at, role, language=hit["language"].replace("_", "-"))
            for at, name in enumerate(header)
            if (hit := LOCAL.match(name.strip())) and plain(hit["base"]) == words[0] and hit["language"] != "id"
        ]
    if role == "price" and not found:
        hits = ((at, MONEY.match(name.strip())) for at, name in enumerate(header))
        found = [
            Column(at, role, currency=hit["currency"].upper())
            for at, hit in hits
            if hit and plain(hit["base"]) in words
        ]
    return found


def check(found: Sequence[Column], names: Sequence[str]) -> None:
    roles = {column.role for column in found}
    if not roles & {"sku", "gtin"}:
        other = next((what for headers, what in OTHERS if headers <= set(names)), None)
        if other:
            raise NoProducts(f"holds {other}, not products")
        some = ", ".join(name for name in names if name)[:160]
        raise NoProducts(f"has no column that is known to hold an article number, SKU or GTIN (its columns: {some})")
    if not roles & {"name", "description", "price", "parent", "family"}:
        raise NoProducts("has article numbers but nothing that describes a product")
