"""A vendor that answers as each test says, over real HTTP on loopback, and a connection to it."""

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from structlog.testing import LogCapture

from lockgate.kit.egress import Egress
from lockgate.kit.limits import Limits, Patience
from lockgate.kit.services import Services

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HASTY = Patience(attempts=3, total=5, first_wait=0.01, longest_wait=0.05, retry_after=2, connect=2, read=1)


class Vendor:
    """One handler for all requests; what came in is kept."""

    def __init__(self, answer: Handler) -> None:
        self.answer = answer
        self.seen: list[web.Request] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        return await self.answer(request)

    async def start(self) -> web.AppRunner:
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{path:.*}", self.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner


Start = Callable[[Handler], Awaitable[Vendor]]


@pytest.fixture
async def vendor_of() -> AsyncIterator[Start]:
    """Start a vendor with a handler; as many as a test needs."""
    runners: list[web.AppRunner] = []

    async def start(answer: Handler) -> Vendor:
        vendor = Vendor(answer)
        runners.append(await vendor.start())
        return vendor

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
def log() -> LogCapture:
    return LogCapture()


@pytest.fixture
def services(tmp_path: Path, log: LogCapture) -> Services:
    """A connection that may call loopback, with little patience."""
    logger = structlog.wrap_logger(None, processors=[log], wrapper_class=structlog.make_filtering_bound_logger(0))
    return Services(
        connection="larkfield",
        egress=Egress(hosts=("127.0.0.1",), private=True),
        limits=Limits(),
        patience=HASTY,
        spool=tmp_path,
        log=logger,
    )


@pytest.fixture
def closed_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate of its own making."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
