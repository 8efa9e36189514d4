"""The program as it is installed: quick to start, asked on a terminal, described as it is."""

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

from lockgate.cli.reference import differing, write

from .commands import Place, clean

LOCKGATE = str(Path(sys.executable).with_name("lockgate"))
HEAVY = {"asyncio", "sqlalchemy", "dbos", "aiohttp", "fastapi", "starlette", "PIL", "structlog", "cryptography"}
REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_help_and_sandbox_commands_load_nothing_heavy() -> None:
    for arguments in (["--help"], ["flow", "--help"], ["sandbox", "list"], ["sandbox", "calls", "http://127.0.0.1:1"]):
        program = f"import sys; from lockgate.cli.main import called; called({arguments!r}); print(*sys.modules)"
        done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, env=clean())  # noqa: S603 - ours
        loaded = set(done.stdout.splitlines()[-1].split())
        assert not loaded & HEAVY, arguments


def test_the_reference_is_what_the_program_says() -> None:
    assert differing(REFERENCE) == [], "make docs writes it anew"


def test_an_old_file_of_the_reference_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ("cli.md", "definition.schema.json", "connectors/gone.md"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert differing(tmp_path) == ["cli.md", "connectors/gone.md", "definition.schema.json"]


def test_settings_are_asked_for_on_a_terminal_and_secrets_do_not_show(carried: Place, tmp_path: Path) -> None:
    site = carried.systems.celum
    ours, theirs = pty.openpty()
    command = [LOCKGATE, "--home", str(tmp_path / "home"), "connect", "add", "celum", "dam"]
    command += ["--set", "private_addresses=true"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=theirs, stdout=pipe, stderr=theirs, text=True, env=clean()) as asked:  # noqa: S603 - ours
        os.close(theirs)
        answers = {"celum.cloud):": site, "API key: ": "demo-key", "4711):": "", "[hmac]:": ""}
        try:
            screen = answered(ours, answers)
            out, _ = asked.communicate(timeout=30)
        finally:
            asked.kill()
    os.close(ours)
    assert asked.returncode == 0, screen
    assert "dam is ready" in out
    assert site in screen
    assert "demo-key" not in screen


def answered(terminal: int, answers: dict[str, str]) -> str:
    """Answer each question once the terminal stops behind it; all that was shown."""
    screen, seen = "", 0
    for question, answer in answers.items():
        while not screen[seen:].endswith(question):
            more = shown(terminal)
            assert more, f"nobody asks for {question!r}: {screen}"
            screen += more
        seen = len(screen)
        os.write(terminal, f"{answer}\n".encode())
    while more := shown(terminal):
        screen += more
    return screen


def shown(terminal: int) -> str:
    """What the terminal shows next; empty when the program has ended, or says nothing for long."""
    ready, _, _ = select.select([terminal], [], [], 30)
    try:
        return os.read(terminal, 4096).decode() if ready else ""
    except OSError:  # the other end is closed
        return ""
