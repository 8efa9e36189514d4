"""What CELUM finds out about a file by itself: its kind, its technical properties, the renditions it has."""

import mimetypes
from pathlib import Path
from typing import Any

from PIL import Image

from lockgate.connectors.celum.sandbox.definitions import FORMATS, JPEG, ORIGINAL, PDF, THUMB
from lockgate.connectors.celum.sandbox.records import Version
from lockgate.connectors.celum.sandbox.times import normal

EXTENSIONS = {
    "IMAGE": "jpg jpeg png gif tif tiff webp svg psd",
    "DOCUMENT": "pdf doc docx ppt pptx xls xlsx indd",
    "VIDEO": "mp4 mov avi webm",
    "AUDIO": "mp3 wav flac",
    "TEXT": "txt md csv json xml html",
    "MODEL3D": "glb gltf obj stl",
}
CATEGORY = {extension: category for category, words in EXTENSIONS.items() for extension in words.split()}
RENDERED = frozenset({"IMAGE", "DOCUMENT", "VIDEO"})
LONGEST = {JPEG: 1024, THUMB: 256}
SUFFIX = {PDF: "pdf", JPEG: "jpg", THUMB: "jpg"}
CONTENT_READ = 64 * 1024
TAKEN, EXIF = 0x9003, 0x8769  # DateTimeOriginal in the Exif block

Property = dict[str, Any]


def extension_of(filename: str) -> str:
    stem, _, extension = filename.rpartition(".")
    return extension.lower() if stem else ""


def category_of(filename: str) -> str:
    return CATEGORY.get(extension_of(filename), "UNKNOWN")


def media_type_of(filename: str) -> str:
    return mimetypes.guess_type(filename)[0] or "application/octet-stream"


def properties_of(path: Path, category: str) -> list[Property]:
    """Technical metadata of an image; none of other files, or of one that cannot be read."""
    if category != "IMAGE":
        return []
    try:
        with Image.open(path) as image:
            return _image_properties(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return []


def content_of(path: Path, category: str) -> str | None:
    """The beginning of a plain text file."""
    if category != "TEXT":
        return None
    with path.open("rb") as file:
        return file.read(CONTENT_READ).decode("utf-8", "replace")


def formats_of(version: Version) -> list[int]:
    """The download formats an asset has with this version."""
    if version.category == "PLACEHOLDER":
        return []
    formats = [ORIGINAL]
    if version.category == "DOCUMENT":
        formats.append(PDF)
    if version.category in RENDERED:
        formats += [JPEG, THUMB]
    return [format for format in FORMATS if format in formats]


def name_of(version: Version, format: int) -> str:
    """The file name a download has: `<base>_<format>.<ext>`, for the original its own."""
    if format == ORIGINAL:
        return version.filename
    return f"{Path(version.filename).stem}_{format}.{SUFFIX[format]}"


def _image_properties(image: Image.Image) -> list[Property]:
    width, height = image.size
    properties = [
        _property("NUMBER", "width", "Width", width),
        _property("NUMBER", "height", "Height", height),
        _property("DOUBLE", "megapixels", "Megapixels", round(width * height / 1e6, 3)),
        _property("TEXT", "colorSpace", "Colour space", image.mode),
        _property("BOOLEAN", "transparent", "Transparent", image.has_transparency_data),
    ]
    taken = image.getexif().get_ifd(EXIF).get(TAKEN)
    if (instant := _exif_instant(taken)) is not None:
        properties.append(_property("DATE", "dateTaken", "Date taken", instant))
    return properties


def _exif_instant(taken: object) -> str | None:
    """`2026:01:13 09:15:00` as an instant; cameras that left it blank or broken have none."""
    try:
        day, _, time = str(taken).partition(" ")
        return normal(f"{day.replace(':', '-')}T{time}")
    except (ValueError, OverflowError):
        return None


def _property(type: str, name: str, label: str, value: Any) -> Property:
    return {"type": type, "name": name, "labels": {"en": label}, "value": value}
