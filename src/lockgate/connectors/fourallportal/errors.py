"""What the portal's refusals mean and what to do about them.

Only the form of error bodies is known (`status`, `message`, sometimes `code`); which status stands for what is inferred.
Words that tell one 409 or 400 from another are quirks.
"""

from lockgate.connectors.fourallportal.quirks import Quirks
from lockgate.kit.errors import Conflict, ConnectorError, NeedsOperator, Rejected
from lockgate.kit.http import Sent

FEED_CHANGED = "feed.changed"
STATUS_STEP = "status.step"
VALUE_TAKEN = "value.taken"


def explain(status: int, reason: str, sent: Sent, quirks: Quirks) -> ConnectorError | None:
    """The error where we know better than the usual table; None leaves it to that."""
    said = f" ({reason.strip().rstrip('.')})" if reason.strip() else ""
    if status == 401:
        return NeedsOperator(
            f"{sent.connection} does not accept the API key{said}. Make one under Developer → API Key settings that is switched on "
            "and valid, and enter the key alone."
        )
    if status == 403:
        return forbidden(sent, said)
    if status == 409:
        return conflicting(sent, said, quirks)
    if status == 400 and says(said, quirks.locale_refused):
        return Rejected(
            f"{sent.connection} refused {sent.what}{said}. Set the tenant's own locales under quirks, `locales` and `default_locale`.",
            code="locale",
        )
    return None


def forbidden(sent: Sent, said: str) -> NeedsOperator:
    """The key acts with the rights of its user, so a person has to give that user's role a right."""
    if sent.method in {"POST", "PUT"}:
        return NeedsOperator(
            f"{sent.connection} does not let us upload{said}. Give the role of the key's user the right to upload into that folder "
            "and access to the module File transfers, or name another folder under quirks, `upload_folder`.",
            code="upload.forbidden",
        )
    if "/media/" in sent.path:
        return NeedsOperator(
            f"{sent.connection} does not let us read files{said}. Give its key's role access to the module File transfers.",
            code="download.forbidden",
        )
    return NeedsOperator(
        f"{sent.connection} does not allow us {sent.what}{said}. Give the role of the key's user that right in the portal.",
        code="forbidden",
    )


def conflicting(sent: Sent, said: str, quirks: Quirks) -> ConnectorError:
    """A feed that was configured anew, a status step, a unique value, or an object that was deleted."""
    if "/events/" in sent.path:
        return Conflict(f"{sent.connection} has configured this feed anew{said}; it is read again.", code=FEED_CHANGED)
    if says(said, quirks.step_refused):
        return Rejected(
            f"{sent.connection} does not allow this step of the status{said}. Allow it in the portal for the key's role, or "
            "name other values under quirks, `hidden_status` and `shown_status`.",
            code=STATUS_STEP,
        )
    if says(said, quirks.value_taken):
        return Rejected(
            f"{sent.connection} refused a value because another object has it{said}. Free it there or change it at the source.",
            code=VALUE_TAKEN,
        )
    return Rejected(f"{sent.connection} refused {sent.what}{said}.", code="refused")


def says(said: str, word: str) -> bool:
    return bool(word) and word.casefold() in said.casefold()
