"""Which Lockgate this is."""

from importlib.metadata import PackageNotFoundError, version


def installed() -> str:
    try:
        return version("lockgate")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0+unknown"


VERSION = installed()
