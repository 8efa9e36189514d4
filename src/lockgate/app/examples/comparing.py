"""What was expected beside what came, as sentences a person can act on."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from lockgate.app.examples.reading import COPIES, HIDING, Copy, Unknown, values
from lockgate.app.examples.stage import Seen, Stage
from lockgate.engine.look import Look
from lockgate.engine.recipe.document import ExpectShape
from lockgate.model.plan import Action, Outcome

OUTCOMES = ("written", "unchanged", "blocked", "parked", "failed")
COUNTED = (*OUTCOMES, "linked", "withdrawn")
MUST_BE_STATED = ("written", "blocked", "parked", "failed", "withdrawn")
"""What must be none where other numbers are stated and it is not: a copy that is withdrawn by surprise is a fault."""
STOPPED = frozenset({Outcome.BLOCKED, Outcome.PARKED, Outcome.FAILED})


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation that did not come true."""

    what: str
    """The key of `expect`, such as `written` or `holds.pim.title`; or what holds always, in words."""
    expected: str
    found: str
    step: str = ""
    """After which step; empty for what the example begins with."""

    def __str__(self) -> str:
        return f"{self.step + ': ' if self.step else ''}{self.what}: expected {self.expected}, found {self.found}"


def differences(expect: ExpectShape, seen: Seen, stage: Stage, copies: Mapping[str, Copy]) -> Iterator[Difference]:
    """Everything that differs after a step: what is stated, and what always holds."""
    yield from numbers(expect, seen)
    yield from stops(expect, seen)
    for role, names in expect.holds.items():
        yield from holdings(role, names, stage, copies)
    yield from laws(seen, stage, copies)


def numbers(expect: ExpectShape, seen: Seen) -> Iterator[Difference]:
    stated = {name: number for name in COUNTED if (number := getattr(expect, name)) is not None}
    wanted = {**dict.fromkeys(MUST_BE_STATED if stated else ("failed",), 0), **stated}
    for name in COUNTED:
        if name in wanted and wanted[name] != (found := getattr(seen.account, name)):
            yield Difference(what=name, expected=str(wanted[name]), found=str(found))
    if seen.put_off:
        found = f"{seen.put_off} put off because a system did not answer"
        yield Difference(what="items looked at", expected="all", found=found)


def stops(expect: ExpectShape, seen: Seen) -> Iterator[Difference]:
    """Where and why items were stopped; all of them at the same gate, for the same reason."""
    stopped = [look for look in seen.looks if look.outcome in STOPPED]
    gates = {look.verdict.gate for look in stopped if look.verdict is not None and not look.verdict.allows}
    codes = {look.code for look in stopped}
    if expect.at is not None and gates != {expect.at}:
        yield Difference(what="at", expected=quoted({expect.at}), found=quoted(gates) or "that no gate stopped it")
    if expect.code is not None and codes != {expect.code}:
        yield Difference(what="code", expected=expect.code, found=", ".join(sorted(codes)) or "that nothing stopped it")


def holdings(role: str, names: Mapping[str, Any], stage: Stage, copies: Mapping[str, Copy]) -> Iterator[Difference]:
    """What every copy of ours must hold."""
    resolve = stage.bound.flow.resolve
    for name, wanted in names.items():
        what = f"holds.{role}.{name}"
        if name == COPIES:
            if not same(wanted, len(copies)):
                yield Difference(what=what, expected=as_text(wanted), found=str(len(copies)))
            continue
        if not copies:
            yield Difference(what=what, expected=shown(wanted), found="no copy of ours")
        for copy in copies.values():
            try:
                found = values(copy, name, resolve.name if resolve else None)
            except Unknown as unknown:
                yield Difference(what=what, expected=shown(wanted), found=str(unknown))
                continue
            if not any(same(wanted, one) for one in found):
                yield Difference(what=what, expected=shown(wanted), found=" and ".join(map(shown, found)) or "nothing")


def laws(seen: Seen, stage: Stage, copies: Mapping[str, Copy]) -> Iterator[Difference]:
    """What no recipe may break: every item is accounted for, and what a gate has blocked is not seen at the target."""
    if not seen.account.balanced():
        yield Difference(what="the account", expected="to balance", found=str(seen.account))
    if stage.bound.flow.deliver.closed not in HIDING:
        return
    for look in seen.looks:
        copy = copies.get(look.key)
        if look.outcome is Outcome.BLOCKED and copy is not None and not copy.held.hidden:
            what = f"{stage.scene(look.key)}, which a gate has blocked"
            yield Difference(what=what, expected="not to be seen at the target", found="a copy that is")


def told(look: Look, stage: Stage) -> str:
    """What happened to an item, for a person who wonders."""
    name, outcome = stage.scene(look.key), (look.outcome or Outcome.FAILED).value
    if look.outcome in STOPPED:
        return f"{name} was {'withdrawn' if look.withdrawn else outcome} ({look.code}): {look.reason}"
    done = ", ".join(action.value.replace("_", " ") for action in Action if action in look.actions)
    return f"{name} was {outcome}: {done}" if done else f"{name} was {outcome}"


def same(wanted: Any, found: Any) -> bool:
    """Whether a value is what the example says, where everything is text.

    A text stands for a list of just it, and for texts by language of which one is it.
    """
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(same(text, found.get(tag)) for tag, text in wanted.items())
    if isinstance(found, Mapping):
        return any(same(wanted, one) for one in found.values())
    if isinstance(wanted, Sequence) and not isinstance(wanted, str):
        return isinstance(found, list | tuple) and [as_text(one) for one in found] == list(wanted)
    if isinstance(found, list | tuple):
        return [as_text(one) for one in found] == [wanted]
    if isinstance(found, bool):
        return str(wanted).lower() in ({"yes", "true"} if found else {"no", "false"})
    return as_text(found) == as_text(wanted)


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def shown(value: Any) -> str:
    """A value as it would be written in the example."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{tag}: {shown(one)}' for tag, one in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else quoted({value}) if isinstance(value, str) else str(value)


def quoted(words: set[str]) -> str:
    return ", ".join(f'"{word}"' for word in sorted(words))
