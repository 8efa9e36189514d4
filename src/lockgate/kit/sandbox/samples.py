"""Small files for items that are made up: a picture or a page where the name says so, else a line of text."""

import hashlib
import io
import time
from pathlib import PurePath

from PIL import Image

SIZE = (32, 24)
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".gif": "GIF",
    ".tif": "TIFF",
    ".webp": "WEBP",
    ".pdf": "PDF",
}
DATED = {"PDF": {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}}
"""Formats that would otherwise carry the present time."""


def sample_file(name: str, version: int = 1) -> bytes:
    """The bytes of a file of this name: the same each time, and other ones for another name or version."""
    said = f"{name}, version {version}"
    format = FORMATS.get(PurePath(name).suffix.lower())
    if format is None:
        return f"The file {said}.\n".encode()
    digest = hashlib.sha256(said.encode()).digest()
    picture = Image.new("RGB", SIZE, (digest[0], digest[1], digest[2]))
    target = io.BytesIO()
    picture.save(target, format, **DATED.get(format, {}))
    return target.getvalue()
