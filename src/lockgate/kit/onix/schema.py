"""The official schemas and code lists, as the `onixcheck` package carries them: read from its files, never from the network."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from lockgate.kit.errors import NeedsOperator

XS = "{http://www.w3.org/2001/XMLSchema}"
OWN = etree.XMLParser(no_network=True, resolve_entities=False, remove_comments=True)


@cache
def folder() -> Path:
    """Where the schemas lie. The package is looked up without being imported."""
    found = find_spec("onixcheck")
    if found is None or not found.submodule_search_locations:
        raise NeedsOperator("ONIX needs the schemas of the package `onixcheck`, which is not installed")
    return Path(found.submodule_search_locations[0]) / "schema"


def file(release: str, style: str) -> Path:
    """The schema of a release (`2.1`, `3.0`, `3.1`) in a style (`reference`, `short`)."""
    name = f"Release{release}" if release == "2.1" else release
    return folder() / f"xsd{release}" / f"ONIX_BookProduct_{name}_{style}.xsd"


@cache
def validator(release: str, style: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(file(release, style)), OWN))


@cache
def short_names(release: str) -> Mapping[str, str]:
    """Reference names by short name."""
    found: dict[str, str] = {}
    for element in etree.parse(str(file(release, "short")), OWN).getroot().iterchildren(f"{XS}element"):
        attribute = next((one for one in element.iter(f"{XS}attribute") if one.get("name") == "refname"), None)
        if attribute is not None:
            stated = attribute.find(f".//{XS}enumeration")
            name = attribute.get("fixed") if stated is None else stated.get("value")
            found[str(element.get("name"))] = str(name)
    return found


class CodeList(NamedTuple):
    """A code list: what it is about, and the label of each code."""

    number: str
    title: str
    labels: Mapping[str, str]


@cache
def code_lists(release: str = "3.1") -> Mapping[str, CodeList]:
    """All code lists by number."""
    tree = etree.parse(str(folder() / f"xsd{release}" / "ONIX_BookProduct_CodeLists.xsd"), OWN)
    lists = (code_list(one) for one in tree.getroot().iterchildren(f"{XS}simpleType"))
    return {one.number: one for one in lists if one is not None}


def code_list(element: etree._Element) -> CodeList | None:
    name = re.fullmatch(r"List(\d+)", element.get("name") or "")
    codes = element.find(f"{XS}restriction")
    if name is None or codes is None:
        return None
    labels = {str(one.get("value")): documented(one) for one in codes.iterchildren(f"{XS}enumeration")}
    return CodeList(name[1], documented(element), labels)


def documented(element: etree._Element) -> str:
    return (element.findtext(f"{XS}annotation/{XS}documentation") or "").strip()


def label(number: str, code: str, release: str = "3.1") -> str | None:
    """What a code means: `label("150", "BC")` is `Paperback / softback`. None where the list has no such code."""
    found = code_lists(release).get(number)
    return found.labels.get(code) if found else None


@cache
def contents(release: str) -> Mapping[str, frozenset[str]]:
    """The elements that may stand in each composite, by reference names. What holds text, or text with markup, is not here."""
    root = etree.parse(str(file(release, "reference")), OWN).getroot()
    groups = {str(one.get("name")): one for one in root.iterchildren(f"{XS}group")}
    found: dict[str, frozenset[str]] = {}
    for element in root.iterchildren(f"{XS}element"):
        inner = element.find(f"{XS}complexType")
        if inner is None or inner.get("mixed") or inner.find(f"{XS}simpleContent") is not None:
            continue
        if inner.find(f"{XS}complexContent") is None:
            found[str(element.get("name"))] = frozenset(named_in(inner, groups))
    return found


def named_in(node: etree._Element, groups: Mapping[str, etree._Element]) -> Iterator[str]:
    for one in node.iter(f"{XS}element", f"{XS}group"):
        name = str(one.get("ref"))
        if one.tag == f"{XS}element":
            yield name
        elif one.get("ref"):
            yield from named_in(groups[name], groups)


@cache
def lists_of_elements(release: str) -> Mapping[str, str]:
    """The number of the code list that each element takes its code from, by reference name."""
    found: dict[str, str] = {}
    for element in etree.parse(str(file(release, "reference")), OWN).getroot().iterchildren(f"{XS}element"):
        extension = element.find(f"{XS}complexType/{XS}simpleContent/{XS}extension")
        base = re.fullmatch(r"List(\d+)", extension.get("base", "")) if extension is not None else None
        if base is not None:
            found[str(element.get("name"))] = base[1]
    return found
