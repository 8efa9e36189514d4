"""A person's consent by OAuth 2: the address to open in a browser, and what the address it leads to says.

RFC 6749 (authorization code), RFC 7636 (PKCE with S256), RFC 8252 (redirect to loopback).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping

import msgspec
from yarl import URL

from lockgate.kit.errors import NeedsOperator


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """How a token is asked for. `members` are those of the first request, such as `grant_type` and `username`."""

    url: str
    members: Mapping[str, str]
    client_id: str
    client_secret: str
    basic: bool = True
    """The client names itself by Basic, else in the body."""
    json: bool = False
    """The request is JSON, else a form."""


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """How a system asks a person for consent."""

    setting: str
    """The secret setting that takes the refresh token."""
    address: str
    grant: Grant
    scope: str = ""
    parameters: Mapping[str, str] = {}
    """Further members of the address, such as `access_type: offline`."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One consent that is being asked for. A person opens `address`; the browser is led on to `redirect`."""

    address: str
    redirect: str
    state: str
    verifier: str


def ask(consent: Consent, redirect: str) -> Question:
    """A fresh question, whose answer fits nothing but it. `redirect` must be registered with the system."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    members = {
        "response_type": "code",
        "client_id": consent.grant.client_id,
        "redirect_uri": redirect,
        "state": state,
        "code_challenge": challenge(verifier),
        "code_challenge_method": "S256",
        **({"scope": consent.scope} if consent.scope else {}),
        **consent.parameters,
    }
    address = str(URL(consent.address).update_query(members))
    return Question(address=address, redirect=redirect, state=state, verifier=verifier)


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def code_of(question: Question, address: str) -> str:
    """The code in the address to which the browser was led. Raises NeedsOperator, in words for whoever consented."""
    told = query_of(address)
    if told.get("state") != question.state:
        raise NeedsOperator(
            "This is not the answer to this question: open the address that was shown last, and give the whole address"
            " to which the browser is led.",
            code="consent",
        )
    if (refused := told.get("error")) is not None:
        said = told.get("error_description") or refused
        raise NeedsOperator(f"The consent was not given: {said[:300]}", code="consent")
    if not (code := told.get("code")):
        raise NeedsOperator("The address to which the browser was led holds no code.", code="consent")
    return code


def query_of(address: str) -> Mapping[str, str]:
    try:
        return URL(address.strip()).query
    except ValueError:
        return {}
