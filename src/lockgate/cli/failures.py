"""Which errors are sentences for the person at the command line; any other is our own defect and keeps its trace."""

from collections.abc import Sequence
from importlib import import_module
from sys import modules

from lockgate.app.problems import Refused
from lockgate.kit.errors import ConnectorError

TOLD = (
    ("lockgate.app.settings", "SettingsProblem"),
    ("lockgate.app.registry", "UnknownConnector"),
    ("lockgate.ledger.errors", "LedgerError"),
    ("lockgate.kit.sandbox.process", "SpawnFailed"),
    ("lockgate.kit.sandbox.registry", "UnknownSandbox"),
    ("lockgate.kit.sandbox.config", "WrongOption"),
)
"""Errors whose text is a sentence, by module and name: what was never imported was never raised."""


def sentences_of(error: Exception) -> Sequence[str] | None:
    """What to tell a person, or None where only a developer can help."""
    if isinstance(error, Refused):
        return error.sentences
    if isinstance(error, ConnectorError):
        return [error.sentence]
    if raised_by(error, "lockgate.kit.document.problems", "DocumentErrors"):
        return str(error).splitlines()
    if isinstance(error, OSError) or any(raised_by(error, module, name) for module, name in TOLD):
        return [str(error) or type(error).__name__]
    return None


def raised_by(error: Exception, module: str, name: str) -> bool:
    return module in modules and isinstance(error, getattr(import_module(module), name))
