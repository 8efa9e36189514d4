"""Product tables as PIM and shop systems write them become products."""

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from lockgate.kit.seed import Content, SeedProduct, read_folder

Write = Callable[..., Content]


@pytest.fixture
def table(tmp_path: Path) -> Write:
    """Write one table and read its folder."""

    def write(name: str, text: str | bytes, mapping: dict[str, str] | None = None) -> Content:
        data = text.encode() if isinstance(text, str) else text
        (tmp_path / name).write_bytes(data)
        return read_folder(tmp_path, mapping)

    return write


def by_sku(content: Content) -> dict[str, SeedProduct]:
    return {product.sku: product for product in content.products}


def sentences(content: Content) -> list[str]:
    return [problem.sentence for problem in content.problems]


def test_a_plain_german_table_in_windows_encoding_is_read(table: Write) -> None:
    text = "Artikelnummer;Bezeichnung;EAN;Preis;Warengruppe;Produktfamilie\r\nA1;Häferl groß;4006381333931;12,50;Küche;HF\r\n"
    [product] = table("preise.csv", text.encode("cp1252")).products
    assert (product.sku, product.name, product.gtin) == ("A1", {"und": "Häferl groß"}, "4006381333931")
    assert (product.price, product.category, product.family) == ("12,50", "Küche", "HF")
    assert product.source == "preise.csv#2"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(table: Write, encoding: str, delimiter: str) -> None:
    rows = (("sku", "name", "description"), ("A1", "Tür", "breit, hoch; schön"), ("A2", "Öl", "zäh"))
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    products = by_sku(table("t.csv", text.encode(encoding)))
    assert products["A1"].description == {"und": "breit, hoch; schön"}
    assert products["A2"].name == {"und": "Öl"}


def test_akeneo_columns_carry_languages_and_its_family_is_no_product_family(table: Write) -> None:
    text = (
        "sku;categories;enabled;family;parent;name-de_DE;name-en_US;description-de_DE-ecommerce;ean;price-EUR\n"
        "S1;shoes;1;footwear;MODEL-1;Schuh;Shoe;Bequem;4006381333931;59.90\nS2;shoes;0;footwear;;Stiefel;Boot;;;\n"
    )
    products = by_sku(table("akeneo.csv", text))
    assert products["S1"].name == {"de-DE": "Schuh", "en-US": "Shoe"}
    assert products["S1"].description == {"de-DE": "Bequem"}
    assert (products["S1"].family, products["S1"].parent) == ("MODEL-1", "MODEL-1")
    assert (products["S1"].price, products["S1"].currency) == ("59.90", "EUR")
    assert (products["S2"].family, products["S2"].status) == (None, "inactive")


def test_unopim_rows_of_one_sku_in_two_languages_are_one_product(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["channel", "locale", "sku", "status", "type", "parent", "attribute_family", "name", "price (USD)"])
    sheet.append(["default", "en_US", 101, "true", "simple", None, "default", "Notebook", 142])
    sheet.append(["default", "de_DE", 101, "true", "simple", None, "default", "Notizbuch", 142])
    sheet.append(["default", "de_DE", 101, "true", "simple", None, "default", "Noch einmal", 142])
    book.save(tmp_path / "unopim.xlsx")
    content = read_folder(tmp_path)
    [product] = content.products
    assert (product.sku, product.price, product.currency, product.family) == ("101", "142", "USD", None)
    assert product.name == {"en-US": "Notebook", "de-DE": "Notizbuch"}
    assert sentences(content) == ["1 rows repeat an article number that came before (101): the first is kept"]


def test_shopify_variants_inherit_and_their_handle_becomes_the_family(table: Write) -> None:
    text = (
        "Handle,Title,Body (HTML),Vendor,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Image Src,Status\n"
        "mug,Fjord mug,<p>Stone</p>,X,Red,MUG-R,14.90,'4006381333931,a.jpg,active\n"
        "mug,,,,Blue,MUG-B,14.90,,b.jpg,\n"
        "mug,,,,,,,,c.jpg,\n"
        "pen,Pen,,X,,PEN,2.00,,,draft\n"
    )
    content = table("shopify.csv", text)
    products = by_sku(content)
    assert sorted(products) == ["MUG-B", "MUG-R", "PEN", "mug"]
    assert (products["MUG-B"].name, products["MUG-B"].description) == ({"und": "Fjord mug"}, {"und": "<p>Stone</p>"})
    assert (products["MUG-B"].family, products["MUG-R"].gtin, products["MUG-B"].gtin) == ("mug", "4006381333931", None)
    assert (products["mug"].name, products["mug"].price) == ({"und": "Fjord mug"}, None)
    assert (products["PEN"].family, products["PEN"].status) == (None, "inactive")
    assert content.problems == []


def test_shopify_json_is_read_as_its_table(table: Write) -> None:
    variants = [
        {"id": 1, "sku": "A", "title": "Red", "price": "1.00"},
        {"id": 2, "sku": "B", "title": "Blue", "price": "1.00"},
    ]
    document = {"products": [{"id": 9, "title": "Cup", "handle": "cup", "body_html": "b", "variants": variants}]}
    products = by_sku(table("shopify.json", json.dumps(document)))
    assert (products["B"].name, products["B"].family) == ({"und": "Cup"}, "cup")


def test_woocommerce_variations_find_their_parent_by_sku_or_by_id(table: Write) -> None:
    text = (
        'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Published,Description,"Regular price",Categories,Parent\n'
        "11,variation,H-R,,Hoodie - Red,1,,45,,H\n"
        "12,variation,H-B,,Hoodie - Blue,1,,45,,id:10\n"
        "10,variable,H,,Hoodie,1,Warm,,Clothing > Hoodies,\n"
        "13,simple,CAP,4006381333931,Cap,-1,,12,Clothing,\n"
    )
    products = by_sku(table("woo.csv", text))
    assert (products["H-R"].family, products["H-B"].parent, products["H"].family) == ("H", "H", None)
    assert (products["CAP"].gtin, products["CAP"].price, products["CAP"].status) == ("4006381333931", "12", "inactive")


def test_vendure_rows_without_a_name_are_variants_of_the_row_above(table: Write) -> None:
    text = (
        "name,slug,description,assets,facets,optionGroups,optionValues,sku,price,taxCategory\n"
        "Laptop,laptop,Fast,l.jpg,category:electronics,size,13 inch,L13,1299.00,standard\n"
        ",,,,,,15 inch,L15,1499.00,standard\n"
        "Pen,pen,Blue,,,,,PEN,1.00,standard\n"
    )
    products = by_sku(table("vendure.csv", text))
    assert (products["L15"].name, products["L15"].family) == ({"und": "Laptop"}, "laptop")
    assert products["laptop"].description == {"und": "Fast"}
    assert products["PEN"].family is None


def test_a_line_above_the_header_does_no_harm(table: Write) -> None:
    [product] = table("t.csv", "Price list 2026,,\n,,\nSKU,Title,Price\nA,Axe,9\n").products
    assert (product.sku, product.name, product.source) == ("A", {"und": "Axe"}, "t.csv#4")


def test_json_texts_by_language_keep_their_languages(table: Write) -> None:
    [product] = table("t.json", '[{"sku": 7, "name": {"de": "Axt", "en": "Axe"}, "price": 9.5}]').products
    assert (product.sku, product.name, product.price) == ("7", {"de": "Axt", "en": "Axe"}, "9.5")


def test_an_akeneo_product_with_values_is_read(table: Write) -> None:
    values = {
        "name": [{"locale": "de_DE", "scope": None, "data": "Schuh"}],
        "ean": [{"locale": None, "data": "4006381333931"}],
    }
    record = {
        "identifier": "S1",
        "family": "footwear",
        "parent": "M",
        "enabled": True,
        "categories": ["a"],
        "values": values,
    }
    [product] = table("akeneo.json", json.dumps({"_embedded": {"items": [record]}})).products
    assert (product.sku, product.name, product.gtin, product.family) == ("S1", {"de-DE": "Schuh"}, "4006381333931", "M")


def test_a_mapping_names_what_no_header_would_tell(table: Write) -> None:
    content = table("t.csv", "Nummer,Was,EAN\n7,Hammer,\n8,Säge,\n", {"sku": "Nummer", "name": "Was"})
    assert {sku: product.name for sku, product in by_sku(content).items()} == {
        "7": {"und": "Hammer"},
        "8": {"und": "Säge"},
    }


def test_a_headerless_book_list_is_recognised_by_its_check_digits(table: Write) -> None:
    rows = (
        "Book,Books > Fiction,9780553380958,Snow Crash,A long text about a courier and a virus,Partner,9780553380958,17.99,51",
        "Book,Books > Fiction,9780441569595,Neuromancer,A long text about a burned out case who steals,Partner,9780441569595,7.99,51",
        "Book,Books > Fiction,9780131103627,The C Programming Language,As its first preface said,Partner,9780131103627,9,20",
    )
    [first, second, third] = table("books.csv", "\n".join(rows)).products
    assert (first.sku, first.gtin, first.name) == ("9780553380958", "9780553380958", {"und": "Snow Crash"})
    assert (second.price, second.category) == ("7.99", "Books > Fiction")
    assert third.description == {"und": "As its first preface said"}


def test_a_django_fixture_gives_products_with_prices_and_parents(table: Write) -> None:
    def record(model: str, pk: int, **fields: object) -> dict[str, object]:
        return {"model": f"catalogue.{model}", "pk": pk, "fields": fields}

    records = [
        record("category", 1, name="Clothing"),
        record("productcategory", 1, product=1, category=1),
        record("product", 1, title="Shirt", slug="shirt", upc="", parent=None),
        record("product", 2, title="", slug="shirt", upc="9780131103627", parent=1),
        record("product", 3, title="", slug="shirt", upc="", parent=1),
        record("stockrecord", 1, product=2, partner_sku="x", price="10.00", price_currency="GBP"),
    ]
    content = table("fixture.json", json.dumps(records))
    products = by_sku(content)
    assert sorted(products) == ["9780131103627", "shirt"]
    variant = products["9780131103627"]
    assert (variant.name, variant.family, variant.category) == ({"und": "Shirt"}, "shirt", "Clothing")
    assert (variant.gtin, variant.price, variant.currency) == ("9780131103627", "10.00", "GBP")
    assert sentences(content) == ["1 rows have no article number (product 3) and are left out"]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.csv", "code,name,symbol,decimal\nEUR,Euro,€,2\n", "holds currencies, not products; left out"),
        ("a.csv", "code,type,locale,name,validation\nsku,text,en,SKU,\n", "holds attributes, not products; left out"),
        ("a.csv", "sku,stock\nA,1\n", "has article numbers but nothing that describes a product; left out"),
        ("a.csv", "", "is empty; left out"),
        (
            "a.csv",
            "1,x\n2,y\n",
            "has no header, and no column whose numbers are GTINs or ISBNs with valid check digits; left out",
        ),
        ("a.json", '[{"id": 1, "address": "x", "city": "y"}]', "holds stores or addresses, not products; left out"),
        ("a.json", '{"just": "settings"}', "is JSON, but no list of records; left out"),
    ],
)
def test_other_tables_are_left_out_with_the_reason(table: Write, name: str, text: str, reason: str) -> None:
    content = table(name, text)
    assert content.products == []
    assert sentences(content) == [reason]


@pytest.mark.parametrize(("name", "word"), [("a.json", "JSON"), ("a.xlsx", "XLSX")])
def test_a_broken_table_is_reported(table: Write, name: str, word: str) -> None:
    [sentence] = sentences(table(name, b"PK\x03\x04{broken"))
    assert sentence.startswith(f"cannot be read as {word}")


def test_repeats_wrong_check_digits_and_missing_numbers_are_counted(table: Write) -> None:
    text = "sku,name,ean\nA,One,4006381333930\nA,Again,\n,Nameless,\nB,Two,12\n"
    content = table("t.csv", text)
    assert {sku: product.gtin for sku, product in by_sku(content).items()} == {"A": None, "B": None}
    assert by_sku(content)["A"].name == {"und": "One"}
    assert sentences(content) == [
        "1 rows repeat an article number that came before (A): the first is kept",
        "1 rows have no article number (row 4) and are left out",
        "2 rows have a GTIN with a wrong length or check digit (4006381333930, 12): the product is kept without it",
    ]


def test_the_first_of_two_tables_keeps_its_products(table: Write) -> None:
    table("a.csv", "sku,name\nA,First\n")
    content = table("b.csv", "sku,name\nA,Second\nB,New\n")
    assert {sku: product.name["und"] for sku, product in by_sku(content).items()} == {"A": "First", "B": "New"}
    assert sentences(content) == ["1 article numbers are in an earlier table too, which holds (A)"]


def test_a_large_table_is_read_whole(table: Write) -> None:
    rows = "".join(f"S-{number},Thing {number},{number}.50\n" for number in range(30_000))
    content = table("big.csv", f"sku,name,price\n{rows}")
    assert len(content.products) == 30_000
    assert content.products[-1].source == "big.csv#30001"
