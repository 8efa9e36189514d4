"""Web reports: texts with places for values, asked for by their nickname.

What a real report computes is its author's; here it is a text in which `{name}` becomes the value of that parameter.
"""

from typing import Any

import msgspec
from starlette.responses import Response

from .call import Call
from .errors import bad
from .rights import Rights
from .tenant import Tenant

REPORT = "webreport"


class Report(msgspec.Struct, kw_only=True):
    id: int
    nickname: str
    parameters: list[str] = []
    output: str = ""
    mime_type: str = "text/plain"
    runs: list[dict[str, Any]] = []
    """The values of each time it was run for another destination than its caller."""


def keep(tenant: Tenant, report: Report) -> None:
    tenant.store.put(REPORT, report.id, msgspec.to_builtins(report))


async def output(call: Call) -> Response:
    """As it stands with `format=webreport`, else as a JSON text."""
    report = _report(call)
    values = {name: call.text(name) for name in report.parameters}
    text = report.output
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    if call.text("format") == "webreport":
        return Response(text, media_type=report.mime_type)
    return call.answer({"data": text})


async def run(call: Call) -> Response:
    """For another destination; one client asks for the output so, too, by the format."""
    report = _report(call)
    report.runs.append({name: call.text(name) for name in report.parameters})
    keep(call.tenant, report)
    if call.text("format") == "webreport":
        return await output(call)
    return call.answer({"data": {"destination": "node"}})


async def parameters(call: Call) -> Response:
    rows = [{"display_text": name, "parm_name": name, "type": "string"} for name in _report(call).parameters]
    return call.answer({"data": rows})


def _report(call: Call) -> Report:
    """By nickname, or by the number of its node."""
    by = "nickname" if "nickname" in call.request.path_params else "id"
    wanted = call.word(by).casefold()
    for doc in call.tenant.store.all(REPORT):
        if str(doc[by]).casefold() == wanted:
            report = msgspec.convert(doc, Report)
            node = call.tenant.find(report.id)
            if node is not None and Rights(call.tenant, call.user).sees(node):
                return report
    raise bad(f"Could not get node for {call.word(by)}")
