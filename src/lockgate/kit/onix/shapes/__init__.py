"""The composites of ONIX 3.0 and 3.1 as tables, in the order of the schema: read and written by the same lines.

Elements that are not here have no place in a record; the reader tells which it met.
"""

from lockgate.kit.onix.shapes.description import DESCRIPTIVE
from lockgate.kit.onix.shapes.names import AFFILIATION, NAME
from lockgate.kit.onix.shapes.parts import MEASURE, PRIZE, PRODUCT_ID, WEBSITE, dated, identifier, many, texts
from lockgate.kit.onix.shapes.product import HEADER, PRODUCT

__all__ = [
    "AFFILIATION",
    "DESCRIPTIVE",
    "HEADER",
    "MEASURE",
    "NAME",
    "PRIZE",
    "PRODUCT",
    "PRODUCT_ID",
    "WEBSITE",
    "dated",
    "identifier",
    "many",
    "texts",
]
