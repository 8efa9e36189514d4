"""A person's consent on the way to a connection: asked in a browser, and worth a refresh token in the end."""

from collections.abc import Mapping
from typing import Any

import msgspec

from lockgate.app import registry
from lockgate.app.connections import Connections, validated
from lockgate.app.problems import Refused
from lockgate.kit.consent import Consent, Question, ask, code_of
from lockgate.kit.http.consented import exchanged


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A consent that is being asked for, with the settings of the connection it is for."""

    connector: str
    settings: Mapping[str, Any]
    consent: Consent
    question: Question


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a consent came to: the settings with the refresh token among them, and the tokens that are to be kept with it."""

    settings: Mapping[str, Any]
    seed: str
    tokens: Any


def asking(connector: str, settings: Mapping[str, Any], redirect: str) -> Asking | None:
    """A question for the person who sets up a connection; None where none is needed, or the refresh token is there.

    Raises Refused with every wrong setting at once, UnknownConnector.
    """
    found = consent_of(connector, settings)
    if found is None or settings.get(found.setting):
        return None
    return Asking(connector=connector, settings=settings, consent=found, question=ask(found, redirect))


def asking_again(connector: str, settings: Mapping[str, Any], redirect: str) -> Asking:
    """The same for a connection that had a consent. Raises Refused where its system asks for none."""
    found = consent_of(connector, settings)
    if found is None:
        raise Refused(f"{registry.get(connector).title} asks nobody for consent: its credentials are settings")
    without = {name: value for name, value in settings.items() if name != found.setting}
    return Asking(connector=connector, settings=without, consent=found, question=ask(found, redirect))


def consent_of(connector: str, settings: Mapping[str, Any]) -> Consent | None:
    kind = registry.get(connector)
    return kind.consent(validated(kind, settings))


async def given(connections: Connections, name: str, asked: Asking, address: str) -> Given:
    """What the answer is worth; `address` is the one to which the browser was led. Raises NeedsOperator, Transient."""
    code = code_of(asked.question, address)
    settings = validated(registry.get(asked.connector), asked.settings)
    tokens = await exchanged(asked.consent, asked.question, code, connections.services(name, settings))
    return Given(
        settings={**asked.settings, asked.consent.setting: tokens.refresh},
        seed=tokens.refresh,
        tokens=msgspec.to_builtins(tokens),
    )
