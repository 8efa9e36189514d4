"""A product against the official schema and the rules of the trade."""

from lockgate.kit.onix import schema
from lockgate.kit.onix.dialect import Dialect
from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.head import Head
from lockgate.kit.onix.problems import Problem, error
from lockgate.kit.onix.reading import Reading
from lockgate.kit.onix.records import Product


class Checker:
    """Checks the parts of one message, and what holds between them."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def before(self, head: Head) -> bytes:
        """A header that is valid, so that only the product can be wrong."""
        return least(head.dialect)

    def header(self, root: Element, reading: Reading) -> list[Problem]:
        return []

    def product(self, root: Element, product: Product, reading: Reading) -> list[Problem]:
        return []


def least(known: Dialect) -> bytes:
    return b""
