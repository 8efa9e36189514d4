"""Identifiers as systems may have written them."""

from lockgate.connectors.rest.runtime.finding import written


def test_a_gtin_is_asked_for_in_each_length_it_may_be_kept_in() -> None:
    assert set(written("gtin", "04006381333931", "4006381333931")) == {"4006381333931", "04006381333931"}
    assert set(written("gtin", "00000012345670", "12345670")) == {
        "00000012345670", "0000012345670", "000012345670", "12345670",
    }  # fmt: skip


def test_other_identifiers_are_asked_for_as_they_are() -> None:
    assert written("sku", "lg-mug", "LG-MUG") == ["LG-MUG"]
