"""Files that nobody here made."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lockgate.kit.seed import FATES, Content, SeedAsset, SeedOptions, assign, expected, load

pytestmark = pytest.mark.realdata

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def content(real_data: Path) -> Content:
    return load(real_data, SeedOptions(seed=1), NOW)


@pytest.fixture(scope="module")
def assets(content: Content) -> dict[str, SeedAsset]:
    return {asset.filename: asset for asset in content.assets}


def test_every_file_is_an_asset_a_table_or_reported(real_data: Path, content: Content) -> None:
    files = {path.relative_to(real_data).as_posix() for path in real_data.rglob("*") if path.is_file()}
    carried = {asset.path.relative_to(real_data.resolve()).as_posix() for asset in content.assets}
    tables = {product.source.split("#")[0] for product in content.products}
    reported = {problem.path for problem in content.problems}
    about = {"README.md", "onix/README.md"}
    assert files - carried - tables - reported == about
    assert not carried & reported


def test_the_same_packet_is_read_in_every_format_it_comes_in(assets: dict[str, SeedAsset]) -> None:
    squares = {name: asset for name, asset in assets.items() if name.startswith("BlueSquare")}
    assert len(squares) == 12
    for name, asset in squares.items():
        assert asset.title["und"].startswith("Blue Square Test File"), name
        assert asset.keywords[:2] == ["XMP", "Blue Square"], name
        assert asset.problem is None, name


def test_the_rights_of_the_iptc_reference_picture_arrive_word_for_word(assets: dict[str, SeedAsset]) -> None:
    asset = assets["iptc-reference-2019.1.jpg"]
    assert asset.title == {"und": "The Title (ref2019.1)"}
    assert asset.caption == {"und": "The Headline (ref2019.1)"}
    assert asset.creator == "Creator1 (ref2019.1), Creator2 (ref2019.1)"
    assert asset.copyright == "Copyright (Notice) 2019.1 IPTC - www.iptc.org  (ref2019.1)"
    assert asset.usage_terms is not None
    assert asset.usage_terms.split("\n")[:2] == ["Rights Usage Termns (ref2019.1)", "An Instruction (ref2019.1)"]
    assert asset.fate != "no_rights"


def test_broken_documents_are_carried_and_named(assets: dict[str, SeedAsset]) -> None:
    broken = {name: asset.problem for name, asset in assets.items() if asset.problem}
    assert broken == {
        "libreoffice-writer-password.pdf": "is protected by a password, so nothing in it can be read",
        "unreadablemetadata.pdf": "is broken: cannot be read as PDF (data format error)",
    }


def test_products_come_from_the_workbook_the_book_lists_and_the_fixtures(content: Content) -> None:
    sources = Counter(product.source.split("#")[0] for product in content.products)
    assert sources["products/unopim-1k_products.xlsx"] == 1000
    assert sources["products/oscar-books.essential.csv"] > 50
    assert sources["products/oscar-child_products.json"] > 5
    ignored = {problem.path for problem in content.problems if problem.sentence.endswith("not products; left out")}
    assert {path.partition("/")[2] for path in ignored} == {
        "bestbuy-categories.json", "bestbuy-stores.json", "unopim-attribute-families.csv", "unopim-attributes.csv",
        "unopim-category-fields.csv", "unopim-currencies.csv", "unopim-locales.csv",
    }  # fmt: skip


def test_books_have_titles_and_isbns(content: Content) -> None:
    [book] = [product for product in content.products if product.sku == "9780553380958"]
    assert (book.gtin, book.name, book.price) == ("9780553380958", {"und": "Snow Crash"}, "17.99")


def test_every_fate_occurs_and_a_load_of_many_accounts_for_all(content: Content) -> None:
    assert {asset.fate for asset in content.assets} == set(FATES)
    many = assign(content, seed=1, now=NOW, assets=5000)
    account = expected(many)
    assert account.read == 5000 == account.written + sum([*account.blocked.values(), *account.parked.values()])
