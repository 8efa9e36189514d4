"""How one sandbox is started."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off", ""})


class WrongOption(ValueError):
    """An option makes no sense; the message is a sentence."""


@dataclass(frozen=True, kw_only=True)
class SandboxConfig:
    """Everything a sandbox is told from outside. `options` are the vendor's own switches, as text or as values."""

    state: Path | None = None
    """Folder that keeps documents and files between starts; None keeps them only while the sandbox lives."""
    key: str = "demo-key"
    """The API key that is accepted."""
    seed: int = 0
    """Start of every chance decision: two sandboxes with one seed behave alike."""
    options: dict[str, Any] = field(default_factory=dict)
    content: Path | None = None
    """Folder of real files to be filled from; None takes the vendor's default seed."""
    assets: int | None = None
    """With `content`: make this many assets from the files at hand."""

    def text(self, name: str, default: str = "") -> str:
        """An option as text."""
        return str(self.options.get(name, default))

    def number(self, name: str, default: float) -> float:
        """An option as a number; WrongOption when it is none."""
        given = self.options.get(name, default)
        try:
            return float(given)
        except (TypeError, ValueError):
            raise WrongOption(f"Option {name} must be a number, not {given!r}.") from None

    def flag(self, name: str, default: bool = False) -> bool:
        """An option as yes or no; WrongOption when it is neither."""
        given = str(self.options.get(name, default)).strip().lower()
        if given not in YES | NO:
            raise WrongOption(f"Option {name} must be yes or no, not {given!r}.")
        return given in YES
