"""What is said and shown of a product."""

import re
from collections import Counter

from lockgate.kit.onix.records import Product
from lockgate.kit.onix.rules.finding import Context, Findings, day_of, doubtful, wrong

SEVERAL = frozenset({"10", "11", "30", "31"})
"""List 2: compositions of several items."""
TAGGED = re.compile(r"</?(?:p|br|b|i|em|strong|ul|ol|li|div|span)\b[^>]*>", re.IGNORECASE)
ESCAPED = re.compile(r"&lt;/?(?:p|br|b|i|em|strong|ul|ol|li|div|span)\b", re.IGNORECASE)
EVERYBODY = "00"
"""List 154."""


def parts(product: Product, _: Context) -> Findings:
    if product.composition in SEVERAL and not product.components:
        said = f"the product has several items (composition {product.composition}), but none is described"
        yield doubtful("no-parts", said, "DescriptiveDetail/ProductComposition")
    if product.composition == "00" and product.components:
        said = "the product is said to be a single item (composition 00), but its parts are described"
        yield wrong("parts-of-one", said, "DescriptiveDetail/ProductPart")


def contributors(product: Product, _: Context) -> Findings:
    counted = Counter(one.sequence for one in product.contributors if one.sequence)
    for place, one in enumerate(product.contributors, 1):
        if one.sequence and counted[one.sequence] > 1:
            said = f"{counted[one.sequence]} contributors have the sequence number {one.sequence}"
            yield doubtful("sequence-repeated", said, f"DescriptiveDetail/Contributor[{place}]/SequenceNumber")
            counted[one.sequence] = 0


def subjects(product: Product, _: Context) -> Findings:
    seen: set[str] = set()
    for place, one in enumerate(product.subjects, 1):
        if one.main and one.scheme in seen:
            said = f"a second main subject of scheme {one.scheme}"
            yield wrong("main-subject", said, f"DescriptiveDetail/Subject[{place}]")
        if one.main:
            seen.add(one.scheme)


def texts(product: Product, _: Context) -> Findings:
    for place, content in enumerate(product.texts, 1):
        path = f"CollateralDetail/TextContent[{place}]"
        for inner, one in enumerate(content.texts, 1):
            if one.format in {None, "06", "07"} and TAGGED.search(one.text):
                said = "the text is said to be plain, but has HTML tags, which readers will see as they are"
                yield doubtful("hidden-markup", said, f"{path}/Text[{inner}]")
            if one.format == "05" and ESCAPED.search(one.text):
                said = "the text is said to be XHTML, but its tags are escaped, so readers will see them as they are"
                yield doubtful("hidden-markup", said, f"{path}/Text[{inner}]")
        if EVERYBODY in content.audiences and len(content.audiences) > 1:
            yield doubtful("audience", "a text for everybody (00) names further audiences", f"{path}/ContentAudience")
        begin, end = day_of(content.dates, "14"), day_of(content.dates, "15")
        if begin and end and end < begin:
            yield wrong(
                "until-before-from", f"the text is to be used until {end}, from {begin} on", f"{path}/ContentDate"
            )


def links(product: Product, _: Context) -> Findings:
    for place, resource in enumerate(product.resources, 1):
        for inner, version in enumerate(resource.versions, 1):
            path = f"CollateralDetail/SupportingResource[{place}]/ResourceVersion[{inner}]/ResourceLink"
            for link in version.links:
                if not re.fullmatch(r"(?:https?|ftps?)://[^\s/]+\S*", link):
                    yield doubtful("link", f"{link!r} is no address that everybody can follow", path)


RULES = (parts, contributors, subjects, texts, links)
