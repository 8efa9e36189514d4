"""CELUM assets in canonical words: pure, no I/O. Vendor words stop here."""

from lockgate.connectors.celum.mapping.asset import revision, to_item, unnamed_references
from lockgate.connectors.celum.mapping.fields import to_schema

__all__ = ["revision", "to_item", "to_schema", "unnamed_references"]
