"""The server itself, its volumes, its users and groups."""

from starlette.requests import Request
from starlette.responses import Response

from .call import Call, json
from .errors import bad, not_accessible
from .lists import narrowed
from .records import Member
from .rights import Rights
from .tenant import Tenant
from .times import stamp
from .views import member_view, properties

USUAL_MEMBERS, MOST_MEMBERS = 10, 20


async def ping(_tenant: Tenant, _request: Request) -> Response:
    return json({"rest_api": [{"build": 4, "href": "api/v1", "version": 1}]})


async def configured(_tenant: Tenant, _request: Request) -> Response:
    return json({})


async def server(call: Call) -> Response:
    tenant = call.tenant
    milliseconds = int(tenant.switches.ticket_seconds * 1000)
    return call.answer(
        {
            "mobile": {},
            "server": {
                "character_encoding": 1,
                "current_date": stamp(tenant.clock.now()),
                "language_code": "USA",
                "languages": [{"display_name": "English", "language_code": "USA"}],
                "metadata_languages": [
                    {"default": True, "display_name": "English", "language_code": "en"},
                    {"default": False, "display_name": "German", "language_code": "de"},
                ],
                "url": f"{tenant.sandbox.base_url}/cs/cs",
                "version": tenant.switches.version,
            },
            "sessions": {
                "enabled": True,
                "expire_after_last_login": False,
                "expire_after_last_request": True,
                "logout_url": "?func=ll.DoLogout",
                "session_inactivity": milliseconds,
                "session_reaction_time": 180000,
                "session_timeout": milliseconds,
            },
            "viewer": {},
        }
    )


async def volumes(call: Call) -> Response:
    wish = call.wishes().get("properties")
    rights, found = Rights(call.tenant, call.user), call.tenant.select("parent = -1")
    return call.results(
        [{"data": {"properties": narrowed(properties(call.tenant, one), wish)}} for one in found if rights.sees(one)]
    )


async def volume(call: Call) -> Response:
    found = next(call.tenant.select("parent = -1 AND type = ?", (call.id("type"),)), None)
    if found is None or not Rights(call.tenant, call.user).sees(found):
        raise not_accessible()
    shown = narrowed(properties(call.tenant, found), call.wishes().get("properties"))
    return call.results({"data": {"properties": shown}})


# --- members ---


async def members(call: Call) -> Response:
    """Users or groups. Filters that are not known are passed over; more than 20 come on no page."""
    types = call.numbers("where_type") or [0]
    query = call.text("query")
    named = any(call.text(name) for name in FILTERS)
    if query and named:
        raise bad("The parameter 'query' cannot be used together with name filters")
    found = [one for type in types for one in call.tenant.members(type) if not one.deleted and _fits(call, one, query)]
    page = call.page(USUAL_MEMBERS, MOST_MEMBERS)
    wish = call.wishes().get("properties")
    rows = [{"data": {"properties": narrowed(member_view(call.tenant, one), wish)}} for one in page.cut(found)]
    return call.results(rows, collection=call.collection(page, len(found), call.sort("asc_id")))


FILTERS = ("where_name", "where_first_name", "where_last_name", "where_business_email")


def _fits(call: Call, member: Member, query: str) -> bool:
    """Each filter matches from the start."""
    have = dict(zip(FILTERS, (member.name, member.first_name, member.last_name, member.email), strict=True))
    if query and not any(text.casefold().startswith(query.casefold()) for text in have.values()):
        return False
    return all(have[name].casefold().startswith(call.text(name).casefold()) for name in FILTERS)


async def member(call: Call) -> Response:
    """Users, groups and roles of workspaces: their numbers are of one space."""
    return call.results({"data": {"properties": member_view(call.tenant, _member(call))}})


async def member_v1(call: Call) -> Response:
    found = _member(call)
    shown = member_view(call.tenant, found)
    return call.answer({"data": shown, "type": found.type, "type_name": shown["type_name"]})


async def members_of(call: Call) -> Response:
    """Who is in a group."""
    group = _member(call)
    found = [one for id in group.members if (one := call.tenant.member(id)) is not None]
    page = call.page(USUAL_MEMBERS, MOST_MEMBERS)
    rows = [{"data": {"properties": member_view(call.tenant, one)}} for one in page.cut(found)]
    return call.results(rows, collection=call.collection(page, len(found), call.sort("asc_id")))


async def groups_of(call: Call) -> Response:
    """The groups somebody is in."""
    member = _member(call)
    found = [one for one in call.tenant.members(1) if member.id in one.members]
    page = call.page(USUAL_MEMBERS, MOST_MEMBERS)
    rows = [{"data": {"properties": member_view(call.tenant, one)}} for one in page.cut(found)]
    return call.results(rows, collection=call.collection(page, len(found), call.sort("asc_id")))


def _member(call: Call) -> Member:
    found = call.tenant.member(call.id())
    if found is None or found.deleted:
        raise not_accessible()
    return found
