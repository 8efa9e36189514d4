"""XML from strangers: no document type, hence no entities, nothing fetched, bounded in size."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from lockgate.kit.seed.embedded.facts import Unreadable

LIMIT = 8 << 20


def parse(data: bytes) -> Element:
    """The root element. Raises Unreadable for a document type or entity, for what is not XML, and above 8 MiB."""
    if len(data) > LIMIT:
        raise Unreadable(f"has metadata of {len(data)} bytes; more than {LIMIT} are not read")
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, attrs: builder.start(
        clark(tag), {clark(name): text for name, text in attrs.items()}
    )
    parser.EndElementHandler = lambda tag: builder.end(clark(tag))
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, AssertionError, ValueError, LookupError) as error:
        raise Unreadable(f"has metadata that is not well-formed XML ({error})") from error


def refuse(*_: object) -> None:
    raise Unreadable("has metadata with a document type or entities, which is refused")


def clark(name: str) -> str:
    return "{" + name if "}" in name else name
