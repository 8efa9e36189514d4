"""Finding XMP packets in files of formats that nobody here takes apart.

XMP specification part 3: a packet begins with `<?xpacket begin=… id="W5M0MpCehiHzreSzNTczkc9d"?>` and ends with
`<?xpacket end=…?>`, in UTF-8 or UTF-16, and may be found by scanning. Reads are bounded at both ends of the file.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ID = "W5M0MpCehiHzreSzNTczkc9d"
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
SCANNED = 48 << 20
"""Bytes looked through from the beginning, and as many from the end."""
BLOCK = 4 << 20
PACKET = 4 << 20
PACKETS = 16


def packets(path: Path) -> list[bytes]:
    """The packets as UTF-8, in the order of the file, 16 at most; cut ones are left out."""
    found: list[bytes] = []
    with path.open("rb") as file:
        for at, encoding in markers(file):
            packet = cut_out(file, at, encoding)
            if packet is not None and packet not in found:
                found.append(packet)
            if len(found) == PACKETS:
                break
    return found


def markers(file: BinaryIO) -> Iterator[tuple[int, str]]:
    """Where the packets' id stands, and in which encoding."""
    signs = {ID.encode(encoding): encoding for encoding in ENCODINGS}
    pattern = re.compile(b"|".join(re.escape(sign) for sign in signs))
    overlap = max(map(len, signs)) - 1
    tail, expected = b"", 0
    for at, block in blocks(file):
        kept = tail if at == expected else b""
        text = kept + block
        for match in pattern.finditer(text):
            yield at - len(kept) + match.start(), signs[match.group()]
        tail, expected = text[-overlap:], at + len(block)


def blocks(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The bytes to look through with their place: all of a file that is not too long, else its two ends."""
    size = file.seek(0, 2)
    at = 0
    while at < size:
        if at == SCANNED and size > 2 * SCANNED:
            at = size - SCANNED
        file.seek(at)
        block = file.read(min(BLOCK, size - at))
        if not block:
            return
        yield at, block
        at += len(block)


def cut_out(file: BinaryIO, at: int, encoding: str) -> bytes | None:
    """What stands between the two processing instructions around this id."""
    file.seek(at)
    window = file.read(PACKET)
    begin = window.find("?>".encode(encoding))
    end = window.find("<?xpacket end".encode(encoding))
    if begin < 0 or end < begin:
        return None
    inner = window[begin + len("?>".encode(encoding)) : end]
    return inner.decode(encoding, "replace").strip().encode()
