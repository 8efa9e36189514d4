"""Our key in the form in which a system keeps it."""

import hashlib
from uuid import UUID

from lockgate.connectors.rest.definition.shapes import Key
from lockgate.kit.errors import Rejected


class Keys:
    """Writes keys; who reads one compares it with the written form of those it knows."""

    def __init__(self, shape: Key) -> None:
        self.shape = shape

    def written(self, key: str) -> str:
        """The key as it is sent and looked for. Raises Rejected for one that the place cannot hold."""
        if self.shape.form == "hash":
            return f"{self.shape.prefix}{hashlib.blake2b(key.encode(), digest_size=16).hexdigest()}"
        if self.shape.form == "uuid":
            # Version 8 of RFC 9562: the content is the maker's own, here a digest.
            digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
            return str(
                UUID(
                    bytes=bytes([*digest[:6], digest[6] & 0x0F | 0x80, digest[7], digest[8] & 0x3F | 0x80, *digest[9:]])
                )
            )
        made = f"{self.shape.prefix}{key}"
        if self.shape.longest is not None and len(made) > self.shape.longest:
            raise Rejected(
                f"Our key {key} is longer than the {self.shape.longest} characters that its place takes.",
                code="key.length",
            )
        return made
