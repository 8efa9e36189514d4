"""What the running path of an installation does not load, and what licences everything has."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, metadata

from .checkout import ROOT

RUNNING = (
    "lockgate.app.lockgate",
    "lockgate.api",
    "lockgate.connectors.celum.connector",
    "lockgate.connectors.fourallportal.connector",
)
ONLY_SANDBOXES = ("av", "pillow_heif", "pypdfium2", "rdflib", "openpyxl", "PIL")
FREE = re.compile(r"MIT|BSD|Apache|PSF|ISC|LGPL|EPL|Python Software Foundation|MPL", re.IGNORECASE)


def test_an_installation_does_not_load_what_only_sandboxes_need() -> None:
    lines = [f"import {module}" for module in RUNNING]
    lines += ["import sys", f"print([name for name in {ONLY_SANDBOXES!r} if name in sys.modules])"]
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stdout + done.stderr


def test_every_package_an_installation_needs_states_a_free_licence() -> None:
    names = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    licences = {name: licence(name) for name in set(names)}
    strange = {name: text for name, text in licences.items() if text is not None and not FREE.search(text)}
    assert not strange
    assert len([text for text in licences.values() if text]) > 40, "hardly any package was looked at"


def licence(name: str) -> str | None:
    """What a package states; None when it is for another system and not installed here."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    stated = [text for name in ("License-Expression", "License") for text in told.get_all(name) or []]
    classified = [one for one in told.get_all("Classifier") or [] if one.startswith("License ::")]
    return " ".join([*stated, *classified])[:2000]


def test_no_lock_names_where_packages_came_from() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        text = (ROOT / lock).read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url", text), lock
