"""Ask whether an item may stand at the target now: a person's recall first, then the gates.

What cannot be answered is closed, also where the answer fails by a defect of ours.
"""

from datetime import timedelta

import structlog

from lockgate.engine.blame import defect
from lockgate.engine.bound import Bound
from lockgate.engine.gates import decide, evaluate
from lockgate.engine.look import Look
from lockgate.kit.telling import tell
from lockgate.ledger.holds import RECALLED, Hold
from lockgate.model.plan import Outcome
from lockgate.model.verdict import Decision, Verdict

log = structlog.get_logger("lockgate.engine")

GONE = "gone"
SECOND_LOOK = timedelta(minutes=1)
"""After which an item that was not there is asked for once more."""
ENDINGS = {Decision.DENY: Outcome.BLOCKED, Decision.ASK: Outcome.PARKED}


def consult(bound: Bound, look: Look) -> None:
    """Fill in the verdicts; what they do not allow will end blocked (or parked, where a person is asked)."""
    look.verdicts = verdicts(bound, look)
    look.verdict = decide(look.verdicts)
    if look.verdict.allows:
        return
    ending = Outcome.FAILED if look.verdict.code == "defect" else ENDINGS[look.verdict.decision]
    look.end_as(ending, look.verdict.code or look.verdict.decision.value, told(look.verdict))


def verdicts(bound: Bound, look: Look) -> tuple[Verdict, ...]:
    recall = (recalled(look.hold),) if look.hold is not None else ()
    if look.item is None:
        return (*recall, gone(bound, look))
    try:
        return (*recall, *evaluate(bound.flow.gates, look.item, look.at or bound.clock()))
    except Exception as error:  # noqa: BLE001 - a gate that fails is a closed gate
        tell(log.error, "a gate failed by a defect", key=look.key, exc_info=error)
        return (*recall, Verdict(decision=Decision.DENY, reason=defect(error), code="defect"))


def recalled(hold: Hold) -> Verdict:
    reason = f"{hold.who} recalled it: {hold.reason}" if hold.reason else f"{hold.who} recalled it"
    return Verdict(decision=Decision.DENY, reason=reason, gate="recall", code=RECALLED)


def gone(bound: Bound, look: Look) -> Verdict:
    """Closed at once, and looked at a second time soon: systems announce items a moment before they can be read."""
    reason = f"it does not exist at {bound.flow.source.connection}, or our account may not see it"
    known = look.before is not None and look.before.code == GONE
    due = None if known else (look.at or bound.clock()) + SECOND_LOOK
    return Verdict(decision=Decision.DENY, reason=reason, code=GONE, due=due)


def told(verdict: Verdict) -> str:
    return f"{verdict.gate}: {verdict.reason}" if verdict.gate else verdict.reason


def expected(look: Look) -> bool:
    """Whether this closing was to be expected: a person wanted it, or the item itself had said when its time would end."""
    if look.hold is not None:
        return True
    if look.verdict is None or look.before is None or look.at is None:
        return False
    said = (one.due for one in look.before.verdicts if one.gate == look.verdict.gate)
    return any(due is not None and due <= look.at for due in said)
