"""Install what servers need: Debian packages when we are root on Debian, Python ones into an environment of their own.

Nothing here fails a run: a server that could not be installed says so itself when it is to start.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.kinds import KINDS, NODE_22, Kind
from tests.servers.running.installed import ROOT, VENV

APT = [
    part
    for one in ("DPkg::Lock::Timeout=60", "Dpkg::Use-Pty=0", "Acquire::Retries=1", "Acquire::http::Timeout=20")
    for part in ("-o", one)
]
LOCK = ROOT / "requirements-servers.lock"
BEFORE = "2026-10-20"
"""Node packages are taken as they were then: the newest patches of a day are not on every mirror."""
PATIENCE = 300
"""Seconds that all installations together may take."""
HEAVY = 900
"""And as many more for each heavy server: some are compiled."""
POLICY = Path("/usr/sbin/policy-rc.d")
"""Debian asks it whether a freshly installed service may start."""


def install(names: Collection[str]) -> None:
    """Install what these servers need and the machine lacks, as far as there is time."""
    kinds = [KINDS[name] for name in names]
    run = Runner(time.monotonic() + PATIENCE + HEAVY * sum(kind.heavy for kind in kinds))
    if any(kind.python for kind in kinds):
        _python_servers(run)
    for name in names:
        if KINDS[name].npm:
            _node_server(run, VENV / name, KINDS[name])
    lacking = [kind.debian for kind in kinds if not _installed(kind.debian)]
    if not lacking or not _may_install():
        return
    everything = [package for packages in lacking for package in packages]
    with _no_service_starts():
        run(["apt-get", "update", "-qq", *APT])
        if not _apt(run, everything):
            for packages in lacking:
                _apt(run, packages)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _installed(packages: Sequence[str]) -> bool:
    asked = ["dpkg-query", "-W", "-f=${db:Status-Status}\n", *packages]
    if not packages or shutil.which("dpkg-query") is None:
        return not packages
    found = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - names of our own table
    return found.stdout.split() == ["installed"] * len(packages)


def _apt(run: "Runner", packages: Sequence[str]) -> bool:
    how = ["-qq", "-y", "--no-install-recommends", *APT]
    return run(["apt-get", "install", *how, *packages], env={"DEBIAN_FRONTEND": "noninteractive"})


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Services stay as they are while packages are installed: tests start their own, in their own place."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _python_servers(run: "Runner") -> None:
    """Bring the environment of the Python servers to the state of their lock."""
    stamp = VENV / ".locked"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return
    if not (VENV / "bin" / "python").exists() and not run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        return
    uv = [str(Path(sys.executable).with_name("uv")), "pip", "sync", "--quiet", "--require-hashes", str(LOCK)]
    if run(uv, env={"VIRTUAL_ENV": str(VENV)}):
        stamp.write_bytes(LOCK.read_bytes())


def _node_server(run: "Runner", folder: Path, kind: Kind) -> None:
    """Install a server of Node's where it is not yet. Of what its packages would run on installation, compilers alone are run."""
    npm, stamp = shutil.which("npm"), folder / ".installed"
    wanted = " ".join((*kind.npm, *kind.compiled))
    if npm is None or (stamp.exists() and stamp.read_text() == wanted):
        return
    folder.mkdir(parents=True, exist_ok=True)
    how = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error", "--prefix", str(folder)]
    done = run([npm, "install", *how, f"--before={BEFORE}", *kind.npm])
    if done and kind.compiled:
        done = run([npm, "rebuild", "--prefix", str(folder), *kind.compiled], env=_compiling(folder))
    if done:
        stamp.write_text(wanted)


def _compiling(folder: Path) -> dict[str, str]:
    """Compile with and for the server's own Node, and look for nothing ready-made elsewhere."""
    node = folder / "node_modules" / NODE_22
    return {
        "PATH": f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "npm_config_nodedir": str(node),
        "npm_config_build_from_source": "true",
    }


class Runner:
    """Runs commands until it is late."""

    def __init__(self, late: float) -> None:
        self.late = late

    def __call__(self, command: Sequence[str], env: dict[str, str] | None = None) -> bool:
        """Whether it ended well; what went wrong is told."""
        left = self.late - time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603 - commands of this module
                command,
                env={**os.environ, **(env or {})},
                capture_output=True,
                text=True,
                timeout=max(left, 1),
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as reason:
            sys.stderr.write(f"not installed: {reason}\n")
            return False
        if done.returncode:
            sys.stderr.write(f"not installed: {' '.join(command)}\n{(done.stderr or done.stdout)[-2000:]}\n")
        return done.returncode == 0
