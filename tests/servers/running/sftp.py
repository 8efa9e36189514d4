"""SFTP: OpenSSH's server, keys only."""

import getpass
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from .installed import program
from .processes import free_ports, listening, process, run

CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PidFile {folder}/sshd.pid
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
PermitRootLogin prohibit-password
MaxStartups 200
Subsystem sftp internal-sftp -d {root}
"""


@dataclass(frozen=True)
class Sftp:
    port: int
    root: Path
    """Where a session starts; the whole machine is reachable from it, as the account that runs the tests."""
    user_key: Path
    """The private key that is let in."""
    host_key: str
    """The server's public key, as a line of a known_hosts file has it after the host."""
    user: str
    host: str = "127.0.0.1"

    @property
    def known_hosts(self) -> str:
        """The line of a known_hosts file by which a client recognises it."""
        return f"[{self.host}]:{self.port} {self.host_key}\n"


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Sftp]:
    """An SFTP server that lives in the folder until the block ends. Raises NotInstalled, NotStarted."""
    sshd, keygen = program("sshd", package="openssh-server"), program("ssh-keygen", package="openssh-client")
    root = folder / "served"
    root.mkdir(parents=True)
    for key in ("host_key", "user_key"):
        await run([keygen, "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", folder / key], folder=folder)
    if os.geteuid() == 0:  # where sshd, when it is root, puts its unprivileged half
        Path("/run/sshd").mkdir(exist_ok=True)  # noqa: ASYNC240 - one folder, before anything runs
    (port,) = free_ports(1)
    config = folder / "sshd_config"
    config.write_text(CONFIG.format(port=port, folder=folder, root=root))
    public = " ".join((folder / "host_key.pub").read_text().split()[:2])
    server = Sftp(port=port, root=root, user_key=folder / "user_key", host_key=public, user=getpass.getuser())
    async with process("sshd", [sshd, "-D", "-e", "-f", config], folder=folder, ready=listening(port)):
        yield server
