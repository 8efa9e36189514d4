"""PDF files by PDFium: the information dictionary, and whether the file opens."""

import re
from pathlib import Path

import pypdfium2

from lockgate.kit.seed.embedded.facts import Facts, Unreadable
from lockgate.model.item import UND


def facts(path: Path) -> Facts:
    """What the information dictionary states. Raises Unreadable for a file that is protected or broken."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(reason(str(error))) from error
    try:
        info = {name: value.strip("\x00 \t\r\n") for name, value in document.get_metadata_dict().items()}
        pages = len(document)
    finally:
        document.close()
    return Facts(
        title={UND: info["Title"]} if info.get("Title") else {},
        description={UND: info["Subject"]} if info.get("Subject") else {},
        creator=info.get("Author") or None,
        keywords=[word for part in re.split(r"[;,]", info.get("Keywords", "")) if (word := part.strip())],
        problems=[] if pages else ["is a PDF without pages"],
    )


def reason(message: str) -> str:
    if "password" in message.lower():
        return "is protected by a password, so nothing in it can be read"
    detail = re.search(r"PDFium: ([^)]+)\)", message)
    return f"is broken: cannot be read as PDF ({(detail[1] if detail else message).rstrip('.').lower()})"
