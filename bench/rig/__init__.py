"""The rig: a fast source, a fast sink and a load generator, with the connectors and the recipe that Lockgate meets them with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lockgate.connectors
from lockgate.app import registry

HERE = Path(__file__).parent
RECIPE = (HERE / "records-to-sink.yaml").read_text(encoding="utf-8")
SOURCE, SINK, FLOW = "source", "sink", "records-to-sink"
BINDING = f"""\
flow: {FLOW}
recipe: {FLOW}
uses: {{pim: {SOURCE}, shop: {SINK}}}
"""


@contextmanager
def known() -> Iterator[None]:
    """Let the registry of this process find the rig's connectors while the block runs: they lie beside the bench."""
    folder = str(HERE / "connectors")
    lockgate.connectors.__path__.append(folder)
    registry.look_again()
    try:
        yield
    finally:
        lockgate.connectors.__path__.remove(folder)
        registry.look_again()
