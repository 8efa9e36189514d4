"""The older IPTC records in JPEG and TIFF files (Information Interchange Model, version 4)."""

from functools import partial

from PIL import Image, ImageFile, IptcImagePlugin

from lockgate.kit.seed import periods
from lockgate.kit.seed.embedded.facts import Facts, dated
from lockgate.model.item import UND, Text


def facts(image: Image.Image) -> Facts:
    """What the records state; nothing when there are none."""
    records = IptcImagePlugin.getiptcinfo(image) if isinstance(image, ImageFile.ImageFile) else None
    if not records:
        return Facts()
    values = {number: decoded(value) for (record, number), value in records.items() if record == 2}
    found = Facts(
        title=plain(values, 5),
        headline=plain(values, 105),
        description=plain(values, 120),
        keywords=values.get(25, []),
        creator=", ".join(values.get(80, [])) or None,
        credit=one(values, 110),
        copyright=one(values, 116),
        terms=values.get(40, []),
        languages=values.get(135, []),
    )
    for what, day, clock in (("rights_from", 30, 35), ("rights_until", 37, 38)):
        if stated := one(values, day):
            dated(found, what, stated, partial(periods.compact, stated, one(values, clock) or ""))
    return found


def decoded(value: bytes | list[bytes]) -> list[str]:
    """Repeated records as a list. The character set is often wrong or not stated, so UTF-8 is tried first."""
    texts = (decode(part) for part in (value if isinstance(value, list) else [value]))
    return [text for text in texts if text]


def decode(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return text.strip("\x00 \t\r\n")


def one(values: dict[int, list[str]], number: int) -> str | None:
    return next(iter(values.get(number, [])), None)


def plain(values: dict[int, list[str]], number: int) -> Text:
    text = one(values, number)
    return {UND: text} if text else {}
