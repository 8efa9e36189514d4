"""Images that Pillow decodes: XMP, IPTC records and EXIF, and whether the picture is whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, PsdImagePlugin, UnidentifiedImageError

from lockgate.kit.seed.embedded import iim, xmp
from lockgate.kit.seed.embedded.facts import Facts, Unreadable, merged
from lockgate.model.item import UND, Text

pillow_heif.register_heif_opener()

PIXELS = 80_000_000
"""Larger pictures are not decoded to see whether they are whole."""
PSD_XMP = 0x0424
WINDOWS_TITLE, WINDOWS_COMMENT, WINDOWS_AUTHOR, WINDOWS_KEYWORDS = 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E


def facts(path: Path) -> Facts:
    """What the picture states; a cut picture is a problem beside that. Raises Unreadable when it is no picture at all."""
    try:
        with Image.open(path) as image:
            return stated(image)
    except UnidentifiedImageError as error:
        raise Unreadable("cannot be read as an image of any known format") from error
    except Exception as error:
        raise Unreadable(f"is broken: {sentence(error)}") from error


def stated(image: Image.Image) -> Facts:
    found: list[Facts] = []
    problems: list[str] = []
    for read in (packet, iim.facts, exif):
        try:
            found.append(read(image))
        except Unreadable as problem:
            problems.append(str(problem))
        except Exception as error:  # noqa: BLE001 - see above; one broken block leaves the others readable
            problems.append(f"has unreadable metadata: {sentence(error)}")
    facts = merged(found)
    facts.problems = [*facts.problems, *problems, *broken(image)]
    return facts


def packet(image: Image.Image) -> Facts:
    data = image.info.get("xmp")
    if isinstance(image, PsdImagePlugin.PsdImageFile):
        data = next((data for number, _, data in image.resources if number == PSD_XMP), data)
    if not data:
        return Facts()
    return xmp.facts(data if isinstance(data, bytes) else str(data).encode())


def broken(image: Image.Image) -> list[str]:
    """What decoding says; JPEG is decoded at an eighth of its size, which still reads it to its end."""
    if image.width * image.height > PIXELS:
        return []
    try:
        image.draft("RGB", (64, 64))
        image.load()
    except Exception as error:  # noqa: BLE001 - decoders raise anything on a broken file
        return [f"is broken: {sentence(error)}"]
    return []


def exif(image: Image.Image) -> Facts:
    tags = image.getexif()
    return Facts(
        title=plain(windows(tags, WINDOWS_TITLE)),
        description=plain(ascii_text(tags, ExifTags.Base.ImageDescription) or windows(tags, WINDOWS_COMMENT)),
        keywords=[word for part in windows(tags, WINDOWS_KEYWORDS).split(";") if (word := part.strip())],
        creator=ascii_text(tags, ExifTags.Base.Artist) or windows(tags, WINDOWS_AUTHOR) or None,
        copyright=ascii_text(tags, ExifTags.Base.Copyright) or None,
    )


def ascii_text(tags: Mapping[int, Any], tag: int) -> str:
    """EXIF text is ASCII by its rules and UTF-8 in practice, which Pillow reads as Latin-1."""
    text = str(tags.get(tag) or "").strip("\x00 \t\r\n")
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def windows(tags: Mapping[int, Any], tag: int) -> str:
    value = tags.get(tag)
    data = bytes(value) if isinstance(value, bytes | tuple) else b""
    return data.decode("utf-16-le", "replace").strip("\x00 \t\r\n")


def plain(text: str) -> Text:
    return {UND: text} if text else {}


def sentence(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__
