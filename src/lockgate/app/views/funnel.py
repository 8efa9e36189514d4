"""How far items come: from what is known of the source, past each gate, to what the target shows."""

from collections.abc import Mapping

from lockgate.app.views.shape import View
from lockgate.engine.recipe import Flow

Reasons = Mapping[str, Mapping[str, int]]
"""Items by outcome and code."""

STOPS = ("blocked", "parked", "failed")


class ReasonView(View):
    """So many items stand for this reason."""

    outcome: str
    code: str
    n: int


class StepView(View):
    """One step of the way; what stops at one does not reach the next."""

    name: str
    kind: str
    """`known`: all items the flow has looked at. `person`: recalled by hand, or gone from the source. Then the gates by
    kind; `counterpart`, `file` and `write`: what keeps an allowed item from the target. `shown`: what the target shows."""
    passed: int | None
    """Null where this gate cannot be told apart from an earlier one of its kind."""
    stopped: int | None
    reasons: list[ReasonView]
    """Why items stopped here, the most frequent first."""
    shared_with: list[str]
    """Later gates of the same kind: what is told here is of all of them."""


def funnel(flow: Flow, reasons: Reasons, shown: int) -> list[StepView]:
    """The steps of a flow in order. The first part of a reason's code is the kind of the gate that gave it."""
    left = [
        ReasonView(outcome=outcome, code=code, n=n) for outcome in STOPS for code, n in reasons.get(outcome, {}).items()
    ]
    known = sum(n for codes in reasons.values() for n in codes.values())
    made = [step("it is known from the source", "known", known, [])]
    for name, kind, begins in stops(flow):
        if kind in {one.kind for one in made}:
            first = next(number for number, one in enumerate(made) if one.kind == kind)
            made[first] = made[first].model_copy(update={"shared_with": [*made[first].shared_with, name]})
            made.append(StepView(name=name, kind=kind, passed=None, stopped=None, reasons=[], shared_with=[]))
            continue
        here = [one for one in left if one.code.split(".")[0] in begins or "*" in begins]
        left = [one for one in left if one not in here]
        passed = next(one.passed for one in reversed(made) if one.passed is not None)
        made.append(step(name, kind, passed - sum(one.n for one in here), here))
    return [*made, step("the target shows it", "shown", shown, [])]


def stops(flow: Flow) -> list[tuple[str, str, frozenset[str]]]:
    """Where an item may stop: what the step is called, its kind, and how the codes of its reasons begin."""
    steps: list[tuple[str, str, frozenset[str]]] = [
        ("it is there, and nobody recalled it", "person", frozenset({"gone", "recalled", "dropped"}))
    ]
    steps += [(gate.name, gate.kind, frozenset({gate.kind})) for gate in flow.gates]
    if flow.resolve is not None:
        steps.append(
            (f"its {flow.resolve.name} is there", "counterpart", frozenset({flow.resolve.name, "counterpart"}))
        )
    steps.append(("its file is there", "file", frozenset({"file"})))
    steps.append(("the target takes it", "write", frozenset({"*"})))
    return steps


def step(name: str, kind: str, passed: int, here: list[ReasonView]) -> StepView:
    return StepView(
        name=name,
        kind=kind,
        passed=passed,
        stopped=sum(one.n for one in here),
        reasons=sorted(here, key=lambda one: (-one.n, one.code)),
        shared_with=[],
    )
