"""One product, or the header, against the official schema; what it finds wrong in the words of a person."""

import re
from collections.abc import Iterable, Iterator
from threading import Lock
from typing import Any, cast

from lockgate.kit.onix import schema
from lockgate.kit.onix.dialect import Dialect
from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.outline import outline
from lockgate.kit.onix.problems import Problem, error
from lockgate.kit.onix.reading import Reading

ONE_AT_A_TIME = Lock()
"""A schema keeps its findings in itself until they are read."""
SPACE = re.compile(r"\{[^}]*\}")
ABOUT = re.compile(r"^Element '(?P<name>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?: (?P<said>.*)$", re.DOTALL)
CODE = re.compile(r"\[facet 'enumeration'\] The value '(?P<value>.*?)' is not an element of the set", re.DOTALL)
EXPECTED = re.compile(r"Expected is (?:one of )?\( (?P<names>.*?) \)")
NOISE = ("Warning: No precomputed value", "is not a valid value of the list type")
"""What only repeats another finding."""
WORTH = 6
"""So many elements are named that may stand in a place."""


def violations(root: Element, reading: Reading) -> list[Problem]:
    """All that the schema of the message's release finds wrong with it."""
    known = reading.dialect
    with ONE_AT_A_TIME:
        if outline(known).keeps(root):
            return []
        validator = schema.validator(known.release, known.style)
        if validator.validate(root):
            return []
        entries: Iterable[Any] = cast("Iterable[Any]", validator.error_log)
        log = [(entry.path, str(entry.message)) for entry in entries]
    return list(told(log, root, reading))


def told(log: list[tuple[str | None, str]], root: Element, reading: Reading) -> Iterator[Problem]:
    for path, message in log:
        if len(log) > 1 and any(noise in message for noise in NOISE):
            continue
        element = at(root, path)
        code, sentence = in_words(SPACE.sub("", message), reading.dialect)
        yield error(code, sentence, reading.line_of(element), reading.path(element))


def at(root: Element, path: str | None) -> Element:
    """The element a finding is about, by its place in the tree: `/*/*[2]/*[8]`."""
    element = root
    for step in re.findall(r"/\*(?:\[(\d+)\])?", path or "")[1:]:
        inside = list(element)
        place = int(step or 1) - 1
        if place >= len(inside):
            break
        element = inside[place]
    return element


def in_words(message: str, known: Dialect) -> tuple[str, str]:
    about = ABOUT.match(message)
    if about is None:
        return "xsd", message
    name, said = called(about["name"], known), about["said"].strip()
    if about["attribute"]:
        name = f"the attribute {about['attribute']} of {name}"
    if found := CODE.search(said):
        return (
            "code",
            f"{name} is {found['value']!r}, which is no code of {listed(about['name'], about['attribute'], known)}",
        )
    if "Duplicate key-sequence" in said:
        return "xsd", f"{name}: {said}"
    if "Missing child element" in said:
        return "xsd", f"{name} is incomplete: {expected(said, known)}"
    if "not expected" in said:
        return "xsd", f"{name} must not stand here; {expected(said, known)}"
    return "xsd", f"{name}: {said[0].lower()}{said[1:]}".rstrip(".")


def called(tag: str, known: Dialect) -> str:
    """An element by its tag, with its reference name where that is another."""
    reference = known.reference(tag)
    return tag if reference == tag else f"{tag} ({reference})"


def listed(tag: str, attribute: str | None, known: Dialect) -> str:
    number = None if attribute else schema.lists_of_elements(known.release).get(known.reference(tag))
    found = schema.code_lists(known.release).get(number or "")
    return f"code list {found.number} ({found.title})" if found else "its code list"


def expected(said: str, known: Dialect) -> str:
    found = EXPECTED.search(said)
    if found is None:
        return "nothing more is expected"
    names = [called(one.strip(), known) for one in found["names"].split(",")]
    more = f" or one of {len(names) - WORTH} others" if len(names) > WORTH else ""
    return f"expected is {' or '.join(names[:WORTH])}{more}"


LEAST_HEADER = {
    "2.1": ("FromCompany", "SentDate"),
    "3.0": ("Sender", "SentDateTime"),
    "3.1": ("Sender", "SentDateTime"),
}


def least_header(known: Dialect) -> bytes:
    """A header that is valid, so that only the product beside it can be wrong."""
    sender, sent = LEAST_HEADER[known.release]
    inner = element("SenderName", "x", known) if sender == "Sender" else "x"
    return element("Header", element(sender, inner, known) + element(sent, "20000101", known), known).encode()


def least_product(known: Dialect) -> bytes:
    """A product that is valid, so that only the header before it can be wrong."""
    number = element("ProductIDType", "15", known) + element("IDValue", "9788871184371", known)
    parts = [element("RecordReference", "x", known), element("NotificationType", "03", known)]
    parts.append(element("ProductIdentifier", number, known))
    if known.release == "2.1":
        title = element("TitleType", "01", known) + element("TitleText", "x", known)
        parts += [element("ProductForm", "BB", known), element("Title", title, known)]
        parts.append(element("Publisher", element("PublisherName", "x", known), known))
    return element("Product", "".join(parts), known).encode()


def element(reference: str, inner: str, known: Dialect) -> str:
    return f"<{known.of(reference)}>{inner}</{known.of(reference)}>"
