"""Identifiers in the form in which they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lockgate.model import codes


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("4006381333931", "04006381333931"),
        ("4006381-333931", "04006381333931"),
        (" 4006381\u00a0333931 ", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("10012345000017", "10012345000017"),
    ],
)
def test_a_gtin_of_any_length_is_compared_as_fourteen_digits(written: str, compared: str) -> None:
    assert codes.gtin(written) == compared


@pytest.mark.parametrize(
    "text",
    ["4006381333932", "400638133393", "٤٠٠٦٣٨١٣٣٣٩٣١", "0000000000000", "4006381333931.0", "4.00638E+12", "", "n/a"],
)
def test_what_is_no_gtin_is_not_taken_for_one(text: str) -> None:
    assert codes.gtin(text) is None


@given(body=st.text("0123456789", min_size=12, max_size=12).filter(lambda text: text.strip("0")))
def test_exactly_one_check_digit_makes_a_gtin(body: str) -> None:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    accepted = [digit for digit in "0123456789" if codes.gtin(body + digit)]
    assert accepted == [str(-total % 10)]


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("978-0-306-40615-7", "9780306406157"),
        ("0-306-40615-2", "9780306406157"),
        ("080442957x", "9780804429573"),
        ("978‑0‑306‑40615‑7", "9780306406157"),
        ("9798886451740", "9798886451740"),
    ],
)
def test_an_isbn_of_either_length_is_compared_as_thirteen_digits(written: str, compared: str) -> None:
    assert codes.isbn13(written) == compared


@pytest.mark.parametrize("text", ["9780306406158", "979-0-2600-0043-8", "0000000000", "4006381333931", "X", ""])
def test_a_wrong_check_digit_and_printed_music_are_no_isbn(text: str) -> None:
    assert codes.isbn13(text) is None


def test_a_sku_keeps_its_case_and_inner_blanks() -> None:
    assert codes.identifier("sku", "  Ab 12 ") == "Ab 12"
    assert codes.identifier("sku", "   ") is None


def test_identifiers_without_a_rule_of_their_own_are_trimmed_texts() -> None:
    assert codes.identifier("family", " chairs ") == "chairs"
