"""The stores: a local folder, SFTP, WebDAV, S3, FTP. Which one, the connection's address says."""

from lockgate.connectors.files.address import Address
from lockgate.connectors.files.settings import FilesSettings, revealed
from lockgate.connectors.files.stores.base import Entry, Sent, Store
from lockgate.connectors.files.stores.dav import DavStore
from lockgate.connectors.files.stores.ftp import FtpStore
from lockgate.connectors.files.stores.local import LocalStore
from lockgate.connectors.files.stores.s3 import S3Store
from lockgate.connectors.files.stores.sftp import SftpStore
from lockgate.connectors.files.stores.signing import Keys
from lockgate.connectors.files.stores.ssh import Login
from lockgate.kit.http import Basic, NoAuth
from lockgate.kit.services import Services


def opened(settings: FilesSettings, services: Services) -> Store:
    """The store of a connection; nothing is called yet."""
    address = settings.place
    if address.kind == "file":
        return LocalStore(address.path, services)
    if address.kind == "sftp":
        return SftpStore(address, login(settings), services)
    if address.kind == "s3":
        keys = Keys(access=settings.user, secret=revealed(settings.password) or "", region=settings.region)
        return S3Store(address, settings.s3_endpoint, keys, services)
    return over_the_wire(address, settings, services)


def over_the_wire(address: Address, settings: FilesSettings, services: Services) -> Store:
    password = revealed(settings.password) or ""
    if address.kind in {"dav", "davs"}:
        return DavStore(address, Basic(settings.user, password) if settings.user else NoAuth(), services)
    return FtpStore(address, settings.user, password, services)


def login(settings: FilesSettings) -> Login:
    return Login(
        user=settings.user,
        password=revealed(settings.password),
        private_key=revealed(settings.private_key),
        passphrase=revealed(settings.passphrase),
        known_hosts=settings.known_hosts,
    )


__all__ = ["Entry", "Sent", "Store", "opened"]
