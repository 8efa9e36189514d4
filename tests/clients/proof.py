"""What the calls of third-party clients share: a sandbox in a process of its own, and the count of methods run and passed.

A pytest plugin for the clients' own interpreter. `LOCKGATE_PYTHON` names the one that Lockgate is installed in.
"""

import importlib
import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from typing import Any

import pytest

PASSWORD = "pw"
LISTED: dict[str, tuple[str, ...]] = {}
"""By client: the methods that are to be run, as the modules of calls list them."""
RUN: dict[str, set[str]] = {}
FAILED: dict[str, set[str]] = {}
_NOW: list[tuple[str, str]] = []
"""What the test that is running has called."""


class Watched:
    """A client as it is; what is called of it is counted."""

    def __init__(self, name: str, client: Any) -> None:
        self._name = name
        self.client = client

    def __getattr__(self, method: str) -> Any:
        found = getattr(self.client, method)
        if callable(found):
            _NOW.append((self._name, method))
        return found


Make = Callable[..., Watched]


class Tenant:
    """A sandbox over HTTP, and what people do in it beside the client."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.host, _, port = url.removeprefix("http://").partition(":")
        self.port = int(port)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        connection = HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.request(method, f"/__sandbox/{path}", None if body is None else json.dumps(body))
            answer = connection.getresponse()
            content = answer.read()
            assert answer.status < 300, content
            return json.loads(content) if content else None
        finally:
            connection.close()

    def act(self, action: str, /, **arguments: Any) -> Any:
        return self.control("POST", f"actions/{action}", arguments)

    def switch(self, **switches: Any) -> None:
        self.control("PUT", "options", switches)

    def fault(self, **rule: Any) -> None:
        self.control("POST", "faults", rule)

    def calls(self, shape: str) -> list[Mapping[str, Any]]:
        """The calls seen so far, by method and the end of the path: `POST /v1/auth`."""
        method, _, path = shape.partition(" ")
        log = self.control("GET", "calls")
        return [one for one in log if one["method"] == method and one["path"].endswith(path)]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """A sandbox that ends with this process, however that ends."""
    python = os.environ.get("LOCKGATE_PYTHON", ".venv/bin/python")
    command = [python, "-m", "lockgate.kit.sandbox", "opentext", "--key", PASSWORD, "--leave-with-parent"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (ours)
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the sandbox did not start"
        yield str(json.loads(line)["url"])
        process.stdin.close()


@pytest.fixture
def tenant(address: str) -> Tenant:
    """A tenant as it is seeded, every switch as it comes."""
    tenant = Tenant(address)
    tenant.control("POST", "reset")
    return tenant


def load(module: str) -> Any:
    """A client's module. By name, because only the clients' own interpreter has it."""
    return importlib.import_module(module)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Iterator[None]:
    """Methods that a test called have passed when everything it says of their answers is so."""
    report = yield
    _count(failed=call.excinfo is not None)
    return report


def _count(*, failed: bool) -> None:
    for client, method in _NOW:
        RUN.setdefault(client, set()).add(method)
        if failed:
            FAILED.setdefault(client, set()).add(method)
    _NOW.clear()


def summary(client: str) -> str:
    """One line for a client: methods listed, run, passed."""
    listed = set(LISTED[client])
    run, failed = RUN.get(client, set()), FAILED.get(client, set())
    version = importlib.metadata.version(client)
    counts = f"{len(listed)} methods listed, {len(listed & run)} run, {len((listed & run) - failed)} passed"
    more = f", {len(run - listed)} more run" if run - listed else ""
    return f"{client} {version} on Python {platform.python_version()}: {counts}{more}"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A method that is listed and was not run is a failure, unless only a part was asked for."""
    partly = session.config.option.keyword or session.config.option.file_or_dir[1:]
    if exitstatus == pytest.ExitCode.OK and not partly and any(_missing().values()):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _missing() -> dict[str, list[str]]:
    return {client: sorted(set(listed) - RUN.get(client, set())) for client, listed in LISTED.items()}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("third-party clients")
    for client, missing in _missing().items():
        terminalreporter.line(summary(client))
        if missing:
            terminalreporter.line(f"  listed, but not run: {', '.join(missing)}")
