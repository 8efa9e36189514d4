"""What files are called: templates filled with values of strangers, which cannot leave the folder whatever they hold.

Every name made here is one that Windows, macOS and Linux take, in each of the stores.
"""

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from lockgate.model.item import pick

SEGMENT_BYTES = 180
"""The longest name: file systems take 255 bytes, and `.part`, sidecars and closed copies need some of them."""
PATH_BYTES = 720
"""The longest path: S3 takes 1024 bytes for the whole key."""
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,10}")
PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.]*)\}")
FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*", re.IGNORECASE)
"""Names that stand for devices on Windows, with any suffix (Microsoft, Naming Files, Paths, and Namespaces)."""
ENDS = re.compile(r"^[.\s]+|[.\s]+$")
"""What a name neither begins nor ends with: dots that hide it, and blanks, in any mixture."""
OWN = ("id", "key", "ext", "name")
UNNAMED = "untitled"


class BadTemplate(ValueError):
    """The template cannot be used; the message says why."""


class Template:
    """A naming template such as `{campaign}/{title}-{id}{ext}`.

    `{id}` is ten letters of a digest of our key, `{key}` the key itself, `{name}` and `{ext}` come from the source's file
    name, anything else is a field of what is written. With `{id}` two items can never have one name.
    """

    def __init__(self, text: str) -> None:
        self.text = check(text)
        self.segments = text.split("/")
        self.unique = "{id}" in self.segments[-1]

    def path(self, key: str, fields: Mapping[str, Any], filename: str) -> str:
        """The path below the folder for an item of this key, whose source names its file so."""
        values = {name: plain(fields.get(name)) for name in PLACEHOLDER.findall(self.text) if name not in OWN}
        stem, ext = parted(filename)
        values |= {"id": short(key), "key": key, "name": stem, "ext": ext}
        room = PATH_BYTES // len(self.segments)
        return "/".join(filled(segment, values, min(room, SEGMENT_BYTES)) for segment in self.segments)


def check(text: str) -> str:
    """The template, if it is one. Raises BadTemplate."""
    if not text or text.startswith("/") or text.endswith("/") or "\\" in text:
        raise BadTemplate("a naming template is a path below the folder, with / between its parts")
    if PLACEHOLDER.sub("", text).count("{") or PLACEHOLDER.sub("", text).count("}"):
        raise BadTemplate("a placeholder reads {title}, {id}, {key}, {name}, {ext} or is the name of a field")
    for segment in text.split("/"):
        fixed = PLACEHOLDER.sub("", segment)
        if not segment or FORBIDDEN.search(fixed) or segment.startswith("."):
            raise BadTemplate(f"{segment or 'an empty part'} cannot be part of a name; leave out dots at its beginning")
    if not PLACEHOLDER.search(text.rsplit("/", maxsplit=1)[-1]):
        raise BadTemplate("the last part needs a placeholder, or all files would have one name")
    return text


def filled(segment: str, values: Mapping[str, str], room: int) -> str:
    """One part of the path. Where it is too long, the longest value gives way, never `{id}` or `{ext}`."""
    pieces = [piece if at % 2 == 0 else None for at, piece in enumerate(PLACEHOLDER.split(segment))]
    names = PLACEHOLDER.findall(segment)
    told = [values[name] if name in {"id", "ext"} else safe(values[name]) for name in names]
    fixed = sum(len(piece.encode()) for piece in pieces if piece is not None)
    free = max(0, room - fixed - sum(len(told[at]) for at, name in enumerate(names) if name in {"id", "ext"}))
    told = shortened(names, told, free)
    words = iter(told)
    joined = "".join(next(words) if piece is None else piece for piece in pieces)
    return harmless(joined, room)


def shortened(names: list[str], told: list[str], free: int) -> list[str]:
    """The values so that those that may be cut have no more bytes together than there are."""
    free_ones = [at for at, name in enumerate(names) if name not in {"id", "ext"}]
    told = list(told)
    while sum(len(told[at].encode()) for at in free_ones) > free:
        longest = max(free_ones, key=lambda at: len(told[at].encode()))
        over = sum(len(told[at].encode()) for at in free_ones) - free
        told[longest] = cut(told[longest], max(0, len(told[longest].encode()) - over))
    return told


def harmless(name: str, room: int) -> str:
    """The finished part: no dot or blank at either end, no device of Windows, never empty."""
    name = ENDS.sub("", name) or UNNAMED
    if RESERVED.fullmatch(name.split(".", maxsplit=1)[0]):
        name = f"_{name}"
    return ENDS.sub("", cut(name, room + 1)) or UNNAMED


def safe(text: str) -> str:
    """A value as a piece of a name: composed, without what no file system takes and without letters that hide or turn others."""
    kept = "".join(letter if visible(letter) else " " for letter in unicodedata.normalize("NFC", text))
    return " ".join(FORBIDDEN.sub("-", kept).split())


def visible(letter: str) -> bool:
    """Not control characters, marks that change the direction of reading, halves of pairs, or codes without a letter."""
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def cut(text: str, most: int) -> str:
    """The beginning of a text, of no more bytes in UTF-8 than told, ending after a whole letter."""
    return text.encode()[:most].decode(errors="ignore").rstrip()


def short(key: str) -> str:
    """Ten small letters and digits for a key: two keys do not share them, whatever a store makes of letter case."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode().lower()[:10]


def parted(filename: str) -> tuple[str, str]:
    """Stem and suffix of a source's file name; a suffix that is none stays with the stem."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    stem, dot, last = name.rpartition(".")
    if dot and stem and SUFFIX.fullmatch(f".{last}"):
        return stem, f".{last.lower()}"
    return name, ""


def plain(value: Any) -> str:
    """A field's value as text of a name: of a text map the English or first text, of a list its first."""
    if isinstance(value, Mapping):
        return plain(pick({str(tag): str(text) for tag, text in value.items()}))
    if isinstance(value, list | tuple):
        return plain(value[0]) if value else ""
    return "" if value is None else str(value)


def allowed(path: str) -> bool:
    """Whether a path stays below the folder it is taken from: relative, and no part of it empty, `.` or `..`."""
    parts = path.split("/")
    return bool(path) and not any(part in {"", ".", ".."} or "\0" in part for part in parts)
