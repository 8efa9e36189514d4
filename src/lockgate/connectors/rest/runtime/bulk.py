"""Many writes with one call, each with an answer of its own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from lockgate.connectors.rest.definition import templates
from lockgate.connectors.rest.definition.calls import Bulk
from lockgate.connectors.rest.definition.functions import as_text
from lockgate.connectors.rest.definition.paths import MISSING, getter
from lockgate.connectors.rest.runtime.calls import Calling, Got, Scope
from lockgate.connectors.rest.runtime.records import Records
from lockgate.connectors.rest.runtime.rules import MEANS, Refused, fits
from lockgate.kit.contract import Receipt, Write
from lockgate.kit.errors import ConnectorError, ContractBroken, NeedsOperator, Rejected
from lockgate.kit.http.answer import Sent, build, error_class

Answer = Receipt | ConnectorError
Pair = tuple[Write, Scope]


class Bulks:
    """Sends writes in portions."""

    def __init__(self, calling: Calling, shape: Bulk, records: Records) -> None:
        self._shape, self._records, self._client = shape, records, calling.client
        self._rules = (*shape.errors, *calling.definition.errors.rules)
        self._ready, self._item = calling.work(shape), templates.tree(shape.item)
        self._answers = getter(shape.answers) if shape.answers is not None else None
        self._match = getter(shape.match) if shape.match else None
        self._ref = getter(shape.ref or records.shape.id)

    async def sent(self, pairs: Sequence[Pair]) -> dict[str, Answer]:
        """Answers by our key. Writes of a portion that was refused as a whole are not in it: they are tried one by one."""
        answers: dict[str, Answer] = {}
        for start in range(0, len(pairs), self._shape.size):
            answers |= await self._portion(pairs[start : start + self._shape.size])
        return answers

    async def _portion(self, pairs: Sequence[Pair]) -> dict[str, Answer]:
        items = [self._item(wire) for _, wire in pairs]
        try:
            got = await self._ready(pairs[0][1] | {"items": items})
        except NeedsOperator:
            raise
        except Rejected:
            return {}
        except ConnectorError as error:
            return {write.key: error for write, _ in pairs}
        if self._answers is None:
            return {write.key: Receipt(key=write.key, ref=wire.get("ref") or wire["key"]) for write, wire in pairs}
        return self._matched(pairs, self._listed(got))

    def _listed(self, got: Got) -> list[Any]:
        if self._shape.answer_lines:
            try:
                return [msgspec.json.decode(line) for line in got.answer.body.splitlines() if line.strip()]
            except msgspec.DecodeError as problem:
                raise ContractBroken(
                    f"{self._client.services.connection} answered many writes with lines that are no JSON."
                ) from problem
        found = self._answers(self._ready.last.inner(got.answer)) if self._answers else MISSING
        return found if isinstance(found, list) else []

    def _matched(self, pairs: Sequence[Pair], listed: list[Any]) -> dict[str, Answer]:
        if self._match is None:
            by_place = dict(zip((write.key for write, _ in pairs), listed, strict=False))
        else:
            named = {as_text(name): one for one in listed if (name := self._match(one)) is not MISSING}
            by_place = {
                write.key: named[name]
                for write, wire in pairs
                for name in (str(wire["key"]), str(wire.get("ref", "")))
                if name in named
            }
        return {write.key: self._answer(write, wire, by_place.get(write.key, MISSING)) for write, wire in pairs}

    def _answer(self, write: Write, wire: Scope, told: Any) -> Answer:
        if told is MISSING:
            return ContractBroken(
                f"{self._client.services.connection} gave no answer for {write.key} among those of many writes.",
                code="bulk",
            )
        status = self._number(told)
        if status >= 400 or self._says_failed(told):
            return self._refused(told, status)
        ref = wire.get("ref") or self._of(told)
        if not ref:
            return ContractBroken(
                f"{self._client.services.connection} does not say which object {write.key} became.", code="ref"
            )
        return Receipt(key=write.key, ref=ref, created=status == 201 or self._shape.does == "create")

    def _number(self, told: Any) -> int:
        found = getter(self._shape.status)(told) if self._shape.status else 200
        return int(found) if str(found).isdigit() else 200

    def _says_failed(self, told: Any) -> bool:
        found = getter(self._shape.failed)(told) if self._shape.failed else None
        return found not in (None, MISSING, "", [], {}, False)

    def _of(self, told: Any) -> str:
        found = self._ref(told)
        return "" if found is MISSING or found is None else as_text(found)

    def _refused(self, told: Any, status: int) -> ConnectorError:
        reason, code = said(told, self._shape.reason), said(told, self._shape.code)
        refused = Refused(status, code, reason)
        kind = next((MEANS[one.means] for one in self._rules if fits(one, refused)), None)
        sent = Sent(connection=self._client.services.connection, method="one of many writes", url="", path="")
        sentence = self._client.exchange.scrubber().text(": ".join(one for one in (code, reason) if one))
        return build(kind or error_class({}, status if status >= 400 else 422), status, sentence, sent, "")


def said(told: Any, path: str) -> str:
    found = getter(path)(told) if path else MISSING
    return "" if found is MISSING or found is None else as_text(found)
