"""The definition of the sink without its bulk call: only in single calls does the rig see how long an event took."""

from pathlib import Path

from lockgate.connectors.rest.library import read_text

NAME = "restpost"
_whole = Path(__file__).parent.with_name("restsink").joinpath("restsink.yaml").read_text(encoding="utf-8")
_lines = (line for line in _whole.splitlines() if not line.strip().startswith("bulk:"))

CONNECTOR = read_text("\n".join(_lines).replace("definition: restsink", f"definition: {NAME}") + "\n", f"{NAME}.yaml")
