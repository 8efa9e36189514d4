"""A product against the official schema and the rules of the trade."""

import re
from collections.abc import Iterator
from datetime import date

from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.head import Head
from lockgate.kit.onix.problems import Problem, error, warning
from lockgate.kit.onix.reading import Reading
from lockgate.kit.onix.records import Dated, Header, Product
from lockgate.kit.onix.rules import Context, Finding, broken
from lockgate.kit.onix.xsd import least_header, least_product, violations

STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
CONTROLS = re.compile(b"\xc2[\x80-\x9f]")
"""U+0080–U+009F in UTF-8: no text has them."""
REPLACED = "\ufffd".encode()
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
HIDDEN = re.compile(rb"<(?:[\w.-]+:)?[Pp]roduct[\s/>]")


class Checker:
    """Checks the parts of one message, and what holds between them."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._context = Context()

    def before(self, head: Head) -> bytes:
        return least_header(head.dialect)

    def after(self, head: Head, *, products: bool) -> bytes:
        """What the header is checked with; nothing where the message has no products, which is for the schema to judge."""
        return least_product(head.dialect) if products else b""

    def header(self, root: Element, header: Header | None, reading: Reading) -> list[Problem]:
        self._context = Context(sent=day(header.sent) if header else None)
        return violations(root, reading)

    def product(self, root: Element, product: Product, reading: Reading) -> list[Problem]:
        element = root[-1]
        found = violations(root, reading)
        found += self._repeated(product, element, reading)
        return found + [located(one, element, reading) for one in broken(product, self._context)]

    def _repeated(self, product: Product, element: Element, reading: Reading) -> list[Problem]:
        line, before = reading.line_of(element), self._seen.get(product.reference)
        self._seen.setdefault(product.reference, line)
        if before is None or not product.reference:
            return []
        said = f"the record {product.reference} was in this message before, at line {before}"
        return [error("duplicate", said, line, "Product/RecordReference")]


def day(sent: str) -> date | None:
    return Dated(role="", value=sent[:8]).day


def bytes_of(data: bytes, line: int) -> Iterator[Problem]:
    """What the bytes of a product betray, before they are parsed."""
    if (found := CONTROLS.search(data)) is not None:
        said = f"the control character U+{ord(found[0].decode()):04X} stands in a text: the message is perhaps in windows-1252"
        yield warning("encoding", said, line + data.count(b"\n", 0, found.start()), "Product")
    if (at := data.find(REPLACED)) >= 0:
        said = "some bytes are no characters in the encoding of the message"
        yield error("encoding", said, line + data.count(b"\n", 0, at), "Product")
    yield from hidden(data, line)


def hidden(data: bytes, line: int) -> Iterator[Problem]:
    """Products in comments: perhaps somebody forgot them there."""
    for comment in COMMENT.finditer(data) if b"<!--" in data else ():
        if number := len(HIDDEN.findall(comment[0])):
            said = f"a comment holds {number} product{'s' if number > 1 else ''}, not read"
            yield warning("commented-out", said, line + data.count(b"\n", 0, comment.start()))


def located(finding: Finding, element: Element, reading: Reading) -> Problem:
    """A finding with the line of the element it is about, or of the nearest around it."""
    at = nearest(element, finding.path, reading)
    return Problem(
        severity=finding.severity,
        code=finding.code,
        sentence=finding.sentence,
        line=reading.line_of(at),
        element=f"Product/{finding.path}".replace("[1]", ""),
    )


def nearest(element: Element, path: str, reading: Reading) -> Element:
    """By a path of 3.0; in 2.1 the groups around are not there, and what was in them is in the product itself."""
    if reading.dialect.release == "2.1":
        path = re.sub(r"ProductSupply(\[\d+\])/SupplyDetail\[1\]", r"SupplyDetail\1", path)
    for name, number in STEP.findall(path):
        tag = f"{{{reading.dialect.namespace}}}{reading.dialect.of(name)}"
        found = element.findall(tag)
        place = int(number or 1) - 1
        if place < len(found):
            element = found[place]
        elif reading.dialect.release != "2.1":
            break
    return element
