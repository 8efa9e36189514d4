"""Why a part of a message is no XML: line, element and a sentence for people, out of what the parser says."""

import re

from lxml import etree

from lockgate.kit.onix.dialect import Dialect
from lockgate.kit.onix.problems import Problem, error

TAG = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(?P<end>/?)(?:[\w.-]+:)?(?P<name>[A-Za-z_][\w.-]*)(?P<rest>[^<>]*)", re.DOTALL
)
MISMATCH = re.compile(r"Opening and ending tag mismatch: (\S+) line (\d+) and (\S+)")
ENCODING = "there are bytes that are not UTF-8; perhaps the message is in windows-1252 and does not say so"
AMPERSAND = "an ampersand stands alone; in XML it is written &amp;"
QUOTES = "an attribute has no quotes, or only one of them"
WORDS: tuple[tuple[str, str], ...] = (
    (r".*(?:UTF-8|character encoding).*", ENCODING),
    (r"xmlParseEntityRef: no name|EntityRef: expecting ';'", AMPERSAND),
    (r"Entity '(?P<it>[^']*)' not defined", "the character &{it}; is not known"),
    (
        r".*invalid Char value (?P<number>\d+)|.*invalid xmlChar value (?P<hex>\d+)",
        "the character U+{code:04X} cannot stand in XML",
    ),
    (r"Unescaped '<' not allowed in attributes values|AttValue: .*", QUOTES),
    (r"Specification mandates? value for attribute (?P<it>.*)", "the attribute {it} has no value"),
    (r"Attribute (?P<it>\S+) redefined", "the attribute {it} is there twice"),
    (
        r"StartTag: invalid element name|error parsing attribute name",
        "a '<' begins no tag; in a text it is written &lt;",
    ),
    (
        r"Comment not terminated.*|Double hyphen within comment.*",
        "a comment does not end, or has two hyphens inside of it",
    ),
    (r"CData section not finished.*", "a CDATA section does not end"),
    (r"Premature end of data in tag (?P<it>\S+).*|EndTag: '</' not found", "it ends before all of its elements do"),
    (r"Couldn't find end of Start Tag (?P<it>\S+).*", "the tag of {it} does not end with '>'"),
    (r"Excessive depth.*", "its elements are nested deeper than anybody needs"),
)
"""What libxml2 says (its messages are part of no interface, so what is not here is passed on as it is), and what that means."""


def not_parsed(failed: etree.XMLSyntaxError, data: bytes, line: int, known: Dialect, before: int = 0) -> Problem:
    """Of a part of a message that begins in `line`, and was parsed behind so many bytes on that line."""
    row = max(failed.lineno or 1, 1)
    column = (failed.offset or 1) - (before if row == 1 else 0)
    said = re.sub(r", line \d+, column \d+.*", "", str(failed.msg)).strip()
    path = "/".join(map(known.reference, around(data, row, column)))
    return error("xml", f"not well-formed, so it was not read: {in_words(said, line)}", line + row - 1, path)


def in_words(said: str, line: int) -> str:
    if (found := MISMATCH.match(said)) is not None:
        return f"<{found[1]}>, begun in line {line + int(found[2]) - 1}, is ended by </{found[3]}>"
    for pattern, words in WORDS:
        if (found := re.fullmatch(pattern, said)) is not None:
            parts = found.groupdict()
            code = int(parts.get("number") or parts.get("hex") or 0)
            return words.format(it=parts.get("it"), code=code)
    return said


def around(data: bytes, row: int, column: int) -> list[str]:
    """The elements that are open where the parser gave up, the outermost first; an end tag that fits none is passed over."""
    found: list[str] = []
    for tag in TAG.finditer(data, 0, place(data, row, column)):
        name = (tag["name"] or b"").decode()
        if not name or tag["rest"].endswith(b"/"):
            continue
        if not tag["end"]:
            found.append(name)
        elif found and found[-1] == name:
            found.pop()
    return found[:DEEPEST]


DEEPEST = 20


def place(data: bytes, row: int, column: int) -> int:
    """Where a line and column (from 1) are in the data."""
    at = 0
    for _ in range(row - 1):
        at = data.find(b"\n", at) + 1
        if not at:
            return len(data)
    return min(at + max(column, 0), len(data))
