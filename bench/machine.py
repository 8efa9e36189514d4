"""What processes have cost so far, as the Linux kernel counts it."""

import os
import platform
import subprocess
from collections.abc import Iterable
from pathlib import Path

import msgspec

TICKS = os.sysconf("SC_CLK_TCK")


class Cost(msgspec.Struct):
    """CPU seconds (user and system) so far, memory at present, and the most it ever was, in MB (of 1024 × 1024 bytes)."""

    cpu: float
    rss_mb: float
    peak_mb: float


def cost(pid: int) -> Cost:
    """Of one process without its children; exact to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return Cost(
        (int(fields[11]) + int(fields[12])) / TICKS,
        int(status["VmRSS"].split()[0]) / 1024,
        int(status["VmHWM"].split()[0]) / 1024,
    )


def forget_peak(pid: int) -> None:
    """Have the kernel count the peak of a process's memory anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def together(costs: Iterable[Cost]) -> Cost:
    """Several processes as one; memory they share is counted for each."""
    found = list(costs)
    return Cost(sum(one.cpu for one in found), sum(one.rss_mb for one in found), sum(one.peak_mb for one in found))


def size_mb(folder: Path, name: str) -> float:
    """Size of the files in a folder whose names begin like this (a database with its log)."""
    return sum(path.stat().st_size for path in folder.glob(f"{name}*")) / 2**20


def machine() -> dict[str, object]:
    """Where a measurement was made, as far as it matters for its figures."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def commit() -> str:
    """The short name of the commit that is measured, marked where files of the product differ from it."""
    root = Path(__file__).resolve().parents[1]

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=False)  # noqa: S603, S607
        return done.stdout.strip()

    name = git("rev-parse", "--short=8", "HEAD")
    return f"{name or 'unknown'}{'-changed' if git('status', '--porcelain', '--', 'src') else ''}"
