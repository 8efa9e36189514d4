"""The pages of the documentation, taken apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every Markdown page of the project, without what tools have made."""
    hidden = {".venv", ".venv-servers", ".git", ".lockgate", ".pytest_cache", "node_modules"}
    found = ROOT.rglob("*.md")
    return sorted(path for path in found if not hidden & set(path.relative_to(ROOT).parts))


@dataclass
class Command:
    line: str
    expected: list[str] = field(default_factory=list)
    """Fragments of its output, in order; `…` stands for anything."""


@dataclass
class Block:
    """A fenced block: commands of a terminal, or lines that the other terminal shows within a moment."""

    info: str
    text: str

    @property
    def language(self) -> str:
        return self.info.split(" ")[0]

    def commands(self) -> list[Command]:
        found: list[Command] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append(Command(line.removeprefix("$ ")))
            elif line.strip():
                found[-1].expected.append(line)
        return found


def blocks(text: str) -> Iterator[Block]:
    return (Block(found["info"], found["text"]) for found in FENCE.finditer(text))


def pattern(fragment: str) -> re.Pattern[str]:
    """A line of the page as a pattern: runs of blanks are one, `…` is anything on the line."""
    words = [re.escape(word) for word in fragment.split()]
    return re.compile(r"\s+".join(words).replace(re.escape("…"), r".*?"))
