"""What is written is read again as the same record, and is a valid message where the record is good."""

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from lockgate.kit import onix
from lockgate.kit.errors import Rejected
from lockgate.kit.onix import records
from lockgate.kit.onix.dialect import STYLES, Style
from lockgate.kit.onix.schema import code_lists

from .samples import (
    BOOK,
    HEADER,
    SHIPPED,
    any_product,
    books,
    message,
    price,
    problems,
    products,
    read,
    rights,
    supply,
    title,
)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9), style=st.sampled_from(STYLES))
def test_any_record_is_read_as_it_was_written(seed: int, style: Style) -> None:
    product = any_product(seed)
    assert products(message(product, style=style)) == [product]


@settings(max_examples=20)
@given(seed=st.integers(0, 10**9))
def test_any_record_is_kept_as_json(seed: int) -> None:
    product = any_product(seed)
    assert msgspec.json.decode(msgspec.json.encode(product), type=records.Product) == product


@settings(max_examples=60)
@given(
    text=st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), min_size=1
    )
)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    inner = text.strip(" \t\r\n")
    product = replace(BOOK, titles=(title(inner),), texts=(), source_name=inner)
    [found] = products(message(product))
    assert found == product


def codes_of(number: str) -> st.SearchStrategy[str]:
    """Codes that every release since 3.0 has had."""
    return st.sampled_from(sorted(code_lists("3.0")[number].labels))


COUNTRIES = st.lists(
    st.sampled_from(("DE", "AT", "CH", "GB", "US", "FR", "JP")), min_size=1, max_size=4, unique=True
).map(tuple)


@st.composite
def good_books(draw: st.DrawFn) -> records.Product:
    """Books of any valid codes, prices and rights."""
    roles = draw(st.lists(codes_of("17"), min_size=1, max_size=3))
    persons = tuple(
        replace(BOOK.contributors[0], sequence=str(number), roles=(role,)) for number, role in enumerate(roles, 1)
    )
    prices = tuple(
        price(str(draw(st.integers(1, 9999))), type=draw(codes_of("58")), currency=draw(codes_of("96")))
        for _ in range(2)
    )
    return replace(
        BOOK,
        reference=draw(st.uuids()).hex,
        form=draw(codes_of("150")),
        contributors=persons,
        titles=(title(draw(st.sampled_from(("Täg & Nacht", "<Zero>", "語")))),),
        languages=(records.Language(role=draw(codes_of("22")), code=draw(codes_of("74"))),),
        status=draw(codes_of("64")),
        sales_rights=(rights(draw(codes_of("46")), *draw(COUNTRIES)),),
        supplies=(supply(*prices, countries=draw(COUNTRIES), availability=draw(codes_of("65"))),),
    )


@settings(max_examples=25)
@given(
    made=st.lists(good_books(), min_size=1, max_size=3, unique_by=lambda one: one.reference),
    style=st.sampled_from(STYLES),
)
def test_good_records_make_a_message_that_the_official_schema_takes(made: list[records.Product], style: Style) -> None:
    data = message(*made, style=style)
    assert not [one for one in problems(data) if one.code in {"xsd", "code", "xml"}]
    assert products(data) == made


VALID = ("valid_google_onix_3.xml", "valid_onix31_ref.xml", "valid_onix3_short.xml", "Google Sample ONIX 2.1.xml")


@pytest.mark.parametrize("name", VALID)
def test_what_others_hold_for_valid_is_valid_when_written_anew(name: str) -> None:
    found = products((SHIPPED / name).read_bytes())
    assert found
    again = message(*found)
    assert not [one for one in problems(again) if one.code in {"xsd", "code", "xml"}]
    assert products(again) == found


@pytest.mark.realdata
def test_real_messages_are_valid_when_written_anew(real: Path) -> None:
    for file in sorted(real.glob("*.xml")):
        found = {one.reference: one for one in products(file.read_bytes())}
        again = message(*found.values())
        assert products(again) == list(found.values()), file.name
        assert not [one for one in problems(again) if one.code in {"xsd", "code", "xml"}], file.name


def test_a_message_is_one_that_every_parser_reads() -> None:
    tree = etree.fromstring(message(*books(2), style="short"))
    assert tree.tag == "{http://ns.editeur.org/onix/3.0/short}ONIXmessage"
    assert len(tree.findall("{*}product")) == 2


def test_numbers_are_written_without_exponent() -> None:
    data = message(replace(BOOK, supplies=(supply(price("1E+3")),)))
    assert b"<PriceAmount>1000</PriceAmount>" in data


BAD: dict[str, dict[str, Any]] = {
    "a control character": {"source_name": "a\x00b"},
    "half a character": {"source_name": "a\ud800b"},
    "markup that does not end": {
        "texts": (replace(BOOK.texts[0], texts=(records.Words(text="<p>Rain", format="05"),)),)
    },
    "markup that closes more": {
        "texts": (replace(BOOK.texts[0], texts=(records.Words(text="</Text><Text>", format="05"),)),)
    },
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_written_is_refused_and_leaves_no_half_product(what: str) -> None:
    stream = io.BytesIO()
    writer = onix.Writer(stream)
    writer.begin(HEADER)
    with pytest.raises(Rejected):
        writer.product(replace(BOOK, **BAD[what]))
    writer.product(BOOK)
    writer.end()
    assert products(stream.getvalue()) == [BOOK]


def test_entities_in_markup_are_written_as_numbers() -> None:
    words = records.Words(text="<p>caf&eacute;</p>", format="05")
    [found] = products(message(replace(BOOK, texts=(replace(BOOK.texts[0], texts=(words,)),))))
    assert found.texts[0].texts[0].text == "<p>café</p>"


def test_a_product_without_currency_takes_that_of_the_new_header() -> None:
    header = replace(HEADER, currency="CHF")
    [found] = products(message(replace(BOOK, supplies=(supply(price("5", currency=None)),)), header=header))
    assert found.supplies[0].details[0].prices[0].currency == "CHF"


def test_a_message_is_converted_product_by_product() -> None:
    source = message(*books(3)).replace(b"larkfield.1</", b"larkfield.1</Broken></", 1)
    target = io.BytesIO()
    entries = list(onix.convert(io.BytesIO(source), target, style="short"))
    assert [entry.product is not None for entry in entries] == [True, False, True]
    assert [one.reference for one in products(target.getvalue())] == ["example.larkfield.0", "example.larkfield.2"]
    assert not problems(target.getvalue())


def test_what_has_no_place_in_a_record_is_named() -> None:
    data = message(BOOK).replace(b"</ProductSupply>", b"<Unheard/></ProductSupply>")
    [entry] = read(data)
    assert entry.left_out == ("Product/ProductSupply/Unheard",)


def test_tenths_and_hundredths_are_kept() -> None:
    [found] = products(message(replace(BOOK, supplies=(supply(price("19.90")),))))
    assert str(found.supplies[0].details[0].prices[0].amount) == "19.90"
    assert found.supplies[0].details[0].prices[0].amount == Decimal("19.9")


def test_random_records_use_every_field_sooner_or_later() -> None:
    found = [any_product(seed) for seed in range(80)]
    for name in records.Product.__struct_fields__:
        assert any(getattr(one, name) for one in found), name
