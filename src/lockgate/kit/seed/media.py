"""What kind of file something is: by its first bytes where they tell, else by its name."""

from pathlib import PurePath

from lockgate.kit.seed.types import Category

TYPES: dict[str, str] = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".bmp": "image/bmp",
    ".svg": "image/svg+xml",
    ".psd": "image/vnd.adobe.photoshop",
    ".eps": "application/postscript",
    ".ps": "application/postscript",
    ".ai": "application/illustrator",
    ".indd": "application/x-indesign",
    ".dng": "image/x-adobe-dng",
    ".pdf": "application/pdf",
    ".epub": "application/epub+zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".avi": "video/x-msvideo",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".mpg": "video/mpeg",
    ".mpeg": "video/mpeg",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".m4a": "audio/mp4",
    ".aif": "audio/aiff",
    ".aiff": "audio/aiff",
}

# First bytes and where they stand, most telling first. A container that holds several types is left to the name.
SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftypisom", "video/mp4"),
    (4, b"ftypmp42", "video/mp4"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS-Adobe", "application/postscript"),
    (0, b"fLaC", "audio/flac"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5", "application/x-indesign"),
)

# Formats whose files begin like those of another: the name says more than the bytes.
NARROWER = {"application/illustrator", "image/x-adobe-dng", "audio/mp4", "image/heif", "image/avif", "video/mp4"}

DOCUMENTS = ("application/pdf", "application/epub+zip", "application/vnd.", "application/rtf", "text/")
DRAWN = ("application/postscript", "application/illustrator", "application/x-indesign")
UNKNOWN = "application/octet-stream"


def media_type(name: str, head: bytes) -> str:
    """The media type of a file with this name that begins with these bytes."""
    named = TYPES.get(PurePath(name).suffix.lower(), UNKNOWN)
    if named in NARROWER:
        return named
    return next((type for at, sign, type in SIGNATURES if head[at : at + len(sign)] == sign), named)


def category(media_type: str) -> Category:
    """In which of the five drawers a DAM keeps it; page layouts are documents, drawings images."""
    if media_type == "application/x-indesign" or media_type.startswith(DOCUMENTS):
        return "document"
    if media_type.startswith("image/") or media_type in DRAWN:
        return "image"
    if media_type.startswith("video/"):
        return "video"
    return "audio" if media_type.startswith("audio/") else "other"
