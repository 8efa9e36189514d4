"""Labels of ONIX codes, read from the code lists that come with the XSDs of ONIX 2.1; nothing of them is kept here."""

from functools import cache
from importlib import resources
from typing import Any

from lxml import etree

LISTS = resources.files("onixcheck") / "schema" / "xsd2.1" / "ONIX_BookProduct_CodeLists.xsd"
SCHEMA = "{http://www.w3.org/2001/XMLSchema}"


class CodeList(dict[str, tuple[str, str]]):
    """Label and notes by code."""

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.number = number
        self.title = title


@cache
def lists() -> dict[int, CodeList]:
    """All lists by number; a second of work, so it is done when a label is first wanted."""
    with resources.as_file(LISTS) as path:
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    found = {}
    for kind in root.findall(f"{SCHEMA}simpleType"):
        number = str(kind.get("name", "")).removeprefix("List")
        if number.isdigit():
            found[int(number)] = read(int(number), kind)
    return found


def read(number: int, kind: Any) -> CodeList:
    codes = CodeList(number, texts(kind)[0])
    for one in kind.iter(f"{SCHEMA}enumeration"):
        label, notes, *_ = (*texts(one), "", "")
        codes[str(one.get("value"))] = (label, notes)
    return codes


def texts(node: Any) -> list[str]:
    """The documentation of a node: label first, then notes."""
    found = node.findall(f"{SCHEMA}annotation/{SCHEMA}documentation")
    return [(one.text or "").strip() for one in found] or [""]


def onix_code(number: int, spelling: str | None) -> dict[str, Any] | None:
    """An ONIXCode object for an enum's spelling (`_02`, `BC`); None for none."""
    if spelling is None:
        return None
    code = spelling.removeprefix("_")
    known = lists().get(number, CodeList(number, ""))
    label, notes = known.get(code, (None, None))
    return {
        "code": code,
        "codeList": {"number": number, "description": known.title},
        "description": label,
        "isDeprecated": False,
        "notes": notes,
        "value": spelling,
    }
