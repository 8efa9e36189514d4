"""An XMP packet read as what it is: RDF/XML.

Properties by the XMP specification, the IPTC Photo Metadata Standard (Core, Extension), PLUS LDF and PRISM usage rights.
"""

import re
from collections.abc import Iterable, Sequence
from functools import partial
from xml.etree.ElementTree import Element, tostring
from xml.sax import SAXException

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.exceptions import ParserError
from rdflib.term import Node

from lockgate.kit.seed import periods
from lockgate.kit.seed.embedded import safexml
from lockgate.kit.seed.embedded.facts import Facts, Unreadable, dated, unique
from lockgate.model.item import UND, Text

DC = Namespace("http://purl.org/dc/elements/1.1/")
RIGHTS = Namespace("http://ns.adobe.com/xap/1.0/rights/")
PHOTOSHOP = Namespace("http://ns.adobe.com/photoshop/1.0/")
CORE = Namespace("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/")
EXT = Namespace("http://iptc.org/std/Iptc4xmpExt/2008-02-29/")
PLUS = Namespace("http://ns.useplus.org/ldf/xmp/1.0/")
PUR = Namespace("http://prismstandard.org/namespaces/prismusagerights/2.1/")
PRISM = tuple(Namespace(f"http://prismstandard.org/namespaces/basic/{version}/") for version in ("2.0", "2.1", "3.0"))
CC = Namespace("http://creativecommons.org/ns#")
LIGHTROOM = Namespace("http://ns.adobe.com/lightroom/1.0/")

TERMS: tuple[URIRef, ...] = (
    RIGHTS.UsageTerms,
    PHOTOSHOP.Instructions,
    PLUS.TermsAndConditionsText,
    PLUS.TermsAndConditionsURL,
    PLUS.OtherConstraints,
    PLUS.OtherConditions,
    PUR.permissions,
    PUR.restrictions,
    CC.license,
    RIGHTS.WebStatement,
    EXT.EncRightsExpr,
    EXT.LinkedRightsExpr,
)
BEGINS: tuple[URIRef, ...] = (PLUS.LicenseStartDate, PUR.embargoDate, *(one.embargoDate for one in PRISM))
ENDS: tuple[URIRef, ...] = (PLUS.LicenseEndDate, PUR.expirationDate, *(one.expirationDate for one in PRISM))
CAMPAIGN = re.compile(r"(?:campaigns?|kampagnen?)\|(.+)", re.IGNORECASE)

BASE = "urn:file"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ROOT = f"{{{RDF}}}RDF"


def facts(packet: bytes) -> Facts:
    """What the packet states. Raises Unreadable when it is no XMP, or asks for entities."""
    graph = parse(packet)
    nested = set(graph.objects())
    roots = [node for node in unique_nodes(graph.subjects()) if node not in nested]
    anywhere = unique_nodes(graph.subjects())
    found = Facts(
        title=text(graph, roots, DC.title),
        description=text(graph, roots, DC.description),
        headline=text(graph, roots, PHOTOSHOP.Headline),
        alt=text(graph, roots, CORE.AltTextAccessibility),
        keywords=words(graph, roots, DC.subject),
        campaigns=campaigns(graph, roots),
        creator=", ".join(words(graph, roots, DC.creator)) or None,
        credit=first(graph, roots, PHOTOSHOP.Credit),
        copyright=first(graph, roots, DC.rights),
        terms=unique(line for name in TERMS if (line := first(graph, anywhere, name))),
        languages=words(graph, roots, DC.language),
        gtins=words(graph, anywhere, EXT.ProductGTIN),
        format=first(graph, roots, DC["format"]) or "",
    )
    for what, names in (("rights_from", BEGINS), ("rights_until", ENDS)):
        for value in (value for name in names for value in words(graph, anywhere, name)):
            dated(found, what, value, partial(periods.parsed, value))
    return found


def parse(packet: bytes) -> Graph:
    root = safexml.parse(packet.strip(b"\x00 \t\r\n"))
    rdf = root if root.tag == ROOT else root.find(f".//{ROOT}")
    if rdf is None:
        raise Unreadable("has an XMP packet without RDF in it")
    for element in rdf.iter():
        tidy(element)
    graph = Graph()
    try:
        graph.parse(data=tostring(rdf, encoding="utf-8"), format="xml", publicID=BASE)
    except (ParserError, SAXException, ValueError) as error:
        raise Unreadable(f"has an XMP packet that is no RDF ({' '.join(str(error).split())[:120]})") from error
    return graph


def tidy(element: Element) -> None:
    """Language tags as cameras and converters write them (`de_DE`, empty) would stop the whole packet."""
    if LANG in element.attrib:
        tag = element.attrib.pop(LANG).replace("_", "-")
        if re.fullmatch(r"[A-Za-z]+(-[A-Za-z0-9]+)*", tag):
            element.set(LANG, tag)


def unique_nodes(nodes: Iterable[Node]) -> list[Node]:
    return list(dict.fromkeys(nodes))


def literals(graph: Graph, subjects: Sequence[Node], name: URIRef) -> list[tuple[str, str]]:
    """(text, language) of a property, be it a plain value or a list of any kind, in the order of the list."""
    found: list[tuple[str, str]] = []
    for value in (value for subject in subjects for value in graph.objects(subject, name)):
        for item in members(graph, value):
            language = item.language if isinstance(item, Literal) else None
            if not isinstance(item, BNode) and (words := str(item).strip()):
                found.append((words, language or ""))
    return found


def members(graph: Graph, value: Node) -> list[Node]:
    if not isinstance(value, BNode):
        return [value]
    numbered = []
    for name, item in graph.predicate_objects(value):
        place = str(name).removeprefix(f"{RDF}_")
        if place.isdigit():
            numbered.append((int(place), item))
        elif name == RDF.value:
            numbered.append((0, item))
    return [member for _, item in sorted(numbered, key=lambda pair: pair[0]) for member in members(graph, item)]


def text(graph: Graph, subjects: Sequence[Node], name: URIRef) -> Text:
    """A text by language; `x-default` counts as "not stated" and goes where it only repeats one of the others."""
    found: Text = {}
    for value, language in literals(graph, subjects, name):
        found.setdefault(UND if not language or language.lower().startswith("x-") else tag(language), value)
    if len(found) > 1 and found.get(UND) in [value for language, value in found.items() if language != UND]:
        del found[UND]
    return found


def tag(language: str) -> str:
    """A language tag in the usual letter case: `de`, `de-AT`."""
    head, *rest = language.split("-")
    return "-".join([head.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])


def words(graph: Graph, subjects: Sequence[Node], name: URIRef) -> list[str]:
    return unique(value for value, _ in literals(graph, subjects, name))


def first(graph: Graph, subjects: Sequence[Node], name: URIRef) -> str | None:
    """The default text of a property, else its first."""
    found = literals(graph, subjects, name)
    default = [value for value, language in found if language.lower() == "x-default"]
    return next(iter([*default, *(value for value, _ in found)]), None)


def campaigns(graph: Graph, subjects: Sequence[Node]) -> list[str]:
    paths = words(graph, subjects, LIGHTROOM.hierarchicalSubject)
    return unique(found[1].strip() for path in paths if (found := CAMPAIGN.fullmatch(path)))
