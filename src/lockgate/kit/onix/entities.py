"""Named characters of the ONIX 2.1 DTD (`&eacute;`), read without the DTD."""

import re
from html.entities import html5, name2codepoint

NAMED = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9.]*);")
"""A character by name; the five that every XML parser knows aside."""


def resolved(text: bytes) -> bytes:
    """Text (no CDATA in it) with named characters as numeric ones, in the same lines. Unknown names stay as they are."""
    return NAMED.sub(numbered, text) if b"&" in text else text


def numbered(found: re.Match[bytes]) -> bytes:
    characters = character(found[1].decode())
    return "".join(f"&#{ord(one)};" for one in characters).encode() if characters else found[0]


def named(text: bytes) -> tuple[str, str, int] | None:
    """The first known character by name: its name, itself and where it stands."""
    for found in NAMED.finditer(text):
        if characters := character(found[1].decode()):
            return found[1].decode(), characters, found.start()
    return None


def character(name: str) -> str | None:
    """By XHTML 1, on whose sets the 2.1 DTD rests; else by HTML 5, which took over those of ISO 8879."""
    if name in name2codepoint:
        return chr(name2codepoint[name])
    return html5.get(f"{name};")
