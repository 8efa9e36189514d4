"""What is said when something cannot be shown or done."""

from collections.abc import Iterable

import structlog
from markupsafe import Markup

from lockgate.app.problems import Refused
from lockgate.app.registry import UnknownConnector
from lockgate.engine.recipe import RecipeErrors
from lockgate.kit.errors import ConnectorError
from lockgate.ledger import LedgerError

log = structlog.get_logger("lockgate.console")

EXPECTED = (Refused, RecipeErrors, ConnectorError, LedgerError, UnknownConnector)
"""What goes wrong in words; anything else is a defect of ours."""


def sentences(error: Exception) -> tuple[str, ...]:
    """What an error says, sentence by sentence. A defect says that it is one, and its trace goes to the log."""
    if isinstance(error, Refused):
        return error.sentences
    if isinstance(error, ConnectorError):
        return (error.sentence,)
    if isinstance(error, EXPECTED):
        return tuple(str(error).splitlines()) or (type(error).__name__,)
    log.error("the console failed by a defect", exc_info=error)
    return (f"Lockgate failed on this ({type(error).__name__}): please report it; the log has the trace.",)


def missing(error: Exception) -> bool:
    """Whether the thing itself is not there."""
    return isinstance(error, Refused) and error.missing


def alert(told: Iterable[str]) -> Markup:
    """Sentences in place of what could not be shown."""
    lines = Markup("").join(Markup("<p>{}</p>").format(one) for one in told)
    return Markup('<section class="sorry" role="alert">{}</section>').format(lines)
