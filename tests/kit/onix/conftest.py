"""Messages that nobody here made."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real messages, or a skip that says where it was looked for."""
    beside = Path(__file__).resolve().parents[3].parent / "shared" / "data"
    folder = Path(os.environ.get("LOCKGATE_REAL_DATA", beside)) / "onix"
    if not folder.is_dir():
        pytest.skip(f"no folder of real messages at {folder}; name one in LOCKGATE_REAL_DATA")
    return folder
