"""ONIX 2.1 read as the records of today. It is not written any more: EDItEUR withdrew its support in 2014."""

from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.older import shapes
from lockgate.kit.onix.older.header import header_of
from lockgate.kit.onix.older.product import product_of
from lockgate.kit.onix.reading import Reading
from lockgate.kit.onix.records import Header, Product


def header(element: Element, reading: Reading) -> Header:
    return header_of(shapes.HEADER.read(element, reading))


def product(element: Element, reading: Reading, header: Header | None) -> Product:
    """What the record has no place for, elements as well as codes, is told to `reading`."""
    return product_of(shapes.PRODUCT.read(element, reading), header, reading.lost_here)
