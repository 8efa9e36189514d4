"""Whether a tree keeps the official schema, found out fast.

Code lists are what makes the schema slow: it compares a code with each of its list in turn, a country list of 200 some 25,000
times. So the structure is judged by the schema without the codes of its lists, and the codes by look-up. Together they say yes
only where the official schema does; what is wrong, and in which words, is left to it.
"""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from lxml import etree

from lockgate.kit.onix import schema
from lockgate.kit.onix.dialect import Dialect
from lockgate.kit.onix.fields import Element
from lockgate.kit.onix.schema import OWN, XS

LISTS = "ONIX_BookProduct_CodeLists.xsd"
CONTENT = f"{XS}complexType/{XS}simpleContent/{XS}extension"


class Outline(NamedTuple):
    """A schema without codes, and the codes by element."""

    validator: etree.XMLSchema
    codes: Mapping[str, frozenset[str]]
    """What an element may hold, by its tag with namespace."""
    several: frozenset[str]
    """Elements that may hold any number of their codes, with blanks between."""

    def keeps(self, root: Element) -> bool:
        """Whether the official schema would find nothing."""
        if not self.validator.validate(root):
            return False
        known = self.codes
        for element in root.iter():
            codes = known.get(element.tag)
            if (
                codes is not None
                and (text := element.text) not in codes
                and not self._several(element.tag, text, codes)
            ):
                return False
        return True

    def _several(self, tag: str, text: str | None, codes: frozenset[str]) -> bool:
        return tag in self.several and text is not None and text.isascii() and codes.issuperset(text.split())


@cache
def outline(known: Dialect) -> Outline:
    path = schema.file(known.release, known.style)
    tree = etree.parse(str(path), OWN)
    root = tree.getroot()
    lists = etree.parse(str(path.parent / LISTS), OWN).getroot()
    single, several = of_elements(root)
    opened = {*single.values(), *several.values()} - elsewhere(root, lists, single, several)
    codes = taken_out(root, lists, opened)
    found = {f"{{{known.namespace}}}{tag}": codes[name] for tag, name in (single | several).items() if name in opened}
    return Outline(etree.XMLSchema(tree), found, frozenset(f"{{{known.namespace}}}{tag}" for tag in several))


def of_elements(root: Element) -> tuple[dict[str, str], dict[str, str]]:
    """Elements that hold one code of a list, and those that hold several, each with the name of the list."""
    items = {
        str(one.get("name")): str(inner.get("itemType"))
        for one in root.iterchildren(f"{XS}simpleType")
        for inner in one.iter(f"{XS}list")
    }
    single, several = dict[str, str](), dict[str, str]()
    for element in root.iterchildren(f"{XS}element"):
        for extension in element.iterfind(CONTENT):
            base = str(extension.get("base"))
            if base.startswith("List"):
                single[str(element.get("name"))] = base
            elif base in items:
                several[str(element.get("name"))] = items[base]
    return single, several


def elsewhere(root: Element, lists: Element, single: Mapping[str, str], several: Mapping[str, str]) -> set[str]:
    """Lists that are used in other ways, too (for attributes, by other lists): they keep their codes."""
    known = {*single.values(), *several.values()}
    counted = dict.fromkeys(known, 0)
    for one in (*root.iter("{*}*"), *lists.iter("{*}*")):
        for value in map(str, one.attrib.values()):
            if value in counted and one.get("name") != value:
                counted[value] += 1
    ours = dict.fromkeys(known, 0)
    for name in single.values():
        ours[name] += 1
    for name in set(several.values()):
        ours[name] += sum(one.get("itemType") == name for one in root.iter(f"{XS}list"))
    return {name for name in known if counted[name] != ours[name]}


def taken_out(root: Element, lists: Element, opened: set[str]) -> dict[str, frozenset[str]]:
    """Put the lists into the schema itself, those that are opened without their codes; the codes that were in those."""
    found: dict[str, frozenset[str]] = {}
    for include in root.findall(f"{XS}include"):
        if include.get("schemaLocation") == LISTS:
            root.remove(include)
    for one in list(lists):
        restriction = one.find(f"{XS}restriction")
        if restriction is not None and (name := str(one.get("name"))) in opened:
            found[name] = frozenset(str(code.get("value")) for code in restriction.iterchildren(f"{XS}enumeration"))
            for code in list(restriction):
                restriction.remove(code)
        root.append(one)
    return found
