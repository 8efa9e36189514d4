"""CELUM assets in canonical words: pure, no I/O. Vendor words stop here."""

from lockgate.connectors.celum.mapping.asset import (
    asset_id,
    changed_at,
    revision,
    to_item,
    unnamed_references,
    versioned_at,
)
from lockgate.connectors.celum.mapping.fields import to_schema

__all__ = ["asset_id", "changed_at", "revision", "to_item", "to_schema", "unnamed_references", "versioned_at"]
