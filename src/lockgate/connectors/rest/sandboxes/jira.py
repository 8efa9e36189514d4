"""Jira Cloud's REST API v3 as its reference describes it: tickets of one project, searched by JQL, with attachments.

Not imitated: the moment by which the search follows writes, permissions, work flows, custom fields, JQL besides `project`,
`labels in` and `updated >=`.
"""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lockgate.kit.sandbox import Sandbox, file_response

Record = dict[str, Any]
GONE = "Issue does not exist or you do not have permission to see it."
EDITABLE = {"summary", "description", "labels", "priority", "duedate"}
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
TYPES = ("Task", "Story", "Bug")
CLAUSE = re.compile(r'(?P<name>project|labels|updated)\s*(?P<sign>=|in|>=)\s*(?P<value>"[^"]*"|\([^)]*\)|\d+)')


class Refused(HTTPException):
    """A refusal in the API's words; `errors` names fields."""

    def __init__(self, status: int, *messages: str, **errors: str) -> None:
        super().__init__(status)
        self.content = {"errorMessages": list(messages), "errors": errors}


class Jira(Sandbox):
    id: ClassVar[str] = "jira"
    title: ClassVar[str] = "Jira"
    base_path: ClassVar[str] = "/rest/api/3"
    contract: ClassVar[tuple[str, ...]] = (
        "GET /myself",
        "POST /search/jql",
        "POST /issue",
        "POST /issue/bulkfetch",
        "GET/PUT/DELETE /issue/{id}",
        "POST /issue/{id}/attachments",
        "GET /attachment/content/{id}",
        "DELETE /attachment/{id}",
    )

    def routes(self) -> list[Route]:
        ways: list[tuple[str, str, Callable[[Request], Any]]] = [
            ("GET", "/myself", self.myself),
            ("POST", "/search/jql", self.search),
            ("POST", "/issue", self.create),
            ("POST", "/issue/bulkfetch", self.bulkfetch),
            ("GET", "/issue/{id}", self.issue),
            ("PUT", "/issue/{id}", self.edit),
            ("DELETE", "/issue/{id}", self.delete),
            ("POST", "/issue/{id}/attachments", self.attach),
            ("GET", "/attachment/content/{id}", self.content),
            ("DELETE", "/attachment/{id}", self.detach),
        ]
        return [Route(f"{self.base_path}{path}", self.known(way), methods=[method]) for method, path, way in ways]

    async def seed(self) -> None:
        for name in ("Plan the campaign", "Write the texts", "Choose the pictures"):
            self.save({}, {"summary": name})

    def connection(self) -> dict[str, Any]:
        return {"site": self.base_url, "user": "ann@larkfield.example", "token": self.config.key, "project": "CAMP"}

    def on_error(self, request: Request, exc: Exception) -> Response:  # noqa: ARG002 (all refusals look alike)
        if isinstance(exc, Refused):
            return JSONResponse(exc.content, exc.status_code)
        status = exc.status_code if isinstance(exc, HTTPException) else 500
        if status == 401:
            return Response("Client must be authenticated to access this resource.", 401, media_type="text/plain")
        return JSONResponse({"errorMessages": [WORDS.get(status, "Internal server error")], "errors": {}}, status)

    def known(self, handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def handle(request: Request) -> Response:
            pair = base64.b64encode(f"ann@larkfield.example:{self.config.key}".encode()).decode()
            if request.headers.get("authorization") != f"Basic {pair}":
                raise HTTPException(401)
            answer: Response = await handler(request)
            return answer

        return handle

    async def myself(self, _: Request) -> Response:
        return JSONResponse({"accountId": "5b10", "displayName": "Ann", "emailAddress": "ann@larkfield.example"})

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def search(self, request: Request) -> Response:
        told = await decoded(request)
        tests, by = parsed(str(told.get("jql", "")))
        found = sorted((one for one in self.state.all("issue") if all(test(one) for test in tests)), key=by)
        start, size = int(told.get("nextPageToken") or 0), min(int(told.get("maxResults", 50)), 100)
        issues = [self.told(one, told.get("fields") or []) for one in found[start : start + size]]
        more = {"nextPageToken": str(start + size)} if start + size < len(found) else {}
        return JSONResponse({"issues": issues, "isLast": not more, **more})

    async def bulkfetch(self, request: Request) -> Response:
        told = await decoded(request)
        wanted = told.get("issueIdsOrKeys", [])
        if not 0 < len(wanted) <= 100:
            raise Refused(400, "issueIdsOrKeys must hold between 1 and 100 elements.")
        found = [one for id in wanted if (one := self.state.get("issue", id)) is not None]
        absent = [{"id": id, "errorMessage": GONE} for id in wanted if self.state.get("issue", id) is None]
        return JSONResponse(
            {"issues": [self.told(one, told.get("fields", [])) for one in found], "issueErrors": absent}
        )

    async def issue(self, request: Request) -> Response:
        fields = request.query_params.get("fields", "*all").split(",")
        return JSONResponse(self.told(self.found(request), fields))

    def found(self, request: Request) -> Record:
        if (issue := self.state.get("issue", request.path_params["id"])) is None:
            raise Refused(404, GONE)
        return issue

    def told(self, issue: Record, names: list[str]) -> Record:
        """Of a ticket its ids and the fields that were asked for."""
        every = "*all" in names
        files = [
            {name: one for name, one in file.items() if name != "sha256"} for file in issue["fields"]["attachment"]
        ]
        fields = {name: one for name, one in {**issue["fields"], "attachment": files}.items() if every or name in names}
        return {"id": issue["id"], "key": issue["key"], **({"fields": fields} if fields else {})}

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def create(self, request: Request) -> Response:
        told = dict((await decoded(request)).get("fields", {}))
        project, type_ = told.pop("project", None) or {}, told.pop("issuetype", None) or {}
        if project.get("key") != "CAMP":
            raise Refused(400, project="valid project is required")
        if type_.get("name") not in TYPES:
            raise Refused(400, issuetype="Specify a valid issue type")
        if not str(told.get("summary") or "").strip():
            raise Refused(400, summary="You must specify a summary of the issue.")
        check(told)
        issue = self.save({}, told)
        address = f"{self.base_url}{self.base_path}/issue/{issue['id']}"
        return JSONResponse({"id": issue["id"], "key": issue["key"], "self": address}, 201)

    async def edit(self, request: Request) -> Response:
        issue, told = self.found(request), (await decoded(request)).get("fields", {})
        check(told)
        self.save(issue, told)
        return Response(status_code=204)

    async def delete(self, request: Request) -> Response:
        self.state.delete("issue", self.found(request)["id"])
        return Response(status_code=204)

    def save(self, issue: Record, told: Record) -> Record:
        now = self.clock.now().astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "+0000")
        number = issue["id"] if issue else str(10000 + self.state.next_id("issue"))
        new: Record = {
            "summary": "", "description": None, "labels": [], "attachment": [], "duedate": None, "created": now,
            "priority": {"name": "Medium"}, "issuetype": {"name": "Task"},
            "status": {"name": "To Do", "statusCategory": {"key": "new"}},
        }  # fmt: skip
        fields = {**(issue["fields"] if issue else new), **told, "updated": now}
        made = {"id": number, "key": f"CAMP-{int(number) - 10000}", "fields": fields}
        self.state.put("issue", number, made)
        return made

    # ── attachments ──────────────────────────────────────────────────────────────────────────────────────────────

    async def attach(self, request: Request) -> Response:
        if request.headers.get("x-atlassian-token") != "no-check":
            raise Refused(403, "XSRF check failed")
        issue, form = self.found(request), await self.read_form(request)
        files = [part for part in form.parts if part.name == "file" and part.saved is not None]
        if not files:
            raise Refused(400, "No file was attached.")
        made = []
        for part in files:
            if part.saved is not None:
                digest = self.state.blob_put(part.saved.path, digest=part.saved.sha256, move=True)
                made.append(self.keep(issue["id"], digest, part.saved.size, part.filename or "file"))
        return JSONResponse([{name: one for name, one in file.items() if name != "sha256"} for file in made])

    def keep(self, id: str, digest: str, size: int, filename: str) -> Record:
        """A stored file as the last attachment of a ticket."""
        number = str(20000 + self.state.next_id("attachment"))
        file = {"id": number, "filename": filename, "size": size, "mimeType": "image/jpeg", "sha256": digest}
        issue = self.state.get("issue", id) or {}
        self.save(issue, {"attachment": [*issue["fields"]["attachment"], file]})
        return file

    def holder(self, id: str) -> tuple[Record, Record]:
        """The ticket with an attachment, and the attachment."""
        for issue in self.state.all("issue"):
            for file in issue["fields"]["attachment"]:
                if file["id"] == id:
                    return issue, file
        raise Refused(404, f"The attachment with id '{id}' does not exist")

    async def content(self, request: Request) -> Response:
        if request.query_params.get("redirect") != "false":
            raise Refused(400, "This sandbox gives contents with redirect=false only.")
        _, file = self.holder(request.path_params["id"])
        return file_response(self.state.blob_path(file["sha256"]), file["filename"], file["mimeType"], request)

    async def detach(self, request: Request) -> Response:
        issue, file = self.holder(request.path_params["id"])
        self.save(issue, {"attachment": [one for one in issue["fields"]["attachment"] if one != file]})
        return Response(status_code=204)


WORDS = {403: "Forbidden", 404: "Not found", 429: "Rate limit exceeded.", 503: "Service unavailable"}


async def decoded(request: Request) -> Record:
    try:
        return msgspec.json.decode(await request.body(), type=dict[str, Any])
    except msgspec.MsgspecError:
        raise Refused(400, "There was an error parsing JSON. Check that your request body is valid.") from None


def check(told: Record) -> None:
    """Raises what the API answers to fields of another form."""
    for name, value in told.items():
        if name not in EDITABLE:
            words = f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
            raise Refused(400, **{name: words})
        if name == "description" and value is not None and not is_document(value):
            raise Refused(
                400, description="Operation value must be an Atlassian Document (see the Atlassian Document Format)"
            )
        if name == "labels" and any(" " in one for one in value):
            raise Refused(400, labels="The label contains spaces which is invalid.")
        if name == "priority" and (value or {}).get("name") not in PRIORITIES:
            raise Refused(400, priority="Specify the Priority (name) in the string format")
        if name == "summary" and (not value or "\n" in value or len(value) > 255):
            raise Refused(
                400, summary="The summary is invalid because it contains newline characters, is empty or too long."
            )


def is_document(value: Any) -> bool:
    """A document of paragraphs, whose texts are not empty."""
    if not isinstance(value, dict) or (value.get("type"), value.get("version")) != ("doc", 1):
        return False
    texts = [text for block in value.get("content", []) for text in block.get("content", [])]
    return all(one.get("type") != "text" or one.get("text") for one in texts)


def parsed(jql: str) -> tuple[list[Callable[[Record], bool]], Callable[[Record], Any]]:
    """The tests of a query and its order."""
    where, _, order = jql.partition(" ORDER BY ")
    tests = []
    for clause in where.split(" AND "):
        if (found := CLAUSE.fullmatch(clause.strip())) is None:
            raise Refused(400, f"Error in the JQL Query: this sandbox does not know '{clause}'.")
        tests.append(test_of(found["name"], found["value"]))
    name = order.partition(" ")[0] or "created"
    return tests, lambda one: (one["fields"][name], int(one["id"]))


def test_of(name: str, value: str) -> Callable[[Record], bool]:
    if name == "project":
        if value != '"CAMP"':
            raise Refused(400, f"The value {value} does not exist for the field 'project'.")
        return lambda _: True
    if name == "labels":
        wanted = {one.strip().strip('"') for one in value.strip("()").split(",")}
        return lambda one: bool(wanted & set(one["fields"]["labels"]))
    minute = int(value) // 60_000
    return lambda one: datetime.fromisoformat(one["fields"]["updated"]).timestamp() // 60 >= minute


SANDBOX = Jira
