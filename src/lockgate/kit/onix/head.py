"""What the beginning of a message says of the rest: release, style, namespaces, entities."""

import re
from dataclasses import dataclass, field

from lockgate.kit.onix.dialect import RELEASES, Dialect, Release, Style, dialect
from lockgate.kit.onix.problems import Problem, error, warning
from lockgate.kit.onix.split import ONLY, doctype_end

ROOT = re.compile(rb"<(?:(?P<prefix>[\w.-]+):)?(?P<name>[A-Za-z][\w.-]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
ATTRIBUTE = re.compile(rb"([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
EDITEUR = re.compile(r"https?://(?:\w+\.)?editeur\.org/onix/(?P<release>\d\.\d)(?:/|$)")
DECLARES = re.compile(rb"<!ENTITY|%\s*[\w.-]+;", re.IGNORECASE)
NEWER = re.compile(
    rb"<(?:[\w.-]+:)?(?:DescriptiveDetail|ProductSupply|PublishingDetail|descriptivedetail|productsupply)\b"
)
"""What only ONIX 3 has."""


@dataclass
class Head:
    """How the products of a message are to be read. `problems` are those of the message as a whole."""

    dialect: Dialect
    name: str = "ONIXMessage"
    """What the root is called."""
    namespace: str = ""
    """As the root names it."""
    prefix: bytes = b""
    """The namespace prefix that ONIX elements carry."""
    declared: dict[str, str] = field(default_factory=dict)
    """Other prefixes the root declares: products may use them."""
    doctype: bool = False
    refused: bool = False
    """Nothing of this message is read."""
    inner: bytes = b""
    """What stands between the root's start tag and the first product."""
    line: int = 1
    """Of `inner`."""
    problems: list[Problem] = field(default_factory=list)


def head_of(data: bytes, first: bytes) -> Head:
    """Read the head of a message; `first` is its first product, which tells what the head does not."""
    before, doctype, subset = declarations(data)
    root = ROOT.match(data, before)
    style: Style = "short" if re.match(rb"<(?:[\w.-]+:)?product", first) else "reference"
    if DECLARES.search(subset) or (doctype and root is None):
        line = 1 + data.count(b"\n", 0, max(data.find(b"<!DOCTYPE"), 0))
        return refused(error("entities", ENTITIES, line))
    if not first and (root is None or root["name"].lower() != b"onixmessage"):
        return refused(error("no-onix", "it is compressed: unpack it first" if data.startswith(PACKED) else NO_ONIX, 1))
    if root is None:
        found = Head(dialect(by_content(first), style))
        found.problems.append(root_problem(data))
        return found
    found = rooted(root, style, first, data[:before])
    found.inner, found.line = data[root.end() :], 1 + data.count(b"\n", 0, root.end())
    found.doctype = doctype
    return found


PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")
"""How archives begin: gzip, ZIP, bzip2, xz, 7-Zip."""
NO_ONIX = "this is no ONIX message: there is neither <ONIXMessage> nor a product in it"
NOTHING_READ = frozenset({"no-onix", "entities"})
"""Codes of problems because of which nothing of a message is read."""
ENTITIES = (
    "the message declares entities of its own, or its DOCTYPE does not end: "
    "that can be made to exhaust memory or to read files, so it is not read"
)


def refused(problem: Problem) -> Head:
    return Head(dialect("3.0", "reference"), refused=True, problems=[problem])


def declarations(data: bytes) -> tuple[int, bool, bytes]:
    """Where the root begins; whether there is a DOCTYPE; its internal subset."""
    at = (ONLY.match(data) or re.match(b"", data)).end()  # type: ignore[union-attr]
    if not data.startswith(b"<!DOCTYPE", at):
        return at, False, b""
    end = doctype_end(data, at + 9)
    end = len(data) if end < 0 else end
    after = ONLY.match(data, end)
    return after.end() if after else end, True, data[at:end].partition(b"[")[2]


def root_problem(data: bytes) -> Problem:
    said = data.strip()[:40].decode(errors="replace")
    return error("root", f"the message does not begin with <ONIXMessage>{f' but with {said!r}' if said else ''}", 1)


def rooted(root: re.Match[bytes], style: Style, first: bytes, before: bytes) -> Head:
    line = 1 + before.count(b"\n")
    prefix, name = (root["prefix"] or b"").decode(), root["name"].decode()
    attributes = {
        key.decode(): (one or other).decode(errors="replace") for key, one, other in ATTRIBUTE.findall(root["rest"])
    }
    spaces = {key.partition(":")[2]: uri for key, uri in attributes.items() if key.split(":")[0] == "xmlns"}
    if not first and name == "ONIXmessage":
        style = "short"
    problems: list[Problem] = []
    release = settled(attributes.get("release"), spaces.get(prefix, ""), first, before, line, problems)
    found = Head(dialect(release, style), name, spaces.get(prefix, ""), prefix=prefix.encode(), problems=problems)
    problems += told_of(found.dialect, name, spaces.get(prefix), line)
    found.declared = {key: uri for key, uri in spaces.items() if key not in {"", "xml", prefix} and uri}
    return found


def told_of(known: Dialect, name: str, namespace: str | None, line: int) -> list[Problem]:
    """What is unusual about the root's name and namespace."""
    found = []
    if name != known.root:
        found.append(
            error("root", f"the message begins with <{name}>, where its products ask for <{known.root}>", line)
        )
    if not namespace:
        found.append(warning("namespace", f"the message names no namespace; it was read as {known.namespace}", line))
    elif namespace != known.namespace:
        said = (
            f"the namespace {namespace} is not the one of ONIX {known.release} ({known.style} tags), {known.namespace}"
        )
        found.append(error("namespace", said, line))
    return found


def settled(
    stated: str | None, namespace: str, first: bytes, before: bytes, line: int, problems: list[Problem]
) -> Release:
    """The release, by attribute and namespace; where they disagree or say nothing, by what the first product looks like."""
    told = known(stated)
    space = EDITEUR.match(namespace)
    named = known(space["release"]) if space else None
    content = by_content(first) if first else (told or named or "3.0")
    if told is not None and stated == told and named in {None, told}:
        return told
    found = next(
        (one for one in (told, named, by_doctype(before)) if one and (one == "2.1") == (content == "2.1")), content
    )
    if stated is None:
        said = f"the message does not say its release; it was read as ONIX {found}"
        problems.append(warning("release", said, line) if found == "2.1" or named else error("release", said, line))
    elif stated != found:
        problems.append(error("release", f"the message says release {stated!r}, but it is ONIX {found}", line))
    else:
        problems.append(
            error("release", f"the message says release {stated}, but names the namespace {namespace}", line)
        )
    return found


def known(stated: str | None) -> Release | None:
    """A release by what people write for it: `3.0.8`, `3`, `2.1.03`."""
    found = re.match(r"v?(\d)(?:\.(\d+))?", (stated or "").strip().lower())
    if found is None:
        return None
    text = f"{found[1]}.{(found[2] or '0')[0]}"
    return next((one for one in RELEASES if one == text), "2.1" if found[1] in "12" else None)


def by_doctype(before: bytes) -> Release | None:
    found = re.search(rb"/onix/(\d\.\d)/", before)
    return known(found[1].decode()) if found else None


def by_content(first: bytes) -> Release:
    return "3.0" if NEWER.search(first) else "2.1"
