"""Gates: what must let an item through before anything is written. Each answers with its reason and until when it may hold.

What is unknown is closed: a status that is not mapped, rights that are not stated, an expression that cannot be answered.
A gate is made once per flow and asked for every item, so all that can be worked out beforehand is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from lockgate.engine.expression import Expression, NoAnswer
from lockgate.model import paths
from lockgate.model import rights as rules
from lockgate.model.item import Item
from lockgate.model.lifecycle import Status
from lockgate.model.rights import Match, Use
from lockgate.model.verdict import Decision, Verdict, earliest

Check = Callable[[Item, datetime], Verdict]


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of a flow. Equal when it asks the same; `terms` says in plain data what it asks."""

    name: str
    """The recipe's own words: `we may use it in these markets`."""
    kind: str
    """`approved`, `rights`, `window`, `current`, `complete` or `when`."""
    terms: Mapping[str, Any]
    check: Check = field(compare=False, repr=False)


def evaluate(gates: Sequence[Gate], item: Item, now: datetime) -> tuple[Verdict, ...]:
    """What each gate says about the item at this instant (aware), in the order of the recipe."""
    return tuple([gate.check(item, now) for gate in gates])


def decide(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict over all: the first that does not allow, else the last. `due` is the earliest of all of them.

    Nothing asked is nothing allowed.
    """
    if not verdicts:
        return Verdict(decision=Decision.DENY, reason="no gate was asked, so nothing is allowed", code="gates.none")
    chosen = verdicts[-1]
    for one in verdicts:
        if one.decision is not Decision.ALLOW:
            chosen = one
            break
    due = earliest([one.due for one in verdicts])
    return chosen if chosen.due == due else msgspec.structs.replace(chosen, due=due)


def approved(name: str, statuses: Sequence[Status]) -> Gate:
    """Opens for items whose status is one of these. Status UNKNOWN never opens it."""
    wanted = frozenset(statuses) - {Status.UNKNOWN}
    needed = " or ".join(status.value for status in statuses if status in wanted) or "none"
    yes = {
        status: Verdict(decision=Decision.ALLOW, reason=f"its status is {status.value}", gate=name, code="approved.yes")
        for status in wanted
    }

    def check(item: Item, _: datetime) -> Verdict:
        if (verdict := yes.get(item.status)) is not None:
            return verdict
        label = f" ({item.status_label})" if item.status_label else ""
        reason = f"its status is {item.status.value}{label}, needed is {needed}"
        return Verdict(decision=Decision.DENY, reason=reason, gate=name, code="approved.no")

    return Gate(name, "approved", {"status": sorted(status.value for status in wanted)}, check)


def rights(name: str, uses: Sequence[Use], match: Match = Match.EVERY) -> Gate:
    """Opens when the item's rights permit every one of the uses (or one of them, by `match`)."""
    asked = tuple(uses)

    def check(item: Item, now: datetime) -> Verdict:
        return msgspec.structs.replace(rules.decide_all(item.rights, asked, now, match), gate=name)

    return Gate(name, "rights", {"uses": [msgspec.to_builtins(use) for use in asked], "match": match.value}, check)


def window(name: str) -> Gate:
    """Opens while the item may be used at all: from its release until its expiry."""
    always = Verdict(decision=Decision.ALLOW, reason="no window limits its use", gate=name, code="window.open")

    def check(item: Item, now: datetime) -> Verdict:
        period = item.window
        if period.from_ is None and period.until is None:
            return always
        due = period.next_edge(now)
        if period.holds(now):
            reason, code, decision = "it is within its window", "window.open", Decision.ALLOW
            if period.until is not None:
                reason = f"it may be used until {rules.instant(period.until)}"
        elif period.until is not None and period.ended(now):
            reason, code, decision = f"its use ended at {rules.instant(period.until)}", "window.ended", Decision.DENY
        else:
            start = rules.instant(period.from_) if period.from_ is not None else "an unknown instant"
            reason, code, decision = f"its use begins at {start}", "window.not_yet", Decision.DENY
        return Verdict(decision=decision, reason=reason, gate=name, code=code, due=due)

    return Gate(name, "window", {}, check)


def current(name: str) -> Gate:
    """Opens for the newest version of a content only."""
    yes = Verdict(decision=Decision.ALLOW, reason="it is the newest version", gate=name, code="current.yes")
    no = Verdict(decision=Decision.DENY, reason="a newer version is the current one", gate=name, code="current.no")
    return Gate(name, "current", {}, lambda item, _: yes if item.latest else no)


def complete(name: str, needs: Sequence[str] = ()) -> Gate:
    """Opens when every needed canonical path holds something and the source itself reports nothing missing."""
    readers = tuple((path, paths.reader(path)) for path in needs)
    yes = Verdict(decision=Decision.ALLOW, reason="nothing is missing", gate=name, code="complete.yes")

    def check(item: Item, _: datetime) -> Verdict:
        missing = [path for path, read in readers if not paths.stated(read(item))]
        if not missing and not item.missing:
            return yes
        reason = f"missing: {', '.join((*missing, *item.missing))}"
        return Verdict(decision=Decision.DENY, reason=reason, gate=name, code="complete.missing")

    return Gate(name, "complete", {"needs": list(needs)}, check)


def when(name: str, expression: Expression) -> Gate:
    """Opens when the expression answers true. Any other answer, and none, is closed."""
    source = expression.source
    yes = Verdict(decision=Decision.ALLOW, reason=f"{source} holds", gate=name, code="when.yes")
    no = Verdict(decision=Decision.DENY, reason=f"{source} does not hold", gate=name, code="when.no")

    def check(item: Item, _: datetime) -> Verdict:
        try:
            answer = expression(item)
        except NoAnswer as error:
            return Verdict(decision=Decision.DENY, reason=f"{source}: {error}", gate=name, code="when.error")
        if answer is True:
            return yes
        if answer is False:
            return no
        reason = f"{source} answers {type(answer).__name__}, needed is true or false"
        return Verdict(decision=Decision.DENY, reason=reason, gate=name, code="when.error")

    return Gate(name, "when", {"cel": source, "ask": expression.answers}, check)
