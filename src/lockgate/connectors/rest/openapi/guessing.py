"""What names of fields and parameters usually mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]

IDS = ("id", "uuid", "_id", "identifier", "code", "key", "guid", "sys_id", "number", "name")
MODIFIED = (
    "updated_at", "updatedAt", "modified_at", "modifiedAt", "updated_on", "updated", "modified", "modified_gmt", "date_modified",
    "last_modified", "lastModified", "date_updated", "changed", "updateDate", "updated_date",
)  # fmt: skip
REVISIONS = ("etag", "revision", "version", "lock_version", "rev")
KEYS = (
    "external_id",
    "externalId",
    "foreign_id",
    "external_reference",
    "externalReference",
    "externalCode",
    "reference_id",
)
NAMES: Mapping[str, Sequence[str]] = {
    "title": ("title", "name", "label", "subject", "summary", "display_name", "displayName"),
    "description": ("description", "body", "content", "text", "long_description"),
    "status": ("status", "state", "workflow_state"),
    "ids.sku": ("sku", "article_number", "articleNumber", "item_number", "product_code"),
    "ids.gtin": ("gtin", "ean", "barcode", "upc"),
    "ids.isbn": ("isbn", "isbn13"),
    "keywords": ("tags", "keywords", "labels"),
    "language": ("language", "locale", "lang"),
    "window.from": ("valid_from", "validFrom", "publish_at", "available_from", "start_date"),
    "window.until": ("valid_until", "validUntil", "expires_at", "expiresAt", "available_until", "end_date"),
}
WORDS: Mapping[str, Sequence[str]] = {
    "approved": ("published", "publish", "active", "approved", "live", "enabled", "available"),
    "draft": ("draft", "new"),
    "in_review": ("pending", "in_review", "review"),
    "archived": ("archived", "inactive", "deleted", "sold"),
    "rejected": ("rejected", "declined"),
}
STATUSES = {word: ours for ours, words in WORDS.items() for word in words}
SIZE = ("per_page", "perPage", "page_size", "pageSize", "limit", "size", "max_results", "maxResults", "first", "take")
NUMBER = ("page", "page_number", "pageNumber", "p")
OFFSET = ("offset", "skip", "start", "startAt", "start_at")
CURSOR = ("cursor", "page_token", "pageToken", "nextPageToken", "after", "continuation", "starting_after")
TOTAL = ("total", "total_count", "totalCount", "count", "totalItems", "total_items")
LINKS = ("@odata.nextLink", "nextLink", "next_link", "next_url", "nextUrl", "next_page_url", "nextPageUrl")
ABOUT = ("links", "_links", "meta", "pagination", "paging", "page_info", "pageInfo")
"""Members of an answer that tell of its pages."""
NEXT = ("next", "next_cursor", "nextCursor", "nextPageToken", "next_page_token", "cursor")
SINCE = (
    "updated_since", "updatedSince", "modified_since", "modifiedSince", "updated_after", "updatedAfter", "modified_after", "since",
    "updated_from", "changed_since", "last_modified_after",
)  # fmt: skip


def among(known: Sequence[str], given: Iterable[str]) -> str | None:
    """The first of the known names that is given, in any letter case."""
    by_folded = {name.casefold(): name for name in given}
    return next((by_folded[name.casefold()] for name in known if name.casefold() in by_folded), None)


def singular(name: str) -> str:
    """A kind's name from that of its list: `pages` → `page`, `Categories` → `category`."""
    word = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")
    if len(word) > 3 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif len(word) > 1 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return word if word[:1].isalpha() else f"item_{word}".rstrip("_")


def type_of(schema: Object) -> str | None:
    """The definition's type for a schema's; None where the value is taken as it is."""
    kind, form = schema.get("type"), schema.get("format")
    if form in {"date-time", "date"}:
        return "instant" if form == "date-time" else "date"
    return {"integer": "integer", "number": "number", "boolean": "flag", "array": "list"}.get(str(kind))
