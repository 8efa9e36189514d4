"""Log lines on standard error: readable on a terminal, JSON otherwise. Secrets are scrubbed where they arise (`kit.scrub`)."""

import io
import logging
import sys
from typing import TextIO, cast

import stamina.instrumentation
import structlog

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class StandardError(io.TextIOBase):
    """Standard error as it is when a line is written: whoever redirects it gets the lines from then on, and may close its own."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure(level: str = "warning") -> None:
    """Set up logging for this process. An unknown level counts as `warning`."""
    terminal, stream = sys.stderr.isatty(), StandardError()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS.get(level, logging.WARNING)),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", stream)),
        cache_logger_on_first_use=True,
    )
    # Each repeat of a call is told once by the call itself, when it is given up.
    stamina.instrumentation.set_on_retry_hooks([])
    logging.basicConfig(level=LEVELS.get(level, logging.WARNING), stream=stream, format="%(name)s: %(message)s")
