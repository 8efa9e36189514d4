"""What of the vendor's documents a sandbox serves, from its class alone."""

import msgspec

from lockgate.kit.sandbox.config import SandboxConfig
from lockgate.kit.sandbox.coverage import coverage
from lockgate.kit.sandbox.registry import load


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """`served` are all routes there are, `documented` and `answered` count those of the vendor's documents."""

    documented: int
    answered: int
    missing: list[str]
    served: list[str]


def covered(name: str) -> Covered:
    """The coverage of an installed sandbox."""
    kind = load(name)
    sandbox = kind(SandboxConfig())
    try:
        found = coverage(sandbox.routes(), kind.contract, kind.base_path)
    finally:
        sandbox.state.close()
    number = len(found.contract)
    return Covered(documented=number, answered=number - len(found.missing), missing=found.missing, served=found.served)
