"""Secrets at rest: sealed with a key that is not in the database (Fernet: AES-128-CBC with HMAC-SHA256)."""

import binascii
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from lockgate.ledger.errors import LedgerError


class VaultError(LedgerError):
    """The key is no key, or not the one these secrets were sealed with."""


class Sealed(msgspec.Struct, frozen=True):
    """Encrypted secrets: all the database ever holds of them. Its text form shows nothing."""

    token: bytes

    def __repr__(self) -> str:
        return "Sealed(…)"


class Vault:
    """Seals and opens with a key from the caller. Further keys are older ones that may still open what they sealed."""

    def __init__(self, key: str, *older: str) -> None:
        self._fernet = MultiFernet([_fernet(one) for one in (key, *older)])

    def __repr__(self) -> str:
        return "Vault(…)"

    @staticmethod
    def new_key() -> str:
        """A fresh key, for a file or an environment variable that only the operator reads."""
        return Fernet.generate_key().decode()

    def seal(self, secrets: Any) -> Sealed:
        """Encrypt any JSON value."""
        return Sealed(self._fernet.encrypt(msgspec.json.encode(secrets)))

    def open(self, sealed: Sealed) -> Any:
        """What was sealed; VaultError when none of the keys opens it."""
        try:
            return msgspec.json.decode(self._fernet.decrypt(sealed.token))
        except InvalidToken:
            raise VaultError(
                "The key does not open the stored secrets: give the key they were sealed with (or as an older key beside "
                "the new one), or enter the secrets again"
            ) from None

    def rotate(self, sealed: Sealed) -> Sealed:
        """The same secrets sealed with the first key; VaultError when none of the keys opens it."""
        return self.seal(self.open(sealed))


def _fernet(key: str) -> Fernet:
    try:
        return Fernet(key.strip())
    except (binascii.Error, ValueError):
        # The key itself must not come out here: messages end up in logs.
        raise VaultError("The secrets key is not 32 bytes in URL-safe base64; make one with Vault.new_key()") from None
