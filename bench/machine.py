"""What a process has cost so far, as the Linux kernel counts it."""

import os
import platform
from pathlib import Path

import msgspec

TICKS = os.sysconf("SC_CLK_TCK")


class Cost(msgspec.Struct):
    """CPU seconds (user and system) of one process so far, and the most memory it ever held."""

    cpu: float
    peak_mb: float


def cost(pid: int) -> Cost:
    """Of one process without its children; exact to a hundredth of a second."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    peak = next(
        line.split()[1] for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM:")
    )
    return Cost((int(fields[11]) + int(fields[12])) / TICKS, int(peak) / 1024)


def machine() -> dict[str, object]:
    """Where a measurement was made, as far as it matters for its figures."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "load_before": round(os.getloadavg()[0], 1),
    }
