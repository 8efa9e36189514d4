"""What is kept and what is told as lost when a message of 3.0 or 3.1 is written as 3.0."""

import io
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from lockgate.kit import onix
from lockgate.kit.errors import Rejected
from lockgate.kit.onix import records, shapes
from lockgate.kit.onix.dialect import STYLES, Style
from lockgate.kit.onix.fields import Block, Inner, Shape
from lockgate.kit.onix.schema import contents

from .samples import BOOK, codes, message, products, read

CONTENT = (
    "<ContentDetail><ContentItem><LevelSequenceNumber>1</LevelSequenceNumber><TextItem><TextItemType>03</TextItemType></TextItem>"
    '<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>04</TitleElementLevel><TitleText language="eng">'
    "Rain &amp; &lt;sun&gt;</TitleText></TitleElement></TitleDetail>"
    '<TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience><Text textformat="05"><p>One <em>lark</em> more.</p>'
    "</Text></TextContent></ContentItem></ContentDetail>"
)
WITH_CONTENT = replace(
    BOOK,
    kept=(
        records.Extra(tag="ReligiousText", content="<ReligiousText><Bible><BibleContents>GE</BibleContents>"
        "<BibleVersion>KJV</BibleVersion></Bible></ReligiousText>"),
        records.Extra(tag="ContentDetail", content=CONTENT),
    ),
)  # fmt: skip
NEWER = (
    ("<ProductComposition>", "<ProductComposition datestamp='20260101'>"),
    ("<SupportingResource>", "<SupportingResource><SequenceNumber>1</SequenceNumber>"),
    (
        "<ImprintName>Larkfield</ImprintName>",
        "<ImprintName>Larkfield</ImprintName><ImprintNameInverted>L</ImprintNameInverted>",
    ),
    (
        "<PublisherName>Larkfield Press</PublisherName>",
        "<PublisherName language='eng'>Larkfield Press</PublisherName><PublisherName language='ger'>Lerchenfeld</PublisherName>",
    ),
    ("<ProductSupply>", "<ProductSupply><MarketReference>m1</MarketReference>"),
)
"""What 3.1 has and 3.0 has not, put into a message of 3.0."""


def as_3_1(*changes: tuple[str, str]) -> bytes:
    text = message(WITH_CONTENT).decode().replace("3.0", "3.1")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text.encode()


def converted(data: bytes, style: Style = "reference") -> tuple[list[onix.Entry], bytes]:
    target = io.BytesIO()
    return [one for one in onix.convert(io.BytesIO(data), target, style=style) if one.product], target.getvalue()


def unknown(name: str, shape: Shape, seen: set[str]) -> Iterator[str]:
    """Elements of 3.0 that a table, or one of a composite in it, does not have."""
    table = {one.tag: one for one in shape.fields}
    for tag in contents("3.0")[name]:
        found = table.get(tag)
        if found is None:
            yield f"{name}/{tag}"
        elif isinstance(found, Inner | Block) and f"{name}/{tag}" not in seen:
            seen.add(f"{name}/{tag}")
            yield from unknown(tag, found.shape, seen)


def test_every_element_of_3_0_has_a_place() -> None:
    assert not [*unknown("Product", shapes.PRODUCT, set()), *unknown("Header", shapes.HEADER, set())]


@pytest.mark.parametrize("style", STYLES)
def test_what_nobody_reads_is_written_as_it_stood(style: Style) -> None:
    data = message(WITH_CONTENT, style=style)
    assert not codes(data)
    assert products(data) == [WITH_CONTENT]
    [entry], new = converted(data, "short" if style == "reference" else "reference")
    assert (entry.left_out, entry.problems) == ((), ())
    assert products(new) == [WITH_CONTENT]
    assert not codes(new)


def test_what_only_3_1_has_is_told_and_the_rest_is_valid_3_0() -> None:
    data = as_3_1(*NEWER)
    assert not codes(data)
    [entry], new = converted(data)
    assert set(entry.left_out) == {
        "Product/DescriptiveDetail/ProductComposition@datestamp",
        "Product/CollateralDetail/SupportingResource/SequenceNumber",
        "Product/PublishingDetail/Imprint/ImprintNameInverted",
        "Product/PublishingDetail/Publisher/PublisherName@language",
        "Product/PublishingDetail/Publisher/PublisherName",
        "Product/ProductSupply/MarketReference",
    }
    assert not entry.problems
    assert not codes(new)
    assert products(new)[0].publishers[0].name == "Larkfield Press"


def test_what_3_1_added_deep_in_what_is_kept_is_told() -> None:
    deep = "<ContentAudience>00</ContentAudience>"
    text = as_3_1().decode()
    at = text.index(deep, text.index("<ContentDetail>"))
    [entry], new = converted(f"{text[:at]}<SequenceNumber>1</SequenceNumber>{text[at:]}".encode())
    assert entry.left_out == ("Product/ContentDetail/ContentItem/TextContent/SequenceNumber",)
    assert products(new) == [WITH_CONTENT]


def test_a_second_one_where_there_may_be_one_is_told_and_the_first_is_read() -> None:
    data = message(BOOK).replace(
        b"<ProductForm>BC</ProductForm>", b"<ProductForm>BC</ProductForm><ProductForm>BB</ProductForm>"
    )
    [entry] = [one for one in read(data) if one.product]
    assert entry.product is not None
    assert (entry.product.form, entry.left_out) == ("BC", ("Product/DescriptiveDetail/ProductForm",))


def test_what_a_header_loses_is_told() -> None:
    data = message(BOOK).replace(b"</Header>", b"<Whim>1</Whim></Header>")
    [told, _] = read(data)
    assert (told.message, told.left_out) == (True, ("Header/Whim",))


def test_kept_markup_that_is_none_is_not_written() -> None:
    wrong = replace(BOOK, kept=(records.Extra(tag="ContentDetail", content="<ContentDetail><broken></ContentDetail>"),))
    with pytest.raises(Rejected, match="ContentDetail is not well-formed"):
        message(wrong)
