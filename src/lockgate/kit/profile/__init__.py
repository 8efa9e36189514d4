"""Which field of a tenant carries which canonical name: discovered, proposed with a confidence, confirmed by a person.

Recipes speak only canonical names (`ids.sku`, `rights.territories`, `window.until`); the profile of a connection says
where this tenant keeps them.
"""

from lockgate.kit.profile.proposal import LEAST, propose
from lockgate.kit.profile.shape import (
    FieldInfo,
    Hint,
    Match,
    Profile,
    Schema,
    accept,
    canonical,
    describe,
    missing,
    schema_digest,
    schema_of,
    vendor_values,
)

__all__ = [
    "LEAST",
    "FieldInfo",
    "Hint",
    "Match",
    "Profile",
    "Schema",
    "accept",
    "canonical",
    "describe",
    "missing",
    "propose",
    "schema_digest",
    "schema_of",
    "vendor_values",
]
