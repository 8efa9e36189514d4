"""A product that cannot be read: line, element and sentence; all others come through."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lockgate.kit import onix
from lockgate.kit.onix.split import LIMIT

from .samples import books, message, problems, read

WHOLE = message(*books(3))
SECOND = WHOLE.index(b"<Product>", WHOLE.index(b"<Product>") + 1)
THIRD = WHOLE.index(b"<Product>", SECOND + 1)


def broken(old: bytes, new: bytes) -> bytes:
    """The message with something in its second product replaced."""
    product = WHOLE[SECOND:THIRD]
    assert old in product
    return WHOLE[:SECOND] + product.replace(old, new, 1) + WHOLE[THIRD:]


BROKEN = {
    "an end tag is another": (broken(b"</ProductForm>", b"</ProductFrom>"), "ProductForm"),
    "an end tag is missing": (broken(b"</DescriptiveDetail>", b""), "DescriptiveDetail"),
    "its own end tag is missing": (broken(b"</Product>", b""), "no end tag"),
    "its own end tag is cut": (broken(b"</Product>", b"</Prod"), "no end tag"),
    "a bare ampersand": (broken(b"Lark &amp; Field", b"Lark & Field"), ""),
    "a bare angle": (broken(b"A walk &lt;in", b"A walk <in "), ""),
    "an attribute without quotes": (broken(b'language="eng"', b"language=eng"), ""),
    "bytes that are no UTF-8": (broken(b"Lark &amp;", b"L\xe4rk &amp;"), "windows-1252"),
    "a control character": (broken(b"Lark &amp;", b"L\x01rk"), ""),
    "a character nobody knows by name": (broken(b"&amp;", b"&larkspur;"), "larkspur"),
    "a comment that does not end": (broken(b"<ProductForm>", b"<!-- <ProductForm>"), ""),
    "CDATA that does not end": (broken(b"<ProductForm>", b"<![CDATA[<ProductForm>"), ""),
    "nesting without end": (broken(b"<ProductForm>", b"<p>" * 5000), ""),
}


@pytest.mark.parametrize("what", BROKEN)
def test_the_products_beside_a_broken_one_are_read(what: str) -> None:
    data, word = BROKEN[what]
    first, bad, *rest = [entry for entry in read(data) if not entry.message]
    assert [entry.product for entry in (first, *rest)] == [books(3)[0], books(3)[2]]
    assert (bad.product, bad.reference, bad.valid) == (None, "example.larkfield.1", False)
    [problem] = bad.problems
    assert (problem.code, problem.element.partition("/")[0], problem.reference) == (
        "xml",
        "Product",
        "example.larkfield.1",
    )
    assert word in problem.sentence
    assert problem.line is not None
    assert WHOLE.count(b"\n", 0, SECOND) < problem.line <= data.count(b"\n", 0, data.rindex(b"<Product>")) + 1


def test_the_line_of_a_broken_tag_is_told() -> None:
    data = broken(b"</ProductForm>", b"</ProductFrom>")
    [problem] = [one for entry in read(data) for one in entry.problems]
    assert b"</ProductFrom>" in data.splitlines()[(problem.line or 0) - 1]


TITLE = "Product/DescriptiveDetail/TitleDetail/TitleElement"
TOLD = {
    "an end tag is another": ("Product/DescriptiveDetail/ProductForm", "is ended by </ProductFrom>"),
    "an end tag is missing": ("Product/DescriptiveDetail", "<DescriptiveDetail>, begun in line"),
    "a bare ampersand": (f"{TITLE}/TitleText", "written &amp;"),
    "a bare angle": (f"{TITLE}/Subtitle", "written &lt;"),
    "an attribute without quotes": (f"{TITLE}/TitleText", "quotes"),
    "a control character": (f"{TITLE}/TitleText", "U+0001"),
    "a character nobody knows by name": (f"{TITLE}/TitleText", "&larkspur; is not known"),
}


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("what", TOLD)
def test_the_element_that_is_broken_is_told_in_words(what: str, joined: bool) -> None:
    data, (element, words) = BROKEN[what][0], TOLD[what]
    if joined:
        data = b" ".join(line.strip() for line in data.splitlines())
    [problem] = [one for entry in read(data, check=True) for one in entry.problems]
    assert problem.element.startswith(element)
    assert words in problem.sentence


@settings(max_examples=100)
@given(seed=st.integers(0, 10**9))
def test_no_damage_inside_of_a_product_costs_another_one(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test's own dice
    product = bytearray(WHOLE[SECOND:THIRD])
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(10, len(product) - 12)
        product[at : at + random.randrange(3)] = random.choice(DAMAGE)
    found = [
        entry.product for entry in read(WHOLE[:SECOND] + bytes(product) + WHOLE[THIRD:], check=True) if entry.product
    ]
    assert found[0] == books(3)[0]
    assert found[-1] == books(3)[2]


DAMAGE = (
    b"",
    b"<",
    b">",
    b"&",
    b"\xff",
    b"\0",
    b"<!--",
    b"<![CDATA[",
    b"</Product>",
    b"<?x",
    b"'",
    b"</",
    b"]]>",
    b"\xc3",
)


@settings(max_examples=60)
@given(data=st.binary(max_size=300), at=st.integers(0, len(WHOLE)))
def test_no_bytes_at_all_make_the_reader_fail(data: bytes, at: int) -> None:
    for damaged in (data, WHOLE[:at] + data, data + WHOLE[at:], WHOLE[:at] + data + WHOLE[at:]):
        for entry in read(damaged, check=True):
            assert entry.product is not None or entry.problems


def test_a_message_that_is_cut_off_gives_what_was_whole() -> None:
    *whole, cut, end = read(WHOLE[: THIRD + 500])
    assert [entry.product for entry in whole] == books(2)
    assert (cut.product, cut.reference) == (None, "example.larkfield.2")
    assert "ends in the middle" in cut.problems[0].sentence
    assert [problem.code for problem in end.problems] == ["cut"]


def test_a_message_that_ends_between_products_is_told_to_be_cut_off() -> None:
    assert [problem.code for problem in problems(WHOLE[:THIRD])] == ["cut"]


def test_a_product_without_end_does_not_fill_the_memory() -> None:
    reader, fed = onix.Reader(), 0
    entries = list(reader.feed(WHOLE[:THIRD] + b"<Product><RecordReference>long</RecordReference>"))
    while fed < LIMIT + 2**20:
        entries += reader.feed(b"<a>" * 2**16)
        fed += 3 * 2**16
    entries += reader.feed(WHOLE[THIRD:])
    entries += reader.close()
    found = [(entry.reference, entry.product is not None) for entry in entries if not entry.message]
    assert found == [
        ("example.larkfield.0", True),
        ("example.larkfield.1", True),
        ("long", False),
        ("example.larkfield.2", True),
    ]


def test_what_stands_between_products_is_told_and_not_taken_for_one() -> None:
    data = WHOLE[:THIRD] + b"<Extra>What is this?</Extra>" + WHOLE[THIRD:]
    assert [entry.product for entry in read(data) if entry.product] == books(3)
    [problem] = problems(data)
    assert problem.code == "between"
    assert "<Extra>" in problem.sentence


def test_a_header_that_is_broken_costs_no_product() -> None:
    data = WHOLE.replace(b"</SenderName>", b"</Name>")
    assert [entry.product for entry in read(data) if entry.product] == books(3)
    [problem] = problems(data)
    assert (problem.code, problem.element) == ("xml", "Header/Sender/SenderName")


def test_end_tags_in_comments_and_cdata_end_nothing() -> None:
    data = broken(b"<ProductForm>", b"<!-- </Product><Product> --><?x </Product>?><ProductForm>")
    data = data.replace(b"For the trade.", b"<![CDATA[</Product><Product>&eacute;]]>")
    found = [entry.product for entry in read(data) if entry.product]
    assert [one.reference for one in found] == [one.reference for one in books(3)]
    assert found[1].texts[1].texts[0].text == "</Product><Product>&eacute;"


@pytest.mark.parametrize(
    "data", [b"", b"not XML at all", b"<html><body>Not found</body></html>", b"\0" * 5000, b'{"error": 1}']
)
def test_what_is_no_message_is_told_to_be_none(data: bytes) -> None:
    [problem] = problems(data)
    assert problem.code == "no-onix"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_message_is_told_as_one(pack: Callable[[bytes], bytes]) -> None:
    [problem] = problems(pack(WHOLE))
    assert (problem.code, problem.sentence) == ("no-onix", "it is compressed: unpack it first")
