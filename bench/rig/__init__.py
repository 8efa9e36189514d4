"""The rig: a fast source, a fast sink and a load generator, with the connectors and the recipe that Lockgate meets them with."""

from pathlib import Path

import lockgate.connectors

HERE = Path(__file__).parent
RECIPE = (HERE / "records-to-sink.yaml").read_text(encoding="utf-8")
SOURCE, SINK, FLOW = "source", "sink", "records-to-sink"
BINDING = f"""\
flow: {FLOW}
recipe: {FLOW}
uses: {{pim: {SOURCE}, shop: {SINK}}}
"""


def make_known() -> None:
    """Let the registry of this process find the rig's connectors: they lie beside the bench and not in the package."""
    folder = str(HERE / "connectors")
    if folder not in lockgate.connectors.__path__:
        lockgate.connectors.__path__.append(folder)
