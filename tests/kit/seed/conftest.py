"""Small files of many kinds, made on the spot, for what reads folders."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" '
    'xmlns:pur="http://prismstandard.org/namespaces/prismusagerights/2.1/" '
    'xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" '
    'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
)
BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
END = '<?xpacket end="w"?>'


@pytest.fixture
def xmp() -> Callable[[str], str]:
    """An XMP packet around these properties."""

    def packet(properties: str) -> str:
        rdf = f'<rdf:RDF {NAMESPACES}><rdf:Description rdf:about="">{properties}</rdf:Description></rdf:RDF>'
        return f'{BEGIN}<x:xmpmeta xmlns:x="adobe:ns:meta/">{rdf}</x:xmpmeta>{END}'

    return packet


@pytest.fixture
def jpeg(tmp_path: Path) -> Callable[..., Path]:
    """A JPEG with this packet and these IPTC records of the application record: {number: text}."""

    def make(name: str, packet: str | None = None, records: dict[int, str] | None = None) -> Path:
        options: dict[str, bytes] = {}
        if packet is not None:
            options["xmp"] = packet.encode()
        if records is not None:
            options["extra"] = iptc_segment(records)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (48, 36), (200, 120, 40)).save(path, "JPEG", **options)
        return path

    return make


def iptc_segment(records: dict[int, str]) -> bytes:
    data = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for number, text in records.items():
        encoded = text.encode()
        data += bytes((0x1C, 2, number)) + len(encoded).to_bytes(2, "big") + encoded
    data += b"\0" * (len(data) % 2)
    content = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + len(data).to_bytes(4, "big") + data
    return b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content


@pytest.fixture
def epub(tmp_path: Path) -> Callable[[str, str], Path]:
    """An EPUB whose package document has this metadata, after this prolog."""

    def make(metadata: str, prolog: str = "") -> Path:
        path = tmp_path / "book.epub"
        container = (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
            '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
        )
        package = (
            f'{prolog}<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata></package>'
        )
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/epub+zip")
            archive.writestr("META-INF/container.xml", container)
            archive.writestr("p.opf", package)
        return path

    return make


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real content, or a skip that says where it was looked for."""
    beside = Path(__file__).resolve().parents[3].parent / "shared" / "data"
    folder = Path(os.environ.get("LOCKGATE_REAL_DATA", beside))
    if not folder.is_dir():
        pytest.skip(f"no folder of real content at {folder}; name one in LOCKGATE_REAL_DATA")
    return folder
