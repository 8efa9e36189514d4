"""`python -m tests.clients`: run third-party clients, unmodified, against the OpenText sandbox, with an interpreter of their own."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "clients"
VENV = ROOT / ".venv-clients"
LOCK = ROOT / "requirements-clients.lock"
LEAST = (3, 12)  # pyxecm asks for it; xecm declares less, but cannot be imported on less
NAMES = ("python3.12", "python3.13", "python3.14", "python3")
ASK = f"import sys; print(sys.executable); sys.exit(sys.version_info < {LEAST})"
NOT_RUN = (
    "The third-party clients were NOT RUN: they need Python 3.12 or newer, and none was found"
    " (looked for among this one, {names}, and pyenv's). Nothing is said about them here."
)


def main() -> int:
    """0 when all passed, or when there is no Python for it, which is then said."""
    python = found()
    if python is None:
        sys.stdout.write(NOT_RUN.format(names=", ".join(NAMES)) + "\n")
        return 0
    install(python)
    command = [str(VENV / "bin" / "python"), "-m", "pytest", "-c", str(HERE / "pytest.ini"), "--rootdir", str(HERE)]
    told = {**os.environ, "LOCKGATE_PYTHON": sys.executable}
    return subprocess.run([*command, str(HERE), "-q", *sys.argv[1:]], cwd=ROOT, env=told, check=False).returncode  # noqa: S603


def found() -> Path | None:
    """A Python that is new enough; a name alone tells nothing, so each is asked."""
    return next((one for one in map(asked, candidates()) if one is not None), None)


def candidates() -> Iterator[Path]:
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)) is not None)
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from sorted(versions.glob("3.*/bin/python3"))
    yield Path(sys.executable)


def asked(python: Path) -> Path | None:
    """Where this interpreter really is, when it is new enough; shims may answer for another one, or not at all."""
    try:
        done = subprocess.run([python, "-c", ASK], capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 and done.stdout.strip() else None


def install(python: Path) -> None:
    """Build the environment, unless it stands already for this Python and these locks."""
    stamp, wanted = VENV / ".made-for", f"{python} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    uv = str(Path(sys.executable).parent / "uv")
    told = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    subprocess.run([uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", python, VENV], check=True)  # noqa: S603
    subprocess.run([uv, "pip", "sync", "--quiet", "--require-hashes", LOCK], env=told, check=True)  # noqa: S603
    stamp.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main())
