"""A whole message, product by product, as its bytes come in."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from lxml import etree
from msgspec.structs import replace

from lockgate.kit.onix import older, shapes
from lockgate.kit.onix.check import Checker, bytes_of, hidden
from lockgate.kit.onix.encoding import Decoder
from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.head import Head, head_of
from lockgate.kit.onix.problems import Problem, error, warning
from lockgate.kit.onix.reading import Reading, Wrap, reference_in
from lockgate.kit.onix.records import Header, Language, Price, Product, Supply, SupplyDetail
from lockgate.kit.onix.split import ONLY, Kind, Piece, Splitter

CHUNK = 2**18
"""Bytes that are read at once."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One product of a message, or what is to be said of the message itself."""

    product: Product | None = None
    """None where the product could not be read, and for what is about the message."""
    problems: tuple[Problem, ...] = ()
    line: int = 1
    """Where it begins."""
    reference: str | None = None
    """RecordReference, as far as it could be seen."""
    message: bool = False
    """Whether it is about the message and no product."""
    left_out: tuple[str, ...] = ()
    """Elements that the record has no place for, by path; attributes as `Product/Title@textcase`."""

    @property
    def valid(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


class Reader:
    """Takes the bytes of a message in pieces of any size; gives its products.

    With `check` they are also held against the official schema and the rules of the trade. `header` is there with the first entry.
    """

    def __init__(self, *, check: bool = False) -> None:
        self.header: Header | None = None
        self.head: Head | None = None
        self._decoder, self._splitter = Decoder(), Splitter()
        self._checker = Checker() if check else None
        self._defaults = Defaults()
        self._start: Piece | None = None
        self._ended = False
        self._lost: dict[str, int] = {}
        self.products = 0
        """How many have come to their end, readable or not."""

    @property
    def release(self) -> str | None:
        """`2.1`, `3.0` or `3.1`, once the first product was seen; None of what is not read."""
        return self.head.dialect.release if self.head and not self.head.refused else None

    def feed(self, data: bytes) -> Iterator[Entry]:
        """The products that have come to their end with these bytes."""
        yield from self._entries(self._splitter.feed(self._decoder.feed(data)))

    def close(self) -> Iterator[Entry]:
        """What is left when there are no more bytes."""
        yield from self._entries(self._splitter.feed(self._decoder.feed(b"", final=True)))
        yield from self._entries(self._splitter.close())
        if self.head is None and self._start is not None:
            yield from self._begin(b"")
        if self.head is not None and not self.head.refused and not self._ended:
            said = f"the message does not end with </{self.head.dialect.root}>: it may be cut off"
            line = self._splitter.line
            yield Entry(message=True, problems=(error("cut", said, line),), line=line)

    def _entries(self, pieces: Iterator[Piece]) -> Iterator[Entry]:
        for piece in pieces:
            if piece.kind is Kind.HEAD:
                self._start = piece
                continue
            if self.head is None:
                yield from self._begin(piece.data)
            if self.head is not None and not self.head.refused:
                entry = self._product(piece, self.head) if piece.kind is Kind.PRODUCT else self._between(piece)
                if entry is not NOTHING:
                    yield entry

    def _begin(self, first: bytes) -> Iterator[Entry]:
        """Settle how the message is to be read."""
        start = self._start or Piece(Kind.HEAD, b"", 1)
        self.head = head = head_of(start.data, first)
        self._wrap, self._end = Wrap(head), end_tag(head)
        problems = [*self._decoder.problems, *head.problems, *hidden(start.data, start.line)]
        if start.flaw:
            problems.append(error("xml", f"the head of the message cannot be read: {start.flaw}", start.line))
        self._ended = not first and self._end.search(head.inner) is not None
        if not head.refused:
            problems += self._header(self._end.split(head.inner)[0], head, products=bool(first))
        if problems or self._lost:
            yield Entry(message=True, problems=tuple(problems), left_out=tuple(self._lost))

    def _header(self, data: bytes, head: Head, *, products: bool) -> list[Problem]:
        reading = Reading(head.dialect, head.line)
        after = self._checker.after(head, products=products) if self._checker else b""
        try:
            root = self._wrap.parsed(data, after=after)
        except etree.XMLSyntaxError as failed:
            return [self._wrap.told(failed, data, head.line)]
        element = next((one for one in root if head.dialect.reference(one.tag) == "Header"), None)
        if element is not None:
            self.header = older.header(element, reading) if old(head) else shapes.HEADER.read(element, reading)
            self._defaults, self._lost = Defaults.of(self.header), reading.lost
        if self._checker is not None:
            reading.problems += self._checker.header(root, self.header, reading)
        return reading.problems

    def _product(self, piece: Piece, head: Head) -> Entry:
        reading = Reading(head.dialect, piece.line)
        self.products += 1
        if piece.flaw:
            return self._unread(piece, error("xml", f"not read: {piece.flaw}", piece.line, "Product"))
        reading.named_characters(piece.data, declared=head.doctype)
        reading.problems += bytes_of(piece.data, piece.line)
        reading.problems += self._wrap.odd_namespace(piece.data, piece.line)
        before = self._checker.before(head) if self._checker else b""
        try:
            root = self._wrap.parsed(piece.data, before=before)
        except etree.XMLSyntaxError as failed:
            return self._unread(piece, self._wrap.told(failed, piece.data, piece.line, before=before))
        element = root[-1]
        product = self._defaults.given(translated(element, head, reading, self.header))
        if self._checker is not None:
            reading.problems += self._checker.product(root, product, reading)
        reference = product.reference or None
        problems = tuple(replace(one, reference=reference) for one in reading.problems)
        return Entry(
            product=product, problems=problems, line=piece.line, reference=reference, left_out=tuple(reading.lost)
        )

    def _unread(self, piece: Piece, problem: Problem) -> Entry:
        reference = reference_in(piece.data)
        told = replace(problem, reference=reference)
        return Entry(problems=(told,), line=piece.line, reference=reference)

    def _between(self, piece: Piece) -> Entry:
        """The end of the message, or something that has no business between products."""
        ended = self._end.search(piece.data)
        self._ended = self._ended or ended is not None
        rest = self._end.sub(b"", piece.data, count=1)
        told = tuple(hidden(piece.data, piece.line))
        if ONLY.fullmatch(rest) is not None:
            return Entry(message=True, problems=told, line=piece.line) if told else NOTHING
        said = rest.strip()[:40].decode(errors="replace")
        line = piece.line + piece.data.count(b"\n", 0, len(piece.data) - len(piece.data.lstrip()))
        code = "cut" if piece.flaw else "between"
        tell = warning if SERIES.match(rest.strip()) else error
        problem = tell(code, f"between the products stands {said!r}, which was not read", line)
        return Entry(message=True, problems=(*told, problem), line=line)


def end_tag(head: Head) -> re.Pattern[bytes]:
    return re.compile(rb"</(?:[\w.-]+:)?(?:ONIX[Mm]essage|" + re.escape(head.name.encode()) + rb")\s*>")


NOTHING = Entry(message=True)
SERIES = re.compile(rb"<(?:[\w.-]+:)?(?:MainSeriesRecord|SubSeriesRecord|mainseriesrecord|subseriesrecord)[\s>]")
"""What 2.1 has beside products."""


def old(head: Head) -> bool:
    return head.dialect.release == "2.1"


def translated(element: Element, head: Head, reading: Reading, header: Header | None) -> Product:
    if old(head):
        return older.product(element, reading, header)
    product: Product = shapes.PRODUCT.read(element, reading)
    return product


class Defaults(msgspec.Struct, frozen=True):
    """What the header says for all products that do not say it themselves."""

    language: str | None = None
    price_type: str | None = None
    currency: str | None = None

    @classmethod
    def of(cls, header: Header) -> "Defaults":
        return cls(header.language, header.price_type, header.currency)

    def given(self, product: Product) -> Product:
        """The product with the defaults where it is silent: taken out of its message, it still says the same."""
        if self.language and not any(one.role == "01" for one in product.languages):
            product = replace(product, languages=(*product.languages, Language(role="01", code=self.language)))
        if (self.currency or self.price_type) and product.supplies:
            product = replace(product, supplies=tuple(map(self._supply, product.supplies)))
        return product

    def _supply(self, supply: Supply) -> Supply:
        return replace(supply, details=tuple(map(self._detail, supply.details)))

    def _detail(self, detail: SupplyDetail) -> SupplyDetail:
        return replace(detail, prices=tuple(map(self._price, detail.prices)))

    def _price(self, price: Price) -> Price:
        currency = price.currency or (self.currency if price.amount is not None else None)
        return replace(price, currency=currency, type=price.type or self.price_type)


def read(stream: BinaryIO, *, check: bool = False) -> Iterator[Entry]:
    """The products of a message in order, as they are read; see `Reader`."""
    yield from read_with(Reader(check=check), stream)


def read_with(reader: Reader, stream: BinaryIO) -> Iterator[Entry]:
    """All that a reader makes of a stream; beside it the reader tells the header and the release."""
    while data := stream.read(CHUNK):
        yield from reader.feed(data)
    yield from reader.close()


def validate(stream: BinaryIO) -> Iterator[Problem]:
    """All that is wrong with a message, in the order of its products. It is valid when none of it is an error."""
    for entry in read(stream, check=True):
        yield from entry.problems
