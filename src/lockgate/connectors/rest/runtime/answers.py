"""Answers with records: decoded straight into the structures that are wanted, with what the answer says beside them."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Protocol

import msgspec

from lockgate.connectors.rest.definition import paths
from lockgate.connectors.rest.definition.paths import MISSING
from lockgate.connectors.rest.runtime.calls import Ready, below
from lockgate.connectors.rest.runtime.client import DefinedClient
from lockgate.connectors.rest.runtime.layout import Tree, Values, grow, parted, structure
from lockgate.connectors.rest.runtime.layout import below as attributes
from lockgate.kit.http import Answer

Told = dict[str, Any]


class Wanted(Protocol):
    """What is wanted of each record."""

    @property
    def raw(self) -> bool:
        """Whether its bytes are wanted too."""
        ...

    @property
    def type(self) -> Any:
        """What it is decoded into."""
        ...

    @property
    def one(self) -> "msgspec.json.Decoder[Any]": ...

    @property
    def take(self) -> Callable[[Any], Values]:
        """What gives the values of a decoded record."""
        ...

    def id(self, values: Values) -> str: ...


class Found(msgspec.Struct):
    """The records of an answer, as values and (where a digest needs them) as bytes, and what it told besides."""

    values: list[Values]
    raws: Sequence[bytes]
    told: Told


class Answers:
    """Reads the answers of one operation. `more` names paths beside the records that are wanted too."""

    def __init__(
        self, client: DefinedClient, ready: Ready, records: Wanted, where: str, more: Mapping[str, str] | None = None
    ) -> None:
        self._client, self._records = client, records
        prefix = ready.last.prefix
        path = joined(below(prefix, ready.last.call.answer), where)
        self._headers = {
            name: one.removeprefix(paths.HEADER) for name, one in (more or {}).items() if one.startswith(paths.HEADER)
        }
        self._more = {
            name: below(prefix, one) for name, one in (more or {}).items() if one and not one.startswith(paths.HEADER)
        }
        names, rest = parted(paths.steps(path))
        self._quick = None if rest else self._compiled(names)
        self._slow = paths.getter(path)

    def read(self, answer: Answer) -> Found:
        """Raises ContractBroken where the answer has another form than the definition says."""
        if not answer.body:
            return Found([], [], {})
        found = self._quick(answer) if self._quick is not None else self._generic(answer)
        for name, header in self._headers.items():
            found.told[name] = answer.headers.get(header, MISSING)
        return found

    # ── the quick way: one decoder for all that is wanted ────────────────────────────────────────────────────────

    def _compiled(self, names: tuple[str, ...]) -> Callable[[Answer], Found]:
        leaf = msgspec.Raw if self._records.raw else self._records.type | list[self._records.type] | None  # type: ignore[name-defined]
        if self._records.type is Any and not self._records.raw:
            leaf = Any
        if not names:
            return self._bare(leaf)
        tree: Tree = {}
        grow(tree, names, leaf)
        wanted = {name: parted(paths.steps(path)) for name, path in self._more.items()}
        for more, _ in sorted(wanted.values(), key=lambda one: len(one[0])):
            grow(tree, more)
        type_, ways = structure(tree)
        where, _ = attributes(ways, names)
        reads = {name: reader(ways, *one) for name, one in wanted.items()}
        return self._inside(type_, where, reads)

    def _bare(self, leaf: Any) -> Callable[[Answer], Found]:
        """The answer itself is the records."""

        def read(answer: Answer) -> Found:
            values, raws = self._taken(self._client.decode(answer, leaf))
            return Found(values, raws, {})

        return read

    def _inside(self, type_: Any, where: str, reads: Mapping[str, Callable[[Any], Any]]) -> Callable[[Answer], Found]:
        records = attrgetter(where)

        def read(answer: Answer) -> Found:
            whole = self._client.decode(answer, type_)
            try:
                content = records(whole)
            except AttributeError:
                content = None
            values, raws = self._taken(content)
            return Found(values, raws, {name: one(whole) for name, one in reads.items()})

        return read

    def _taken(self, content: Any) -> tuple[list[Values], Sequence[bytes]]:
        if content is None or content is MISSING:
            return [], []
        if isinstance(content, msgspec.Raw):
            return self._of_bytes(content)
        take = self._records.take
        if not isinstance(content, list):
            return ([take(content)], [b""]) if content else ([], [])
        return [take(one) for one in content], [b""] * len(content)

    def _of_bytes(self, content: msgspec.Raw) -> tuple[list[Values], Sequence[bytes]]:
        raw = bytes(content).strip()
        if raw in {b"null", b"{}", b"[]"}:
            return [], []
        raws = RAWS.decode(raw) if raw.startswith(b"[") else [raw]
        take, decode = self._records.take, self._records.one.decode
        return [take(decode(one)) for one in raws], raws

    # ── the general way, for paths that pass lists ───────────────────────────────────────────────────────────────

    def _generic(self, answer: Answer) -> Found:
        whole = self._client.decode(answer)
        content = self._slow(whole)
        listed = content if isinstance(content, list) else [] if content in (None, MISSING) else [content]
        raws = [msgspec.json.encode(one) for one in listed]
        take, decode = self._records.take, self._records.one.decode
        told = {name: paths.getter(path)(whole) for name, path in self._more.items()}
        return Found([take(decode(raw)) for raw in raws], raws, told)


RAWS = msgspec.json.Decoder(list[msgspec.Raw])


def joined(path: str, more: str) -> str:
    if not path or not more:
        return path or more
    return f"{path}{more}" if more.startswith("[") else f"{path}.{more}"


def reader(ways: Mapping[str, Any], names: tuple[str, ...], rest: tuple[paths.Step, ...]) -> Callable[[Any], Any]:
    """What reads a path of the decoded answer; MISSING where nothing is."""
    if not names:
        return lambda _: MISSING
    where, left = attributes(ways, names)
    get, way = attrgetter(where), (*left, *rest)

    def read(whole: Any) -> Any:
        try:
            found = get(whole)
        except AttributeError:
            return MISSING
        return paths.walk(found, way) if way and found is not MISSING else found

    return read
