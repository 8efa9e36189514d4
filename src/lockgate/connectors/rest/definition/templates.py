"""Values that calls are filled with.

`…{name.member}…` is a text into which values are put; `{{` and `}}` stand for braces. `=…` is a value of its own type: a
path into what is known (`=fields.title`), or a CEL expression over it (`=int(ref)`, `=true`, `=ids.map(one, int(one))`). In a
tree of objects and lists every text is one of both, and the member `...` spreads an object into the one it stands in. What is not
there is left out.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import cel
import msgspec

from lockgate.connectors.rest.definition import functions, paths

LONGEST = 2000
"""Characters an expression may have."""
SPREAD = "..."
PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
NAME = re.compile(r"[a-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
LITERALS: Mapping[str, Any] = {"true": True, "false": False, "null": None}
WORDS = frozenset(
    {"true", "false", "null", "in", "int", "uint", "double", "string", "bool", "bytes", "list", "map", "type"}
)
BOUND = re.compile(r"\.(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)\s*,")

QUOTED = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
MEMBER = re.compile(r"(?<![\w.])(?:settings|took)\.[a-z]\w*")

Scope = Mapping[str, Any]
Filled = Callable[[Scope], Any]
Quote = Callable[[str], str]


class NoValue(Exception):
    """A template could not be filled; the text is a sentence."""


def names_of(text: str) -> list[str]:
    """The names that a template reads, as `settings.site`. Raises ValueError with a sentence."""
    if is_typed(text):
        return expression_names(text[1:].strip())
    return [name for name in parts(text) if isinstance(name, Name)]


def is_typed(text: str) -> bool:
    """Whether a text is a value of its own type; `=` alone is the sign of equality that queries are made of."""
    return text.startswith("=") and text.strip() != "="


class Name(str):
    """A name in a text template, beside the text around it."""

    __slots__ = ()


def parts(text: str) -> list[str]:
    """The pieces of a text template in order. Raises ValueError with a sentence."""
    found: list[str] = []
    at = 0
    for token in PLACE.finditer(text):
        found.append(text[at : token.start()])
        at = token.end()
        found.append(piece(token, text))
    found.append(text[at:])
    return [one for one in found if one or isinstance(one, Name)]


def piece(token: re.Match[str], text: str) -> str:
    whole = token[0]
    if whole in {"{{", "}}"}:
        return whole[0]
    if token[1] is None:
        raise ValueError(f"a brace in `{text}` has no partner; write {whole}{whole} for a brace itself")
    if not NAME.fullmatch(token[1].strip()):
        raise ValueError(f"`{whole}` is not a name; only names as `{{settings.site}}` stand in braces")
    return Name(token[1].strip())


def expression_names(source: str) -> list[str]:
    if source in LITERALS or NAME.fullmatch(source):
        return [] if source in LITERALS else [source]
    program = parsed(source)
    bound = set(BOUND.findall(source)) | WORDS
    unknown = sorted(one for one in set(program.functions()) - functions.KNOWN if one[0].isalpha() and "_" not in one)
    if unknown:
        raise ValueError(
            f"`{unknown[0]}()` is not a function here; there are {', '.join(sorted(functions.OURS))} and those of CEL"
        )
    return [name for name in program.variables() if name not in bound]


def parsed(source: str) -> cel.Program:
    if len(source) > LONGEST:
        raise ValueError(f"an expression may have {LONGEST} characters, this one has {len(source)}")
    try:
        return cel.compile(source)
    except Exception as error:  # the parser raises several kinds; all mean the same to who wrote it
        said = " ".join(str(error).split("ERROR: <input>:", 1)[-1].split("\n", 1)[0].split())[:200]
        raise ValueError(f"`={source}` is not an expression: {said}") from error


def text(template: str, quote: Quote | None = None) -> Filled:
    """What fills a text; `quote` is applied to each value put in. A value that is not there raises NoValue."""
    pieces = parts(template)
    if not any(isinstance(one, Name) for one in pieces):
        fixed = "".join(pieces)
        return lambda _: fixed
    readers = [(one, path(one)) if isinstance(one, Name) else (one, None) for one in pieces]

    def fill(scope: Scope) -> str:
        return "".join(one if read is None else put(one, read(scope), quote) for one, read in readers)

    return fill


def put(name: str, value: Any, quote: Quote | None) -> str:
    if value is paths.MISSING or value is None:
        raise NoValue(f"`{name}` is not known here")
    written = functions.as_text(value)
    return quote(written) if quote else written


def path(name: str) -> Filled:
    """What reads `settings.site` from a scope; MISSING where nothing is."""
    head, *way = name.split(".")
    if not way:
        return lambda scope: scope.get(head, paths.MISSING)
    steps = tuple(way)
    return lambda scope: paths.walk(scope.get(head, paths.MISSING), steps)


def value(template: str) -> Filled:
    """What fills one text of a tree: typed where it begins with `=`, else a text."""
    if not is_typed(template):
        return whole_name(template) or text(template)
    source = template[1:].strip()
    if source in LITERALS:
        literal = LITERALS[source]
        return lambda _: literal
    if NAME.fullmatch(source):
        return path(source)
    program = parsed(source)
    used = [name for name in program.variables() if name not in WORDS]

    def fill(scope: Scope) -> Any:
        known = {name: scope[name] for name in used if name in scope}
        try:
            return program.execute({**functions.OURS, **known})
        except Exception as error:  # whatever the library raises for data it cannot work with
            raise NoValue(f"`{template}` cannot be answered: {str(error).splitlines()[0][:200]}") from error

    return fill


def whole_name(template: str) -> Filled | None:
    """What fills a text that is one name and nothing else: where that is not there, neither is the text."""
    match parts(template):
        case [Name() as name]:
            read = path(name)
        case _:
            return None

    def fill(scope: Scope) -> Any:
        found = read(scope)
        return paths.MISSING if found is paths.MISSING or found is None else functions.as_text(found)

    return fill


def tree(template: Any) -> Filled:
    """What fills a tree of objects, lists and texts. Members whose value is not there are left out."""
    if isinstance(template, dict):
        return members(template)
    if isinstance(template, list | tuple):
        inner = [tree(one) for one in template]
        return lambda scope: [found for one in inner if (found := one(scope)) is not paths.MISSING]
    if template is None:
        return lambda _: None
    return value(template)


def members(template: Mapping[str, Any]) -> Filled:
    ready = [(name, tree(one)) for name, one in template.items()]

    def fill(scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, one in ready:
            found = one(scope)
            if found is paths.MISSING:
                continue
            if name == SPREAD:
                merge(made, found)
            else:
                merge(made, {name: found})
        return made

    return fill


def merge(into: dict[str, Any], more: Any) -> None:
    """Put the members of an object into another; objects at the same place become one."""
    if not isinstance(more, Mapping):
        raise NoValue("`...` spreads an object, and here is none")
    for name, one in more.items():
        if isinstance(one, Mapping) and isinstance(into.get(name), dict):
            merge(into[name], one)
        else:
            into[name] = dict(one) if isinstance(one, Mapping) else one


def texts_of(template: Any) -> Iterator[str]:
    """All texts in a tree."""
    if isinstance(template, dict):
        for one in template.values():
            yield from texts_of(one)
    elif isinstance(template, list | tuple):
        for one in template:
            yield from texts_of(one)
    elif isinstance(template, str):
        yield template


def uses(template: Any, names: Collection[str]) -> bool:
    """Whether a tree reads one of these names at its head."""
    return any(name.split(".")[0] in names for one in texts_of(template) for name in names_of(one))


def encoded(value: Any) -> bytes:
    """A filled tree as JSON."""
    return msgspec.json.encode(value)
