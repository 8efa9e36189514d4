"""One book, written in all the ways that senders write: the record is the same."""

import codecs
import re
from collections.abc import Callable

import pytest

from lockgate.kit import onix

from .samples import BOOK, books, codes, message, products, read

REFERENCE, SHORT = message(BOOK), message(BOOK, style="short")
SPACE = b"http://ns.editeur.org/onix/3.0/reference"


def without_namespace(data: bytes) -> bytes:
    return re.sub(rb' xmlns="[^"]*"', b"", data)


def prefixed(data: bytes) -> bytes:
    tags = re.sub(rb"(</?)([A-Za-z])", rb"\1onix:\2", data)
    return tags.replace(b" xmlns=", b" xmlns:onix=")


def on_each_product(data: bytes) -> bytes:
    """The old habit: the namespace is said again by header and products."""
    old = b"http://www.editeur.org/onix/3.0/reference"
    return re.sub(rb"<(Header|Product)>", rb'<\1 xmlns="' + old + b'">', data.replace(SPACE, old))


def with_doctype(data: bytes) -> bytes:
    doctype = b'<!DOCTYPE ONIXMessage SYSTEM "http://www.editeur.org/onix/3.0/reference/onix.dtd">\n'
    return data.replace(b"<ONIXMessage", doctype + b"<ONIXMessage", 1)


HABITS: dict[str, tuple[bytes, set[str]]] = {
    "reference tags": (REFERENCE, set()),
    "short tags": (SHORT, set()),
    "release 3.1": (REFERENCE.replace(b"3.0", b"3.1"), set()),
    "no namespace": (without_namespace(REFERENCE), {"namespace"}),
    "no namespace, short tags": (without_namespace(SHORT), {"namespace"}),
    "a prefix": (prefixed(REFERENCE), set()),
    "another namespace, said again": (on_each_product(REFERENCE), {"namespace"}),
    "a namespace of nobody": (REFERENCE.replace(SPACE, b"urn:onix"), {"namespace"}),
    "no namespace on a product": (REFERENCE.replace(b"<Product>", b"<Product xmlns=''>"), {"namespace"}),
    "another namespace on a product": (
        REFERENCE.replace(b"<Product>", b'<Product xmlns="http://www.editeur.org/onix/2.1/short">'),
        {"namespace"},
    ),
    "the namespace of nobody, said again": (
        REFERENCE.replace(SPACE, b"urn:onix").replace(b"<Product>", b'<Product xmlns="urn:onix">'),
        {"namespace"},
    ),
    "no release": (REFERENCE.replace(b' release="3.0"', b""), {"release"}),
    "neither namespace nor release": (
        without_namespace(REFERENCE).replace(b' release="3.0"', b""),
        {"namespace", "release"},
    ),
    "a release that is none": (REFERENCE.replace(b'release="3.0"', b'release="3.0.8"'), {"release"}),
    "the wrong release": (REFERENCE.replace(b'release="3.0"', b'release="2.1"'), {"release"}),
    "a DOCTYPE": (with_doctype(REFERENCE), set()),
    "a byte order mark": (codecs.BOM_UTF8 + REFERENCE, set()),
    "the root in capitals": (REFERENCE.replace(b"ONIXMessage", b"ONIXMESSAGE"), {"root"}),
    "short tags under the other root": (SHORT.replace(b"ONIXmessage", b"ONIXMessage"), {"root"}),
    "all in one line": (b"".join(line.strip() for line in REFERENCE.splitlines()), set()),
    "other line ends": (REFERENCE.replace(b"\n", b"\r\n"), set()),
    "comments everywhere": (REFERENCE.replace(b"<Product>", b"<!-- a - > <Product> --><Product>"), {"commented-out"}),
    "a product in a comment behind": (REFERENCE.replace(b"</ONIXM", b"<!-- <Product/> --></ONIXM"), {"commented-out"}),
    "a product alone": (
        REFERENCE[REFERENCE.index(b"<Product>") : REFERENCE.index(b"</ONIXMessage>")],
        {"root", "xsd", "cut"},
    ),
}


@pytest.mark.parametrize("habit", HABITS)
def test_the_same_record_is_read_whatever_the_habit(habit: str) -> None:
    data, told = HABITS[habit]
    assert products(data) == [BOOK]
    assert codes(data) == told


def encoded(text: str, name: str, *, said: str | None = None, mark: bytes = b"") -> bytes:
    return mark + text.replace("UTF-8", said or name, 1).encode(name)


TEXT = REFERENCE.decode().replace("Ada Lark", "Ádã Lärk")
ENCODINGS: dict[str, Callable[[], bytes]] = {
    "utf-8": TEXT.encode,
    "iso-8859-1": lambda: encoded(TEXT, "iso-8859-1"),
    "windows-1252": lambda: encoded(TEXT, "windows-1252"),
    "utf-16 with a mark": lambda: encoded(TEXT, "utf-16"),
    "utf-16 without": lambda: encoded(TEXT, "utf-16-le", said="UTF-16"),
    "utf-16 of the other order": lambda: encoded(TEXT, "utf-16-be", said="UTF-16", mark=codecs.BOM_UTF16_BE),
    "utf-32": lambda: encoded(TEXT, "utf-32"),
    "said to be utf-16, but is not": lambda: encoded(TEXT, "utf-8", said="utf-16"),
    "nothing said": TEXT.split("\n", 1)[1].encode,
    "one that nobody knows": lambda: encoded(TEXT, "utf-8", said="klingon"),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_letters_are_the_same_in_every_encoding(name: str) -> None:
    [product] = products(ENCODINGS[name]())
    assert product.contributors[0].person == "Ádã Lärk"


def test_an_encoding_that_hides_markup_is_not_taken() -> None:
    data = b'<?xml version="1.0" encoding="utf-7"?>' + REFERENCE.split(b"\n", 1)[1]
    assert "encoding" in codes(data)
    assert products(data) == [BOOK]


def test_windows_letters_under_a_latin_name_are_told() -> None:
    data = TEXT.replace("Field", "“Field”").replace("UTF-8", "iso-8859-1", 1).encode("windows-1252")
    assert codes(data) == {"encoding"}


@pytest.mark.parametrize("size", [1, 7, 64, 1000, 10**6])
@pytest.mark.parametrize("data", [REFERENCE, SHORT, prefixed(REFERENCE), encoded(TEXT, "utf-16")], ids=range(4))
def test_it_does_not_matter_in_which_pieces_a_message_comes(data: bytes, size: int) -> None:
    reader = onix.Reader()
    found = [entry for start in range(0, len(data), size) for entry in reader.feed(data[start : start + size])]
    assert [*found, *reader.close()] == read(data)


def test_header_and_release_are_known_with_the_first_product() -> None:
    reader = onix.Reader()
    [first] = [*reader.feed(REFERENCE), *reader.close()]
    assert first.product == BOOK
    assert reader.header is not None
    assert (reader.header.sender.name, reader.release, reader.products) == ("Larkfield Press", "3.0", 1)


def test_a_message_may_say_that_it_has_no_products() -> None:
    assert codes(message()) == set()
    assert read(message()) == []


def test_what_the_header_says_for_all_holds_for_each() -> None:
    data = message(BOOK).replace(b"</Header>", b"<DefaultCurrencyCode>EUR</DefaultCurrencyCode></Header>")
    silent = re.sub(rb"\s*<CurrencyCode>EUR</CurrencyCode>", b"", data)
    assert silent != data
    assert products(silent) == [BOOK]


def test_lines_are_those_of_the_file() -> None:
    data = message(*books(3))
    lines = data.splitlines()
    entries = read(data)
    assert [lines[entry.line - 1].strip() for entry in entries] == [b"<Product>"] * 3
