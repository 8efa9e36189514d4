"""Which field of a tenant carries which canonical name: discovered, proposed with a confidence, confirmed by a person.

Recipes speak only canonical names (`ids.sku`, `rights.territories`, `window.until`); the profile of a connection says
where this tenant keeps them.
"""

from lockgate.kit.profile.proposal import ANY_KIND, LEAST, hints_for, propose
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
    "ANY_KIND",
    "LEAST",
    "FieldInfo",
    "Hint",
    "Match",
    "Profile",
    "Schema",
    "accept",
    "canonical",
    "describe",
    "hints_for",
    "missing",
    "propose",
    "schema_digest",
    "schema_of",
    "vendor_values",
]
