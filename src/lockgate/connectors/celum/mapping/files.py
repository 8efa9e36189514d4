"""The files of an asset: the current version in each download format the account may use."""

import re
from collections.abc import Mapping
from functools import lru_cache
from mimetypes import MimeTypes
from pathlib import PurePosixPath
from typing import Any

from lockgate.model.item import Rendition

ORIGINAL = "original"
BUILT_IN = MimeTypes(())
OURS = {
    "webp": "image/webp",
    "heic": "image/heic",
    "avif": "image/avif",
    "psd": "image/vnd.adobe.photoshop",
    "ai": "application/postscript",
    "indd": "application/x-indesign",
    "epub": "application/epub+zip",
    "md": "text/markdown",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "obj": "model/obj",
    "stl": "model/stl",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "webm": "video/webm",
    "mov": "video/quicktime",
}
"""Types that not every supported Python knows, so that the answer is the same on all of them."""

ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256"}
"""Digest algorithms by the number of hex digits: the documents do not name the one of `fileChecksum`."""


def media_type(filename: str) -> str | None:
    return media_type_of(PurePosixPath(filename).suffix.lower())


@lru_cache(maxsize=256)
def media_type_of(suffix: str) -> str | None:
    return OURS.get(suffix.removeprefix(".")) or BUILT_IN.guess_type(f"x{suffix}")[0]


def renditions(asset: Mapping[str, Any], *, digests: bool) -> tuple[Rendition, ...]:
    """The original under `original`, derivatives under their format's key; none for a placeholder."""
    version = asset.get("currentVersion") or {}
    if version.get("fileCategory") == "PLACEHOLDER" or version.get("id") is None:
        return ()
    formats = [one for one in asset.get("downloadFormats") or () if one.get("id") is not None]
    found = [
        original(one, version, digests=digests) if one.get("original") is True else derived(one, version)
        for one in formats
    ]
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def original(form: Mapping[str, Any], version: Mapping[str, Any], *, digests: bool) -> Rendition:
    filename = str(version.get("filename") or "")
    length = version.get("filesize")
    return Rendition(
        name=ORIGINAL,
        filename=filename,
        address=str(form["id"]),
        version=str(version["id"]),
        length=length if isinstance(length, int) else None,
        digest=digest(version.get("fileChecksum")) if digests else None,
        media_type=media_type(filename),
    )


def derived(form: Mapping[str, Any], version: Mapping[str, Any]) -> Rendition:
    """A converted file: its length and real name are known only once it is opened; the name here is for people."""
    key = str(form.get("key") or form["id"])
    stem = PurePosixPath(str(version.get("filename") or "file")).stem
    suffix = next((part for part in re.split(r"[^a-z0-9]+", key.lower()) if BUILT_IN.guess_type(f"x.{part}")[0]), "")
    filename = f"{stem}_{key}.{suffix}" if suffix else f"{stem}_{key}"
    return Rendition(
        name=key,
        filename=filename,
        address=str(form["id"]),
        version=str(version["id"]),
        media_type=media_type(filename),
    )


def digest(checksum: object) -> str | None:
    """`md5:…` from a checksum whose length tells its algorithm; None where it does not."""
    if not isinstance(checksum, str) or not re.fullmatch(r"[0-9A-Fa-f]+", checksum):
        return None
    algorithm = ALGORITHMS.get(len(checksum))
    return f"{algorithm}:{checksum.lower()}" if algorithm else None
