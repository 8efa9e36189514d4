"""Libraries that belong to the process, used by one reader at a time."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

READING = Lock()


@contextmanager
def quiet() -> Iterator[None]:
    """Read with libraries that are not thread-safe or warn about what is reported here as a problem.

    PDFium is not thread-safe and warning filters belong to the process; two sandboxes may be filled at once.
    """
    with READING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
