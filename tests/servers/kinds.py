"""Which servers there are, what they are installed from, and which are light enough for every run."""

import platform
from dataclasses import dataclass

NODE_22 = f"node-linux-{'arm64' if platform.machine() == 'aarch64' else 'x64'}"
"""Node's package of Node 22 itself, with the headers that programs are compiled against: Debian 12 has an older one."""


@dataclass(frozen=True)
class Kind:
    title: str
    debian: tuple[str, ...] = ()
    """Packages of Debian 12."""
    python: str = ""
    """The module in the servers' own Python environment; empty when it is none of Python's."""
    npm: tuple[str, ...] = ()
    """Packages of Node's, into a folder beside the Python environment."""
    compiled: tuple[str, ...] = ()
    """Those among them that are compiled here, with `NODE_22`."""
    heavy: bool = False
    """Takes minutes and hundreds of megabytes to install: only when asked for."""


KINDS = {
    "wordpress": Kind(
        "WordPress (CMS)",
        (
            *("wordpress", "php-cli", "php-mysql", "php-gd", "php-curl", "php-xml", "php-mbstring"),
            *("mariadb-server", "mariadb-client"),
        ),
    ),
    "redmine": Kind("Redmine (tickets)", ("redmine", "redmine-sqlite", "ruby-webrick")),
    "tryton": Kind("Tryton (ERP)", python="trytond"),
    "mariadb": Kind("MariaDB (database)", ("mariadb-server", "mariadb-client")),
    "sftp": Kind("OpenSSH (SFTP)", ("openssh-server", "openssh-sftp-server", "openssh-client")),
    "webdav": Kind("WsgiDAV (WebDAV)", python="wsgidav"),
    "s3": Kind("OpenStack Swift (S3)", ("swift-proxy", "swift-account", "swift-container", "swift-object")),
    "ftp": Kind("pyftpdlib (FTP)", python="pyftpdlib"),
    "vendure": Kind(
        "Vendure (shop)", npm=("@vendure/core@3.7.3", "@vendure/asset-server-plugin@3.7.3", "pg@8"), heavy=True
    ),
    "directus": Kind(
        "Directus (product master)",
        npm=("directus@12.4.0", "pg@8", f"{NODE_22}@22"),
        compiled=("isolated-vm",),
        heavy=True,
    ),
}
LIGHT = tuple(name for name, kind in KINDS.items() if not kind.heavy)

ASKED = "LOCKGATE_TEST_SERVERS"
"""Names the servers that tests may use, with commas between; all when it is not set."""
