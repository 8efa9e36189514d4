"""YAML as a tree of texts, each with its place.

No scalar is guessed at: `NO` stays Norway, `on` a key, `12:30` a time of day and an ISBN a text. What a text means is said by
the shape it is read into. Aliases, tags, double keys and several documents are refused: such a text is read by people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from ruamel.yaml.reader import ReaderError

from lockgate.kit.document.problems import Problem

LARGEST = 256 * 1024
"""Characters a file may have."""
DEEPEST = 24
"""How far lists and mappings may be nested."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A text, a list, a mapping or nothing (a key without a value), and where it stands."""

    value: "str | tuple[Node, ...] | Mapping[str, Node] | None"
    source: str
    line: int
    column: int
    path: str = ""
    keys: Mapping[str, Place] = field(default_factory=dict)
    """Where the keys of a mapping stand."""
    open: bool = False
    """Stands for an answer that is not known yet; its value means nothing."""

    def get(self, key: str) -> "Node | None":
        return self.value.get(key) if isinstance(self.value, Mapping) else None

    def items(self) -> Iterator[tuple[str, "Node"]]:
        if isinstance(self.value, Mapping):
            yield from self.value.items()

    def elements(self) -> "tuple[Node, ...]":
        return self.value if isinstance(self.value, tuple) else ()

    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) else None

    def plain(self) -> Any:
        """Dictionaries, lists, texts and None."""
        if isinstance(self.value, Mapping):
            return {key: one.plain() for key, one in self.value.items()}
        if isinstance(self.value, tuple):
            return [one.plain() for one in self.value]
        return self.value

    def at(self, steps: Sequence[str | int]) -> "Node":
        """The node at these steps, or the last one there is on the way."""
        node = self
        for step in steps:
            below = node.below(step)
            if below is None:
                break
            node = below
        return node

    def below(self, step: str | int) -> "Node | None":
        if isinstance(step, str):
            return self.get(step)
        inside = self.elements()
        return inside[step] if step < len(inside) else None

    def problem(self, sentence: str, remedy: str = "", *, key: str | None = None) -> Problem:
        """A problem at this node, or at one of its keys."""
        line, column = self.keys.get(key, (self.line, self.column)) if key is not None else (self.line, self.column)
        path = joined(self.path, key) if key is not None else self.path
        return Problem(line=line, column=column, path=path, sentence=sentence, remedy=remedy, source=self.source)


def joined(path: str, step: str | int) -> str:
    if isinstance(step, int):
        return f"{path}[{step}]"
    return f"{path}.{step}" if path else step


def read(text: str, source: str) -> tuple[Node | None, list[Problem]]:
    """The tree of a text and what was wrong with it as YAML; None when nothing can be made of it."""
    if len(text) > LARGEST:
        return None, [at_start(source, f"this text has {len(text)} characters, {LARGEST} are allowed")]
    builder = Builder(source)
    try:
        root = builder.document(YAML(typ="safe", pure=True).parse(text))
    except YAMLError as error:
        return None, [*builder.problems, *unreadable(error, text, source)]
    except TooDeep:
        return None, builder.problems
    if root is None or root.value in (None, ""):
        return None, [*builder.problems, at_start(source, "this text is empty")]
    if not isinstance(root.value, Mapping):
        return None, [*builder.problems, root.problem("this should be a mapping of keys to values")]
    return root, builder.problems


class TooDeep(Exception):
    """A text is not worth reading on; the problem is already noted."""


def at_start(source: str, sentence: str) -> Problem:
    return Problem(line=1, column=1, path="", sentence=sentence, source=source)


class Builder:
    """Makes a tree of the parser's events; what is refused becomes a problem and an empty value."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.events: Iterator[Event] = iter(())

    def document(self, events: Iterator[Event]) -> Node | None:
        self.events = events
        root: Node | None = None
        for event in events:
            if isinstance(event, NodeEvent):
                root = self.node(event, "", 0)
            elif isinstance(event, DocumentStartEvent) and root is not None:
                self.refuse(event, "", "a second document begins here", "keep one document to a file")
                break
            elif isinstance(event, StreamEndEvent):
                break
        return root

    def node(self, event: Event, path: str, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            self.refuse(event, path, "aliases are not used here", "write the value out")
            return self.make(event, None, path)
        if anchor := getattr(event, "anchor", None):
            self.refuse(event, path, f"the anchor &{anchor} is not used here", "remove it")
        if tag := getattr(event, "tag", None):
            self.refuse(event, path, f"the tag {tag} is not used here", "remove it; every value is a text")
        if isinstance(event, ScalarEvent):
            nothing = event.value == "" and event.implicit[0]
            return self.make(event, None if nothing else event.value, path)
        if depth == DEEPEST:
            self.refuse(event, path, "this is nested too deeply", f"{DEEPEST} levels are allowed")
            raise TooDeep  # the parser is not made to read the rest of it either
        return (
            self.sequence(event, path, depth)
            if isinstance(event, SequenceStartEvent)
            else self.mapping(event, path, depth)
        )

    def sequence(self, start: Event, path: str, depth: int) -> Node:
        found: list[Node] = []
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                break
            found.append(self.node(event, joined(path, len(found)), depth + 1))
        return self.make(start, tuple(found), path)

    def mapping(self, start: Event, path: str, depth: int) -> Node:
        found: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self.key(event, path, depth)
            value = self.node(next(self.events), joined(path, key or "?"), depth + 1)
            if key is None:
                continue
            if key in found:
                self.refuse(
                    event, value.path, f"`{key}` stands twice", f"it is already in line {keys[key][0]}; keep one"
                )
                continue
            found[key], keys[key] = value, place(event)
        return replace(self.make(start, found, path), keys=keys)

    def key(self, event: Event, path: str, depth: int) -> str | None:
        node = self.node(event, path, depth + 1)
        if node.text() is None:
            self.refuse(event, path, "a key must be a text", "write it as `key: value`")
        return node.text()

    def make(self, event: Event, value: Any, path: str) -> Node:
        line, column = place(event)
        return Node(value, self.source, line, column, path)

    def refuse(self, event: Event, path: str, sentence: str, remedy: str) -> None:
        line, column = place(event)
        self.problems.append(
            Problem(line=line, column=column, path=path, sentence=sentence, remedy=remedy, source=self.source)
        )


def place(event: Event) -> Place:
    return event.start_mark.line + 1, event.start_mark.column + 1


def unreadable(error: YAMLError, text: str, source: str) -> list[Problem]:
    """Problems of a text that is not YAML: each tab that indents, or the one place where the parser gave up."""
    tabs = [
        Problem(
            line=number,
            column=len(line) - len(line.lstrip(" ")) + 1,
            path="",
            sentence="this line is indented with a tab",
            remedy="YAML indents with blanks only",
            source=source,
        )
        for number, line in enumerate(text.splitlines(), 1)
        if line.lstrip(" ").startswith("\t")
    ]
    return tabs or [gave_up(error, text, source)]


def gave_up(error: YAMLError, text: str, source: str) -> Problem:
    line, column = 1, 1
    sentence = "this cannot be read as YAML"
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
        sentence += f": {error.problem or error.context}"
    elif isinstance(error, ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        sentence += f": the character U+{error.character:04X} is not allowed"
    return Problem(
        line=line,
        column=column,
        path="",
        sentence=sentence,
        remedy="put texts with special characters in quotes, and align what belongs together",
        source=source,
    )
