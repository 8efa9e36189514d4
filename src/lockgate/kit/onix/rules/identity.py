"""Who a product is: its numbers, their check digits, and what kind of notice the record is."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from stdnum import ean, isbn, ismn, isni, issn, lei

from lockgate.kit.onix.records import Identifier, Product
from lockgate.kit.onix.rules.finding import Context, Findings, doubtful, wrong

ISBN_10, ISBN_13, GTIN_13, PROPRIETARY = "02", "15", "03", "01"
"""List 5."""
STANDARD = frozenset({"02", "03", "04", "05", "06", "14", "15", "24", "25", "26", "34", "35"})
"""Numbers that mean the same to everybody."""


@lru_cache(maxsize=4096)
def is_isbn13(text: str) -> bool:
    return len(text) == 13 and not text.startswith("9790") and bool(isbn.is_valid(text))


def is_gtin(length: int) -> Callable[[str], bool]:
    return lambda text: len(text) == length and is_ean(text)


@lru_cache(maxsize=4096)
def is_ean(text: str) -> bool:
    """Of any length; a message names the same suppliers again and again."""
    return text.isascii() and text.isdigit() and bool(ean.is_valid(text.zfill(14)))


def is_ismn(text: str) -> bool:
    return bool(ismn.is_valid(text))


def is_doi(text: str) -> bool:
    return text.startswith("10.") and "/" in text and not any(one.isspace() for one in text)


Digits = Mapping[str, tuple[str, Callable[[str], bool]]]
PRODUCTS: Digits = {
    "02": ("ISBN-10", lambda text: len(text) == 10 and bool(isbn.is_valid(text))),
    "03": ("GTIN-13", is_gtin(13)),
    "04": ("UPC", is_gtin(12)),
    "05": ("ISMN-10", is_ismn),
    "06": ("DOI", is_doi),
    "14": ("GTIN-14", is_gtin(14)),
    "15": ("ISBN-13", is_isbn13),
    "24": ("ISBN-13", is_isbn13),
    "25": ("ISMN-13", is_ismn),
}
"""List 5."""
NAMES: Digits = {
    "06": ("GLN", is_gtin(13)),
    "16": ("ISNI", lambda text: len(text) == 16 and bool(isni.is_valid(text))),
    "21": ("ORCID", lambda text: len(text) == 16 and bool(isni.is_valid(text))),
    "42": ("LEI", lambda text: bool(lei.is_valid(text))),
}
"""List 44; suppliers (92) and locations (95) have the same GLN."""
COLLECTIONS: Digits = {
    "02": ("ISSN", lambda text: len(text) == 8 and bool(issn.is_valid(text))),
    "15": ("ISBN-13", is_isbn13),
}
"""List 13."""


def digits(product: Product, _: Context) -> Findings:
    """Check digits and lengths, of every number whose scheme has them."""
    yield from checked(product.identifiers, PRODUCTS, "ProductIdentifier")
    yield from checked(product.source_identifiers, NAMES, "RecordSourceIdentifier")
    for place, contributor in enumerate(product.contributors, 1):
        yield from checked(contributor.identifiers, NAMES, f"DescriptiveDetail/Contributor[{place}]/NameIdentifier")
    for place, collection in enumerate(product.collections, 1):
        path = f"DescriptiveDetail/Collection[{place}]/CollectionIdentifier"
        yield from checked(collection.identifiers, COLLECTIONS, path)
    for place, related in enumerate(product.related_products, 1):
        path = f"RelatedMaterial/RelatedProduct[{place}]/ProductIdentifier"
        yield from checked(related.identifiers, PRODUCTS, path)
    for place, publisher in enumerate(product.publishers, 1):
        path = f"PublishingDetail/Publisher[{place}]/PublisherIdentifier"
        yield from checked(publisher.identifiers, NAMES, path)
    for place, supply in enumerate(product.supplies, 1):
        for inner, detail in enumerate(supply.details, 1):
            if detail.supplier is not None:
                path = f"ProductSupply[{place}]/SupplyDetail[{inner}]/Supplier/SupplierIdentifier"
                yield from checked(detail.supplier.identifiers, NAMES, path)


def checked(identifiers: Iterable[Identifier], known: Digits, path: str) -> Findings:
    for place, one in enumerate(identifiers, 1):
        scheme = known.get(one.type)
        if scheme is None or fits(one.value, scheme[1]):
            continue
        bare = "".join(letter for letter in one.value if letter.isalnum())
        spaced = fits(bare, scheme[1])
        why = "has blanks or hyphens, which ONIX does without" if spaced else "is none: length or check digit is wrong"
        yield wrong("digit", f"the {scheme[0]} {one.value[:LONGEST]!r} {why}", f"{path}[{place}]/IDValue")


LONGEST = 250
"""Characters that any number may have; a DOI is the longest."""


def fits(text: str, good: Callable[[str], bool]) -> bool:
    return len(text) <= LONGEST and good(text)


def numbers(product: Product, _: Context) -> Findings:
    """ISBN-13, GTIN-13 and ISBN-10 of one product are one number."""
    isbn13, gtin, isbn10 = (product.identifier(kind) for kind in (ISBN_13, GTIN_13, ISBN_10))
    place = {one.type: number for number, one in enumerate(product.identifiers, 1)}
    if isbn13 and gtin and is_isbn13(isbn13) and is_isbn13(gtin) and isbn13 != gtin:
        path = f"ProductIdentifier[{place[GTIN_13]}]"
        yield wrong("numbers-differ", f"the GTIN-13 {gtin} is another number than the ISBN-13 {isbn13}", path)
    other = isbn13 or gtin
    if isbn10 and other and len(isbn10) == 10 and isbn.is_valid(isbn10) and isbn.to_isbn13(isbn10) != other:
        said = f"the ISBN-10 {isbn10} stands for {isbn.to_isbn13(isbn10)}, not for {other}"
        yield wrong("numbers-differ", said, f"ProductIdentifier[{place[ISBN_10]}]")
    if isbn10 and other is None:
        yield doubtful("isbn-10-alone", "an ISBN-10 must not be the only number of a product", "ProductIdentifier")
    if product.identifiers and STANDARD.isdisjoint(one.type for one in product.identifiers):
        said = "the product has proprietary numbers only: nobody but its sender can tell which product it is"
        yield doubtful("no-standard-number", said, "ProductIdentifier")


def repeated(product: Product, _: Context) -> Findings:
    """One number of each kind; proprietary ones by the name of their scheme, which they need."""
    seen: dict[tuple[str, str | None], str] = {}
    for place, one in enumerate(product.identifiers, 1):
        path = f"ProductIdentifier[{place}]"
        if one.type == PROPRIETARY and not one.name:
            yield doubtful("scheme-unnamed", f"the proprietary number {one.value} has no IDTypeName", path)
        before = seen.setdefault((one.type, one.name if one.type == PROPRIETARY else None), one.value)
        if before != one.value:
            yield wrong("number-repeated", f"two numbers of type {one.type}: {before} and {one.value}", path)


def notice(product: Product, _: Context) -> Findings:
    """What the kind of notification asks for, or has no place for."""
    content = product.titles or product.form or product.texts or product.status or product.supplies
    if product.notification == "05" and content:
        said = "the record deletes a product (notification type 05), but describes it as well"
        yield wrong("deletion-with-content", said, "NotificationType")
    if product.notification in {"88", "89"}:
        yield doubtful(
            "test-record", f"this is a test record (notification type {product.notification})", "NotificationType"
        )
    if product.notification in {"01", "02", "03"} and not product.title:
        yield wrong("no-title", "the record is to describe the product, but states no title", "NotificationType")


RULES = (digits, numbers, repeated, notice)
