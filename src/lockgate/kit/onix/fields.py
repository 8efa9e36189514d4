"""How the parts of a record are written as elements: the kinds of field that a table of `shapes` is made of.

A table is read in both directions and knows reference names only; `dialect` says how an element is called in a message.
"""

# ruff: noqa: ARG002 - every kind of field is asked the same, whether it needs all of it or not

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar, Protocol, TypeAlias
from xml.sax.saxutils import escape, quoteattr

import msgspec
from lxml import etree

from lockgate.kit.errors import Rejected
from lockgate.kit.onix.entities import resolved
from lockgate.kit.onix.records import Territory, Words

Element: TypeAlias = etree._Element
Values: TypeAlias = dict[str, Any]
BLANK_SPACE = " \t\r\n"
"""What XML takes for white space; a no-break space is a character."""
MARKUP = "05"
"""List 34: XHTML inside of the element."""
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
DECLARED = re.compile(r' xmlns(?::\w+)?="[^"]*"')


class Names(Protocol):
    """What a field has to know of the message it stands in."""

    def of(self, reference: str) -> str:
        """How an element is called here, by its reference name."""

    def reference(self, tag: str) -> str:
        """The reference name of an element by its tag here."""

    def table(self, shape: "Shape") -> "Mapping[str, Field]":
        """The fields of a composite by what their elements are called here."""

    def flaw(self, code: str, sentence: str, element: Element) -> None:
        """Take down what is wrong with an element."""

    def left_out(self, element: Element, attribute: str = "") -> None:
        """Take down that the record has no place for an element, or for an attribute of it."""


def plain(element: Element) -> str:
    """The text of an element, without blanks around it; that of elements inside of it, too."""
    if len(element):
        return "".join(map(str, element.itertext())).strip(BLANK_SPACE)
    text = element.text
    return text.strip(BLANK_SPACE) if text else ""


def markup(element: Element) -> str:
    """The content of an element as XML without namespaces."""
    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    return (escape(element.text or "") + DECLARED.sub("", inner)).strip(BLANK_SPACE)


def clean(text: str) -> str:
    """Text as element content; a carriage return would not survive as it is."""
    return escape(text).replace("\r", "&#13;")


def checked(text: str, tag: str) -> str:
    """Markup as it can stand inside of an element. Raises Rejected where it is not well-formed."""
    found = resolved(text.encode()).decode()
    try:
        etree.fromstring(f"<x>{found}</x>".encode(), PARSER)
    except etree.XMLSyntaxError as error:
        raise Rejected(f"the markup of {tag} is not well-formed: {error.msg}", code="xml") from None
    return found


@dataclass(frozen=True, slots=True)
class Field:
    """One element of a composite, and the field of the record that holds it: its text, unless a kind of field says otherwise."""

    repeats: ClassVar[bool] = False
    """Whether it may come again although it is not `many`."""
    attributes: ClassVar[frozenset[str]] = frozenset()
    """Those that the record has a place for."""

    tag: str
    name: str
    many: bool = False
    written: bool = True

    def put(self, values: Values, value: Any) -> None:
        values[self.name] = (*values.get(self.name, ()), value) if self.many else value

    def take(self, values: Values, element: Element, names: Names) -> None:
        """Read an element into the values of the record that it belongs to."""
        text = element.text
        value = text.strip(BLANK_SPACE) if text and not len(element) else plain(element)
        values[self.name] = (*values.get(self.name, ()), value) if self.many else value

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        """The elements that tell what this field of the record holds."""
        value = getattr(record, self.name)
        if self.written and value is not None:
            for one in value if self.many else (value,):
                yield from self.told(one, names, indent)

    def told(self, value: Any, names: Names, indent: str) -> Iterator[str]:
        tag = names.of(self.tag)
        yield f"{indent}<{tag}>{clean(value)}</{tag}>"


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A decimal number."""

    def take(self, values: Values, element: Element, names: Names) -> None:
        try:
            number = Decimal(plain(element))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            self.put(values, number)
        else:
            names.flaw("value", f"{self.tag} is {plain(element)!r}, which is no number", element)

    def told(self, value: Any, names: Names, indent: str) -> Iterator[str]:
        tag = names.of(self.tag)
        yield f"{indent}<{tag}>{value:f}</{tag}>"


@dataclass(frozen=True, slots=True)
class Flag(Field):
    """An empty element: it is there or not."""

    def take(self, values: Values, element: Element, names: Names) -> None:
        values[self.name] = True

    def told(self, value: Any, names: Names, indent: str) -> Iterator[str]:
        if value:
            yield f"{indent}<{names.of(self.tag)}/>"


@dataclass(frozen=True, slots=True)
class Codes(Field):
    """Several codes in one element, with blanks between them."""

    repeats: ClassVar[bool] = True

    def take(self, values: Values, element: Element, names: Names) -> None:
        values[self.name] = (*values.get(self.name, ()), *plain(element).split())

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        if codes := getattr(record, self.name):
            tag = names.of(self.tag)
            yield f"{indent}<{tag}>{clean(' '.join(codes))}</{tag}>"


@dataclass(frozen=True, slots=True)
class Spoken(Field):
    """A text with its language, which the record keeps once for all such fields."""

    attributes: ClassVar[frozenset[str]] = frozenset({"language"})

    def take(self, values: Values, element: Element, names: Names) -> None:
        values[self.name] = plain(element)
        if language := element.get("language"):
            values["language"] = language

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        if (value := getattr(record, self.name)) is not None:
            tag, language = names.of(self.tag), record.language
            said = f" language={quoteattr(language)}" if language else ""
            yield f"{indent}<{tag}{said}>{clean(value)}</{tag}>"


@dataclass(frozen=True, slots=True)
class Told(Field):
    """A text with language and format, which may hold markup: `Words`."""

    attributes: ClassVar[frozenset[str]] = frozenset({"language", "textformat", "audience"})

    def take(self, values: Values, element: Element, names: Names) -> None:
        self.put(values, words(element))

    def told(self, value: Any, names: Names, indent: str) -> Iterator[str]:
        tag = names.of(self.tag)
        stated = (("language", value.language), ("textformat", value.format), ("audience", value.audience))
        said = "".join(f" {name}={quoteattr(text)}" for name, text in stated if text)
        content = checked(value.text, self.tag) if value.format == MARKUP else clean(value.text)
        yield f"{indent}<{tag}{said}>{content}</{tag}>"


def words(element: Element) -> Words:
    """Elements inside of it make a text XHTML, whatever is said of its format."""
    form = element.get("textformat")
    if len(element):
        form = MARKUP
    text = markup(element) if form == MARKUP else plain(element)
    language, audience = element.get("language"), element.get("audience")
    return Words(text=text, language=language, format=form, audience=audience)


@dataclass(frozen=True, slots=True)
class Day(Field):
    """The value of a date, whose format is an attribute, or in older messages an element before it."""

    attributes: ClassVar[frozenset[str]] = frozenset({"dateformat"})

    def take(self, values: Values, element: Element, names: Names) -> None:
        values[self.name] = plain(element)
        if form := element.get("dateformat"):
            values["format"] = form

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        tag = names.of(self.tag)
        said = f" dateformat={quoteattr(record.format)}" if record.format else ""
        yield f"{indent}<{tag}{said}>{clean(record.value)}</{tag}>"


@dataclass(frozen=True, slots=True)
class Bound(Field):
    """Precision and value of a range, one after the other, up to twice."""

    value_tag: str = ""

    def take(self, values: Values, element: Element, names: Names) -> None:
        self.put(values, (plain(element), ""))

    def told(self, value: Any, names: Names, indent: str) -> Iterator[str]:
        for tag, text in zip((self.tag, self.value_tag), value, strict=True):
            yield f"{indent}<{names.of(tag)}>{clean(text)}</{names.of(tag)}>"


@dataclass(frozen=True, slots=True)
class BoundValue(Field):
    """The value of the bound that stands before it, with which it is written."""

    repeats: ClassVar[bool] = True

    def take(self, values: Values, element: Element, names: Names) -> None:
        *others, (precision, _) = values.get(self.name) or (("", ""),)
        values[self.name] = (*others, (precision, plain(element)))


class Shape:
    """A composite: which kind of record its elements fill, and the fields in the order in which they are written."""

    def __init__(self, kind: Callable[..., Any], *fields: Field) -> None:
        self.kind, self.fields = kind, fields
        stated = msgspec.structs.fields(kind) if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else ()
        self.required = frozenset(one.name for one in stated if one.required)

    def read(self, element: Element, names: Names) -> Any:
        values: Values = {}
        self.collect(element, values, names)
        for name in self.required:
            if name in values:
                continue
            names.flaw("missing", f"{self.tag_of(name)} is missing", element)
            values[name] = BLANK.get(name, "")
        return self.kind(**values)

    def collect(self, element: Element, values: Values, names: Names) -> None:
        """Read the elements inside of this one into the values of a record."""
        table = names.table(self)
        for child in element:
            found = table.get(child.tag)
            if found is None or (found.name in values and not found.many and not found.repeats):
                names.left_out(child)
                continue
            found.take(values, child, names)
            if keys := child.keys():
                tell_attributes(found, child, map(str, keys), names)

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        for one in self.fields:
            yield from one.lines(record, names, indent)

    def tag_of(self, name: str) -> str:
        return next((one.tag for one in self.fields if one.name == name), name)


def tell_attributes(field: Field, element: Element, keys: Iterable[str], names: Names) -> None:
    for key in keys:
        if key not in field.attributes and key not in NAMING:
            names.left_out(element, key)


NAMING = frozenset({"refname", "shortname"})
"""What they say is known anyway."""
BLANK: dict[str, Any] = {"territory": Territory()}
"""What stands for something required that is not there; any other is an empty text."""
NOTHING = Shape(object)


@dataclass(frozen=True, slots=True)
class Inner(Field):
    """A composite with a record of its own."""

    shape: Shape = NOTHING

    def take(self, values: Values, element: Element, names: Names) -> None:
        self.put(values, self.shape.read(element, names))

    def told(self, value: Any, names: Names, indent: str) -> Iterator[str]:
        tag = names.of(self.tag)
        yield f"{indent}<{tag}>"
        yield from self.shape.lines(value, names, indent + "  ")
        yield f"{indent}</{tag}>"


@dataclass(frozen=True, slots=True)
class Block(Field):
    """An element that only groups fields of the record around it."""

    repeats: ClassVar[bool] = True

    shape: Shape = NOTHING

    def take(self, values: Values, element: Element, names: Names) -> None:
        self.shape.collect(element, values, names)

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        if inner := list(self.shape.lines(record, names, indent + "  ")):
            tag = names.of(self.tag)
            yield f"{indent}<{tag}>"
            yield from inner
            yield f"{indent}</{tag}>"
