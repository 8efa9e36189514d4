"""Write a flow back as the file a person keeps in git."""

import io
import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from lockgate.engine.recipe.flow import Flow

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
GUESSED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that other readers of YAML take for something else; quoted, so that Norway stays Norway everywhere."""


def dump_flow(flow: Flow) -> str:
    """The flow as YAML that `load_flow` reads back to an equal flow. Every answer is written, also those that were defaults,
    so that a later default of the recipe changes nothing here."""
    guard = on_one_line({"share": percent(flow.guard.share), "least": flow.guard.least})
    return written(flow.name, flow.recipe_name, flow.uses, flow.ask, guard=guard)


def written(name: str, recipe: str, uses: Mapping[str, str], ask: Mapping[str, Any], **more: Any) -> str:
    """A flow file of these parts, as `load_flow` reads it."""
    body = {"flow": name, "recipe": recipe, "uses": inline(uses), **({"ask": inline(ask)} if ask else {}), **more}
    writer = YAML()
    writer.width = 120
    writer.allow_unicode = True
    out = io.StringIO()
    writer.dump(CommentedMap(body), out)
    return out.getvalue()


def inline(value: Any) -> Any:
    """Texts quoted where they need it; what they stand in on one line."""
    if isinstance(value, Mapping):
        return on_one_line({key: inline(one) for key, one in value.items()})
    if isinstance(value, tuple | list):
        listed = CommentedSeq([inline(one) for one in value])
        listed.fa.set_flow_style()
        return listed
    plain = PLAIN.match(value) and value.lower() not in GUESSED
    return value if plain else DoubleQuotedScalarString(value)


def on_one_line(value: Mapping[str, Any]) -> CommentedMap:
    node = CommentedMap(value)
    node.fa.set_flow_style()
    return node


def percent(share: float) -> str:
    """`10%`; exact, so that reading it back gives the same share."""
    number = share * 100
    return f"{number:g}%" if float(f"{number:g}") / 100 == share else repr(share)
