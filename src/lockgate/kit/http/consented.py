"""Tokens that grow from a person's consent: kept where they survive us, and renewed by one at a time."""

import asyncio

import msgspec

from lockgate.kit.consent import Consent, Question
from lockgate.kit.errors import NeedsOperator
from lockgate.kit.http.oauth import GONE, OAuth2, TokenClient, Tokens, renewal
from lockgate.kit.services import Services


class Consented(OAuth2):
    """Bearer tokens by a refresh token, which the system may replace with each use and may take away when it sees one twice.

    So all that use a connection share what is kept of it: whoever comes second takes what the first got. A replaced token is
    kept for good before anything is done with what came with it. The grant's `refresh_token` is the one of the settings.
    """

    async def _renew(self) -> None:
        work = asyncio.ensure_future(self._in_turn())
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait([work])  # the token that was sent is worth nothing any more: its successor must be kept
            raise

    async def _in_turn(self) -> None:
        seed, keep = self._grant.members.get("refresh_token", ""), self._services.keep
        if not seed:
            raise NeedsOperator(
                f"{self._services.connection} has no consent yet. {remedy(self._services.connection)}", code="consent"
            )
        async with keep.turn():
            kept = kept_tokens(await keep.read(seed), seed)
            others = kept.access != self._tokens.access and kept.fresh(self._services.clock)
            if not others:
                kept = await self._successor(kept)
                await keep.write(seed, msgspec.to_builtins(kept))
            self._tokens = kept

    async def _successor(self, kept: Tokens) -> Tokens:
        async with TokenClient(self._grant, self._services, kept.refresh) as client:
            try:
                granted = await client.granted(self._grant, renewal(kept.refresh))
            except NeedsOperator as error:
                raise refused(error, self._services.connection) from error
        return kept.after(granted, self._services.clock)


def remedy(connection: str) -> str:
    return f"Give consent in a browser: lockgate connect consent {connection}"


def kept_tokens(kept: object, seed: str) -> Tokens:
    return Tokens(refresh=seed) if kept is None else msgspec.convert(kept, Tokens)


def refused(error: NeedsOperator, connection: str) -> NeedsOperator:
    """A refresh token that is no good any more, in words that say what to do."""
    if error.code != GONE:
        return error
    sentence = (
        f"{connection} does not take its refresh token any more: the consent was withdrawn, has run out, or somebody else used"
        f" the token. {remedy(connection)}"
    )
    return NeedsOperator(sentence, code="consent", detail=error.detail)


async def exchanged(consent: Consent, question: Question, code: str, services: Services) -> Tokens:
    """What the code of a consent is worth. Raises NeedsOperator where the system refuses it, or gives no refresh token."""
    members = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": question.redirect,
        "code_verifier": question.verifier,
    }
    async with TokenClient(consent.grant, services, code, question.verifier) as client:
        # A code is good once: where the answer was lost, a second try would only make the system suspicious.
        granted = await client.granted(consent.grant, members, repeatable=False)
    if not granted.refresh_token:
        raise NeedsOperator(
            f"{services.connection} gave no refresh token, so its consent would end with its first token. Ask for one, by"
            " `scope` or `authorize` of its definition (offline_access, access_type: offline).",
            code="consent",
        )
    return Tokens().after(granted, services.clock)
