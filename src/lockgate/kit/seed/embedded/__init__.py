"""What files state about themselves: XMP, IPTC records, EXIF, PDF and EPUB metadata, tags of videos."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from lockgate.kit.seed.embedded import epub, image, packets, pdf, stream, xmp
from lockgate.kit.seed.embedded.facts import Facts, Unreadable, merged
from lockgate.kit.seed.quiet import quiet

PICTURES = {
    "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/heic", "image/heif", "image/tiff",
    "image/bmp", "image/vnd.adobe.photoshop",
}  # fmt: skip
SCANNED = {
    "application/pdf", "application/postscript", "application/illustrator", "application/x-indesign", "image/svg+xml",
    "image/x-adobe-dng", *stream.DEMUXERS,
}  # fmt: skip
# Formats whose packet is found by scanning; for the others a library knows where it stands.

# Outdated packets stay where they were: in earlier revisions of a PDF, in chunks marked as waste in RIFF files.
GROWING = {"application/pdf", "video/x-msvideo", "audio/wav"}


def read(path: Path, media_type: str, sidecars: list[Path]) -> Facts:
    """All that the file and its sidecars state; what is broken is among the problems, and the rest is read all the same."""
    readers = [partial(sidecar, one) for one in sidecars]
    if media_type in SCANNED:
        readers.append(partial(scanned, path, media_type))
    if media_type in PICTURES:
        readers.append(partial(image.facts, path))
    elif media_type == "application/pdf":
        readers.append(partial(pdf.facts, path))
    elif media_type == "application/epub+zip":
        readers.append(partial(epub.facts, path))
    elif media_type in stream.DEMUXERS:
        readers.append(partial(stream.facts, path, media_type))
    with quiet():
        found, problems = collected(readers)
    facts = merged(found)
    facts.problems = [*facts.problems, *problems]
    return facts


def collected(readers: Iterable[Callable[[], Facts]]) -> tuple[list[Facts], list[str]]:
    """What each reader gives, and the reasons of those that could not read."""
    found, problems = [], []
    for reader in readers:
        try:
            found.append(reader())
        except Unreadable as problem:
            problems.append(str(problem))
    return found, problems


def sidecar(path: Path) -> Facts:
    with path.open("rb") as file:
        data = file.read(packets.PACKET + 1)
    try:
        return xmp.facts(data)
    except Unreadable as problem:
        raise Unreadable(f"has a sidecar {path.name} that cannot be read: it {problem}") from problem


def scanned(path: Path, media_type: str) -> Facts:
    """The packet that speaks of the file as a whole.

    Placed pictures bring packets of their own; the one that names the file's own format is its own. Else it is the last one
    in formats that grow at their end, and in an EPS that says so; the first one elsewhere.
    """
    found, problems = collected([partial(xmp.facts, packet) for packet in packets.packets(path)])
    own = [facts for facts in found if facts.format == media_type]
    if not found:
        return Facts(problems=problems)
    last = media_type in GROWING or (media_type == "application/postscript" and says_last(path))
    return (own or found)[-1 if last else 0]


def says_last(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%ADO_ContainsXMP: MainLast" in file.read(1 << 16)


__all__ = ["Facts", "Unreadable", "read"]
