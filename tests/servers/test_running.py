"""Each server is the real one, lets its account in and nobody else."""

import base64
import ftplib
import io
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import asyncssh
import pytest
from tests.servers.running.directus import Directus
from tests.servers.running.ftp import Ftp
from tests.servers.running.processes import NotStarted
from tests.servers.running.redmine import Redmine
from tests.servers.running.s3 import S3, make_bucket
from tests.servers.running.sftp import Sftp
from tests.servers.running.tryton import Tryton
from tests.servers.running.vendure import Vendure
from tests.servers.running.webdav import WebDav
from tests.servers.running.wordpress import WordPress


async def status(method: str, url: str, **how: Any) -> int:
    async with aiohttp.ClientSession() as http, http.request(method, url, **how) as answer:
        return answer.status


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


async def test_wordpress_knows_its_administrator(wordpress_server: WordPress) -> None:
    url = f"{wordpress_server.url}/wp-json/wp/v2/users/me?context=edit"
    right = basic(wordpress_server.user, wordpress_server.application_password)
    assert await status("GET", url, headers=right) == 200
    assert await status("GET", url, headers=basic(wordpress_server.user, "wrong")) == 401


async def test_redmine_knows_its_administrator(redmine_server: Redmine) -> None:
    url = f"{redmine_server.url}/users/current.json"
    assert await status("GET", url, headers={"X-Redmine-API-Key": redmine_server.key}) == 200
    assert await status("GET", url, headers={"X-Redmine-API-Key": "0" * 40}) == 401


async def test_tryton_lets_its_administrator_in(tryton_server: Tryton) -> None:
    url = f"{tryton_server.url}/{tryton_server.database}/rpc/"

    def login(password: str) -> dict[str, Any]:
        return {"id": 1, "method": "common.db.login", "params": [tryton_server.user, {"password": password}, "en"]}

    assert await status("POST", url, json=login(tryton_server.password)) == 200
    assert await status("POST", url, json=login("wrong")) == 401


async def test_sftp_lets_its_key_in(sftp_server: Sftp) -> None:
    known = asyncssh.import_known_hosts(sftp_server.known_hosts)
    how: dict[str, Any] = {
        "port": sftp_server.port,
        "username": sftp_server.user,
        "known_hosts": known,
        "agent_path": None,
    }
    async with (
        asyncssh.connect(sftp_server.host, client_keys=[str(sftp_server.user_key)], **how) as ssh,
        ssh.start_sftp_client() as sftp,
    ):
        assert {".", ".."} <= set(await sftp.listdir("."))
    other = asyncssh.generate_private_key("ssh-ed25519")
    with pytest.raises(asyncssh.PermissionDenied):
        await asyncssh.connect(sftp_server.host, client_keys=[other], **how)


async def test_webdav_takes_a_file(webdav_server: WebDav) -> None:
    url = f"{webdav_server.url}hello.txt"
    assert await status("PUT", url, data=b"hello", headers=basic(webdav_server.user, webdav_server.password)) == 201
    assert (webdav_server.root / "hello.txt").read_bytes() == b"hello"
    assert await status("PUT", url, data=b"other", headers=basic(webdav_server.user, "wrong")) == 401


async def test_s3_refuses_a_wrong_signature(s3_server: S3) -> None:
    await make_bucket(s3_server, "another")
    with pytest.raises(NotStarted, match="403"):
        await make_bucket(replace(s3_server, secret_key="wrong"), "third")


def test_ftp_takes_a_file(ftp_server: Ftp) -> None:
    with ftplib.FTP() as ftp:  # noqa: S321 - FTP is what is tested
        ftp.connect(ftp_server.host, ftp_server.port)
        with pytest.raises(ftplib.error_perm, match="530"):
            ftp.login(ftp_server.user, "wrong")
    with ftplib.FTP() as ftp:  # noqa: S321 - FTP is what is tested
        ftp.connect(ftp_server.host, ftp_server.port)
        ftp.login(ftp_server.user, ftp_server.password)
        ftp.storbinary("STOR hello.txt", io.BytesIO(b"hello"))
    assert (ftp_server.root / "hello.txt").read_bytes() == b"hello"


async def test_vendure_knows_its_key(vendure_server: Vendure) -> None:
    async def administrator(key: str) -> Any:
        question = {"query": "{ activeAdministrator { emailAddress } products { totalItems } }"}
        async with (
            aiohttp.ClientSession(headers={"vendure-api-key": key}) as http,
            http.post(f"{vendure_server.url}/admin-api", json=question) as answer,
        ):
            return await answer.json()

    assert (await administrator(vendure_server.key))["data"]["products"] == {"totalItems": 0}
    assert (await administrator("wrong"))["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_directus_knows_its_token(directus_server: Directus) -> None:
    url = f"{directus_server.url}/users/me"
    assert await status("GET", url, headers={"Authorization": f"Bearer {directus_server.token}"}) == 200
    assert await status("GET", url, headers={"Authorization": "Bearer wrong"}) == 401


RUN = """
import asyncio, sys
from pathlib import Path
from tests.servers.running.processes import free_ports, listening, process

async def main():
    (port,) = free_ports(1)
    served = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    async with process("served", served, folder=Path(sys.argv[1]), ready=listening(port)):
        print(port, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_run_that_is_killed_leaves_no_server(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603 - our own text
        assert run.stdout is not None
        port = int(run.stdout.readline())
        assert listens(port)
        run.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while listens(port):
        assert time.monotonic() < deadline, "the server outlives the run"
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
