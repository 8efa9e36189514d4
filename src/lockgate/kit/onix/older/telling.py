"""What a 2.1 product says and shows of itself."""

from collections.abc import Iterator

from msgspec.structs import replace

from lockgate.kit.onix.older import codes
from lockgate.kit.onix.older.records import OldMedia, OldProduct, OldText, Tell
from lockgate.kit.onix.records import Dated, Feature, Resource, ResourceVersion, TextContent, Words

EVERYBODY = ("00",)
URL = "01"
"""List 40: a link that is a web address; other kinds of link are names that nobody outside of the sender can follow."""
COVER = ("01", "03")
DOWNLOAD = "02"


def texts(old: OldProduct, tell: Tell) -> Iterator[TextContent]:
    if old.annotation:
        yield TextContent(type="02", audiences=EVERYBODY, texts=(worded(old.annotation, None),))
    if old.description:
        yield TextContent(type="03", audiences=EVERYBODY, texts=(worded(old.description, None),))
    for one in old.old_texts:
        if (found := text(one)) is not None:
            yield found
        else:
            tell(f"Product/OtherText[{one.type!r}]")
    for quote in old.review_quotes:
        yield TextContent(type="06", audiences=EVERYBODY, texts=(worded(quote, None),))


def text(old: OldText) -> TextContent | None:
    """Texts of a type that 3.0 has no place for are left out, and so are those that are a link only."""
    kind = codes.TEXTS.get(old.type)
    if kind is None or old.text is None:
        return None
    found = (("01", old.date), ("14", old.start), ("15", old.end))
    return TextContent(
        type=kind,
        audiences=(codes.READERS.get(old.type, "00"),),
        texts=(worded(old.text, old.form),),
        authors=(old.author,) if old.author else (),
        source=old.source,
        source_titles=(old.source_title,) if old.source_title else (),
        dates=tuple(Dated(role=role, value=value) for role, value in found if value),
    )


def worded(words: Words, form: str | None) -> Words:
    """With the format that an element beside it states, where it states none itself; XHTML only where there is markup."""
    stated = words.format or form
    if stated in codes.GONE_FORMATS or (stated == "05" and words.format != "05"):
        stated = None
    return replace(words, format=stated)


def resources(old: OldProduct, tell: Tell) -> Iterator[Resource]:
    if old.cover_link and old.cover_link_type == URL:
        yield resource(COVER, old.cover_link, codes.IMAGES.get(old.cover_format or ""))
    elif old.cover_link:
        tell("Product/CoverImageLink")
    for one in old.media:
        found = codes.MEDIA.get(one.type)
        if found is not None and one.link and one.link_type == URL:
            yield resource(found, one.link, codes.FILES.get(one.format or ""), features(one), one.date)
        else:
            tell(f"Product/MediaFile[{one.type!r}]")


def resource(
    kind: tuple[str, str], link: str, form: str | None, told: tuple[Feature, ...] = (), date: str | None = None
) -> Resource:
    """List 162: 01 file format."""
    dates = (Dated(role="17", value=date),) if date else ()
    formats = (Feature(type="01", value=form),) if form else ()
    version = ResourceVersion(form=DOWNLOAD, features=formats, links=(link,), dates=dates)
    return Resource(type=kind[0], audiences=EVERYBODY, mode=kind[1], features=told, versions=(version,))


def features(old: OldMedia) -> tuple[Feature, ...]:
    """List 160: 01 credit, 02 caption, 03 copyright holder."""
    found = (("01", old.credit), ("02", old.caption), ("03", old.notice))
    return tuple(Feature(type=kind, notes=(Words(text=text),)) for kind, text in found if text)
