"""One product: from its bytes to a tree, and from the tree to a record."""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from lxml import etree

from lockgate.kit.onix.damage import not_parsed
from lockgate.kit.onix.dialect import Dialect
from lockgate.kit.onix.entities import named, resolved
from lockgate.kit.onix.fields import Element, Field, Shape
from lockgate.kit.onix.head import Head
from lockgate.kit.onix.problems import Problem, error

PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
)
APART = re.compile(rb"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.DOTALL)
"""Where nothing is to be replaced."""
SPACE = re.compile(rb"(\sxmlns\s*=\s*)(?:\"([^\"]*)\"|'([^']*)')")
EDITEUR = re.compile(rb"https?://(?:\w+\.)?editeur\.org/onix/")
REFERENCE = re.compile(rb"<(?:[\w.-]+:)?(?:RecordReference|a001)[^>]*>\s*([^<]*?)\s*<")


class Wrap:
    """Makes a message of its own from what was inside of one: in the official namespace, without prefix, on the same lines."""

    def __init__(self, head: Head) -> None:
        self.head = head
        known = head.dialect
        spaces = "".join(f" xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in head.declared.items())
        self.before = f'<{known.root} xmlns="{known.namespace}" release="{known.release}"{spaces}>'.encode()
        self.after = f"</{known.root}>".encode()
        self._space = known.namespace.encode()
        self._prefix = re.compile(rb"(</?)" + re.escape(head.prefix) + rb":") if head.prefix else None

    def parsed(self, data: bytes, *, before: bytes = b"", after: bytes = b"") -> Element:
        """The root of the message, with what is to stand before and after the data in it. Raises XMLSyntaxError."""
        return etree.fromstring(b"".join((self.before, before, self.usual(data), after, self.after)), PARSER)

    def told(self, failed: etree.XMLSyntaxError, data: bytes, line: int, *, before: bytes = b"") -> Problem:
        """Why these bytes, which begin in this line, could not be parsed behind what was before them."""
        return not_parsed(failed, data, line, self.head.dialect, len(self.before) + len(before))

    def usual(self, data: bytes) -> bytes:
        """Named characters as numbers, namespaces and prefixes as in the official schema; CDATA and comments as they are."""
        if b"<!" not in data:
            return self._usual(data)
        parts = APART.split(data)
        return b"".join(part if place % 2 else self._usual(part) for place, part in enumerate(parts))

    def _usual(self, text: bytes) -> bytes:
        text = resolved(text)
        if self._prefix is not None:
            text = self._prefix.sub(rb"\1", text)
        return SPACE.sub(self._official, text) if b"xmlns" in text else text

    def _official(self, found: re.Match[bytes]) -> bytes:
        return found[1] + b'"' + self._space + b'"' if self._ours(stated(found)) else found[0]

    def _ours(self, namespace: bytes) -> bool:
        """Whether a namespace stands for that of ONIX: an old one, none at all, or whatever the root said."""
        return not namespace or namespace == self.head.namespace.encode() or EDITEUR.match(namespace) is not None

    def odd_namespace(self, data: bytes, line: int) -> Iterator[Problem]:
        """A product that puts itself into another namespace of ONIX than its message does."""
        usual = {self._space, self.head.namespace.encode()}
        for found in SPACE.finditer(data) if b"xmlns" in data else ():
            if self._ours(stated(found)) and stated(found) not in usual:
                said = f"the product names the namespace {stated(found).decode(errors='replace')!r}, not that of its message"
                yield error("namespace", said, line + data.count(b"\n", 0, found.start()), "Product")
                return


def stated(found: re.Match[bytes]) -> bytes:
    """The namespace of a declaration, in whichever quotes."""
    return found[2] if found[2] is not None else found[3]


class Reading:
    """What was found while one part of a message was read; the part begins in `line`."""

    def __init__(self, dialect: Dialect, line: int) -> None:
        self.dialect, self.line = dialect, line
        self.problems: list[Problem] = []
        self.lost: dict[str, int] = {}
        """What a record has no place for, with the line of the first one: elements by path, attributes as `Product/Title@textcase`."""

    def of(self, reference: str) -> str:
        return self.dialect.of(reference)

    def reference(self, tag: str) -> str:
        return self.dialect.reference(tag)

    def table(self, shape: Shape) -> Mapping[str, Field]:
        return self.dialect.table(shape)

    def flaw(self, code: str, sentence: str, element: Element) -> None:
        self.problems.append(error(code, sentence, self.line_of(element), self.path(element)))

    def left_out(self, element: Element, attribute: str = "") -> None:
        path = self.path(element)
        self.lost.setdefault(f"{path}@{attribute}" if attribute else path, self.line_of(element))

    def lost_here(self, path: str) -> None:
        """Take down that there is no place for something, where the element itself is not at hand."""
        self.lost.setdefault(path, self.line)

    def line_of(self, element: Element) -> int:
        """In the file. What stands around the part is on its first line."""
        row: int | None = getattr(element, "sourceline", None)
        return self.line + (row or 1) - 1

    def path(self, element: Element) -> str:
        """`Product/PublishingDetail/SalesRights`, by reference names, without the message around it."""
        names = [self.dialect.reference(str(element.tag))]
        names += [self.dialect.reference(str(one.tag)) for one in element.iterancestors()]
        return "/".join(reversed(names[:-1] if len(names) > 1 else names))

    def named_characters(self, data: bytes, *, declared: bool) -> None:
        """Tell of characters by name that no DTD declares: other readers will refuse the message."""
        if not declared and (found := named(data)) is not None:
            said = f"&{found[0]}; is declared nowhere in this message; it was read as {found[1]}"
            self.problems.append(error("entity", said, self.line + data.count(b"\n", 0, found[2]), "Product"))


def reference_in(data: bytes) -> str | None:
    """The RecordReference of a product that is no XML, as far as it can be seen."""
    found = REFERENCE.search(data)
    return found[1].decode(errors="replace") or None if found else None
