"""Which error a refusal is: the definition's rules over the usual table."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import msgspec

from lockgate.connectors.rest.definition import paths
from lockgate.connectors.rest.definition.calls import Errors, Failure, Rule
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.kit.errors import (
    Conflict,
    ConnectorError,
    ContractBroken,
    NeedsOperator,
    NotFound,
    RateLimited,
    Rejected,
    Transient,
)


class Harmless(ConnectorError):
    """A refusal that the definition calls fine: whoever made the call goes on without an answer."""


MEANS: dict[str, type[ConnectorError]] = {
    "absent": NotFound,
    "rejected": Rejected,
    "conflict": Conflict,
    "transient": Transient,
    "rate-limited": RateLimited,
    "needs-operator": NeedsOperator,
    "broken": ContractBroken,
    "fine": Harmless,
}

OF_CALL: ContextVar[tuple[Rule, ...]] = ContextVar("rules of this call", default=())


@contextmanager
def ruled(rules: tuple[Rule, ...]) -> Iterator[None]:
    """Within the block these rules are asked first."""
    if not rules:
        yield
        return
    token = OF_CALL.set(rules)
    try:
        yield
    finally:
        OF_CALL.reset(token)


class Refused(msgspec.Struct, frozen=True):
    """What a system says when it refuses."""

    status: int
    code: str = ""
    reason: str = ""


class Reading:
    """Finds code and sentence in refusals, and errors inside answers that look like a success."""

    def __init__(self, errors: Errors, more: Sequence[Failure] = ()) -> None:
        self._reason, self._code = optional(errors.reason), optional(errors.code)
        self._rules = errors.rules
        self._inside = [Inside(one) for one in (*errors.inside, *more)]

    def refused(self, status: int, body: bytes, usual: str) -> Refused:
        content = decoded(body)
        if content is None:
            return Refused(status, reason=usual)
        if (inner := self._first(content)) is not None:
            return msgspec.structs.replace(inner, status=status, reason=inner.reason or usual)
        return Refused(status, first(self._code, content), first(self._reason, content) or usual)

    def inside(self, status: int, body: bytes) -> Refused | None:
        """The error in an answer whose status says success, if there is one."""
        if not any(one.mark in body for one in self._inside):
            return None
        content = decoded(body)
        found = self._first(content) if content is not None else None
        return msgspec.structs.replace(found, status=status) if found else None

    def _first(self, content: Any) -> Refused | None:
        return next((found for one in self._inside if (found := one.look(content)) is not None), None)

    def meaning(self, refused: Refused) -> type[ConnectorError] | None:
        """What the first rule that fits says; None when none does."""
        rules = (*OF_CALL.get(), *self._rules)
        return next((MEANS[rule.means] for rule in rules if fits(rule, refused)), None)


class Inside:
    """One place in which errors of successful answers stand."""

    def __init__(self, failure: Failure) -> None:
        self._at, self._code, self._reason = paths.getter(failure.at), optional(failure.code), optional(failure.reason)
        named = [one for one in paths.steps(failure.at) if isinstance(one, str) and one not in {paths.ALL, paths.ANY}]
        self.mark = msgspec.json.encode(named[-1]) if named else b""
        """What stands in every body that has such an error: without it nothing needs to be decoded."""

    def look(self, content: Any) -> Refused | None:
        found = self._at(content)
        if found is paths.MISSING or not found:
            return None
        told = found[0] if isinstance(found, list) else found
        while isinstance(told, list) and told:
            told = told[0]
        if told in (None, "", [], {}, False):
            return None
        code, reason = first(self._code, told), first(self._reason, told)
        return Refused(0, code, reason) if code or reason else untold(found, told)


def untold(found: Any, told: Any) -> Refused:
    """An error whose parts the definition does not name: as JSON-RPC has them, or a list that begins with a word."""
    if isinstance(told, dict):
        code, reason = told.get("code"), told.get("message")
        return Refused(0, "" if code is None else as_text(code), as_text(told if reason is None else reason)[:500])
    return (
        Refused(0, as_text(told), as_text(found)[:500])
        if isinstance(found, list)
        else Refused(0, "", as_text(told)[:500])
    )


def optional(path: str) -> Callable[[Any], Any] | None:
    return paths.getter(path) if path else None


def first(read: Callable[[Any], Any] | None, content: Any) -> str:
    """The first thing that a path leads to, as text."""
    found = read(content) if read is not None else paths.MISSING
    if isinstance(found, list):
        found = found[0] if found else paths.MISSING
    return "" if found is paths.MISSING or found is None else as_text(found)[:500]


def decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body) if body else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def fits(rule: Rule, refused: Refused) -> bool:
    if rule.status and refused.status not in rule.status:
        return False
    if rule.code and refused.code not in rule.code:
        return False
    return not rule.says or rule.says.casefold() in refused.reason.casefold()
