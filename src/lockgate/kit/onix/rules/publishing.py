"""Dates, status and copyright."""

import re
from collections.abc import Iterable

from lockgate.kit.onix.records import Dated, Product
from lockgate.kit.onix.rules.finding import Context, Findings, day_of, doubtful, wrong

FORMATS = {
    "00": r"\d{8}", "01": r"\d{6}", "02": r"\d{6}", "03": r"\d{5}", "04": r"\d{5}", "05": r"\d{4}", "06": r"\d{16}",
    "07": r"\d{12}", "08": r"\d{12}", "09": r"\d{10}", "10": r"\d{10}", "11": r"\d{8}",
    "13": r"\d{8}T\d{4}(?:Z|[+-]\d{4})?", "14": r"\d{8}T\d{6}(?:Z|[+-]\d{4})?",
}  # fmt: skip
"""List 55; those that are text, or not of our calendar, are left out."""
PUBLICATION, EMBARGO, ANNOUNCEMENT = "01", "02", "09"
"""List 163."""
FORTHCOMING, ACTIVE = "02", "04"
"""List 64."""
CONFIRMED = "03"
"""List 1."""


def dates(product: Product, _: Context) -> Findings:
    """Every date is one, and is written as its format says; the schema takes any text."""
    yield from written(product.dates, "PublishingDetail/PublishingDate")
    for place, supply in enumerate(product.supplies, 1):
        path = f"ProductSupply[{place}]"
        if supply.publishing is not None:
            yield from written(supply.publishing.dates, f"{path}/MarketPublishingDetail/MarketDate")
        for inner, detail in enumerate(supply.details, 1):
            yield from written(detail.dates, f"{path}/SupplyDetail[{inner}]/SupplyDate")
            for number, price in enumerate(detail.prices, 1):
                yield from written(price.dates, f"{path}/SupplyDetail[{inner}]/Price[{number}]/PriceDate")


def written(found: Iterable[Dated], path: str) -> Findings:
    for place, one in enumerate(found, 1):
        form = one.format or "00"
        fits = re.fullmatch(FORMATS[form], one.value) if form in FORMATS else True
        if form in {"00", "13", "14"}:
            fits = fits and one.day is not None
        # Without a format, an instant with a time zone is allowed, too (3.0.1 and later).
        if not fits and not (one.format is None and one.day is not None):
            yield wrong("date", f"{one.value!r} is no date of format {form}", f"{path}[{place}]/Date")


def embargo(product: Product, _: Context) -> Findings:
    published, until = day_of(product.dates, PUBLICATION), day_of(product.dates, EMBARGO)
    told = day_of(product.dates, ANNOUNCEMENT)
    if published and until and until > published:
        said = f"sales are under embargo until {until}, later than the publication on {published}"
        yield doubtful("embargo", said, "PublishingDetail/PublishingDate")
    if published and told and told > published:
        said = f"the product is announced on {told}, after its publication on {published}"
        yield doubtful("announcement", said, "PublishingDetail/PublishingDate")
    for place, supply in enumerate(product.supplies, 1):
        for inner, detail in enumerate(supply.details, 1):
            local = day_of(detail.dates, EMBARGO)
            if until and local and local < until:
                said = f"the supplier may sell from {local} on, the publisher's embargo ends on {until}"
                yield doubtful("embargo", said, f"ProductSupply[{place}]/SupplyDetail[{inner}]/SupplyDate")


def status(product: Product, context: Context) -> Findings:
    """Status and publication date, as the sender saw them on the day of the message."""
    published, path = day_of(product.dates, PUBLICATION), "PublishingDetail/PublishingStatus"
    stated = any(one.role == PUBLICATION for one in product.dates)
    if product.status in {FORTHCOMING, ACTIVE} and not stated and product.notification == CONFIRMED:
        yield doubtful("no-publication-date", "no publication date is stated", path)
    if published is None or context.sent is None:
        return
    if product.status == FORTHCOMING and published < context.sent:
        said = f"the product is forthcoming, though its publication date {published} was past when the message was sent"
        yield doubtful("status-date", said, path)
    if product.status == ACTIVE and published > context.sent:
        said = f"the product is active, though its publication date {published} was still to come when the message was sent"
        yield doubtful("status-date", said, path)


def copyrights(product: Product, context: Context) -> Findings:
    latest = (context.sent.year if context.sent else 9999) + 10
    for place, one in enumerate(product.copyrights, 1):
        for year in one.years:
            if year.isascii() and year.isdigit() and not (len(year) == 4 and 1400 <= int(year) <= latest):
                said = f"{year[:20]} is an unlikely year of copyright"
                yield doubtful("copyright-year", said, f"PublishingDetail/CopyrightStatement[{place}]/CopyrightYear")


RULES = (dates, embargo, status, copyrights)
