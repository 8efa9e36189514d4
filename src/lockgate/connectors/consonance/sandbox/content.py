"""An account filled from real files: books of the product tables and of EPUB files become works with their editions.

A book of a table is a paperback; an EPUB beside it is the e-book of the same work, or a work of its own. JPEG files that are
about a book are its supporting resources.
"""

from collections.abc import Iterable
from typing import Any

from stdnum import isbn

from lockgate.kit.seed import Content, SeedAsset, SeedProduct
from lockgate.model.item import pick

from .resources import TYPE, put_in
from .seeding import LIMITED, WORLD, classes, new_product, new_work
from .state import Record, State
from .writing import Unfit

EPUB = "application/epub+zip"
JPEG = "image/jpeg"
STATUS = {"draft": "DRAFT", "in_review": "DRAFT"}


def fill_from(state: State, content: Content) -> dict[str, Any]:
    """Fill an emptied account; answers what was made, by count."""
    shelf = Shelf(state)
    with state.store.transaction():
        classes(state)
        for book in books(content.products):
            shelf.print_book(book)
        for one in content.assets:
            if one.media_type == EPUB:
                shelf.epub(one)
        covers = sum(shelf.cover(one) for one in content.assets if one.media_type == JPEG)
    counts = state.store.counts()
    return {"works": counts.get("Work", 0), "products": counts.get("Product", 0), "covers": covers}


def books(products: Iterable[SeedProduct]) -> list[SeedProduct]:
    """Those that have an ISBN, each ISBN once."""
    found: dict[str, SeedProduct] = {}
    for one in products:
        number = book_number(one.gtin)
        if number is not None:
            found.setdefault(number, one)
    return list(found.values())


def book_number(gtin: str | None) -> str | None:
    return gtin if gtin is not None and gtin.startswith(("978", "979")) and isbn.is_valid(gtin) else None


class Shelf:
    """The works made so far, by ISBN and title."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._by_isbn: dict[str, Record] = {}
        self._by_title: dict[str, Record] = {}
        self._contacts: dict[str, int] = {}

    def print_book(self, book: SeedProduct) -> None:
        """A work with its paperback, price and description."""
        number = book_number(book.gtin) or ""
        work = self._work(pick(book.name) or number)
        told: Record = {"prices": prices(book), "allowOnixExports": book.status == "active"}
        product = new_product(self._state, work, "PhysicalBookProduct", number, self._rights(number) | told)
        self._by_isbn[number] = work
        if description := pick(book.description):
            self._text(work, product, description)

    def epub(self, asset: SeedAsset) -> None:
        """The e-book of the work it says it is, or of a work of its own; its author and its production file."""
        number = next((one for one in [asset.gtin, *asset.shows] if book_number(one)), None)
        known = self._by_isbn.get(number or "")
        work = known or self._work(pick(asset.title) or asset.filename)
        own = number if known is None else None
        told = {"onix21ProductFormCode": "DG", "inHouseFormatId": self._state.named("InHouseFormat", "EPUB")}
        product = new_product(self._state, work, "ElectronicBookProduct", own, WORLD | told)
        if own:
            self._by_isbn[own] = work
        if asset.creator:
            self._author(work, asset.creator, product)
        self._state.make(
            "ProductionFile", production_file(asset) | {"workId": work["id"], "productIds": [product["id"]]}
        )

    def cover(self, asset: SeedAsset) -> bool:
        """An image about one of the books; whether it could be put in."""
        work = next((self._by_isbn[one] for one in [asset.gtin or "", *asset.shows] if one in self._by_isbn), None)
        if work is None:
            return False
        products = (self._state.get("Work", work["id"]) or {}).get("products") or []
        told: Record = {"filename": asset.filename, "createdAt": self._state.now(), "resourceVariant": "PRODUCT_IMAGE"}
        told |= {"caption": pick(asset.title), "copyright": asset.copyright, "requiredCredit": asset.credit}
        told |= {"status": STATUS.get(asset.fate, "APPROVED"), "workId": work["id"], "productIds": products}
        made = self._state.make(TYPE, told)
        try:
            put_in(self._state, made, asset.path)
        except Unfit:
            self._state.drop(TYPE, made)
            return False
        return True

    def _work(self, title: str) -> Record:
        found = self._by_title.get(title)
        if found is None:
            found = self._by_title[title] = new_work(self._state, title)
        return found

    @staticmethod
    def _rights(number: str) -> Record:
        """Every fifth book is limited to some countries: tables state no rights."""
        return dict(LIMITED if number.endswith(("0", "5")) else WORLD)

    def _text(self, work: Record, product: Record, text: str) -> None:
        told: Record = {"variant": "MAIN_DESCRIPTION", "approvalStatus": "APPROVED", "externalTextMarkdown": text}
        told |= {"onixContentAudienceCodes": ["_00"], "workId": work["id"], "productIds": [product["id"]]}
        self._state.make("MarketingText", told)

    def _author(self, work: Record, name: str, product: Record) -> None:
        if name not in self._contacts:
            told = {"__typename": "Person", "name": name, "personName": name}
            self._contacts[name] = self._state.make("Contact", told)["id"]
        link: Record = {"workId": work["id"], "contactId": self._contacts[name], "productIds": [product["id"]]}
        self._state.make("Contribution", link | {"sequenceNumber": 1, "onixContributorRoleCode": "A01"})


def prices(book: SeedProduct) -> list[Record]:
    try:
        amount = float(book.price or "")
    except ValueError:
        return []
    codes = {"onixPriceTypeCode": "_02", "onixPriceTypeQualifierCode": "_05"}
    return [
        {"id": int(book_number(book.gtin) or 0) % 10**9, "amount": amount, "currencyCode": currency(book.currency)}
        | codes
    ]


def currency(code: str | None) -> str:
    return code if code in {"GBP", "USD", "EUR", "AUD", "CAD"} else "GBP"


def production_file(asset: SeedAsset) -> Record:
    return {
        "fileVariant": "EPUB",
        "approvalStatus": "UNAPPROVED" if asset.fate in STATUS else "APPROVED",
        "allowDistribution": "ALLOWED",
        "analysisStatus": "NOT_ANALYSED",
        "exists": True,
        "fileFormat": "EPUB",
        "filename": asset.filename,
        "fileSize": str(asset.size),
    }
