"""The categories of documents and products that a marketing tenant has, and how facts of content are written in them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from .records import Attribute

MEDIA, PRODUCT = 4730, 4720

MEDIA_FIELDS = [
    Attribute(id=2, name="Title"),
    Attribute(id=3, name="Article Number"),
    Attribute(id=4, name="GTIN", length=14),
    Attribute(id=5, name="Product Family"),
    Attribute(id=6, name="Status"),
    Attribute(id=7, name="Keywords", multi=True),
    Attribute(id=8, name="Campaign", multi=True),
    Attribute(id=9, name="Language", multi=True),
    Attribute(id=10, name="Copyright"),
    Attribute(id=11, name="Credit Line"),
    Attribute(id=12, name="Usage Rights", length=2000),
    Attribute(id=13, name="Usage Cleared", type="Boolean"),
    Attribute(id=14, name="Regions", multi=True),
    Attribute(id=15, name="Excluded Regions", multi=True),
    Attribute(id=16, name="Licence From", type="Date"),
    Attribute(id=17, name="Licence Until", type="Date"),
    Attribute(id=18, name="Available From", type="Date"),
    Attribute(id=19, name="Available Until", type="Date"),
    Attribute(id=20, name="Creator"),
]
PRODUCT_FIELDS = [
    Attribute(id=2, name="Article Number"),
    Attribute(id=3, name="GTIN", length=14),
    Attribute(id=4, name="Product Family"),
    Attribute(id=5, name="Status"),
    Attribute(id=6, name="Price"),
    Attribute(id=7, name="Text"),
]
MEDIA_WORDS = {
    "title": 2, "sku": 3, "gtin": 4, "family": 5, "status": 6, "subject": 7, "campaign": 8, "language": 9, "copyright": 10,
    "credit": 11, "statement": 12, "cleared": 13, "regions": 14, "prohibited": 15, "rights_from": 16, "rights_until": 17,
    "window_from": 18, "window_until": 19, "creator": 20,
}  # fmt: skip
"""Attributes of a document by the canonical words for them."""
PRODUCT_WORDS = {"sku": 2, "gtin": 3, "family": 4, "status": 5, "price": 6, "text": 7}
STATUSES = {
    "draft": "Draft",
    "in_review": "In Review",
    "approved": "Approved",
    "rejected": "Rejected",
    "archived": "Archived",
}
LONGEST = 254
"""Characters of a text attribute without a length of its own."""


def media_values(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by their canonical words, as values of the media category; what is not known is left out."""
    return _values(MEDIA, MEDIA_FIELDS, MEDIA_WORDS, facts)


def product_values(facts: Mapping[str, Any]) -> dict[str, Any]:
    return _values(PRODUCT, PRODUCT_FIELDS, PRODUCT_WORDS, facts)


def _values(
    category: int, fields: list[Attribute], words: Mapping[str, int], facts: Mapping[str, Any]
) -> dict[str, Any]:
    by_id = {one.id: one for one in fields}
    return {
        f"{category}_{words[word]}": written(by_id[words[word]], value)
        for word, value in facts.items()
        if word in words
    }


def written(attribute: Attribute, value: Any) -> Any:
    """One fact as an attribute holds it: dates with a time, texts no longer than they may be."""
    if isinstance(value, list):
        return [written(attribute, one) for one in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, str):
        return STATUSES.get(value, value)[: attribute.length or LONGEST]
    return value
