"""Where a store is: `file:///srv/exchange`, `sftp://host/path`, `davs://host/path`, `s3://bucket/prefix`, `ftps://host/path`."""

from urllib.parse import unquote, urlsplit

import msgspec

PORTS = {"file": 0, "sftp": 22, "dav": 80, "davs": 443, "s3": 443, "ftp": 21, "ftps": 21}
"""The kinds of stores, with their usual ports."""
EXAMPLES = "file:///srv/exchange, sftp://host/path, davs://host/path, s3://bucket/prefix or ftps://host/path"


class BadAddress(ValueError):
    """The address cannot be used; the message says why."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    host: str
    """Of S3 the bucket."""
    port: int
    path: str
    """Without slashes at its ends, but for `file`, where it is the absolute path."""


def parse(text: str) -> Address:
    """The parts of an address. Raises BadAddress."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as error:
        raise BadAddress(f"Give the address as {EXAMPLES}") from error
    if parts.scheme not in PORTS:
        raise BadAddress(f"Give the address as {EXAMPLES}")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("Leave user and password out of the address; they have settings of their own")
    if parts.query or parts.fragment:
        raise BadAddress("The address of a folder has neither ? nor #; write them as %3F and %23")
    return checked(parts.scheme, parts.hostname or "", port, unquote(parts.path))


def checked(kind: str, host: str, port: int | None, path: str) -> Address:
    if any(part in {".", ".."} for part in path.split("/")) or "\0" in path:
        raise BadAddress("Give the address without . and .. in its path")
    if kind == "file":
        if host not in {"", "localhost"} or not path.startswith("/"):
            raise BadAddress("A folder of this machine is file:///path, with three slashes")
        return Address(kind=kind, host="", port=0, path=path.rstrip("/") or "/")
    if not host:
        raise BadAddress(f"Give the address as {EXAMPLES}")
    return Address(kind=kind, host=host, port=port or PORTS[kind], path=path.strip("/"))
