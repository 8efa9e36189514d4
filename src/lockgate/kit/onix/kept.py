"""Composites that nobody here needs to understand: kept as they stand, and written again.

They are held by reference names and as ONIX 3.0 has them: what 3.1 has added in one of them is told as left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from lockgate.kit.onix import schema
from lockgate.kit.onix.fields import BLANK_SPACE, NAMING, Element, Field, Names, Values, checked, clean
from lockgate.kit.onix.records import Extra

TAG = re.compile(r"(</?)(\w+)")


@dataclass(frozen=True, slots=True)
class Kept(Field):
    """An element with all that is in it; those of one record share a field."""

    name: str = "kept"
    many: bool = True

    def take(self, values: Values, element: Element, names: Names) -> None:
        self.put(values, Extra(tag=self.tag, content=as_it_stands(element, names)))

    def lines(self, record: Any, names: Names, indent: str) -> Iterator[str]:
        for one in record.kept:
            if one.tag == self.tag:
                content = checked(one.content, self.tag)
                yield indent + TAG.sub(lambda found: found[1] + names.of(found[2]), content)


def as_it_stands(element: Element, names: Names) -> str:
    """An element as XML without namespace, by reference names."""
    tag = names.reference(str(element.tag))
    known = schema.contents("3.0").get(tag)
    parts = [clean(element.text or "")]
    for child in element:
        if known is None or names.reference(str(child.tag)) in known:
            parts.append(as_it_stands(child, names))
        else:
            names.left_out(child)
        parts.append(clean(child.tail or ""))
    inner = "".join(part.strip(BLANK_SPACE) for part in parts) if known is not None else "".join(parts)
    said = "".join(f" {key}={quoteattr(value)}" for key, value in stated(element))
    return f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>"


def stated(element: Element) -> Iterator[tuple[str, str]]:
    """Attributes without namespace, which nothing of ONIX has."""
    for key, value in element.attrib.items():
        if "{" not in str(key) and key not in NAMING:
            yield str(key), str(value)
