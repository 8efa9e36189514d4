"""Opening an SSH connection: whom we call, how the server proves itself and how we do, and what failures mean."""

import asyncio
from typing import Any

import asyncssh
import msgspec

from lockgate.connectors.files.address import Address
from lockgate.kit.errors import ConnectorError, NeedsOperator, NotFound, Rejected, Transient
from lockgate.kit.services import Services

CIPHERS = [
    "aes256-gcm@openssh.com", "aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com",
    "aes256-ctr", "aes192-ctr", "aes128-ctr",
]  # fmt: skip
"""The fastest first: processors have instructions for AES-GCM. asyncssh by itself would take ChaCha20."""
NO_ROOM = ("no space", "quota", "disk full")


class Login(msgspec.Struct, frozen=True, kw_only=True):
    user: str
    password: str | None = None
    private_key: str | None = None
    """In OpenSSH or PEM form."""
    passphrase: str | None = None
    known_hosts: str = ""
    """Lines of a known_hosts file: the keys by which servers are known."""


async def connected(address: Address, login: Login, services: Services) -> asyncssh.SSHClientConnection:
    """A connection to a server that proved itself. Raises ConnectorError.

    The name is looked up and checked by us, and its address is what is connected to.
    """
    try:
        found = await services.egress.reach(address.host, address.port)
        async with asyncio.timeout(services.patience.connect):
            return await asyncssh.connect(
                found[0],
                address.port,
                host_key_alias=alias(address),
                known_hosts=known_hosts(login.known_hosts),
                encryption_algs=CIPHERS,
                keepalive_interval=max(1, int(services.patience.read / 3)),
                **credentials(login),
            )
    except asyncssh.HostKeyNotVerifiable as error:
        raise await unknown_key(found[0], address, services) from error
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise named(error, services.connection, address) from error


def alias(address: Address) -> str:
    """How the server is called in known_hosts."""
    return address.host if address.port == 22 else f"[{address.host}]:{address.port}"


def known_hosts(text: str) -> asyncssh.SSHKnownHosts:
    try:
        return asyncssh.import_known_hosts(text)
    except (ValueError, asyncssh.KeyImportError) as error:
        raise NeedsOperator(
            "The known hosts of this connection are no lines of a known_hosts file; take them from ssh-keyscan.",
            code="host_key",
        ) from error


def credentials(login: Login) -> dict[str, Any]:
    """Only what the settings state: no agent, no keys and no configuration of whoever runs us."""
    own: dict[str, Any] = {"username": login.user, "agent_path": None, "config": None, "client_keys": None}
    if login.private_key is not None:
        try:
            own["client_keys"] = [asyncssh.import_private_key(login.private_key, login.passphrase)]
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
            raise NeedsOperator(
                "The private key of this connection cannot be read; give it whole, with its first and last line, and"
                " its passphrase if it has one.",
                code="private_key",
            ) from error
    if login.password is not None:
        own["password"] = login.password
    return own


async def unknown_key(host: str, address: Address, services: Services) -> NeedsOperator:
    """What to say where the server's key is not the one written down: the key it shows, to be compared and copied."""
    shown = None
    try:
        async with asyncio.timeout(services.patience.connect):
            shown = await asyncssh.get_server_host_key(host, address.port)
    except (asyncssh.Error, OSError, TimeoutError):
        pass
    if shown is None:
        return NeedsOperator(f"{address.host} shows no key that is known here; it is not called.", code="host_key")
    line = f"{alias(address)} {shown.export_public_key().decode().strip()}"
    return NeedsOperator(
        f"{address.host} shows the key {shown.get_fingerprint()}, which is not among the known hosts of this connection."
        f" Ask whoever runs the server whether that is its key, and only then add the line: {line}",
        code="host_key",
    )


ASKS = "{host} refused our credentials; check the user, password and key of {who}."
FULL = "There is no room at {host}: make room there; it is tried again by itself."
SAID: tuple[tuple[tuple[type[BaseException], ...], type[ConnectorError], str, str], ...] = (
    ((asyncssh.PermissionDenied,), NeedsOperator, "login", ASKS),
    ((asyncssh.KeyExchangeFailed,), NeedsOperator, "login", "{host} agrees on no cipher with us ({said})."),
    (
        (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath),
        NotFound,
        "",
        "A file or folder of {who} is not there any more.",
    ),
    (
        (asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect),
        NeedsOperator,
        "right",
        "{host} does not let us do that ({said}); give the user of {who} the right to.",
    ),
    ((asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded), Transient, "store.full", FULL),
    (
        (asyncssh.SFTPInvalidFilename, asyncssh.SFTPFileIsADirectory, asyncssh.SFTPLinkLoop),
        Rejected,
        "path",
        "{host} does not take that name ({said}).",
    ),
    ((TimeoutError,), Transient, "timeout", "{host} did not answer in time."),
    ((OSError,), Transient, "unreachable", "{host} cannot be reached ({said})."),
)
"""What asyncssh raises and what it means to us, the first that fits."""
UNSAID = "{host} could not do that, and does not say why ({said}); it may be full."
BROKE = "{host} broke off ({said})."


def named(error: BaseException, who: str, address: Address) -> ConnectorError:
    """A failure of SSH or SFTP in words. Version 3 of SFTP has one code for most failures, so their text is looked at."""
    said = " ".join(str(error).split())[:200] or type(error).__name__
    told = {"host": address.host, "who": who, "said": said}
    for types, kind, code, sentence in SAID:
        if isinstance(error, types):
            return kind(sentence.format(**told), code=code)
    if isinstance(error, asyncssh.SFTPFailure):
        full = any(word in said.lower() for word in NO_ROOM)
        return Transient((FULL if full else UNSAID).format(**told), code="store.full" if full else "store")
    return Transient(BROKE.format(**told), code="broken_off")
