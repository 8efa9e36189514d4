"""What files state about themselves arrives unchanged; what cannot be read is said and stops nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from PIL import Image, PngImagePlugin

from lockgate.kit.seed import SeedAsset, read_folder

Xmp = Callable[[str], str]
Jpeg = Callable[..., Path]


def only(folder: Path) -> SeedAsset:
    [asset] = read_folder(folder).assets
    return asset


def test_titles_in_several_languages_keep_their_languages(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    title = (
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Mug</rdf:li><rdf:li xml:lang="en">Mug</rdf:li>'
        '<rdf:li xml:lang="de_AT">Häferl</rdf:li></rdf:Alt></dc:title>'
    )
    jpeg("a.jpg", xmp(title))
    assert only(tmp_path).title == {"en": "Mug", "de-AT": "Häferl"}


def test_usage_terms_instructions_and_restrictions_are_all_kept_word_for_word(
    tmp_path: Path, jpeg: Jpeg, xmp: Xmp
) -> None:
    jpeg(
        "a.jpg",
        xmp(
            '<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">Editorial use  only.</rdf:li></rdf:Alt>'
            "</xmpRights:UsageTerms><photoshop:Instructions>Not before the fair!</photoshop:Instructions>"
            "<pur:restrictions>No crop &amp; no text over it</pur:restrictions>"
        ),
    )
    asset = only(tmp_path)
    assert asset.usage_terms == "Editorial use  only.\nNot before the fair!\nNo crop & no text over it"
    assert asset.rights_stated


def test_a_copyright_notice_alone_states_no_terms_of_use(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    jpeg("a.jpg", xmp("<dc:rights>© Somebody</dc:rights>"))
    asset = only(tmp_path)
    assert asset.copyright == "© Somebody"
    assert not asset.rights_stated


def test_records_of_the_older_iptc_standard_are_read(tmp_path: Path, jpeg: Jpeg) -> None:
    records = {
        5: "Object",
        105: "Headline",
        120: "Long text",
        80: "Ärzte",
        110: "Credit",
        116: "©",
        40: "With credit",
        135: "de",
    }
    jpeg("a.jpg", records=records | {30: "20250301", 37: "20261231", 38: "235959+0100"})
    asset = only(tmp_path)
    assert (asset.title, asset.caption) == ({"und": "Object"}, {"und": "Headline"})
    assert (asset.creator, asset.credit, asset.copyright) == ("Ärzte", "Credit", "©")
    assert (asset.usage_terms, asset.languages) == ("With credit", ["de"])
    assert asset.rights_from == date(2025, 3, 1)
    assert asset.rights_until == datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)


def test_two_statements_of_a_licence_count_as_the_narrower_one(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    packet = xmp(
        "<plus:LicenseStartDate>2025</plus:LicenseStartDate><plus:LicenseEndDate>2030-06</plus:LicenseEndDate>"
    )
    jpeg("a.jpg", packet, {30: "20250401", 37: "20321231"})
    asset = only(tmp_path)
    assert (asset.rights_from, asset.rights_until) == (date(2025, 4, 1), date(2030, 6, 30))


def test_a_licence_date_that_is_none_stays_visible(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    jpeg("a.jpg", xmp("<plus:LicenseEndDate>end of season</plus:LicenseEndDate>"))
    asset = only(tmp_path)
    assert asset.rights_until is None
    assert asset.usage_terms == "The licence ends: end of season"
    assert asset.problem == "states a licence date that is none: 'end of season'"


def test_campaigns_and_shown_products_are_found(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    jpeg(
        "a.jpg",
        xmp(
            "<lr:hierarchicalSubject><rdf:Bag><rdf:li>Campaign|Spring</rdf:li><rdf:li>Places|Bern</rdf:li></rdf:Bag>"
            "</lr:hierarchicalSubject><Iptc4xmpExt:ProductInImage><rdf:Bag><rdf:li rdf:parseType='Resource'>"
            "<Iptc4xmpExt:ProductGTIN>4006381333931</Iptc4xmpExt:ProductGTIN></rdf:li></rdf:Bag></Iptc4xmpExt:ProductInImage>"
        ),
    )
    asset = only(tmp_path)
    assert (asset.campaigns, asset.shows) == (["Spring"], ["4006381333931"])


def test_a_sidecar_speaks_before_the_file_and_adds_its_terms(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    jpeg("a.jpg", xmp("<dc:title>Old</dc:title><photoshop:Instructions>Ask first</photoshop:Instructions>"))
    terms = "<xmpRights:UsageTerms>Print only</xmpRights:UsageTerms>"
    (tmp_path / "a.jpg.xmp").write_text(xmp(f"<dc:title>New</dc:title>{terms}"))
    asset = only(tmp_path)
    assert asset.title == {"und": "New"}
    assert asset.usage_terms == "Print only\nAsk first"


def test_a_sidecar_without_the_files_suffix_belongs_too(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    jpeg("a.jpg")
    (tmp_path / "a.xmp").write_text(xmp("<dc:title>Beside</dc:title>"))
    assert only(tmp_path).title == {"und": "Beside"}


def test_metadata_that_asks_for_entities_is_refused(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    secret = tmp_path / ".secret"
    secret.write_text("do not read")
    attack = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    inner = xmp("<dc:title>&e;</dc:title>").replace("<x:xmpmeta", f"{attack}<x:xmpmeta")
    jpeg("a.jpg", inner)
    asset = only(tmp_path)
    assert asset.title == {}
    assert asset.problem == "has metadata with a document type or entities, which is refused"


def test_an_entity_bomb_in_utf_16_is_refused_too(tmp_path: Path, jpeg: Jpeg, xmp: Xmp) -> None:
    jpeg("a.jpg")
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    text = xmp("<dc:title>&b;</dc:title>").partition("?>")[2].replace("<x:xmpmeta", f"{bomb}<x:xmpmeta")
    (tmp_path / "a.jpg.xmp").write_bytes(text.encode("utf-16"))
    problem = only(tmp_path).problem
    assert problem is not None
    assert "a.jpg.xmp" in problem
    assert "refused" in problem


def test_a_broken_packet_leaves_the_other_metadata_readable(tmp_path: Path, jpeg: Jpeg) -> None:
    jpeg("a.jpg", "<x:xmpmeta><rdf:RDF>", {5: "Still here"})
    asset = only(tmp_path)
    assert asset.title == {"und": "Still here"}
    assert asset.problem is not None
    assert "not well-formed" in asset.problem


def test_exif_is_read_where_nothing_else_speaks(tmp_path: Path) -> None:
    exif = Image.Exif()
    for tag, text in ((0x010E, "A mug"), (0x013B, "Jürgen"), (0x8298, "©")):
        exif[tag] = text.encode()
    exif[0x9C9E] = "red;mug".encode("utf-16-le")
    Image.new("RGB", (20, 20)).save(tmp_path / "a.jpg", exif=exif)
    asset = only(tmp_path)
    assert (asset.description, asset.creator, asset.copyright) == ({"und": "A mug"}, "Jürgen", "©")
    assert asset.keywords == ["red", "mug"]


def test_png_and_webp_carry_packets_too(tmp_path: Path, xmp: Xmp) -> None:
    picture = Image.new("RGB", (20, 20))
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp("<dc:title>In PNG</dc:title>"))
    picture.save(tmp_path / "a.png", pnginfo=info)
    picture.save(tmp_path / "b.webp", xmp=xmp("<dc:title>In WebP</dc:title>").encode())
    titles = [asset.title for asset in read_folder(tmp_path).assets]
    assert titles == [{"und": "In PNG"}, {"und": "In WebP"}]


def test_a_packet_is_found_by_scanning_where_no_library_reads_the_format(tmp_path: Path, xmp: Xmp) -> None:
    packet = xmp("<dc:title>Layout</dc:title>")
    (tmp_path / "a.indd").write_bytes(b"\x06\x06\xed\xf5" + b"\0" * 5_000_000 + packet.encode() + b"\0" * 99)
    wide = b"".join(part.encode("utf-16-le") for part in (packet,))
    (tmp_path / "b.ai").write_bytes(b"%!PS-Adobe-3.0\n" + wide)
    assert [asset.title for asset in read_folder(tmp_path).assets] == [{"und": "Layout"}, {"und": "Layout"}]


def test_the_packet_of_a_placed_picture_is_not_taken_for_that_of_the_page(tmp_path: Path, xmp: Xmp) -> None:
    placed = xmp("<dc:format>image/jpeg</dc:format><dc:title>Placed</dc:title>")
    page = xmp("<dc:format>application/x-indesign</dc:format><dc:title>Page</dc:title>")
    (tmp_path / "a.indd").write_text(placed + page)
    assert only(tmp_path).title == {"und": "Page"}


def test_a_pdf_states_its_title_and_author(tmp_path: Path) -> None:
    pages = Image.new("RGB", (60, 80), "white")
    pages.save(tmp_path / "a.pdf", title="Data sheet", author="Somebody", subject="About it", keywords="one, two")
    asset = only(tmp_path)
    assert (asset.media_type, asset.category) == ("application/pdf", "document")
    assert (asset.title, asset.creator, asset.keywords) == ({"und": "Data sheet"}, "Somebody", ["one", "two"])
    assert asset.problem is None


def test_an_epub_states_title_languages_rights_and_its_isbn(tmp_path: Path, epub: Callable[..., Path]) -> None:
    epub(
        '<dc:title xml:lang="de">Buch</dc:title><dc:language>de</dc:language><dc:rights>© Verlag</dc:rights>'
        "<dc:identifier>urn:isbn:9780131103627</dc:identifier>"
        '<meta property="dcterms:license">https://example.org/licence</meta>'
        '<meta property="dcterms:license" refines="#cover">only the cover</meta>'
    )
    asset = only(tmp_path)
    assert (asset.category, asset.title, asset.languages) == ("document", {"de": "Buch"}, ["de"])
    assert (asset.copyright, asset.usage_terms) == ("© Verlag", "https://example.org/licence")
    assert asset.shows == ["9780131103627"]


def test_an_epub_with_a_document_type_is_refused(tmp_path: Path, epub: Callable[..., Path]) -> None:
    epub("<dc:title>x</dc:title>", '<!DOCTYPE package [<!ENTITY x "y">]>')
    asset = only(tmp_path)
    assert asset.title == {}
    assert asset.problem is not None
    assert "refused" in asset.problem


def test_broken_files_are_assets_that_say_what_is_wrong(tmp_path: Path, jpeg: Jpeg) -> None:
    whole = jpeg("whole.jpg").read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[:-300])
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "noise.png").write_bytes(b"not a picture")
    (tmp_path / "noise.pdf").write_bytes(b"%PDF-1.4 nothing more")
    (tmp_path / "noise.mp4").write_bytes(b"#EXTM3U\n/etc/hostname\n")
    (tmp_path / "noise.epub").write_bytes(b"PK no archive")
    problems = {asset.filename: asset.problem or "" for asset in read_folder(tmp_path).assets}
    assert problems["empty.jpg"] == "is empty (0 bytes)"
    assert problems["cut.jpg"].startswith("is broken: ")
    assert problems["noise.png"] == "cannot be read as an image of any known format"
    assert problems["noise.pdf"].startswith("is broken: cannot be read as PDF")
    assert problems["noise.mp4"].startswith("is broken: cannot be read as video/mp4")
    assert problems["noise.epub"].startswith("cannot be read as EPUB")
    assert problems["whole.jpg"] == ""
