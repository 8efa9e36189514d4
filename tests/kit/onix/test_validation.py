"""Our verdicts beside those of `onixcheck` and of lxml on the whole file: both know nothing of us."""

import io
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lockgate.kit.onix.dialect import STYLES, Release, Style, dialect
from lockgate.kit.onix.outline import outline
from lockgate.kit.onix.problems import Severity

from .samples import BOOK, SHIPPED, books, message, problems

onixcheck: Any = import_module("onixcheck")
RULES_OF_THE_TRADE = frozenset(
    {
        "digit",
        "numbers-differ",
        "number-repeated",
        "deletion-with-content",
        "no-title",
        "parts-of-one",
        "main-subject",
        "date",
    }
    | {"until-before-from", "rights-overlap", "territory-contradiction", "restriction", "price-currency"}
)
"""Errors that no schema finds."""


class Named(io.BytesIO):
    """A file as the checker wants it."""

    name = "message.xml"


def refused_by_onixcheck(data: bytes) -> bool:
    return bool(onixcheck.validate(Named(data)))


def refused_by_us(data: bytes) -> bool:
    return any(one.severity is Severity.ERROR and one.code not in RULES_OF_THE_TRADE for one in problems(data))


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.glob("*.xml")))
def test_we_agree_with_onixcheck_about_its_own_samples(name: str) -> None:
    data = (SHIPPED / name).read_bytes()
    assert refused_by_us(data) == refused_by_onixcheck(data)


READ_ALL_THE_SAME = {"macmillan-au-21-products-onix30-ref.xml", "macmillan-au-21-products-onix21-ref.xml"}
"""21 products, one of them twice: the checker refuses the 2.1 message already because only its DOCTYPE tells its release."""


@pytest.mark.realdata
def test_we_agree_with_onixcheck_about_real_messages(real: Path) -> None:
    found = {file.name: file.read_bytes() for file in sorted(real.glob("*.xml"))}
    assert len(found) > 8
    ours = {name for name, data in found.items() if refused_by_us(data)}
    assert ours == {name for name, data in found.items() if refused_by_onixcheck(data)}
    assert ours >= READ_ALL_THE_SAME


@pytest.mark.parametrize("style", STYLES)
def test_a_good_message_is_good_for_all(style: Style) -> None:
    data = message(*books(3), style=style)
    assert not problems(data)
    assert not refused_by_onixcheck(data)


@cache
def schema(release: Release, style: Style) -> etree.XMLSchema:
    name = f"Release{release}" if release == "2.1" else release
    file = SHIPPED.parent / "schema" / f"xsd{release}" / f"ONIX_BookProduct_{name}_{style}.xsd"
    return etree.XMLSchema(etree.parse(str(file)))


def lines_by_lxml(data: bytes, release: Release, style: Style) -> set[int]:
    """Where the whole message, as one tree, breaks the schema."""
    known = schema(release, style)
    known.validate(etree.fromstring(data))
    entries: Any = known.error_log
    return {entry.line for entry in entries}


def lines_by_us(data: bytes) -> set[int | None]:
    return {one.line for one in problems(data) if one.code in {"xsd", "code", "duplicate"}}


def shaken(data: bytes, random: Random) -> bytes:
    """A message in which a few elements are gone, doubled, moved, renamed or hold something else."""
    root = etree.fromstring(data)
    for _ in range(random.randrange(1, 4)):
        inside = [one for one in root.iter("{*}*") if one.getparent() is not None and one.getparent() is not root]
        shake(random.choice(inside), random)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def shake(element: Any, random: Random) -> None:
    parent = element.getparent()
    match random.randrange(6):
        case 0:
            parent.remove(element)
        case 1:
            parent.append(element)
        case 2:
            element.text = random.choice(("ZZ", "0", "", "XX YY", "9780000000000"))
        case 3:
            element.tag = element.tag + "X"
        case 4:
            element.set("nonsense", "1")
        case _:
            element.tail = "stray words"


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9), style=st.sampled_from(STYLES), release=st.sampled_from(("3.0", "3.1")))
def test_we_find_the_same_lines_wrong_as_lxml_does_on_the_whole_file(seed: int, style: Style, release: Release) -> None:
    whole = message(*books(3), style=style).replace(b"3.0", release.encode())
    data = shaken(whole, Random(seed))  # noqa: S311 - a test's own dice
    assert lines_by_us(data) == lines_by_lxml(data, release, style)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**9), name=st.sampled_from(("valid_onix2_ref.xml", "Google Sample ONIX 2.1.xml")))
def test_the_same_holds_for_the_old_release(seed: int, name: str) -> None:
    known = dialect("2.1", "reference")
    plain = (SHIPPED / name).read_text(encoding="utf-8-sig").split("?>", 1)[1].strip()
    if "xmlns" not in plain:
        plain = plain.replace("<ONIXMessage", f'<ONIXMessage xmlns="{known.namespace}"', 1)
    data = shaken(plain.encode(), Random(seed))  # noqa: S311 - a test's own dice
    assert lines_by_us(data) == lines_by_lxml(data, "2.1", "reference")


def test_a_record_that_comes_twice_is_an_error_wherever_it_stands() -> None:
    data = message(*books(2), BOOK, BOOK)
    [problem] = problems(data)
    assert (problem.code, problem.line) in {("duplicate", line) for line in lines_by_lxml(data, "3.0", "reference")}
    joined = b"".join(line.strip() for line in data.splitlines())
    assert [one.code for one in problems(joined)] == ["duplicate"]


def test_a_wrong_code_is_told_with_its_list() -> None:
    [problem] = problems(message(BOOK).replace(b"<ProductForm>BC", b"<ProductForm>QQ"))
    assert problem.sentence == "ProductForm is 'QQ', which is no code of code list 150 (Product form)"
    assert problem.element == "Product/DescriptiveDetail/ProductForm"


def test_short_tags_are_told_with_their_long_names() -> None:
    [problem] = problems(message(BOOK, style="short").replace(b"<b012>BC", b"<b012>QQ"))
    assert problem.sentence.startswith("b012 (ProductForm) is 'QQ'")
    assert problem.element == "Product/DescriptiveDetail/ProductForm"


PLACES = ("DE AT", "DE", " DE\n AT ", "DE\u00a0AT", "DE ZZ", "de", "", " ", "WORLD", "DE DE")
FORMS = ("BC", " BC", "BC ", "bc", "", "B", "BC BC", "\u00a0BC")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("release", ["3.0", "3.1"])
def test_codes_are_looked_up_as_the_schema_compares_them(style: Style, release: Release) -> None:
    known = dialect(release, style)
    data = message(BOOK, style=style).replace(b"3.0", release.encode())
    for tag, texts in (("CountriesIncluded", PLACES), ("ProductForm", FORMS)):
        for text in texts:
            root = etree.fromstring(data)
            next(root.iter(f"{{*}}{known.of(tag)}")).text = text
            assert outline(known).keeps(root) == schema(release, style).validate(root), (tag, text)
