"""The steps of a flow as they are drawn: what they are called, how many come that far, where the others are."""

from collections.abc import Iterator
from typing import NamedTuple

from lockgate.app.views import FlowView, StepView
from lockgate.app.views.reasons import words
from lockgate.console.parts.markup import address

ENDS = {"known": "known", "shown": "visible"}
QUIET = frozenset({"person", "file", "write"})
"""Steps that are drawn only where something stops at them."""


class Station(NamedTuple):
    """A step as it is drawn."""

    name: str
    before: int
    passed: int
    stopped: int
    word: str
    """What is said of the number that stands at it."""
    shape: str
    """`end` at both ends, `gate`, or `join` where a counterpart is looked for."""
    tone: str
    about: str
    leads: str
    """Where the items are that stopped here."""
    told: bool
    """Whether there are numbers of its own."""


def set_off(flow: FlowView) -> Iterator[str]:
    """What has items looked at, in words."""
    yield "webhooks"
    if flow.watch is not None:
        yield f"poll every {span(flow.watch.poll)}"
        if flow.watch.sweep is not None:
            yield f"sweep every {span(flow.watch.sweep)}"


def span(seconds: float) -> str:
    """`5 minutes` or `day`."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            count = int(seconds // length)
            return unit if count == 1 else f"{count} {unit}s"
    return f"{seconds:g} seconds"


def stations(flow: FlowView) -> list[Station]:
    found: list[Station] = []
    before = flow.funnel[0].passed or 0 if flow.funnel else 0
    for step in flow.funnel:
        if step.kind in QUIET and not step.stopped:
            continue
        found.append(station(flow, step, before))
        before = found[-1].passed
    return found


def station(flow: FlowView, step: StepView, before: int) -> Station:
    shape = "end" if step.kind in ENDS else "join" if step.kind == "counterpart" else "gate"
    passed = before if step.passed is None else step.passed
    return Station(
        name={"known": flow.source, "shown": flow.target}.get(step.kind, step.name),
        before=before,
        passed=passed,
        stopped=step.stopped or 0,
        word=word(step),
        shape=shape,
        tone=tone(step),
        about=about(step),
        leads=leads(flow.name, step),
        told=step.passed is not None,
    )


def tone(step: StepView) -> str:
    if not step.stopped:
        return "ok"
    return {"blocked": "warn", "parked": "park"}.get(step.reasons[0].outcome, "stop") if step.reasons else "warn"


def about(step: StepView) -> str:
    """What a pointer that rests on a step is told."""
    if step.passed is None:
        return f"{step.name}: its numbers are among those of the first gate of this kind"
    why = "; ".join(f"{one.n:,} × {words(one.code)}" for one in step.reasons)
    shared = f" (with: {', '.join(step.shared_with)})" if step.shared_with else ""
    return f"{step.name}{shared}: {step.passed:,} pass, {step.stopped or 0:,} stop here{f': {why}' if why else ''}"


def leads(flow: str, step: StepView) -> str:
    """The list of what stopped; where there are several reasons, the panel that leads on to each."""
    if step.kind == "known":
        return address("/items", flow=flow)
    if step.kind == "shown":
        return address("/items", flow=flow, held="live")
    if len(step.reasons) == 1:
        return address("/items", flow=flow, outcome=step.reasons[0].outcome, code=step.reasons[0].code)
    return "#reasons"


def word(step: StepView) -> str:
    """What is said of the number that leads on."""
    if step.kind in ENDS:
        return ENDS[step.kind]
    outcomes = {one.outcome for one in step.reasons}
    return outcomes.pop() if len(outcomes) == 1 else "stop here"
