"""The checkout under test: its files, and copies of it to change."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = frozenset({".git", ".venv", ".venv-servers", ".lockgate", ".hypothesis", "__pycache__", "dist"})


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project, relative to its root: what git would keep, or all there is without git."""
    asked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 (git as it is installed)
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode == 0:
        found = [Path(name) for name in asked.stdout.split("\0") if name]
    else:
        found = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
    return tuple(sorted(path for path in found if (ROOT / path).is_file() and not made(path)))


def made(path: Path) -> bool:
    """Whether a tool made it."""
    return any(part in MADE or part.endswith("_cache") for part in path.parts)


def text(path: Path) -> str | None:
    """A file's text, None when it is none."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def copy(to: Path, *, below: tuple[str, ...]) -> Path:
    """A copy of those parts of the checkout, to be changed at will."""
    for path in files():
        if path.as_posix().startswith(below):
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, to / path)
    return to
