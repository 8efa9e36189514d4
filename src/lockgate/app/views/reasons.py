"""Codes of reasons in words, for those who read what was blocked or parked."""

WORDS = {
    "approved.no": "Not approved",
    "window.ended": "Its release window has ended",
    "window.not_yet": "Its release window has not begun",
    "rights.unknown": "Nobody has cleared its rights",
    "rights.uncovered": "Rights do not cover the use",
    "rights.territory": "Rights do not cover all markets",
    "rights.expired": "Rights have ended",
    "rights.not_yet": "Rights have not begun",
    "rights.prohibited": "The use is prohibited",
    "rights.action": "Rights do not allow this action",
    "current.no": "Not the newest version",
    "complete.missing": "Something is missing",
    "when.no": "A condition is not met",
    "when.error": "A condition could not be read",
    "gates.none": "No gate lets it through",
    "recalled": "Recalled by a person",
    "dropped": "Dropped by a person",
    "gone": "No longer at the source",
    "guard": "Held back by the guard: too many withdrawals at once",
    "changed": "Changed while it was worked",
    "conflict": "Saved by someone else meanwhile",
    "defect": "A defect of Lockgate",
    "broken_off": "Broken off",
    "unreachable": "The system did not answer",
    "timeout": "The system took too long",
    "rate_limited": "The system asked for a pause",
    "transient": "The system could not do it now",
    "rejected": "The target refuses it",
    "refused": "The target refuses it",
    "forbidden": "The account may not do this",
    "not_found": "Not there any more",
    "mapping.failed": "A field could not be filled",
    "contract_broken": "The system answered against its own documents",
    "closed": "Our copy is closed",
    "copy.taken": "Another flow carries it there already",
}
"""By the whole code."""
ENDINGS = {
    "missing": "No such {what} at the target yet",
    "unstated": "It does not say which {what} it belongs to",
    "ambiguous": "Several {what}s at the target would fit",
    "gone": "Its {what} went away",
    "settled": "Its {what} is being settled",
    "not_ready": "Its {what} is not ready yet",
    "digest": "Its {what} arrived damaged",
    "length": "Its {what} arrived damaged",
    "forbidden": "Its {what} may not be read",
}
"""By the end of a code, of which the beginning names the thing: `product.missing`."""
CLOSING = "withdraw."


def words(code: str) -> str:
    """What a code means, in words; a code that nobody knows is shown as it is.

    >>> words("product.missing")
    'No such product at the target yet'
    """
    if code.startswith(CLOSING):
        return f"Our copy is not closed yet: {words(code.removeprefix(CLOSING)).lower()}"
    what, _, end = code.rpartition(".")
    if code in WORDS:
        return WORDS[code]
    if code == "file.missing":
        return "Its file is missing"
    return ENDINGS[end].format(what=what.replace("_", " ")) if what and end in ENDINGS else code
