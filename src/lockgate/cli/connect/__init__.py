"""`lockgate connect`: connections to systems, their profiles, and the library of connectors."""

from lockgate.cli.connect import adding, consenting, defining, library, profiles, standing
from lockgate.cli.connect.noun import app

__all__ = ["adding", "app", "consenting", "defining", "library", "profiles", "standing"]
