"""EPUB files: the package document inside the archive (EPUB 3.3, section 5)."""

import zipfile
from pathlib import Path
from xml.etree.ElementTree import Element

from lockgate.kit.seed.embedded import safexml
from lockgate.kit.seed.embedded.facts import Facts, Unreadable, unique
from lockgate.model import codes
from lockgate.model.item import UND, Text

DC = "{http://purl.org/dc/elements/1.1/}"
OPF = "{http://www.idpf.org/2007/opf}"
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LICENCES = {"dcterms:license", "cc:license", "dcterms:rights"}


def facts(path: Path) -> Facts:
    """What the package states. Raises Unreadable when it is no EPUB."""
    try:
        with zipfile.ZipFile(path) as archive:
            package = opened(archive, rootfile(opened(archive, "META-INF/container.xml")))
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Unreadable(f"cannot be read as EPUB: {' '.join(str(error).split())}") from error
    return Facts(
        title=text(package, "title"),
        description=text(package, "description"),
        creator=", ".join(words(package, "creator")) or None,
        copyright=next(iter(words(package, "rights")), None),
        keywords=words(package, "subject"),
        languages=words(package, "language"),
        terms=licences(package),
        gtins=[
            isbn
            for word in words(package, "identifier")
            if (isbn := codes.isbn13(word.lower().removeprefix("urn:isbn:")))
        ],
    )


def opened(archive: zipfile.ZipFile, name: str) -> Element:
    """An XML member; one byte more than is allowed is read, so that the limit shows."""
    with archive.open(name) as member:
        return safexml.parse(member.read(safexml.LIMIT + 1))


def rootfile(container: Element) -> str:
    found = container.find(f".//{CONTAINER}rootfile")
    if found is None or not found.get("full-path"):
        raise Unreadable("cannot be read as EPUB: its container names no package document")
    return found.get("full-path", "")


def text(package: Element, name: str) -> Text:
    found: Text = {}
    for element in package.iter(DC + name):
        words = " ".join((element.text or "").split())
        if words:
            found.setdefault(element.get(LANG) or package.get(LANG) or UND, words)
    return found


def words(package: Element, name: str) -> list[str]:
    return unique(text for element in package.iter(DC + name) if (text := " ".join((element.text or "").split())))


def licences(package: Element) -> list[str]:
    """What holds for the book; statements that refine a part of it (the recordings, the cover) are left to the part."""
    whole = [element for element in package.iter() if element.get("refines") is None]
    stated = [meta.text for meta in whole if meta.tag == f"{OPF}meta" and meta.get("property") in LICENCES]
    stated += [link.get("href") for link in whole if link.tag == f"{OPF}link" and link.get("rel") in LICENCES]
    return unique(value.strip() for value in stated if value and value.strip())
