"""ONIX 2.1 as the records of today."""

from lockgate.kit.onix import shapes
from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.reading import Reading
from lockgate.kit.onix.records import Header, Product


def header(element: Element, reading: Reading) -> Header:
    return Header()


def product(element: Element, reading: Reading) -> Product:
    found: Product = shapes.PRODUCT.read(element, reading)
    return found
