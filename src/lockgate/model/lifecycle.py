"""The five states content goes through, whatever a vendor calls them."""

from enum import StrEnum


class Status(StrEnum):
    """Lifecycle state of an item. UNKNOWN is what a mapping says when the vendor's word is not in the profile: it opens no gate."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    ARCHIVED = "archived"
    UNKNOWN = "unknown"
