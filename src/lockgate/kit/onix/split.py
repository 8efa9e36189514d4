"""A message cut into its head, its products and what is between them, while it comes in.

Each product is later parsed for itself, so that one which is not well-formed costs nothing but itself, and so that memory holds
one product at a time. Comments, CDATA and processing instructions are skipped, whatever they hold.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

import msgspec

LIMIT = 4 * 2**20
"""Bytes that one product, or the head, may have: a tree of nothing but tags takes some forty times as much memory."""
DOCTYPE = 64 * 2**10
"""Bytes in which a document type declaration has to end."""
OPEN = re.compile(rb"<(?:[\w.-]+:)?[Pp]roduct(?=[\s/>])")
MARK = re.compile(
    rb"<(?:!--(?P<comment>)|!\[CDATA\[(?P<cdata>)|\?(?P<pi>)|!DOCTYPE(?P<doctype>)"
    rb"|(?:[\w.-]+:)?[Pp]roduct(?=[\s/>])(?P<open>)|/(?:[\w.-]+:)?[Pp]roduct\s*>(?P<close>))"
)
CLOSERS = {"comment": b"-->", "cdata": b"]]>", "pi": b"?>"}
CLOSE = re.compile(rb"</(?:[\w.-]+:)?[Pp]roduct\s*>")
ONLY = re.compile(rb"(?:\s|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
"""What may stand anywhere and says nothing."""
OVERLAP = 64
"""Bytes at the end that may be the beginning of a tag."""


class Kind(StrEnum):
    HEAD = "head"
    PRODUCT = "product"
    BETWEEN = "between"
    """Something else after the first product: the end of the message, as a rule."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of the message, the line it begins in, and what is wrong with how it ends."""

    kind: Kind
    data: bytes
    line: int
    flaw: str = ""


class Splitter:
    """Takes bytes (UTF-8, or any encoding in which ASCII is ASCII) and gives pieces."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._line = 1
        self._inside = False
        """Whether the buffer begins with the start tag of a product."""
        self._seen = 0
        """How far the buffer was searched in vain."""
        self._stuck = False
        """Whether the search ended in something (a comment) that has no end yet."""
        self._kind = Kind.HEAD
        """What stands before the next product."""

    @property
    def line(self) -> int:
        """In which the next piece begins."""
        return self._line

    def feed(self, data: bytes) -> Iterator[Piece]:
        self._buffer += data
        yield from self._pieces(final=False)

    def close(self) -> Iterator[Piece]:
        """What is left at the end."""
        yield from self._pieces(final=True)
        if self._inside:
            yield self._cut(len(self._buffer), Kind.PRODUCT, "the message ends in the middle of it")
        elif self._buffer or self._kind is Kind.HEAD:
            yield self._cut(len(self._buffer), self._kind)

    def _pieces(self, *, final: bool) -> Iterator[Piece]:
        while (found := self._product(final) if self._inside else self._outside(final)) is not None:
            if found.kind is not Kind.BETWEEN or found.data.strip():
                yield found

    def _outside(self, final: bool) -> Piece | None:
        """What stands before the next product, up to its start tag."""
        found = self._next(0, final, ("open",))
        full = len(self._buffer) > self._limit
        at = found[0] if found else -1
        if at < 0 and self._stuck and (final or full) and (hidden := OPEN.search(self._buffer)) is not None:
            at = hidden.start()  # in something that does not end: better a product too many than all of them lost
        self._inside = at >= 0
        if at < 0 and not full:
            return None
        kind, self._kind = self._kind, Kind.BETWEEN
        return self._cut(at if at >= 0 else len(self._buffer), kind)

    def _product(self, final: bool) -> Piece | None:
        """The product at the beginning of the buffer, up to its end tag; or to the next start tag, where it has none."""
        at = self._quick() or self._next(1, final, ("open", "close"))
        if at is not None:
            self._inside = at[2] == "open"
            return self._cut(at[0] if self._inside else at[1], Kind.PRODUCT, UNCLOSED if self._inside else "")
        if len(self._buffer) <= self._limit and not final:
            return None
        return self._abandoned(final)

    def _quick(self) -> tuple[int, int, str] | None:
        """The end of a product in which nothing has to be skipped: the usual case, by plain searching."""
        close = CLOSE.search(self._buffer, max(self._seen, 1))
        if close is None or self._buffer.find(b"<!", 1, close.start()) >= 0:
            return None
        if self._buffer.find(b"<?", 1, close.start()) >= 0 or OPEN.search(self._buffer, 1, close.start()):
            return None
        return close.start(), close.end(), "close"

    def _next(self, at: int, final: bool, wanted: tuple[str, ...]) -> tuple[int, int, str] | None:
        """The next mark of a wanted kind, with what is skipped on the way; None where the buffer ends before."""
        at, self._stuck = max(at, self._seen), False
        while (mark := MARK.search(self._buffer, at)) is not None:
            kind = mark.lastgroup or ""
            if kind in wanted:
                return mark.start(), mark.end(), kind
            if kind in {"open", "close"}:
                at = mark.end()
                continue
            at = self._skipped(kind, mark.end())
            if at < 0:
                self._seen, self._stuck = mark.start(), True
                return None
        self._seen = max(self._seen, at, len(self._buffer) - (0 if final else OVERLAP))
        return None

    def _skipped(self, kind: str, at: int) -> int:
        """Where a comment and the like ends, or -1."""
        if kind == "doctype":
            return doctype_end(self._buffer, at)
        found = self._buffer.find(CLOSERS[kind], at)
        return found + len(CLOSERS[kind]) if found >= 0 else -1

    def _abandoned(self, final: bool) -> Piece | None:
        """Give up a product that does not end: what is behind its next start tag may be whole, comment or not."""
        following = OPEN.search(self._buffer, 1)
        if following is not None:
            return self._cut(following.start(), Kind.PRODUCT, UNCLOSED)
        if final:
            return None
        self._inside = False
        return self._cut(len(self._buffer), Kind.PRODUCT, f"it is longer than {self._limit // 2**20} MiB")

    def _cut(self, at: int, kind: Kind, flaw: str = "") -> Piece:
        data = bytes(self._buffer[:at])
        del self._buffer[:at]
        line, self._seen = self._line, 0
        self._line += data.count(b"\n")
        return Piece(kind, data, line, flaw)


UNCLOSED = "it has no end tag before the next product begins"


def doctype_end(data: bytes | bytearray, at: int) -> int:
    """Where a document type declaration ends, its internal subset included; -1 where it does not end yet.

    One that does not end within reason ends at once: who reads the head will see that it is strange.
    """
    quote, depth = 0, 0
    for place in range(at, min(len(data), at + DOCTYPE)):
        one = data[place]
        if quote:
            quote = 0 if one == quote else quote
        elif one in b"\"'":
            quote = one
        elif one in b"[]":
            depth += 1 if one == ord("[") else -1
        elif one == ord(">") and depth <= 0:
            return place + 1
    return at if len(data) >= at + DOCTYPE else -1
