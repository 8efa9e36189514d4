"""`lockgate flow`: install flows, plan and run them, watch over them."""

from lockgate.cli.flow import installing, running, standing
from lockgate.cli.flow.noun import app

__all__ = ["app", "installing", "running", "standing"]
