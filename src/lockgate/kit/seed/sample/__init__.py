"""The content that ships with Lockgate, for when nobody brings a folder: drawn and written on the spot."""

import csv
import time
from pathlib import Path
from random import Random

from PIL import Image, PngImagePlugin, TiffImagePlugin

from lockgate.kit.seed.sample.catalogue import LINES, Line, Variant, variants
from lockgate.kit.seed.sample.drawing import picture
from lockgate.kit.seed.sample.marking import Mark, packet, segment

COLUMNS = (
    "sku", "gtin", "name-de", "name-en", "description-de", "description-en", "parent", "family", "category", "price",
    "currency", "status",
)  # fmt: skip
CAMPAIGNS = ("Spring 2026", "Back to desk", "Nordic light")
CREATORS = ("Studio Hafenlicht", "Atelier Nordwind", "Lockgate Sample Studio")
TERMS = {
    "de": "Nutzung für Produktdarstellung in Handel und Presse, unverändert.",
    "en": "For product presentation in trade and press, unaltered.",
}
XMP_TAG = 700
MADE = time.gmtime(1767225600)
"""The day that the sample documents say they were made, so that the same seed gives the same bytes."""


def write(folder: Path, seed: int) -> None:
    """Write about 60 files: pictures with embedded rights, documents, two broken files and a product table.

    The folder is made where it is missing; files of the same names are replaced. The same seed gives the same content.
    """
    rng = Random(seed)  # noqa: S311 - drawn for repetition, not for secrecy
    for part in ("images", "documents", "broken"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    shop = variants(rng)
    write_table(folder / "products.csv", shop)
    write_images(folder / "images", shop, rng)
    write_documents(folder / "documents", shop)
    write_broken(folder / "broken", folder / "images" / f"{shop[0].sku}-front.jpg")


def write_table(path: Path, shop: list[Variant]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(COLUMNS)
        for line in LINES:
            texts = (line.de, line.en, line.text_de, line.text_en)
            table.writerow((line.code, "", *texts, "", "", line.category, "", "", "active"))
        for one in shop:
            texts = (one.name["de"], one.name["en"], one.line.text_de, one.line.text_en)
            table.writerow(
                (one.sku, one.gtin, *texts, one.line.code, one.line.code, one.line.category, one.price, "EUR", "active")
            )


def write_images(folder: Path, shop: list[Variant], rng: Random) -> None:
    """A front view of every variant, some close-ups and print files, one picture of every family."""
    for number, one in enumerate(shop):
        mark = marked(one, rng, "Vorderansicht", "front view", dates(number))
        drawn = picture(one.line.shape, [one.shade.rgb], one.line.en, one.shade.en)
        save(drawn, folder / f"{one.sku}-front.jpg", mark)
        if number % 4 == 1:
            close = picture(one.line.shape, [one.shade.rgb], one.line.en, "detail", zoom=1.3)
            save(close, folder / f"{one.sku}-detail.webp", marked(one, rng, "Detail", "detail", (None, None)))
        if number % 6 == 2:
            save(drawn, folder / f"{one.sku}-print.tif", marked(one, rng, "Druckdatei", "print file", (None, None)))
    for line in LINES:
        members = [one for one in shop if one.line is line]
        drawn = picture(line.shape, [one.shade.rgb for one in members], line.en, "in four colours")
        save(drawn, folder / f"{line.code}-family.png", family_mark(line, rng))


def dates(number: int) -> tuple[str | None, str | None]:
    """Licence dates that some pictures state: two have ended, one has not begun, some run on."""
    stated = {3: (None, "2024-12-31"), 17: ("2020-01-01", "2023-06-30"), 9: ("2040-01-01", None)}
    return stated.get(number, ("2025-01-01", "2039-12-31") if number % 8 == 5 else (None, None))


def marked(one: Variant, rng: Random, view_de: str, view_en: str, licence: tuple[str | None, str | None]) -> Mark:
    begins, ends = licence
    creator = rng.choice(CREATORS)
    stated = begins is not None or ends is not None or rng.random() < 0.4
    return Mark(
        title={"de": f"{one.name['de']}, {view_de}", "en": f"{one.name['en']}, {view_en}"},
        description={
            "de": f"{one.line.de} in {one.shade.de}, {view_de}. {one.line.text_de}",
            "en": f"{one.line.en} in {one.shade.en}, {view_en}. {one.line.text_en}",
        },
        keywords=["packshot", one.line.shape, one.shade.en, view_en],
        creator=creator,
        credit=f"{creator} / Lockgate samples",
        copyright=f"© 2025 {creator}",
        campaign=rng.choice((None, *CAMPAIGNS)),
        gtin=one.gtin if rng.random() < 0.5 else None,
        terms=TERMS if stated else {},
        instructions="Credit line required in print." if stated and rng.random() < 0.3 else None,
        begins=begins,
        ends=ends,
    )


def family_mark(line: Line, rng: Random) -> Mark:
    return Mark(
        title={"de": f"{line.de}, alle Farben", "en": f"{line.en}, all colours"},
        description={
            "de": f"{line.de} in vier Farben. {line.text_de}",
            "en": f"{line.en} in four colours. {line.text_en}",
        },
        keywords=["range", line.shape],
        creator=CREATORS[0],
        credit=f"{CREATORS[0]} / Lockgate samples",
        copyright=f"© 2025 {CREATORS[0]}",
        campaign=rng.choice(CAMPAIGNS),
    )


def save(image: Image.Image, path: Path, mark: Mark) -> None:
    """Write the picture with its metadata where its format keeps them."""
    xmp = packet(mark)
    match path.suffix:
        case ".jpg":
            image.save(path, quality=86, xmp=xmp, extra=segment(mark), dpi=(300, 300))
        case ".webp":
            image.save(path, quality=82, xmp=xmp)
        case ".png":
            chunk = PngImagePlugin.PngInfo()
            chunk.add_itxt("XML:com.adobe.xmp", xmp.decode())
            image.quantize(128).save(path, pnginfo=chunk, optimize=False)
        case _:
            tags = TiffImagePlugin.ImageFileDirectory_v2()
            tags[XMP_TAG] = xmp
            tags.tagtype[XMP_TAG] = 1
            image.save(path, compression="tiff_lzw", tiffinfo=tags, dpi=(300, 300))


def write_documents(folder: Path, shop: list[Variant]) -> None:
    """Data sheets of three lines, a page for each colour."""
    for line in LINES[:3]:
        members = [one for one in shop if one.line is line]
        pages = [picture(line.shape, [one.shade.rgb], one.name["en"], f"{one.sku} · {one.gtin}") for one in members]
        pages[0].save(
            folder / f"{line.code}-datasheet.pdf",
            save_all=True,
            append_images=pages[1:],
            title=f"{line.en}: data sheet",
            author=CREATORS[2],
            subject=line.text_en,
            keywords=f"data sheet, {line.shape}",
            creationDate=MADE,
            modDate=MADE,
        )


def write_broken(folder: Path, whole: Path) -> None:
    """An empty file and a cut one: every real folder has some."""
    (folder / "LG-MUG-empty.jpg").write_bytes(b"")
    (folder / "LG-CLK-cut.jpg").write_bytes(whole.read_bytes()[:9000])
