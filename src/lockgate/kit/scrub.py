"""Keeps keys, tokens and passwords out of logs, error texts and plans."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

HIDDEN = "•••"

NAMES = (
    r"authorization|proxy-authorization|cookie|set-cookie|x-api-key|api[-_]?key|access[-_]?token|refresh[-_]?token|"
    r"id[-_]?token|token|password|passwd|pwd|client[-_]?secret|secret|signature|sig|session|credential|x-amz-[a-z-]+"
)
"""Names whose values are hidden wherever they stand: headers, JSON members, form fields, query parameters."""

SECRET_NAME = re.compile(rf"(?:{NAMES})", re.IGNORECASE)
SCHEME = re.compile(r"\b(bearer|basic|apikey|digest)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)
USERINFO = re.compile(r"(://)[^/@\s\"']+@")
JSON_MEMBER = re.compile(rf"(\"(?:[\w-]*[-_])?(?:{NAMES})\"\s*:\s*)(\"(?:[^\"\\]|\\.)*\"?|[^\s,}}\]]+)", re.IGNORECASE)
PAIR = re.compile(rf"((?<![\w\"])(?:[\w-]*[-_])?(?:{NAMES})=|[?&]key=)([^&\s\"'<>]+)", re.IGNORECASE)
HEADER = re.compile(
    r"\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key|api-key|x-auth-token)(\s*:\s*)([^\r\n\"']+)", re.IGNORECASE
)

SHORTEST = 4
"""A known value shorter than this would hide ordinary text."""


class Scrubber:
    """Hides secrets by their names and, for those known, by their values in the forms they travel in."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        longest_first = sorted({secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(forms, longest_first))) if longest_first else None

    @staticmethod
    def of(secrets: tuple[str, ...]) -> "Scrubber":
        """The scrubber for these secrets; the last few are kept, because credentials rarely change."""
        return kept(secrets)

    def text(self, text: str) -> str:
        """The text with every secret replaced."""
        if self._known is not None:
            text = self._known.sub(HIDDEN, text)
        text = HEADER.sub(rf"\1\2{HIDDEN}", text)
        text = SCHEME.sub(rf"\1 {HIDDEN}", text)
        text = USERINFO.sub(rf"\1{HIDDEN}@", text)
        text = JSON_MEMBER.sub(rf'\1"{HIDDEN}"', text)
        return PAIR.sub(rf"\1{HIDDEN}", text)

    def body(self, body: bytes, limit: int = 2000) -> str:
        """The beginning of a body as scrubbed text, for a log or an error's detail."""
        return self.text(body[: limit * 4].decode("utf-8", "replace"))[:limit]

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {name: HIDDEN if SECRET_NAME.fullmatch(name) else self.text(value) for name, value in headers.items()}

    def value(self, value: Any) -> Any:
        """A JSON value with secrets hidden in it, by member name and in texts."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                name: HIDDEN if SECRET_NAME.fullmatch(str(name)) else self.value(inner) for name, inner in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value


@lru_cache(maxsize=64)
def kept(secrets: tuple[str, ...]) -> Scrubber:
    return Scrubber(secrets)


def forms(secret: str) -> str:
    """A pattern for a secret as it is, percent-encoded in whole or part, or escaped in JSON."""
    return "".join(form(letter) for letter in secret)


def form(letter: str) -> str:
    encoded = quote(letter, safe="")
    if encoded == letter:
        return re.escape(letter)
    plus = r"|\+" if letter == " " else ""
    # The longer form first: a percent sign is also the beginning of its own encoding.
    return rf"(?:(?i:{encoded})|\\?{re.escape(letter)}{plus})"
