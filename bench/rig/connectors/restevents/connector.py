"""The connector that is made of the definition beside it."""

from pathlib import Path

from lockgate.connectors.rest.library import connector

CONNECTOR = connector(Path(__file__).with_name("restevents.yaml"))
